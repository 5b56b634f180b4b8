# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The whole photometric history of one object: its exposures, detections and measurements."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import source_models
from .exposures import Exposures
from .keyed_random import KeyedRandom
from .object_classes import OBJECT_CLASSES
from .photometry.detections import PipelineTraits, make_detection_rows, make_detections
from .photometry.forced import make_forced_rows
from .photometry.limits import make_limit_rows
from .photometry.measurement import is_detected, measure
from .population import make_parameters, unique_number
from .sites import SITES

__all__ = ["FORCED_LEAD_DAYS", "DetectedExposures", "History"]

FORCED_LEAD_DAYS = 30.0
"""Forced photometry begins this long before the discovery [days]."""

_APPEARANCES = {"RR Lyrae": "variable", "eclipsing": "variable", "Mira": "variable", "CV": "variable",
                "AGN": "variable", "flare": "variable", "dipole": "star", "residual": "star", "mover":
                "mover", "artefact": "artefact"}  # fmt: skip
_ARTEFACT_RATES = {"artefact": 2e-3, "residual": 3e-3, "dipole": 2e-3, "Mira": 1e-3, "AGN": 1.5e-3, "AT2018cow": 2e-4}
_DEFAULT_ARTEFACT_RATE, _ARTEFACT_FRACTION = (
    4e-4,
    0.2,
)  # artefacts an exposure; fraction of exposures with one on a night with artefacts
_MIN_DEPTH = 17.0  # mag; exposures with brighter limits have no artefacts
_PERMANENT_SOURCES = ("RR Lyrae", "eclipsing", "Mira", "AGN")
_FIRST_FORCED_ID, _MAX_FORCED_ROWS = 18_000_000, 8000  # first id of forced photometry, and the range of ids an object
_MOVER_SPEED = 2.0  # arcsec per hour
_MIN_FIRST_SNR = 5.2  # minimum signal-to-noise ratio of the first detection


@dataclass
class DetectedExposures:
    """Exposures with a detection, flux and error [uJy], mask of artefacts; columns of equal length."""

    exposures: Exposures
    flux: np.ndarray
    error: np.ndarray
    is_artefact: np.ndarray


class History:
    """The history of one object until the end of the sky.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    survey : `~atlasquery.sandbox.sky.survey.Survey`
        The survey.
    population : `~atlasquery.sandbox.sky.population.Population`
        All objects.
    index : int
        Row of the object.
    end : float
        The end of the sky (MJD).
    start : float, optional
        Earlier exposures may be omitted (MJD).
    detections_only : bool, optional
        Omit the nights without possible detections; then only `detections` is valid.
    """

    def __init__(self, seed, survey, population, index, end, start=-np.inf, detections_only=False):
        self.object_class = OBJECT_CLASSES[population.class_index[index]]
        self.object_id = int(population.id[index])
        self.position = float(population.ra[index]), float(population.dec[index])
        self.parameters = make_parameters(seed, population, index)
        self.first_exposure = int(population.first_exposure[index])
        self.forced_start_mjd = self.parameters.first_mjd + 0.5
        # Rows of forced photometry are numbered from the first, so all of its exposures are needed.
        if start < self.forced_start_mjd + self.forced_duration:
            start = min(start, self.forced_start_mjd - FORCED_LEAD_DAYS)
        self.nights = survey.nights
        self.exposures = self._find_exposures(survey, start, end, self._select_nights if detections_only else None)

    def _find_exposures(self, survey, start, end, select_nights):
        return survey.find_exposures(*self.position, start, end, select_nights)

    def _select_nights(self, rows):
        """Return the mask of nights with possible detections: of the active source or of artefacts."""
        active_start, active_end = source_models.active_mjd_range(self.parameters)
        active_start = max(active_start, self.parameters.first_mjd)
        midnight = self.nights.midnight[rows]
        return ((midnight > active_start - 1.0) & (midnight < active_end + 1.0)) | self._has_artefacts(rows)

    def _has_artefacts(self, rows):
        """Return the mask of nights with artefacts."""
        parameters, night = self.parameters, self.nights.number[rows] * len(SITES) + self.nights.site[rows]
        # Positions differ, for example by a bright galaxy or a nearby star.
        rate = _ARTEFACT_RATES.get(parameters.source, _DEFAULT_ARTEFACT_RATE) * np.exp(
            KeyedRandom(parameters.seed, parameters.key).normal("bad place")[0]
        )
        return KeyedRandom(parameters.seed, parameters.key, night).uniform("stray night") < rate / _ARTEFACT_FRACTION

    @property
    def forced_duration(self):
        """Duration of forced photometry after the discovery [days]: float."""
        return self.object_class.forced_days * float(
            KeyedRandom(self.parameters.seed, self.parameters.key).uniform("follow", 0.3, 1.6)[0]
        )

    @property
    def appearance(self):
        """Appearance of the source to the pipeline, a key of `TYPICAL_SCORES`: str."""
        return _APPEARANCES.get(self.parameters.source, "transient")

    @property
    def has_early_artefacts(self):
        """Whether artefacts before the discovery are possible: bool."""
        return self.appearance == "transient" and self.parameters.source != "AT2018cow"

    def measure(self, exposures):
        """Measure exposures; raise the flux of the first detection to a significant one if noise made it fainter."""
        parameters = self.parameters
        true_flux = source_models.difference_flux(parameters.source, parameters, exposures.mjd, exposures.band)
        background = parameters.peak_flux if parameters.source in _PERMANENT_SOURCES else 0.0
        measurements = measure(parameters.seed, parameters.key, exposures, true_flux, background)
        is_weak = (exposures.id == self.first_exposure) & (measurements.snr < _MIN_FIRST_SNR)
        measurements.flux = np.where(is_weak, _MIN_FIRST_SNR * measurements.error, measurements.flux)
        return measurements

    @cached_property
    def _detected(self):
        """Mask of the exposures with a detection, and the `DetectedExposures`."""
        parameters, exposures = self.parameters, self.exposures
        draw = KeyedRandom(parameters.seed, parameters.key, exposures.key).uniform("stray")
        is_first = exposures.id == self.first_exposure
        is_artefact = (draw < _ARTEFACT_FRACTION) & self._has_artefacts(exposures.row)
        if parameters.source == "artefact":
            # Detections of an artefact are those of its discovery night.
            is_first = is_first | ((draw < 0.7) & (np.abs(exposures.mjd - parameters.first_mjd) < 0.1))
            is_artefact |= is_first
        active_start, active_end = source_models.active_mjd_range(parameters)
        is_after_discovery = exposures.mjd >= parameters.first_mjd
        possible = is_after_discovery & (
            is_artefact | ((exposures.mjd >= active_start) & (exposures.mjd <= active_end))
        )
        # The server assigns earlier artefacts at the position of a transient to it.
        possible |= is_artefact & ~is_after_discovery & self.has_early_artefacts
        is_first, selected = is_first[possible], exposures[possible]
        is_artefact = is_artefact[possible] & (is_first | (selected.mag5sig > _MIN_DEPTH))
        measurements = self.measure(selected)
        is_kept = is_detected(measurements) | is_artefact | is_first
        is_false = is_artefact & ~(is_first & (parameters.source != "artefact"))
        artefact_flux, artefact_error = self._draw_artefacts(selected, is_first)
        flux, error = (
            np.where(is_false, artefact_flux, measurements.flux),
            np.where(is_false, artefact_error, measurements.error),
        )
        mask = np.zeros(len(exposures), dtype=bool)
        mask[np.flatnonzero(possible)[is_kept]] = True
        return mask, DetectedExposures(selected[is_kept], flux[is_kept], error[is_kept], is_artefact[is_kept])

    def _draw_artefacts(self, exposures, is_first):
        """Draw fluxes and errors of artefacts: near the limit, about one in three negative."""
        rng = KeyedRandom(self.parameters.seed, self.parameters.key, exposures.key)
        size = 5.0 * exposures.sigma * 10.0 ** (-0.4 * (0.9 * rng.normal("size") + 0.2))
        sign = np.where((rng.uniform("sign") < 0.3) & ~is_first, -1.0, 1.0)
        return sign * size, size * np.clip(0.2 * np.exp(0.5 * rng.normal("size error")), 0.06, 0.8) / 1.0857

    @cached_property
    def detections(self):
        """All detections: `~atlasquery.sandbox.sky.photometry.detections.Detections`."""
        detected, parameters = self._detected[1], self.parameters
        reference_flux = float(KeyedRandom(parameters.seed, parameters.key).normal("reference")[0] * 60 - 80)
        reference_flux += 1150.0 if self.appearance in ("variable", "star") else 0.0
        traits = PipelineTraits(
            parameters.seed,
            parameters.key,
            *self._positions_at(detected.exposures.mjd),
            self.appearance,
            reference_flux,
        )
        return make_detections(traits, detected.exposures, detected.flux, detected.error, detected.is_artefact)

    def _positions_at(self, mjd):
        """Return positions at times (MJD); only a mover moves, and only on its discovery night."""
        hours = (mjd - self.parameters.first_mjd) * 24.0
        is_moving = (self.parameters.source == "mover") & (np.abs(hours) < 12.0)
        degrees = np.where(is_moving, _MOVER_SPEED * hours / 3600.0, 0.0)
        return self.position[0] + degrees / np.cos(np.radians(self.position[1])), np.full(len(mjd), self.position[1])

    def make_lc(self, since=-np.inf):
        """Make the JSON-ready rows of ``lc`` after a time (MJD), sorted by time."""
        return make_detection_rows(self.object_id, self.detections, since)

    def make_lcnondets(self, since=-np.inf):
        """Make the JSON-ready rows of ``lcnondets`` after a time (MJD), sorted by time."""
        return make_limit_rows(self.exposures[~self._detected[0] & (self.exposures.mjd > since)])

    def make_fp(self, since=-np.inf):
        """Make the JSON-ready rows of ``fp`` from a time (MJD) on, sorted by time."""
        if not self.object_class.forced_days:
            return []
        parameters, mjd = self.parameters, self.exposures.mjd
        selected = self.exposures[
            (mjd >= self.forced_start_mjd - FORCED_LEAD_DAYS) & (mjd <= self.forced_start_mjd + self.forced_duration)
        ]
        measurements = self.measure(selected)
        first_id = _FIRST_FORCED_ID + unique_number(parameters.key) * _MAX_FORCED_ROWS
        rows = make_forced_rows(parameters.seed, parameters.key, self.object_id, first_id, self.position,
                                self.forced_start_mjd, selected, measurements.flux, measurements.error)  # fmt: skip
        return [row for row in rows if row["mjd_obs"] >= since]
