# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of ``lcnondets``: exposures of the position without a detection."""

import numpy as np

from ..dates import format_dates

__all__ = ["make_limit_rows"]


def make_limit_rows(exposures):
    """Make the JSON-ready rows of ``lcnondets`` in the order of the exposures."""
    inserted = format_dates(np.floor(exposures.mjd) + 0.9)
    columns = (
        exposures.id.tolist(),
        exposures.mjd.tolist(),
        exposures.exptime.tolist(),
        exposures.filters,
        exposures.zp.tolist(),
        exposures.names,
        exposures.field_names,
        exposures.mag5sig.tolist(),
        inserted,
    )
    # The longest loop of an answer: a dict display is twice as fast as dict(zip(...)).
    return [
        {
            "id": number,
            "mjd": mjd,
            "exptime": exptime,
            "filter": band,
            "zp": zp,
            "expname": name,
            "filename": name + ".ddc",
            "input": None,
            "reference": None,
            "pointing": pointing,
            "mag5sig": limit,
            "date_inserted": date,
        }
        for number, mjd, exptime, band, zp, name, pointing, limit, date in zip(*columns, strict=True)
    ]
