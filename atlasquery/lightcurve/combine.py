# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One row an exposure: a record may have the same exposure in each of its three sections."""

import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, int_array, string_array
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.times import time_values
from atlasquery.schema.field import Integer

__all__ = ["CombineMixin", "select_exposures"]

KIND_ORDER = {"forced": ("forced", "detection"), "detection": ("detection", "forced")}
# What is true of an exposure whichever section says it.
EXPOSURE_COLUMNS = ("exptime", "zp", "pointing", "exposure_id", "filename", "input", "reference")
COUNT = Integer("n_rows", "How many rows of this exposure there were before they were combined.")


class CombineMixin:
    """The part of a light curve that knows which rows are of the same exposure."""

    def combined(self, prefer="forced"):
        """Return one row an exposure.

        The server gives the same exposure as a detection or limit and as a forced measurement, and sometimes several
        detections of one exposure. Rows of the same ``expname`` become one; rows without a name stay as they are.

        Parameters
        ----------
        prefer : {"forced", "detection"}
            Which of two measurements of one exposure to keep.

        Returns
        -------
        combined : LightCurve
            One of the rows of each exposure as it was, sorted by time, and the column ``n_rows``, how many there were.
            ``meta['combined']`` is ``prefer``.

        Raises
        ------
        InvalidInputError
            If ``prefer`` is neither of the two, or the rows are of several objects, as ``atlas_id`` tells.

        Notes
        -----
        The rule, in this order: a row with a flux and an uncertainty comes before one without; the preferred kind
        before the other; what was not flagged before what was; the smaller ``flux_err`` before the larger; the row that
        was first before the later. Flux, magnitude and limit are never mixed from two rows. What is true of
        the exposure itself, such as ``exptime``, is taken from another row where the chosen one does not have it.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> name = {"expname": "02a58285o0375o", "filter": "o"}
        >>> detection = name | {"id": 1, "mjd": 58285.441, "mag": 14.739, "magerr": 0.009, "exptime": 30.0}
        >>> forced = name | {"mjd_obs": 58285.441, "uJy": 4700.0, "duJy": 39.0, "limiting_mag": False}
        >>> record = {"object": {"id": 1161600211221604900}, "lc": [detection], "lcnondets": [], "fp": [forced]}
        >>> lc = LightCurve.from_record(record)  # doctest: +IGNORE_WARNINGS
        >>> lc.combined()["kind", "flux", "exptime", "n_rows"].pprint()
         kind   flux  exptime n_rows
                uJy      s
        ------ ------ ------- ------
        forced 4700.0    30.0      2
        """
        chosen, exposure = select_exposures(self, prefer)
        combined = self[chosen]
        for name in EXPOSURE_COLUMNS:
            _fill(combined, self, name, chosen, exposure)
        counts = np.bincount(exposure, weights=int_array(self, "n_rows", 1)).astype(np.int64)
        combined["n_rows"] = COUNT.column(counts[exposure[chosen]], np.zeros(len(chosen), dtype=bool))
        combined.meta = {**self.meta, "combined": prefer}
        return combined


def select_exposures(light_curve, prefer="forced"):
    """Return which row of each exposure to keep.

    Parameters
    ----------
    light_curve : LightCurve
        Of one object.
    prefer : {"forced", "detection"}
        As for `Combining.combined`.

    Returns
    -------
    chosen, exposure : array of int
        The rows, sorted by time; and for every row there is the number of its exposure.

    Raises
    ------
    InvalidInputError
        As for `Combining.combined`.
    """
    if prefer not in KIND_ORDER:
        raise InvalidInputError(f"prefer is {prefer!r}, but can be 'forced' or 'detection'.")
    require_single_object(light_curve)  # what is made of one row an exposure is meant to be of one object
    exposure = _exposures(light_curve)
    order = np.lexsort((*_sort_keys(light_curve, prefer), exposure))
    chosen = np.sort(order[np.unique(exposure[order], return_index=True)[1]])
    return chosen[np.argsort(time_values(light_curve)[chosen], kind="stable")], exposure


def _exposures(light_curve):
    """Return a number for each row, the same for those of the same exposure."""
    length, names = len(light_curve), string_array(light_curve, "expname")
    numbers = np.unique(names, return_inverse=True)[1]
    # Rows without a name get one each, after all others.
    return np.unique(np.where(names == "", length + np.arange(length), numbers), return_inverse=True)[1]


def _sort_keys(light_curve, prefer):
    """Return the keys by which the rows of one exposure are sorted, the least important first."""
    kinds = string_array(light_curve, "kind")
    rank = np.select([kinds == kind for kind in KIND_ORDER[prefer]], [0, 1], 2)
    flagged = int_array(light_curve, "quality") != 0
    flux_err = np.nan_to_num(float_array(light_curve, "flux_err"), nan=np.inf)
    return flux_err, flagged, rank, ~has_flux(light_curve)


def _fill(combined, rows, name, chosen, exposure):
    """Give the chosen rows what another row of the exposure says of it, where they are masked."""
    if name not in rows.colnames or not column_mask(rows[name]).any():
        return
    known = np.flatnonzero(~column_mask(rows[name]))
    teller = np.full(exposure.max() + 1, -1)
    teller[exposure[known]] = known
    at = teller[exposure[chosen]]
    wanting = column_mask(combined[name]) & (at >= 0)
    combined[name][wanting] = rows[name][at[wanting]]
