# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""AT2018cow: its published measurements stand in a modelled history.

From half a day before the published limit until just after the second published detection the archive holds the
published exposures only, so that nothing contradicts them.
"""

from dataclasses import fields
from functools import cached_property

import numpy as np

from .at2018cow_data import AT2018COW_POINTS
from .exposures import SCHEDULED, Exposures
from .history import History
from .sites import BANDS, SITES

__all__ = ["CowHistory"]

_BEGIN, _END = 58281.0, 58287.7
_GOOD_LIMIT, _GOOD_ZERO = 19.5, 22.2
_IDS = SCHEDULED - 100


class CowHistory(History):
    """The history of AT2018cow; parameters as of `~atlasquery.sandbox.sky.history.History`."""

    def _observed(self, survey, start, end, wanted):
        scheduled = survey.exposures(*self.place, start, end)
        kept = scheduled[(scheduled.mjd < _BEGIN) | (scheduled.mjd > _END)]
        parts = [_published(kept, index) for index, point in enumerate(AT2018COW_POINTS) if start <= point.mjd <= end]
        joined = Exposures.joined([kept, *parts])
        joined = joined[np.argsort(joined.mjd, kind="stable")]
        for index, point in enumerate(AT2018COW_POINTS):
            # Where none is published, those of a good dark night.
            row = joined.id == _IDS + index
            joined.mag5sig[row], joined.zp[row] = point.limit or _GOOD_LIMIT, _GOOD_ZERO
        return joined

    def _measure(self, exposures):
        """Put the published values in the place of the modelled ones."""
        measured = super()._measure(exposures)
        for index, point in enumerate(AT2018COW_POINTS):
            row = exposures.id == _IDS + index
            if point.mag is None:
                # Half a sigma below zero: forced photometry gives a limit too.
                measured.flux[row] = -0.5 * measured.error[row]
            else:
                measured.flux[row] = 10.0 ** (-0.4 * (point.mag - 23.9))
                measured.error[row] = measured.flux[row] * point.mag_err / 1.0857
        return measured

    @cached_property
    def detections(self):
        """All detections, the published ones exact: `~atlasquery.sandbox.sky.photometry.detections.Search`."""
        search = super().detections
        for index, point in enumerate(AT2018COW_POINTS):
            if point.mag is not None:
                row = search.exposures.id == _IDS + index
                search.flux[row] = 10.0 ** (-0.4 * (point.mag - 23.9))
                search.snr[row] = 1.0857 / point.mag_err
        return search


def _published(scheduled, index):
    """Make the exposure of a published point, otherwise like the scheduled one nearest in time and band."""
    point = AT2018COW_POINTS[index]
    site = [site.code for site in SITES].index(point.site)
    same = np.flatnonzero((scheduled.band == BANDS.index(point.band)) & (scheduled.site == site))
    nearest = same[np.argmin(np.abs(scheduled.mjd[same] - point.mjd))]
    columns = {column.name: getattr(scheduled, column.name)[[nearest]] for column in fields(scheduled)[1:]}
    nights = scheduled.nights
    columns["row"] = np.flatnonzero((nights.site == site) & (nights.number == int(point.mjd)))
    columns["number"] = np.array([int((point.mjd % 1 - 0.2) / 0.00044)])
    return Exposures(nights, **columns | {"id": np.array([_IDS + index]), "mjd": np.array([point.mjd])})
