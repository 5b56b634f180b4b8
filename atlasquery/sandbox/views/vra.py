# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading the Virtual Research Assistant's tables: scores, ranks, and what waits to be looked at."""

from rest_framework.response import Response

from atlasquery.sandbox.models import VraRank, VraScore, VraTodo
from atlasquery.sandbox.serializers import VraRankQuery, VraScoreQuery, VraTodoQuery
from atlasquery.sandbox.views.base import ReadEndpoint, encode, iso, joined_ids

__all__ = ["VRARankListView", "VRAScoresListView", "VRATodoListView"]


class _TableEndpoint(ReadEndpoint):
    """A table, whole or a part; a parameter it does not know changes nothing."""

    table = None
    columns = ()
    order = "transient_object_id"
    threshold_column = "id"

    def answer(self, request, asked):
        """Return the rows of the objects asked for, or those beyond the thresholds."""
        if asked.get("objects"):
            rows = self.of_objects(joined_ids(asked["objects"]), asked)
        else:
            rows = self.values(self.beyond(asked).order_by(self.order))
        return Response(encode(rows))

    def of_objects(self, ids, asked):
        """Return the rows of some objects, object by object; the thresholds do not count then."""
        if not ids:
            return []
        rows = {}
        for row in self.values(self.chosen(asked).filter(transient_object_id__in=_storable(ids)).order_by(self.order)):
            rows.setdefault(row["transient_object_id"], []).append(row)
        return [row for object_id in ids for row in rows.get(object_id, ())]

    def chosen(self, asked):
        """Return what may be seen when objects are asked for."""
        return self.table.objects.all()

    def beyond(self, asked):
        """Return what lies beyond the thresholds."""
        found = self.table.objects.all()
        if asked.get("datethreshold"):
            found = found.filter(timestamp__gt=asked["datethreshold"])
        if asked.get("idthreshold") is not None:
            found = found.filter(**{f"{self.threshold_column}__gt": asked["idthreshold"]})
        return found

    def values(self, found):
        """Return the rows as the server writes them."""
        return [{**row, "timestamp": iso(row["timestamp"])} for row in found.values(*self.columns)]


def _storable(ids):
    return [object_id for object_id in ids if abs(object_id) < 2**63]


class VRAScoresListView(_TableEndpoint):
    """The scores; those of a debugging run only when they are asked for."""

    query = VraScoreQuery
    table = VraScore
    order = "id"
    columns = (
        "id", "transient_object_id", "preal", "pgal", "pfast", "rank", "rank_alt1", "is_gal_cand", "timestamp",
        "apiusername", "username", "debug",
    )  # fmt: skip

    def chosen(self, asked):
        """Return the scores of debugging runs, or the others."""
        return self.table.objects.filter(debug=asked.get("debug", False))

    def beyond(self, asked):
        """Return the scores beyond the thresholds, those of debugging runs included, or only those."""
        found = super().beyond(asked)
        return found.filter(debug=True) if asked.get("debug") else found


class VRARankListView(_TableEndpoint):
    """The present ranks."""

    query = VraRankQuery
    table = VraRank
    columns = ("transient_object_id", "rank", "rank_alt1", "is_gal_cand", "timestamp")


class VRATodoListView(_TableEndpoint):
    """What waits to be looked at."""

    query = VraTodoQuery
    table = VraTodo
    columns = ("transient_object_id", "timestamp")
    threshold_column = "transient_object_id"
