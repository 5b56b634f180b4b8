# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The table of all objects: designations, positions, lists, classifications, scores, dates; one row an object."""

from functools import cached_property

import numpy as np

from . import source_models, vra
from .at2018cow_data import AT2018COW
from .dates import format_dates
from .keyed_random import KeyedRandom
from .lists import NO_LIST, assign_detection_lists
from .names import format_designation, year_and_fraction
from .object_classes import OBJECT_CLASSES
from .population import make_parameters

__all__ = ["Catalogue"]

_USERNAMES = ("vra", "a.scanner", "b.scanner", None)


class Catalogue:
    """The table of all objects at the end of the sky.

    Parameters
    ----------
    seed : int
        The seed of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects.
    end : float
        The end of the sky (MJD).
    """

    def __init__(self, seed, population, end):
        self.seed = seed
        self.population = population
        self.end = end
        self._rng = KeyedRandom(seed, population.key)
        self._is_at2018cow = population.id == AT2018COW["id"]

    @cached_property
    def columns(self):
        """Dict of columns of equal length: numpy arrays for numbers, lists for strings and nulls."""
        population, rng = self.population, self._rng
        date = population.first_mjd
        flagged = date + rng.uniform("flagged", 0.4, 1.4)
        modified = np.minimum(flagged + rng.uniform("modified", 0.1, 20.0), np.maximum(self.end, flagged))
        flagged = format_dates(np.minimum(flagged, np.maximum(self.end, date)))
        detection_lists = assign_detection_lists(self.seed, population, self.scores, self.end)
        has_list = (detection_lists != NO_LIST).tolist()
        return {
            "id": population.id,
            "ra": np.where(self._is_at2018cow, AT2018COW["ra"], np.round(population.ra, 5) % 360.0),
            "dec": np.where(self._is_at2018cow, AT2018COW["dec"], np.round(population.dec, 5)),
            "atlas_designation": self._designations("ATLAS"),
            "other_designation": self._designations(""),
            "detection_list_id": detection_lists,
            "sherlock_classification": self.classifications,
            "observation_status": self._statuses,
            "vra": self.scores,
            "rb_pix": self._rb_pix,
            "followup_flag_date": [date if in_list else None for date, in_list in zip(flagged, has_list, strict=True)],
            "date_inserted": format_dates(date + rng.uniform("inserted", 0.02, 0.2)),
            "date_modified": format_dates(modified),
            "updated_by": [_USERNAMES[number] for number in rng.integers("person", len(_USERNAMES)).tolist()],
        }

    @cached_property
    def scores(self):
        """Scores of the Virtual Research Assistant: `~numpy.ndarray` of float."""
        return vra.draw_scores(self.seed, self.population)

    @cached_property
    def _rb_pix(self):
        rng = self._rng
        value = np.where(self.scores > 3, rng.uniform("rb") ** 0.15, rng.uniform("rb"))
        missing = rng.uniform("no rb") < 0.05
        return [None if is_null else value for is_null, value in zip(missing, np.round(value, 6).tolist(), strict=True)]

    @cached_property
    def classifications(self):
        """Classifications by Sherlock: list of str."""
        draws = self._rng.uniform("sherlock").tolist()
        bounds = [
            (list(object_class.sherlock_fractions), np.cumsum(list(object_class.sherlock_fractions.values())).tolist())
            for object_class in OBJECT_CLASSES
        ]
        result = []
        for number, draw in zip(self.population.class_index.tolist(), draws, strict=True):
            names, limits = bounds[number]
            result.append(next((name for name, limit in zip(names, limits, strict=True) if draw < limit), names[-1]))
        return result

    @cached_property
    def spectral_types(self):
        """Spectroscopic types, `None` without a spectrum: list."""
        rng = self._rng
        draws, choices = rng.uniform("classified").tolist(), rng.uniform("type").tolist()
        classes = [OBJECT_CLASSES[number] for number in self.population.class_index.tolist()]
        # Spectra are reported some days after the discovery.
        is_old = (self.end - self.population.first_mjd > 4.0).tolist()
        return [
            object_class.spectral_types[int(choice * len(object_class.spectral_types))]
            if object_class.spectral_types and draw < object_class.spectrum_fraction and is_done
            else None
            for object_class, draw, choice, is_done in zip(classes, draws, choices, is_old, strict=True)
        ]

    @cached_property
    def _statuses(self):
        is_blank = (self._rng.uniform("blank") < 0.45).tolist()
        return [
            spectrum or ("" if is_empty else None)
            for spectrum, is_empty in zip(self.spectral_types, is_blank, strict=True)
        ]

    def _designations(self, prefix):
        """Return designations of ATLAS (prefix "ATLAS") or of the Transient Name Server (no prefix)."""
        population = self.population
        fraction = np.array([OBJECT_CLASSES[number].named_fraction for number in population.class_index])
        is_named = self._rng.uniform("named") < fraction * (1.0 if prefix else 0.75)
        years, _ = year_and_fraction(population.first_mjd)
        numbers = population.atlas_number if prefix else population.tns_number
        rows = zip(is_named.tolist(), years.tolist(), numbers.tolist(), self._is_at2018cow.tolist(), strict=True)
        published = AT2018COW["atlas_designation" if prefix else "other_designation"]
        return [
            published if is_at2018cow else (format_designation(prefix, year, number) if has_name else None)
            for has_name, year, number, is_at2018cow in rows
        ]

    @cached_property
    def truth(self):
        """The true parameters: dict of column to list, one value an object, null where a parameter is undefined."""
        population = self.population
        parameters = [make_parameters(self.seed, population, row) for row in range(len(population))]
        colours = [source_models.peak_colour(source) for source in parameters]
        is_permanent = [source.source in ("RR Lyrae", "eclipsing", "Mira", "AGN") for source in parameters]
        return {
            "id": self.population.id.tolist(),
            "class": [OBJECT_CLASSES[number].name for number in population.class_index.tolist()],
            # The coordinates of all endpoints, so that cones can be checked against the truth.
            "ra": list(map(float, self.columns["ra"])),
            "dec": list(map(float, self.columns["dec"])),
            "redshift": [None if np.isnan(z) else z for z in population.redshift.tolist()],
            "first_mjd": population.first_mjd.tolist(),
            "peak_mjd": [
                None if permanent else mjd
                for permanent, mjd in zip(is_permanent, population.peak_mjd.tolist(), strict=True)
            ],
            "peak_mag": np.round(population.peak_mag, 4).tolist(),
            "stretch": [
                None if colour is None else source.stretch for colour, source in zip(colours, parameters, strict=True)
            ],
            "colour": colours,
            "period": [source.period if source.period != 1.0 else None for source in parameters],
        }
