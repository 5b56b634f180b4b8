# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The whole photometric history of one object: its exposures, what was detected in them, what was measured."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import source_models as sources
from .exposures import Exposures
from .keyed_random import Chance
from .object_classes import CLASSES
from .photometry.detections import Traits, detection_rows, searches
from .photometry.forced import forced_rows
from .photometry.limits import limit_rows
from .photometry.measurement import detected, measure
from .population import parameters, serial_number
from .sites import SITES

__all__ = ["BEFORE", "Found", "History"]

BEFORE = 30.0
"""Forced photometry reaches back so far before the discovery [days]."""

_LOOKS = {"RR Lyrae": "variable", "eclipsing": "variable", "Mira": "variable", "CV": "variable", "AGN": "variable",
          "flare": "variable", "dipole": "star", "residual": "star", "mover": "mover",
          "artefact": "artefact"}  # fmt: skip
_STRAY = {"artefact": 2e-3, "residual": 3e-3, "dipole": 2e-3, "Mira": 1e-3, "AGN": 1.5e-3, "AT2018cow": 2e-4}
_STRAY_RATE, _STRAY_PART = 4e-4, 0.2  # artefacts an exposure, and in how many exposures of a night that has them
_CLOUDED = 17.0  # exposures with brighter limits are not searched for faint things
_ALWAYS = ("RR Lyrae", "eclipsing", "Mira", "AGN")
_FORCED_IDS, _FORCED_ROWS = 18_000_000, 8000  # ids of forced photometry, and how many an object may use
_DRIFT = 2.0  # arcsec an hour, of a mover
_SURE = 5.2  # signal-to-noise ratio of a first detection, at least


@dataclass
class Found:
    """The detections: exposures, measured flux and error [uJy], and which are artefacts; columns of equal length."""

    exposures: Exposures
    flux: np.ndarray
    error: np.ndarray
    stray: np.ndarray


class History:
    """One object's history until the present.

    Parameters
    ----------
    seed : int
        Of the sky.
    survey : `~atlasquery.sandbox.sky.survey.Survey`
        What was observed.
    population : `~atlasquery.sandbox.sky.population.Population`
        All objects.
    index : int
        The object's row.
    end : float
        The present (MJD).
    start : float, optional
        Earlier exposures may be left out (MJD).
    brief : bool, optional
        Leave out the nights on which nothing can be detected; then only `detections` is of use.
    """

    def __init__(self, seed, survey, population, index, end, start=-np.inf, brief=False):
        self.kind = CLASSES[population.kind[index]]
        self.object_id = int(population.id[index])
        self.place = float(population.ra[index]), float(population.dec[index])
        self.parameters = parameters(seed, population, index)
        self.first_exposure = int(population.first_exposure[index])
        self.began = self.parameters.first_mjd + 0.5
        # Forced photometry is numbered: it is made whole or not at all.
        if start < self.began + self.follow:
            start = min(start, self.began - BEFORE)
        self.nights = survey.nights
        self.exposures = self._observed(survey, start, end, self._nights_of_interest if brief else None)

    def _observed(self, survey, start, end, wanted):
        return survey.exposures(*self.place, start, end, wanted)

    def _nights_of_interest(self, rows):
        """Tell on which nights there may be detections: while the source shines, and when there are artefacts."""
        shine, fade = sources.span(self.parameters)
        shine = max(shine, self.parameters.first_mjd)
        midnight = self.nights.midnight[rows]
        return ((midnight > shine - 1.0) & (midnight < fade + 1.0)) | self._artefact_nights(rows)

    def _artefact_nights(self, rows):
        """Tell on which nights there are artefacts, in one exposure of five."""
        known, night = self.parameters, self.nights.number[rows] * len(SITES) + self.nights.site[rows]
        # Some places are worse than others: a bright galaxy, a star nearby.
        rate = _STRAY.get(known.source, _STRAY_RATE) * np.exp(Chance(known.seed, known.key).normal("bad place")[0])
        return Chance(known.seed, known.key, night).uniform("stray night") < rate / _STRAY_PART

    @property
    def follow(self):
        """For how long forced photometry goes on after the discovery [days]: float."""
        return self.kind.follow * float(
            Chance(self.parameters.seed, self.parameters.key).uniform("follow", 0.3, 1.6)[0]
        )

    @property
    def look(self):
        """How the pipeline sees it: str."""
        return _LOOKS.get(self.parameters.source, "transient")

    @property
    def early_strays(self):
        """Whether there may be artefacts before the discovery: bool."""
        return self.look == "transient" and self.parameters.source != "AT2018cow"

    def _measure(self, exposures):
        """Measure in some of the exposures; the first detection is one by definition, however faint noise made it."""
        known = self.parameters
        true = sources.flux(known.source, known, exposures.mjd, exposures.band)
        background = known.peak_flux if known.source in _ALWAYS else 0.0
        measured = measure(known.seed, known.key, exposures, true, background)
        weak = (exposures.id == self.first_exposure) & (measured.snr < _SURE)
        measured.flux = np.where(weak, _SURE * measured.error, measured.flux)
        return measured

    @cached_property
    def _detection(self):
        """Which exposures have a detection (mask of all), and the detections."""
        known, exposures = self.parameters, self.exposures
        draw = Chance(known.seed, known.key, exposures.key).uniform("stray")
        first = exposures.id == self.first_exposure
        stray = (draw < _STRAY_PART) & self._artefact_nights(exposures.row)
        if known.source == "artefact":
            # It lasts for the night of its discovery.
            first = first | ((draw < 0.7) & (np.abs(exposures.mjd - known.first_mjd) < 0.1))
            stray |= first
        shine, fade = sources.span(known)
        late = exposures.mjd >= known.first_mjd
        possible = late & (stray | ((exposures.mjd >= shine) & (exposures.mjd <= fade)))
        # Earlier artefacts at the place of a transient were put down to it when it came.
        possible |= stray & ~late & self.early_strays
        first, some = first[possible], exposures[possible]
        stray = stray[possible] & (first | (some.mag5sig > _CLOUDED))
        measured = self._measure(some)
        seen = detected(measured) | stray | first
        false = stray & ~(first & (known.source != "artefact"))
        odd_flux, odd_error = self._artefact(some, first)
        flux, error = np.where(false, odd_flux, measured.flux), np.where(false, odd_error, measured.error)
        mask = np.zeros(len(exposures), dtype=bool)
        mask[np.flatnonzero(possible)[seen]] = True
        return mask, Found(some[seen], flux[seen], error[seen], stray[seen])

    def _artefact(self, exposures, first):
        """Fluxes and errors of artefacts: about the limit, in either sense; one in three negative."""
        chance = Chance(self.parameters.seed, self.parameters.key, exposures.key)
        size = 5.0 * exposures.sigma * 10.0 ** (-0.4 * (0.9 * chance.normal("size") + 0.2))
        sign = np.where((chance.uniform("sign") < 0.3) & ~first, -1.0, 1.0)
        return sign * size, size * np.clip(0.2 * np.exp(0.5 * chance.normal("size error")), 0.06, 0.8) / 1.0857

    @cached_property
    def detections(self):
        """All detections: `~atlasquery.sandbox.sky.photometry.detections.Search`."""
        found, known = self._detection[1], self.parameters
        reference = float(Chance(known.seed, known.key).normal("reference")[0] * 60 - 80)
        reference += 1150.0 if self.look in ("variable", "star") else 0.0
        traits = Traits(known.seed, known.key, *self._track(found.exposures.mjd), self.look, reference)
        return searches(traits, found.exposures, found.flux, found.error, found.stray)

    def _track(self, mjd):
        """Where it is at each time: only a mover moves, and what is found there on other nights is something else."""
        hours = (mjd - self.parameters.first_mjd) * 24.0
        moving = (self.parameters.source == "mover") & (np.abs(hours) < 12.0)
        degrees = np.where(moving, _DRIFT * hours / 3600.0, 0.0)
        return self.place[0] + degrees / np.cos(np.radians(self.place[1])), np.full(len(mjd), self.place[1])

    def lc(self, since=-np.inf):
        """Write the section ``lc``.

        Parameters
        ----------
        since : float, optional
            Only rows after this time (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        return detection_rows(self.object_id, self.detections, since)

    def lcnondets(self, since=-np.inf):
        """Write the section ``lcnondets``.

        Parameters
        ----------
        since : float, optional
            Only rows after this time (MJD).

        Returns
        -------
        list of dict
            JSON-ready rows sorted by time.
        """
        return limit_rows(self.exposures[~self._detection[0] & (self.exposures.mjd > since)])

    def fp(self, since=-np.inf):
        """Write the section ``fp``.

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
        some = self.exposures[(mjd >= self.began - BEFORE) & (mjd <= self.began + self.follow)]
        measured = self._measure(some)
        first_id = _FORCED_IDS + serial_number(known.key) * _FORCED_ROWS
        rows = forced_rows(known.seed, known.key, self.object_id, first_id, self.place, self.began, some,
                           measured.flux, measured.error)  # fmt: skip
        return [row for row in rows if row["mjd_obs"] >= since]
