# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""AT2018cow: its published measurements stand in a modelled history.

From half a day before the published limit until just after the second published detection the archive holds the
published exposures only, so that nothing contradicts them.
"""

import numpy as np

from .exposures import Exposures
from .history import History
from .published import AT2018COW_POINTS
from .sites import BANDS, SITES

__all__ = ["CowHistory"]

_BEGIN, _END = 58281.0, 58287.7
_TYPICAL = 19.4  # limit of the exposures for which none is published
_IDS = 900_000  # below the ids of scheduled exposures


class CowHistory(History):
    """The history of AT2018cow, as `~atlasquery.sandbox.sky.history.History`."""

    def _measure(self):
        scheduled = self.exposures
        kept = scheduled[(scheduled.mjd < _BEGIN) | (scheduled.mjd > _END)]
        inside = [index for index, point in enumerate(AT2018COW_POINTS) if self.start <= point.mjd <= self.end]
        joined = Exposures.joined([kept, _published_exposures(kept, inside)])
        self.exposures = joined[np.argsort(joined.mjd, kind="stable")]
        super()._measure()
        self._publish()

    def _publish(self):
        """Put the published values in the place of the modelled ones."""
        for index, point in enumerate(AT2018COW_POINTS):
            row = np.flatnonzero(self.exposures.id == _IDS + index)
            self.stray[row] = False
            self.detected[row] = point.mag is not None
            if point.mag is None:
                # Half a sigma below zero: forced photometry gives a limit too.
                self.measured.flux[row] = -0.5 * self.measured.error[row]
            else:
                self.measured.flux[row] = 10.0 ** (-0.4 * (point.mag - 23.9))
                self.measured.error[row] = self.measured.flux[row] * point.mag_err / 1.0857
        self.stray_flux = np.where(self.stray, self.stray_flux, self.measured.flux)

    def detections(self, since=-np.inf):
        """Return the rows of ``lc``, the published ones exact; parameters as in `History`.

        Parameters
        ----------
        since : float, optional
            Only rows after this time (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        exact = {point.mjd: point for point in AT2018COW_POINTS if point.mag is not None}
        rows = super().detections(since)
        for row in rows:
            if row["mjd"] in exact:
                point = exact[row["mjd"]]
                row.update(mag=point.mag, magerr=point.mag_err, det=0, dup=0)
        # A bright source may be listed twice; what is published is listed once.
        return [
            row
            for index, row in enumerate(rows)
            if not (row["mjd"] in exact and row["mjd"] == rows[index - 1]["mjd"] and index)
        ]


def _published_exposures(like, chosen):
    """Make exposures at the published times, otherwise like the scheduled one nearest in time and band."""
    parts = [like[:0]]
    for index in chosen:
        point = AT2018COW_POINTS[index]
        band = BANDS.index(point.band)
        site = [site.code for site in SITES].index(point.site)
        same = np.flatnonzero((like.band == band) & (like.site == site))
        nearest = same[np.argmin(np.abs(like.mjd[same] - point.mjd))]
        one = like[nearest : nearest + 1]
        columns = {**vars(one), "id": np.array([_IDS + index]), "mjd": np.array([point.mjd])}
        columns["night"] = np.array([int(point.mjd)])
        columns["number"] = np.array([int((point.mjd % 1 - 0.2) / 0.00044)])
        columns["mag5sig"] = np.array([point.limit or _TYPICAL])
        parts.append(Exposures(**columns))
    return Exposures.joined(parts)
