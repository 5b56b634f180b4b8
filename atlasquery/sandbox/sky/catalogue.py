# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The table of all objects: names, places, lists, classifications, scores, dates; one entry an object."""

from functools import cached_property

import numpy as np

from . import source_models as sources
from . import vra
from .at2018cow_data import AT2018COW
from .dates import iso_list
from .keyed_random import Chance
from .lists import detection_lists
from .names import calendar_year, designation
from .object_classes import CLASSES
from .population import parameters

__all__ = ["Catalogue"]

_PEOPLE = ("vra", "a.scanner", "b.scanner", None)


class Catalogue:
    """What is known of all objects at a time.

    Parameters
    ----------
    seed : int
        Of the sky.
    population : `~atlasquery.sandbox.sky.population.Population`
        The objects.
    end : float
        The present (MJD).
    """

    def __init__(self, seed, population, end):
        self.seed = seed
        self.population = population
        self.end = end
        self._chance = Chance(seed, population.key)
        self._cow = population.id == AT2018COW["id"]

    @cached_property
    def columns(self):
        """Dict of columns of equal length: numpy arrays for numbers, lists for text and nulls."""
        population, chance = self.population, self._chance
        date = population.first_mjd
        flagged = date + chance.uniform("flagged", 0.4, 1.4)
        modified = np.minimum(flagged + chance.uniform("modified", 0.1, 20.0), np.maximum(self.end, flagged))
        flagged = np.minimum(flagged, np.maximum(self.end, date))
        return {
            "id": population.id,
            "ra": np.where(self._cow, AT2018COW["ra"], np.round(population.ra, 5) % 360.0),
            "dec": np.where(self._cow, AT2018COW["dec"], np.round(population.dec, 5)),
            "atlas_designation": self._names("ATLAS"),
            "other_designation": self._names(""),
            "detection_list_id": detection_lists(self.seed, population, self.scores, self.end),
            "sherlock_classification": self.classifications,
            "observation_status": self._statuses,
            "vra": self.scores,
            "rb_pix": self._rb_pix,
            "followup_flag_date": iso_list(flagged),
            "date_inserted": iso_list(date + chance.uniform("inserted", 0.02, 0.2)),
            "date_modified": iso_list(modified),
            "updated_by": [_PEOPLE[number] for number in chance.integer("person", len(_PEOPLE)).tolist()],
        }

    @cached_property
    def scores(self):
        """Scores of the Virtual Research Assistant: `~numpy.ndarray` of float."""
        return vra.scores(self.seed, self.population)

    @cached_property
    def _rb_pix(self):
        chance = self._chance
        shape = np.where(self.scores > 3, chance.uniform("rb") ** 0.15, chance.uniform("rb"))
        missing = chance.uniform("no rb") < 0.05
        return [None if gone else value for gone, value in zip(missing, np.round(shape, 6).tolist(), strict=True)]

    @cached_property
    def classifications(self):
        """Classifications by Sherlock: list of str."""
        draws = self._chance.uniform("sherlock").tolist()
        bounds = [(list(k.sherlock), np.cumsum(list(k.sherlock.values())).tolist()) for k in CLASSES]
        result = []
        for number, draw in zip(self.population.kind.tolist(), draws, strict=True):
            names, limits = bounds[number]
            result.append(next((name for name, limit in zip(names, limits, strict=True) if draw < limit), names[-1]))
        return result

    @cached_property
    def spectra(self):
        """Spectroscopic types, `None` where there is no spectrum: list."""
        chance = self._chance
        draws, choices = chance.uniform("classified").tolist(), chance.uniform("type").tolist()
        kinds = [CLASSES[number] for number in self.population.kind.tolist()]
        # A spectrum takes some days.
        old = (self.end - self.population.first_mjd > 4.0).tolist()
        return [
            kind.spectra[int(choice * len(kind.spectra))] if kind.spectra and draw < kind.classified and done else None
            for kind, draw, choice, done in zip(kinds, draws, choices, old, strict=True)
        ]

    @cached_property
    def _statuses(self):
        blank = (self._chance.uniform("blank") < 0.45).tolist()
        return [spectrum or ("" if empty else None) for spectrum, empty in zip(self.spectra, blank, strict=True)]

    def _names(self, prefix):
        """Names by the ATLAS scheme (prefix "ATLAS") or by that of the Transient Name Server (no prefix)."""
        population = self.population
        share = np.array([CLASSES[number].named for number in population.kind])
        named = self._chance.uniform("named") < share * (1.0 if prefix else 0.75)
        years, _ = calendar_year(population.first_mjd)
        numbers = population.atlas_number if prefix else population.tns_number
        rows = zip(named.tolist(), years.tolist(), numbers.tolist(), self._cow.tolist(), strict=True)
        published = AT2018COW["atlas_designation" if prefix else "other_designation"]
        return [
            published if is_cow else (designation(prefix, year, number) if has else None)
            for has, year, number, is_cow in rows
        ]

    @cached_property
    def truth(self):
        """The true parameters: dict of column to list, one entry an object; null where a parameter has no meaning."""
        population = self.population
        known = [parameters(self.seed, population, row) for row in range(len(population))]
        colours = [sources.peak_colour(one) for one in known]
        always = [one.source in ("RR Lyrae", "eclipsing", "Mira", "AGN") for one in known]
        return {
            "id": self.population.id.tolist(),
            "class": [CLASSES[number].name for number in population.kind.tolist()],
            # As every endpoint gives them, so that a cone can be checked by hand.
            "ra": list(map(float, self.columns["ra"])),
            "dec": list(map(float, self.columns["dec"])),
            "redshift": [None if np.isnan(z) else z for z in population.redshift.tolist()],
            "first_mjd": population.first_mjd.tolist(),
            "peak_mjd": [None if a else mjd for a, mjd in zip(always, population.peak_mjd.tolist(), strict=True)],
            "peak_mag": np.round(population.peak_mag, 4).tolist(),
            "stretch": [None if c is None else one.stretch for c, one in zip(colours, known, strict=True)],
            "colour": colours,
            "period": [one.period if one.period != 1.0 else None for one in known],
        }
