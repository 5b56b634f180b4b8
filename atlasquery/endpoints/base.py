# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Reader`: from payloads to the rows and tables that they ask for."""

from functools import partial

import numpy as np
from astropy.table import vstack

from atlasquery import schema
from atlasquery.batches import FATAL_ERRORS, BatchFetch, send_sequentially
from atlasquery.endpoints import payloads, tables
from atlasquery.endpoints.names import NameCache
from atlasquery.exceptions import (
    AmbiguousNameError,
    AtlasQueryError,
    BatchError,
    InvalidQueryError,
    ObjectNotFoundError,
)
from atlasquery.inputs.list_filters import ListFilters
from atlasquery.inputs.object_names import check_name, is_designation
from atlasquery.inputs.times import is_not_before

__all__ = ["Reader"]

CONE, OBJECTS, LIST, MEMBERSHIP, NAMES = "cone/", "objects/", "objectlist/", "objectgroupslist/", "externalxmlist/"
_DESIGNATIONS = (
    "The server has no look-up for ATLAS's own designations: they resolve once an answer has shown them. "
    "Find the object by its position (query_region), its list (query_list) or its TNS name."
)
_TIMES = {"lc": "mjd", "lcnondets": "mjd", "fp": "mjd_obs"}
# A moment that was taken from a row, and went through another time scale, still includes that row: 9 microseconds.
_ROUNDING = 1e-10


class Reader:
    """Asks the reading endpoints, through a sender that it is handed.

    Parameters
    ----------
    send : callable
        Is given an endpoint and a payload, and returns an `~atlasquery.transport.Answer`.
    url : callable
        Is given an endpoint and returns its URL, for error messages.
    """

    def __init__(self, send, url):
        self._send = send
        self._url = url
        self._seen = NameCache()

    def _read(self, endpoint, payload):
        answer = self._send(endpoint, payload)
        return schema.decode_json(answer.body, url=answer.url)

    def _remember(self, table):
        """Keep the designations of a table, so that they can be resolved later, and return the table."""
        self._seen.add(zip(table["name"].tolist(), table["atlas_id"].tolist(), strict=True))
        return table

    def count(self, payload):
        """Return how many objects are in a cone."""
        return tables.cone_count(self._read(CONE, payload), url=self._url(CONE))

    def region(self, asked, **options):
        """Return the table of one cone (a payload), or of several (a list of them)."""
        if isinstance(asked, dict):
            return self._region([self._cone(asked)], vector=False)
        requests = [([index], payload) for index, payload in enumerate(asked)]
        options = {"results": self._region, "noun": "cones", **options}
        return self._region(send_sequentially(self._cone, requests, **options))

    def around(self, search, asked, **options):
        """Return the table of a search (`~atlasquery.crossmatch.search.Neighbours`), from its cones."""
        region = self._candidates(search, asked, options)
        try:
            objects = self.objects(list(dict.fromkeys(region["atlas_id"].tolist())))
        except FATAL_ERRORS as error:
            error.results = search.table(_each_once(region), source="id", cones=region)
            raise
        except BatchError as error:
            failed = np.isin(region["atlas_id"].data.data, list(error.failed))
            error.results = _matched(search, error.results, region[~failed])
            raise
        return _matched(search, objects, region)

    def _candidates(self, search, asked, options):
        """Return the table of all that the cones hold; what goes wrong is told of positions, not of cones."""

        def partly(cones):
            region = self._region(cones)
            some = search.table(_each_once(region), source="id", cones=region)
            left = search.unsearched_positions(len(cones))
            some = some[~np.isin(some.columns[0], left)]  # which neither match nor do not: nobody has looked
            some.meta["not_searched"] = left
            return some

        try:
            return self.region(asked, results=partly, **options)
        except BatchError as error:
            why = next(iter(error.failed.values()))
            error.failed = dict.fromkeys(error.results.meta["not_searched"], why)
            raise

    def on_lists(self, search, wanted, **options):
        """Return the table of a search among the objects of whole lists."""

        def found(parts):
            rows = [part["atlas_id", "name", "ra", "dec"] for part in parts or [schema.LIST_ROW.table([])]]
            every = vstack(rows, metadata_conflicts="silent")
            objects, lost = tables.placed(_each_once(every), every)
            return _marked(search.table(objects), lost)

        everything = ListFilters()
        requests = [([repr(which)], which) for which in wanted]
        return found(
            send_sequentially(
                lambda which: self.whole_list(which, everything), requests, results=found, noun="lists", **options
            )
        )

    def _cone(self, payload):
        nearest = payload["requestType"] == "nearest"
        return tables.cone_rows(self._read(CONE, payload), nearest=nearest, url=self._url(CONE))

    def _region(self, cones, *, vector=True):
        return self._remember(tables.region_table(cones, vector=vector, url=self._url(CONE)))

    def with_details(self, region):
        """Return a region's table with the server's positions and the objects' columns."""
        ids = list(dict.fromkeys(region["atlas_id"].tolist()))
        try:
            return tables.with_details(region, self.objects(ids))
        except AtlasQueryError as error:
            error.results = region  # without the details, which are not had of all
            raise

    def objects(self, ids, unknown=()):
        """Return the table of the objects that the server knows; ``meta['missing']`` lists the others."""
        fetch = self.fetch(ids, rows=False)
        rows = {record["object"]["id"]: record["object"] for records in fetch for record in records}
        meta = {"missing": [*fetch.missing, *unknown]}
        found = tables.object_table([rows[one] for one in ids if one in rows], url=self._url(OBJECTS), meta=meta)
        if error := fetch.build_error(found):
            raise error
        return self._remember(found)

    def fetch(self, ids, *, rows=True, since=None, **options):
        """Return the `~atlasquery.batches.BatchFetch` of the records of many objects, with or without light curves."""
        return BatchFetch(
            ids,
            ask=lambda batch: self._send(OBJECTS, payloads.objects(batch, rows=rows, since=since)),
            read=partial(self._known, since),
            pace=payloads.pace(rows=rows, since=since),
            **options,
        )

    def _known(self, since, answer, ids):
        """The records of an answer that hold an object, from a moment on, and the ids of the others."""
        records = schema.check_objects_answer(schema.decode_json(answer.body, url=answer.url), url=answer.url)
        known, missing = tables.split_unknown(records, ids, url=answer.url)
        self._seen.add((one["object"].get("atlas_designation"), one["object"]["id"]) for one in known)
        return known if since is None else [_from(since, record) for record in known], missing

    def record(self, object_id, *, since=None):
        """Return all that the server has about one object, from a Modified Julian Date on."""
        answer = self._send(OBJECTS, payloads.objects([object_id], since=since))
        known, missing = self._known(since, answer, [object_id])
        if missing:
            raise self._no_object(object_id, object_id, "Check the id; query_region finds what is at a position.")
        return known[0]

    def _no_object(self, asked, what, hint, endpoint=OBJECTS):
        reason = f"The server has no object {what}."
        return ObjectNotFoundError(reason, url=self._url(endpoint), hint=hint, object_id=asked)

    def whole_list(self, which, filters):
        """Return the table of a list's rows that the filters let through."""
        rows = self._read(LIST, payloads.object_list(which, filters))
        name = which.name or f"custom list {which.number}"
        table = self._remember(schema.LIST_ROW.table(rows, url=self._url(LIST), meta={"lists": [name]}))
        if lacking := filters.missing_columns(rows):
            raise InvalidQueryError(
                f"The rows of this server have no {', '.join(lacking)}: it is too old to be asked about it.",
                url=self._url(LIST),
                hint="Leave this condition out.",
            )
        return table[filters.matches(table)]

    def membership(self, ids, unknown=()):
        """Return the table of the custom lists that objects are on; ``meta['missing']`` lists who is on none."""
        rows = self._read(MEMBERSHIP, payloads.membership(ids))
        table = tables.membership_table(rows, url=self._url(MEMBERSHIP))
        return _rows_of(ids, table, unknown)

    def vra(self, record, ids=None, unknown=(), *, since=None, **options):
        """Return a table of the Virtual Research Assistant; with ids ``meta['missing']`` lists those without a row."""
        if ids is None:
            rows = self._read(f"{record.name}/", payloads.vra(since=since, **options))
        else:
            rows = self._vra_rows(record, list(dict.fromkeys(ids)), options)
        table = record.table(rows, url=self._url(f"{record.name}/"))
        table = table if ids is None else _rows_of(ids, table, unknown)
        return table if since is None else table[is_not_before(table["timestamp"], since)]

    def _vra_rows(self, record, ids, options):
        url = self._url(f"{record.name}/")

        def ask(payload):
            rows = self._read(f"{record.name}/", payload)
            return rows if isinstance(rows, list) else record.decode(rows, url=url)  # which says what is wrong

        answers = send_sequentially(
            ask,
            payloads.vra_parts(ids, **options),
            results=lambda rows: record.table([row for some in rows for row in some]),
            noun="objects",
        )
        return [row for rows in answers for row in rows]

    def external(self, words):
        """Return the table of what other surveys know of names; ``meta['missing']`` lists those without a row."""
        answer = self._read(NAMES, payloads.names([check_name(word) for word in words]))
        return tables.name_table(words, answer, url=self._url(NAMES))

    def resolve(self, objects):
        """Return the ids of objects that are meant by ids or names, in order, and the names that nobody knows.

        All names cost one request; designations of ATLAS's own cost none.
        """
        words = list(dict.fromkeys(one for one in objects if isinstance(one, str)))
        found = {word: self._seen.ids(word) for word in words if is_designation(word)}
        if asked := [word for word in words if word not in found]:
            found |= self._looked_up(asked)
        unknown = {word: None for word in words if not found[word]}
        ids = [_only(one, found[one]) if isinstance(one, str) else one for one in objects if one not in unknown]
        return ids, list(unknown)

    def _looked_up(self, words):
        table = self.external(words)
        found = dict.fromkeys(words, ())
        for word, object_id in zip(table["query_name"].tolist(), table["atlas_id"].tolist(), strict=True):
            if object_id not in found[word]:
                found[word] = (*found[word], object_id)
        return found

    def resolve_one(self, one):
        """Return the id of an object that is meant by an id or a name, or raise `ObjectNotFoundError`."""
        ids, unknown = self.resolve([one])
        if not unknown:
            return ids[0]
        if is_designation(one):
            reason = f"No object called {one!r} has been seen so far."  # nothing was sent
            raise ObjectNotFoundError(reason, hint=_DESIGNATIONS, object_id=one)
        hint = "Check the name; query_region finds what is at a position."
        raise self._no_object(one, f"called {one!r}", hint, NAMES)


def _matched(search, objects, region):
    """The table of a search among objects; of those without a position on the server, by what the cones said."""
    missing = objects.meta["missing"]
    objects, lost = tables.placed(objects, region)
    found = search.table(objects, cones=region[np.isin(region["atlas_id"].data.data, lost)])
    return _marked(found, lost, missing)


def _marked(found, lost, missing=()):
    """The table, whose ``meta`` lists the objects that the server does not know, and those without a position there.

    A catalogue may be the answer to another question, and bring these words along.
    """
    found.meta.pop("position_from_id", None)
    found.meta |= {"missing": list(missing)} | ({"position_from_id": lost.tolist()} if len(lost) else {})
    return found


def _each_once(table):
    """The table without the repetitions of objects."""
    _, first = np.unique(table["atlas_id"].data.data, return_index=True)
    return table[np.sort(first)]


def _only(word, ids):
    if len(ids) > 1:
        raise AmbiguousNameError(f"{word!r} means {len(ids)} objects: {', '.join(map(str, ids))}.", candidates=ids)
    return ids[0]


def _rows_of(ids, table, unknown):
    """The rows of some objects, object by object in the order asked; who has none is in ``meta['missing']``."""
    place = {one: number for number, one in enumerate(dict.fromkeys(ids))}
    places = np.array([place.get(one, -1) for one in table["atlas_id"].tolist()], dtype=int)
    order = np.argsort(places, kind="stable")
    found = table[order[places[order] >= 0]]
    having = set(found["atlas_id"].tolist())
    found.meta["missing"] = [one for one in place if one not in having] + list(unknown)
    return found


def _from(since, record):
    """The record with the rows from a moment on, the moment included."""
    later = {key: [row for row in record[key] if not _is_before(since, row, time)] for key, time in _TIMES.items()}
    return {**record, **later}


def _is_before(since, row, time):
    # What is no row, or has no number there, is left for the decoder to complain of.
    mjd = row.get(time) if isinstance(row, dict) else None
    return isinstance(mjd, (int, float)) and mjd < since - _ROUNDING
