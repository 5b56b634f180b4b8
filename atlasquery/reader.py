# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Reader`: from payloads to the rows and tables that they ask for."""

from atlasquery import payloads, schema, tables
from atlasquery.batches import one_by_one
from atlasquery.exceptions import ObjectNotFoundError

__all__ = ["Reader"]

CONE, OBJECTS = "cone/", "objects/"
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

    def _read(self, endpoint, payload):
        answer = self._send(endpoint, payload)
        return schema.parse(answer.body, url=answer.url)

    def count(self, payload):
        """Return how many objects are in a cone."""
        return tables.cone_count(self._read(CONE, payload), url=self._url(CONE))

    def region(self, asked):
        """Return the table of one cone (a payload), or of several (a list of them)."""
        if isinstance(asked, dict):
            return self._region([self._cone(asked)], vector=False)
        requests = [([index], payload) for index, payload in enumerate(asked)]
        return self._region(one_by_one(self._cone, requests, results=self._region, noun="cones"))

    def _cone(self, payload):
        return tables.cone_rows(self._read(CONE, payload), url=self._url(CONE))

    def _region(self, cones, *, vector=True):
        return tables.region_table(cones, vector=vector, url=self._url(CONE))

    def with_details(self, region):
        """Return a region's table with the server's positions and the objects' columns."""
        ids = list(dict.fromkeys(region["atlas_id"].tolist()))
        return tables.with_details(region, self.objects(ids) if ids else self._objects([]))

    def objects(self, ids):
        """Return the table of the objects that the server knows; ``meta['missing']`` lists the other ids."""
        requests = [(batch, batch) for batch in payloads.batches(ids)]
        return self._objects(one_by_one(self._batch, requests, results=self._objects, noun="objects"))

    def _objects(self, batches):
        """The table of some batches of records and missing ids."""
        rows = [record["object"] for records, _ in batches for record in records]
        missing = [one for _, ids in batches for one in ids]
        return tables.object_table(rows, url=self._url(OBJECTS), meta={"missing": missing})

    def _batch(self, ids):
        return self._records(ids, payloads.objects(ids, rows=False))

    def _records(self, ids, payload):
        url = self._url(OBJECTS)
        records = schema.objects_answer(self._read(OBJECTS, payload), url=url)
        return tables.split_unknown(records, ids, url=url)

    def record(self, object_id, *, since=None):
        """Return all that the server has about one object, from a Modified Julian Date on."""
        known, missing = self._records([object_id], payloads.objects([object_id], since=since))
        if missing:
            raise ObjectNotFoundError(
                f"The server has no object {object_id}.",
                url=self._url(OBJECTS),
                hint="Check the id; query_region finds the objects around a position.",
                object_id=object_id,
            )
        return known[0] if since is None else _from(since, known[0])


def _from(since, record):
    """The record with the rows from a moment on, the moment included."""
    later = {key: [row for row in record[key] if not _is_before(since, row.get(time))] for key, time in _TIMES.items()}
    return {**record, **later}


def _is_before(since, mjd):
    # What is not a number is left for the decoder to complain of.
    return isinstance(mjd, (int, float)) and mjd < since - _ROUNDING
