# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""AT2018cow: published measurements within a modelled history.

From half a day before the published limit until just after the second published detection the archive contains only
the published exposures, so that no modelled row contradicts them.
"""

from dataclasses import fields
from functools import cached_property

import numpy as np

from .at2018cow_data import AT2018COW_POINTS
from .exposures import FIRST_MODEL_ID, Exposures
from .history import History
from .sites import BANDS, SITES

__all__ = ["AT2018cowHistory"]

_FIRST_MJD, _LAST_MJD = 58281.0, 58287.7  # interval with published exposures only
_DARK_LIMIT, _DARK_ZERO_POINT = 19.5, 22.2
_FIRST_ID = FIRST_MODEL_ID - 100


class AT2018cowHistory(History):
    """The history of AT2018cow; parameters as of `~atlasquery.sandbox.sky.history.History`."""

    def _find_exposures(self, survey, start, end, select_nights):
        modelled = survey.find_exposures(*self.position, start, end)
        kept = modelled[(modelled.mjd < _FIRST_MJD) | (modelled.mjd > _LAST_MJD)]
        parts = [
            _make_published_exposure(kept, index)
            for index, point in enumerate(AT2018COW_POINTS)
            if start <= point.mjd <= end
        ]
        merged = Exposures.concatenate([kept, *parts])
        merged = merged[np.argsort(merged.mjd, kind="stable")]
        for index, point in enumerate(AT2018COW_POINTS):
            # Unpublished limits and zero points are those of a good dark night.
            row = merged.id == _FIRST_ID + index
            merged.mag5sig[row], merged.zp[row] = point.limit or _DARK_LIMIT, _DARK_ZERO_POINT
        return merged

    def measure(self, exposures):
        """Replace modelled measurements by the published ones."""
        measurements = super().measure(exposures)
        for index, point in enumerate(AT2018COW_POINTS):
            row = exposures.id == _FIRST_ID + index
            if point.mag is None:
                # Half a sigma below zero, so that forced photometry gives a limit too.
                measurements.flux[row] = -0.5 * measurements.error[row]
            else:
                measurements.flux[row] = 10.0 ** (-0.4 * (point.mag - 23.9))
                measurements.error[row] = measurements.flux[row] * point.mag_err / 1.0857
        return measurements

    @cached_property
    def detections(self):
        """All detections, the published ones exact: `~atlasquery.sandbox.sky.photometry.detections.Detections`."""
        detections = super().detections
        for index, point in enumerate(AT2018COW_POINTS):
            if point.mag is not None:
                row = detections.exposures.id == _FIRST_ID + index
                detections.flux[row] = 10.0 ** (-0.4 * (point.mag - 23.9))
                detections.snr[row] = 1.0857 / point.mag_err
        return detections


def _make_published_exposure(modelled, index):
    """Make the exposure of a published point from the modelled one nearest in time, in the same band."""
    point = AT2018COW_POINTS[index]
    site = [site.code for site in SITES].index(point.site)
    candidates = np.flatnonzero((modelled.band == BANDS.index(point.band)) & (modelled.site == site))
    nearest = candidates[np.argmin(np.abs(modelled.mjd[candidates] - point.mjd))]
    columns = {column.name: getattr(modelled, column.name)[[nearest]] for column in fields(modelled)[1:]}
    nights = modelled.nights
    columns["row"] = np.flatnonzero((nights.site == site) & (nights.number == int(point.mjd)))
    columns["number"] = np.array([int((point.mjd % 1 - 0.2) / 0.00044)])
    return Exposures(nights, **columns | {"id": np.array([_FIRST_ID + index]), "mjd": np.array([point.mjd])})
