# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sky as the server sees it: the catalogue of all objects, and all about one of them, made when asked for."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from . import crossmatches, vra
from .at2018cow import CowHistory
from .at2018cow_data import AT2018COW
from .catalogue import Catalogue
from .history import History
from .keyed_random import Chance
from .lists import memberships
from .names import calendar_year
from .object_classes import CLASSES
from .photometry.limits import limit_rows
from .population import MARGIN, REFERENCE, populate, serial_number
from .survey import Survey

__all__ = ["Known", "Sky"]

# People type what they like: the last one is there for programs that do not expect it.
_COMMENTS = (
    "seen by eye, looks real",
    "host has a redshift",
    "wait for another night",
    "known variable?",
    "na\u00efve guess: \u201cblue\u201d \u2013 z\u22480.03 <b>check</b>, \\ and \ttabs\nin two lines",
)

_AVERAGED = 200.0  # days; less than the survey's table of nights reaches beyond the present


@dataclass
class Known:
    """What is known of one object beside its photometry."""

    seed: int
    key: int
    serial: int
    id: int
    ra: float
    dec: float
    kind: str
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
        Another seed gives another sky, in which AT2018cow is the same.
    n_objects : int, optional
        How many objects are first seen before 2026-11-01.
    end : float
        The present (MJD). It only truncates: no row depends on it.

    Examples
    --------
    >>> from atlasquery.sandbox.sky import Sky
    >>> sky = Sky(seed=1, n_objects=50, end=59000.0)
    >>> rows = sky.sections(1161600211221604900)["lc"]
    >>> rows[0]["mjd"], rows[0]["filter"], rows[0]["mag"], rows[0]["magerr"]
    (58285.4409954, 'o', 14.739, 0.009)
    """

    def __init__(self, seed, n_objects=3000, *, end):
        self.seed = int(seed)
        self.n_objects = int(n_objects)
        self.end = float(end)
        self.survey = Survey(self.seed, max(self.end, REFERENCE) + MARGIN)
        self._population = populate(self.seed, self.survey, self.n_objects, self.end)
        self._catalogue = Catalogue(self.seed, self._population, self.end)
        self.ids = self._population.id
        self._row = {object_id: row for row, object_id in enumerate(self.ids.tolist())}
        self._history = lru_cache(maxsize=32)(self._make_history)
        self._list_row = lru_cache(maxsize=None)(self._make_list_row)

    # -- all objects ---------------------------------------------------------------------------------------------------

    @property
    def catalogue(self):
        """One entry an object: dict of columns of equal length, numpy arrays for numbers, lists for text and nulls."""
        return self._catalogue.columns

    @property
    def truth(self):
        """The true parameters: dict of column to list, one entry an object; null where a parameter has no meaning."""
        return self._catalogue.truth

    @property
    def groups(self):
        """Members of custom lists: list of tuples of object id and number of the list."""
        return memberships(self.seed, self._population, self._catalogue.scores, self.end)

    def vra_scores(self):
        """List the judgements of the Virtual Research Assistant.

        Returns
        -------
        list of dict
            JSON-ready rows.
        """
        return vra.score_rows(self.seed, self._population, self._catalogue.scores, self.end)

    def vra_ranks(self):
        """List its present ranks.

        Returns
        -------
        list of dict
            JSON-ready rows.
        """
        return vra.ranks(self.seed, self._population, self._catalogue.scores, self.end)

    def vra_todo(self):
        """List the objects that wait for a person.

        Returns
        -------
        list of dict
            JSON-ready rows.
        """
        return vra.todo_rows(self.seed, self._population, self.end)

    def external_crossmatches(self):
        """List all names that others give to objects, as the server's table of external matches holds them.

        Returns
        -------
        list of dict
            JSON-ready rows: those of the Transient Name Server and of other surveys.
        """
        known = (self._known(object_id) for object_id in self._row)
        return [row for obj in known for row in crossmatches.tns_rows(obj) + crossmatches.external_rows(obj)]

    # -- one object ----------------------------------------------------------------------------------------------------

    def _known(self, object_id):
        row, population, catalogue = self._row[object_id], self._population, self.catalogue
        key = int(population.key[row])
        redshift = float(population.redshift[row])
        first = float(population.first_mjd[row])
        year, _ = calendar_year(population.first_mjd[row : row + 1])
        return Known(
            self.seed, key, serial_number(key), object_id, float(catalogue["ra"][row]),
            float(catalogue["dec"][row]), CLASSES[population.kind[row]].name, self._catalogue.classifications[row],
            self._catalogue.spectra[row], catalogue["atlas_designation"][row], catalogue["other_designation"][row],
            AT2018COW["host"] if key == 0 else None, None if np.isnan(redshift) else redshift, first,
            14.739 if key == 0 else max(float(population.peak_mag[row]), 18.6), int(population.first_band[row]),
            float(population.peak_mag[row]), int(year[0]),
        )  # fmt: skip

    def _make_history(self, object_id, start=-np.inf, end=None, brief=False):
        model = CowHistory if object_id == AT2018COW["id"] else History
        end = self.end if end is None else end
        return model(self.seed, self.survey, self._population, self._row[object_id], end, start, brief)

    def sections(self, object_id, since_mjd=None):
        """Make the photometry of an object.

        Parameters
        ----------
        object_id : int
            A known id; another raises `KeyError`.
        since_mjd : float, optional
            ``lc`` and ``lcnondets`` begin strictly after it, ``fp`` with it.

        Returns
        -------
        dict
            The sections ``lc``, ``lcnondets`` and ``fp``: JSON-ready rows sorted by time.
        """
        since = -np.inf if since_mjd is None else since_mjd
        history = self._history(int(object_id), since)
        elsewhere = self._limits_elsewhere(int(object_id), since)
        limits = history.lcnondets(since) if elsewhere is None else elsewhere
        return {"lc": history.lc(since), "lcnondets": limits, "fp": history.fp(since)}

    def _limits_elsewhere(self, object_id, since):
        """The server looks for limits at the mean position, which for an object at RA 0 is somewhere else."""
        if 0.01 < self._population.ra[self._row[object_id]] < 359.99:
            return None
        ra, dec = self._first_mean(object_id)
        if abs(ra - self.catalogue["ra"][self._row[object_id]]) < 1.0:
            return None
        found = self.survey.exposures(ra, dec, since, self.end)
        return limit_rows(found[found.mjd > since])

    def _first_mean(self, object_id):
        """Average the places of the detections of the first 200 days, whatever the present is.

        The server's mean moves with every detection, and all limits with it; here no row may depend on the present.
        """
        last = float(self._population.first_mjd[self._row[object_id]]) + _AVERAGED
        search = self._make_history(object_id, end=last, brief=True).detections
        return float(search.ra.mean()), float(search.dec.mean())

    def crossmatches(self, object_id):
        """Make what other catalogues know of an object.

        Parameters
        ----------
        object_id : int
            A known id.

        Returns
        -------
        dict
            The sections ``sherlock_crossmatches``, ``sherlock_classifications``, ``tns_crossmatches`` and
            ``external_crossmatches``: JSON-ready rows.
        """
        known = self._known(int(object_id))
        matches, classifications = crossmatches.sherlock_rows(known)
        return {
            "sherlock_crossmatches": matches,
            "sherlock_classifications": classifications,
            "tns_crossmatches": crossmatches.tns_rows(known),
            "external_crossmatches": crossmatches.external_rows(known),
        }

    def object_section(self, object_id):
        """Make the section ``object`` of an object.

        Parameters
        ----------
        object_id : int
            A known id.

        Returns
        -------
        dict
            JSON-ready, with the 28 keys of a newer server.
        """
        row = self._row[int(object_id)]
        value = {name: column[row] for name, column in self.catalogue.items()}
        chance = Chance(self.seed, self._population.key[row : row + 1])
        serial = self._known(int(object_id)).serial
        return {
            "id": int(object_id),
            "followup_id": 38_000_000 + serial,
            "followup_flag_date": value["followup_flag_date"],
            "detection_id": 21_000_000_000 + serial * 37,
            "ra": float(value["ra"]),
            "dec": float(value["dec"]),
            "object_classification": 1 + int(chance.integer("class", 3)[0]) if serial % 10 == 9 else None,
            "sherlockClassification": value["sherlock_classification"],
            "observation_status": value["observation_status"],
            "htm16id": 34_359_738_368 + int(chance.integer("htm", 34_359_738_368)[0]),
            "jtindex": int(chance.integer("jtindex", 2)[0]) * 91,
            "images_id": 9_000_000 + serial,
            "date_inserted": value["date_inserted"],
            "date_modified": value["date_modified"],
            "processing_flags": [72, 4096, 4168, 5832][int(chance.integer("flags", 4)[0])],
            "updated_by": value["updated_by"],
            "followup_priority": None,
            "external_reference_id": None,
            "detection_list_id": int(value["detection_list_id"]),
            "survey_field": "ATLAS",
            "followup_counter": serial if value["atlas_designation"] else None,
            "atlas_designation": value["atlas_designation"],
            "other_designation": value["other_designation"],
            "current_trend": self._trend(row, chance),
            "local_comments": self._comment(chance),
            "ndetections": None,
            "vra": float(value["vra"]),
            "rb_pix": value["rb_pix"],
        }

    def _comment(self, chance):
        if chance.uniform("commented")[0] > 0.2:
            return None
        return _COMMENTS[int(chance.integer("comment", len(_COMMENTS))[0])]

    def _trend(self, row, chance):
        if chance.uniform("no trend")[0] < 0.2:
            return None
        rising = self.end < self._population.peak_mjd[row]
        return f"{'rising' if rising else 'fading'} {chance.uniform('trend', 0.01, 0.9)[0]:05.2f} (o-o)"

    def list_row(self, object_id):
        """Make the part of an object's row in a list that never changes.

        Parameters
        ----------
        object_id : int
            A known id.

        Returns
        -------
        dict
            JSON-ready; a fresh copy.
        """
        return dict(self._list_row(int(object_id)))

    def _make_list_row(self, object_id):
        obj, known = self.object_section(object_id), self._known(object_id)
        best = crossmatches.sherlock_best(known) or (None, None, None)
        others = crossmatches.tns_rows(known) + crossmatches.external_rows(known)
        names = ", ".join(row["external_designation"] for row in others) or None
        summary = _summary(self._make_history(object_id, brief=True).detections)
        keys = ("atlas_designation", "other_designation", "ra", "dec")
        more = ("object_classification", "sherlockClassification", "followup_flag_date", "observation_status",
                "current_trend")  # fmt: skip
        return {
            "rank": obj["followup_id"],
            "id": object_id,
            **{name: obj[name] for name in keys},
            "ra_avg": summary["ra_avg"],
            "dec_avg": summary["dec_avg"],
            **{name: obj[name] for name in more},
            **{name: summary[name] for name in _EXTREMES},
            "catalogue": best[0],
            "catalogue_object_id": best[1],
            "separation": best[2],
            "vra": obj["vra"],
            "rb_pix": obj["rb_pix"],
            "date_modified": obj["date_modified"][:-1],
            "external_crossmatches": names,
            "discovery_target": summary["discovery_target"],
            "rms": summary["rms"],
            "detection_list_id": obj["detection_list_id"],
            "images_id": obj["images_id"],
        }


_EXTREMES = ("earliest_mjd", "earliest_mag", "earliest_filter", "latest_mjd", "latest_mag", "latest_filter")


def _summary(search):
    """Summarise detections: first and last one, mean position, its scatter [arcsec]."""
    # The server averages right ascensions as plain numbers: nonsense for an object at RA 0, and kept so.
    ra, dec = float(search.ra.mean()), float(search.dec.mean())
    east = (search.ra - ra) * np.cos(np.radians(dec))
    rms = np.sqrt(np.mean(east**2 + (search.dec - dec) ** 2)) * 3600.0
    ends = search.exposures[[0, -1]]
    values = zip(ends.mjd.tolist(), search.mag[[0, -1]].tolist(), ends.filters, strict=True)
    summary = dict(zip(_EXTREMES, (value for end in values for value in end), strict=True))
    return summary | {"ra_avg": ra, "dec_avg": dec, "rms": round(float(rms), 4), "discovery_target": ends.pointings[0]}
