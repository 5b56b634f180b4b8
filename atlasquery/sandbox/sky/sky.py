# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sky as the server stores it: the catalogue of all objects, and the rows of each, computed on request."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from . import crossmatches, vra
from .at2018cow import AT2018cowHistory
from .at2018cow_data import AT2018COW
from .catalogue import Catalogue
from .forced_positions import find_object, measure_noise, to_measurements
from .history import History
from .keyed_random import KeyedRandom
from .lists import NO_LIST, list_memberships
from .names import year_and_fraction
from .object_classes import OBJECT_CLASSES
from .photometry.limits import make_limit_rows
from .population import NIGHTS_MARGIN, REFERENCE_MJD, make_population, unique_number
from .survey import Survey

__all__ = ["ObjectFacts", "Sky"]

# The last one tests programs that cannot handle markup, quotes, tabs or non-ASCII characters.
_COMMENTS = (
    "seen by eye, looks real",
    "host has a redshift",
    "wait for another night",
    "known variable?",
    "na\u00efve guess: \u201cblue\u201d \u2013 z\u22480.03 <b>check</b>, \\ and \ttabs\nin two lines",
)

_AVERAGE_DAYS = 200.0  # must be below NIGHTS_MARGIN


@dataclass
class ObjectFacts:
    """All data of one object except its photometry."""

    seed: int
    key: int
    serial: int
    id: int
    ra: float
    dec: float
    class_name: str
    classification: str
    spectrum: str | None
    atlas_name: str | None
    tns_name: str | None
    host: str | None
    redshift: float | None
    first_mjd: float
    first_mag: float
    first_band: int
    peak_mag: float
    year: int


class Sky:
    """A deterministic synthetic sky.

    Parameters
    ----------
    seed : int
        Another seed gives another sky with the same AT2018cow.
    n_objects : int, optional
        Number of objects discovered before 2026-11-01.
    end : float
        The end of the sky (MJD). It only truncates: no row depends on it.

    Examples
    --------
    >>> from atlasquery.sandbox.sky import Sky
    >>> sky = Sky(seed=1, n_objects=50, end=59000.0)
    >>> rows = sky.make_photometry(1161600211221604900)["lc"]
    >>> rows[0]["mjd"], rows[0]["filter"], rows[0]["mag"], rows[0]["magerr"]
    (58285.4409954, 'o', 14.739, 0.009)
    """

    def __init__(self, seed, n_objects=3000, *, end):
        self.seed = int(seed)
        self.n_objects = int(n_objects)
        self.end = float(end)
        self.survey = Survey(self.seed, max(self.end, REFERENCE_MJD) + NIGHTS_MARGIN)
        self._population = make_population(self.seed, self.survey, self.n_objects, self.end)
        self._catalogue = Catalogue(self.seed, self._population, self.end)
        self.ids = self._population.id
        self._row_by_id = {object_id: row for row, object_id in enumerate(self.ids.tolist())}
        self._cached_history = lru_cache(maxsize=32)(self._make_history)
        self._cached_list_row = lru_cache(maxsize=None)(self._compute_list_row)

    # -- all objects ---------------------------------------------------------------------------------------------------

    @property
    def catalogue(self):
        """Dict of columns, one value an object: numpy arrays for numbers, lists for strings and nulls."""
        return self._catalogue.columns

    @property
    def truth(self):
        """The true parameters: dict of column to list, one value an object, null where a parameter is undefined."""
        return self._catalogue.truth

    @property
    def memberships(self):
        """Members of custom lists: list of tuples of object id and list number."""
        return list_memberships(self.seed, self._population, self._catalogue.scores, self.end)

    def make_vra_scores(self):
        """Make the JSON-ready rows of all assessments by the Virtual Research Assistant."""
        return vra.make_score_rows(self.seed, self._population, self._catalogue.scores, self.end)

    def make_vra_ranks(self):
        """Make the JSON-ready rows of the current ranks."""
        return vra.make_rank_rows(self.seed, self._population, self._catalogue.scores, self.end)

    def make_vra_todo(self):
        """Make the JSON-ready rows of the objects that wait for a human."""
        return vra.make_todo_rows(self.seed, self._population, self.end)

    def make_external_crossmatches(self):
        """Make the JSON-ready rows of all names by the Transient Name Server and other surveys."""
        objects = (self._object_facts(object_id) for object_id in self._row_by_id)
        return [row for facts in objects for row in _external_names(facts)]

    # -- one object ----------------------------------------------------------------------------------------------------

    def _object_facts(self, object_id):
        """Collect the data of one object except its photometry."""
        row, population, catalogue = self._row_by_id[object_id], self._population, self.catalogue
        key = int(population.key[row])
        redshift = float(population.redshift[row])
        first = float(population.first_mjd[row])
        year, _ = year_and_fraction(population.first_mjd[row : row + 1])
        return ObjectFacts(
            self.seed, key, unique_number(key), object_id, float(catalogue["ra"][row]),
            float(catalogue["dec"][row]), OBJECT_CLASSES[population.class_index[row]].name,
            self._catalogue.classifications[row], self._catalogue.spectral_types[row],
            catalogue["atlas_designation"][row], catalogue["other_designation"][row],
            AT2018COW["host"] if key == 0 else None, None if np.isnan(redshift) else redshift, first,
            14.739 if key == 0 else max(float(population.peak_mag[row]), 18.6), int(population.first_band[row]),
            float(population.peak_mag[row]), int(year[0]),
        )  # fmt: skip

    def _make_history(self, object_id, start=-np.inf, end=None, detections_only=False):
        """Make the history of one object."""
        history_class = AT2018cowHistory if object_id == AT2018COW["id"] else History
        end = self.end if end is None else end
        return history_class(
            self.seed, self.survey, self._population, self._row_by_id[object_id], end, start, detections_only
        )

    def make_photometry(self, object_id, since_mjd=None):
        """Make the photometry of an object.

        Parameters
        ----------
        object_id : int
            Id of an object of the sky; otherwise `KeyError`.
        since_mjd : float, optional
            ``lc`` and ``lcnondets`` begin after it (exclusive), ``fp`` at it (inclusive).

        Returns
        -------
        dict
            The sections ``lc``, ``lcnondets`` and ``fp``: JSON-ready rows sorted by time.
        """
        since = -np.inf if since_mjd is None else since_mjd
        history = self._cached_history(int(object_id), since)
        distant_limits = self._limits_elsewhere(int(object_id), since)
        limits = history.make_lcnondets(since) if distant_limits is None else distant_limits
        return {"lc": history.make_lc(since), "lcnondets": limits, "fp": history.make_fp(since)}

    def measure_position(self, ra, dec, start=-np.inf, end=np.inf):
        """Measure the flux at a position [deg] on all exposures of a time range (MJD), both limits inclusive.

        Returns
        -------
        `~atlasquery.sandbox.sky.forced_positions.ForcedMeasurements`
            One row an exposure. Near an object they have the fluxes of its history.
        """
        end = min(end, self.end)
        row = find_object(self._population_positions, ra, dec)
        if row is None:
            exposures, measured = measure_noise(self.seed, self.survey, ra, dec, start, end)
        else:
            history = self._make_history(int(self.ids[row]), end=end)
            exposures = history.exposures[history.exposures.mjd >= start]
            measured = history.measure(exposures)
        return to_measurements(self.seed, exposures, measured, ra, dec)

    @cached_property
    def _population_positions(self):
        return {"ra": self._population.ra, "dec": self._population.dec}

    def _limits_elsewhere(self, object_id, since):
        """Make the limits at a wrong mean position; None except for objects whose RA straddles 0."""
        if 0.01 < self._population.ra[self._row_by_id[object_id]] < 359.99:
            return None
        ra, dec = self._first_mean_position(object_id)
        if abs(ra - self.catalogue["ra"][self._row_by_id[object_id]]) < 1.0:
            return None
        exposures = self.survey.find_exposures(ra, dec, since, self.end)
        return make_limit_rows(exposures[exposures.mjd > since])

    def _first_mean_position(self, object_id):
        """Average the detected positions of the first 200 days, independent of the end.

        The server's mean changes with every detection, and all limits with it; here no row may depend on the end.
        """
        last_mjd = float(self._population.first_mjd[self._row_by_id[object_id]]) + _AVERAGE_DAYS
        detections = self._make_history(object_id, end=last_mjd, detections_only=True).detections
        return float(detections.ra.mean()), float(detections.dec.mean())

    def make_crossmatches(self, object_id):
        """Make the sections of crossmatches and classifications of an object: dict of JSON-ready rows."""
        facts = self._object_facts(int(object_id))
        matches, classifications = crossmatches.make_sherlock_rows(facts)
        return {
            "sherlock_crossmatches": matches,
            "sherlock_classifications": classifications,
            "tns_crossmatches": crossmatches.make_tns_rows(facts),
            "external_crossmatches": crossmatches.make_external_rows(facts),
        }

    def make_object_section(self, object_id):
        """Make the section ``object`` of an object: JSON-ready dict with the 28 keys of a new server."""
        row = self._row_by_id[int(object_id)]
        values = {name: column[row] for name, column in self.catalogue.items()}
        rng = KeyedRandom(self.seed, self._population.key[row : row + 1])
        serial = self._object_facts(int(object_id)).serial
        return {
            "id": int(object_id),
            "followup_id": 38_000_000 + serial,
            "followup_flag_date": values["followup_flag_date"],
            "detection_id": 21_000_000_000 + serial * 37,
            "ra": float(values["ra"]),
            "dec": float(values["dec"]),
            "object_classification": 1 + int(rng.integers("class", 3)[0]) if serial % 10 == 9 else None,
            "sherlockClassification": values["sherlock_classification"],
            "observation_status": values["observation_status"],
            "htm16id": 34_359_738_368 + int(rng.integers("htm", 34_359_738_368)[0]),
            "jtindex": int(rng.integers("jtindex", 2)[0]) * 91,
            "images_id": 9_000_000 + serial,
            "date_inserted": values["date_inserted"],
            "date_modified": values["date_modified"],
            "processing_flags": [72, 4096, 4168, 5832][int(rng.integers("flags", 4)[0])],
            "updated_by": values["updated_by"],
            "followup_priority": None,
            "external_reference_id": None,
            "detection_list_id": None if values["detection_list_id"] == NO_LIST else int(values["detection_list_id"]),
            "survey_field": "ATLAS",
            "followup_counter": serial if values["atlas_designation"] else None,
            "atlas_designation": values["atlas_designation"],
            "other_designation": values["other_designation"],
            "current_trend": self._draw_trend(row, rng),
            "local_comments": self._draw_comment(rng),
            "ndetections": None,
            "vra": float(values["vra"]),
            "rb_pix": values["rb_pix"],
        }

    def _draw_comment(self, rng):
        if rng.uniform("commented")[0] > 0.2:
            return None
        return _COMMENTS[int(rng.integers("comment", len(_COMMENTS))[0])]

    def _draw_trend(self, row, rng):
        if rng.uniform("no trend")[0] < 0.2:
            return None
        is_rising = self.end < self._population.peak_mjd[row]
        return f"{'rising' if is_rising else 'fading'} {rng.uniform('trend', 0.01, 0.9)[0]:05.2f} (o-o)"

    def make_list_row(self, object_id):
        """Make the static part of an object's row in a list: JSON-ready dict, a new copy each time."""
        return dict(self._cached_list_row(int(object_id)))

    def _compute_list_row(self, object_id):
        section, facts = self.make_object_section(object_id), self._object_facts(object_id)
        best_match = crossmatches.summarize_best_match(facts) or (None, None, None)
        names = ", ".join(row["external_designation"] for row in _external_names(facts)) or None
        summary = _summarize_detections(self._make_history(object_id, detections_only=True).detections)
        position_keys = ("atlas_designation", "other_designation", "ra", "dec")
        classification_keys = ("object_classification", "sherlockClassification", "followup_flag_date",
                               "observation_status", "current_trend")  # fmt: skip
        return {
            "rank": section["followup_id"],
            "id": object_id,
            **{name: section[name] for name in position_keys},
            "ra_avg": summary["ra_avg"],
            "dec_avg": summary["dec_avg"],
            **{name: section[name] for name in classification_keys},
            **{name: summary[name] for name in _FIRST_AND_LAST_KEYS},
            "catalogue": best_match[0],
            "catalogue_object_id": best_match[1],
            "separation": best_match[2],
            "vra": section["vra"],
            "rb_pix": section["rb_pix"],
            "date_modified": section["date_modified"][:-1],
            "external_crossmatches": names,
            "discovery_target": summary["discovery_target"],
            "rms": summary["rms"],
            "detection_list_id": section["detection_list_id"],
            "images_id": section["images_id"],
        }


_FIRST_AND_LAST_KEYS = ("earliest_mjd", "earliest_mag", "earliest_filter", "latest_mjd", "latest_mag", "latest_filter")


def _external_names(facts):
    return crossmatches.make_tns_rows(facts) + crossmatches.make_external_rows(facts)


def _summarize_detections(detections):
    """Summarize detections: first and last one, mean position [deg], its scatter [arcsec]."""
    # The server averages right ascensions as plain numbers, which is wrong across RA 0; reproduced here.
    ra, dec = float(detections.ra.mean()), float(detections.dec.mean())
    east = (detections.ra - ra) * np.cos(np.radians(dec))
    rms = np.sqrt(np.mean(east**2 + (detections.dec - dec) ** 2)) * 3600.0
    ends = detections.exposures[[0, -1]]
    values = zip(ends.mjd.tolist(), detections.mag[[0, -1]].tolist(), ends.filters, strict=True)
    summary = dict(zip(_FIRST_AND_LAST_KEYS, (value for end in values for value in end), strict=True))
    return summary | {
        "ra_avg": ra,
        "dec_avg": dec,
        "rms": round(float(rms), 4),
        "discovery_target": ends.field_names[0],
    }
