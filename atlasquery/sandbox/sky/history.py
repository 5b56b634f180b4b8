# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The whole photometric history of one object: its exposures, what was measured in them, what was detected."""

import numpy as np

from . import sources
from .chance import Chance
from .classes import CLASSES
from .photometry.detections import Traits, detection_rows
from .photometry.forced import forced_rows
from .photometry.limits import limit_rows
from .photometry.measure import detected, measure
from .population import parameters

__all__ = ["BEFORE", "History"]

BEFORE = 30.0
"""Forced photometry reaches back so far before the discovery [days]."""

_STARS = {"RR Lyrae": "variable", "eclipsing": "variable", "Mira": "variable", "CV": "variable", "AGN": "variable",
          "flare": "variable", "dipole": "star", "residual": "star", "mover": "mover",
          "artefact": "artefact"}  # fmt: skip
_STRAY = {"artefact": 2e-3, "residual": 3e-3, "dipole": 2e-3, "Mira": 1e-3, "AGN": 1.5e-3}
_ALWAYS = ("RR Lyrae", "eclipsing", "Mira", "AGN")
_DRIFT = 2.0  # arcsec an hour, of a mover


class History:
    """One object's history until the present.

    Parameters
    ----------
    seed : int
        Of the sky.
    survey : `~atlasquery.sandbox.sky.exposures.Survey`
        What was observed.
    population : `~atlasquery.sandbox.sky.population.Population`
        All objects.
    index : int
        The object's row.
    end : float
        The present (MJD).
    start : float, optional
        Earlier exposures are left out (MJD).
    """

    def __init__(self, seed, survey, population, index, end, start=-np.inf):
        self.start, self.end = start, end
        self.kind = CLASSES[population.kind[index]]
        self.object_id = int(population.id[index])
        self.place = float(population.ra[index]), float(population.dec[index])
        self.parameters = parameters(seed, population, index)
        self.first_exposure = int(population.first_exposure[index])
        self.began = self.parameters.first_mjd + 0.5
        # Forced photometry is numbered: it is made whole or not at all.
        if start < self.began + self.follow:
            start = min(start, self.began - BEFORE)
        self.exposures = survey.exposures(*self.place, start, end)
        self._measure()

    def _measure(self):
        known, exposures = self.parameters, self.exposures
        true = sources.flux(known.source, known, exposures.mjd, exposures.band)
        background = known.peak_flux if known.source in _ALWAYS else 0.0
        self.measured = measure(known.seed, known.key, exposures, true, background)
        since = exposures.mjd >= known.first_mjd
        self.stray = since & (self._stray_chance() > 1.0 - _STRAY.get(known.source, 4e-4))
        self.detected = since & (detected(self.measured) | self.stray)
        self._discover()
        self._strays()

    def _stray_chance(self):
        return Chance(self.parameters.seed, self.parameters.key, self.exposures.id).uniform("stray")

    def _discover(self):
        """The first detection is one by definition, however faint the noise made it; artefacts last for that night."""
        known = self.parameters
        first = self.exposures.id == self.first_exposure
        night = (self.exposures.mjd >= known.first_mjd) & (self.exposures.mjd < known.first_mjd + 0.1)
        if known.source == "artefact":
            made_up = first | (night & (self._stray_chance() < 0.7))
            self.stray |= made_up
            self.detected |= made_up
            return
        weak = first & (self.measured.snr < 5.2)
        self.measured.flux = np.where(weak, 5.2 * self.measured.error, self.measured.flux)
        self.detected |= first

    def _strays(self):
        """Give artefacts a flux: a little above the limit, one in three negative."""
        chance = self.measured.chance
        size = self.measured.error * (4.6 - 3.0 * np.log(chance.uniform("size")))
        sign = np.where((chance.uniform("sign") < 0.35) & (self.exposures.id != self.first_exposure), -1.0, 1.0)
        self.stray_flux = np.where(self.stray, sign * size, self.measured.flux)

    @property
    def look(self):
        """How the pipeline sees it: str."""
        return _STARS.get(self.parameters.source, "transient")

    def detections(self, since=-np.inf):
        """Return the rows of ``lc``.

        Parameters
        ----------
        since : float, optional
            Only rows after this time (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        chosen = self.detected & (self.exposures.mjd > since)
        exposures = self.exposures[chosen]
        flux, error = self.stray_flux[chosen], self.measured.error[chosen]
        known = self.parameters
        reference = float(Chance(known.seed, known.key).normal("reference")[0] * 60 - 80)
        reference += 1150.0 if self.look in ("variable", "star") else 0.0
        traits = Traits(known.seed, known.key, self.object_id, *self._track(exposures.mjd), self.look, reference)
        return detection_rows(traits, exposures, flux, error, self.stray[chosen])

    def _track(self, mjd):
        """Where it is at each time: only a mover moves."""
        drift = _DRIFT if self.parameters.source == "mover" else 0.0
        degrees = drift * (mjd - self.parameters.first_mjd) * 24.0 / 3600.0
        return self.place[0] + degrees / np.cos(np.radians(self.place[1])), np.full(len(mjd), self.place[1])

    def limits(self, since=-np.inf):
        """Return the rows of ``lcnondets``.

        Parameters
        ----------
        since : float, optional
            Only rows after this time (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        return limit_rows(self.exposures[~self.detected & (self.exposures.mjd > since)])

    def forced(self, since=-np.inf):
        """Return the rows of ``fp``.

        Parameters
        ----------
        since : float, optional
            Only rows from this time on (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        if not self.kind.follow:
            return []
        known, mjd = self.parameters, self.exposures.mjd
        span = (mjd >= self.began - BEFORE) & (mjd <= self.began + self.follow)
        rows = forced_rows(known.seed, known.key, self.object_id, self.place, self.began, self.exposures[span],
                           self.measured.flux[span], self.measured.error[span])  # fmt: skip
        return [row for row in rows if row["mjd_obs"] >= since]

    @property
    def follow(self):
        """For how long forced photometry goes on after the discovery [days]: float."""
        return self.kind.follow * float(
            Chance(self.parameters.seed, self.parameters.key).uniform("follow", 0.3, 1.6)[0]
        )
