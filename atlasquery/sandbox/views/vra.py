# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The tables of the Virtual Research Assistant (VRA), read only: scores, ranks and objects to be inspected."""

from rest_framework.response import Response

from atlasquery.sandbox.models import VraRank, VraScore, VraTodo
from atlasquery.sandbox.serializers import VraRankQuery, VraScoreQuery, VraTodoQuery
from atlasquery.sandbox.views.base import ReadEndpoint
from atlasquery.sandbox.views.encoded_json import encode_rows
from atlasquery.sandbox.views.values import format_date, parse_ids

__all__ = ["VRARankListView", "VRAScoresListView", "VRATodoListView"]

MAX_SQLITE_INTEGER = 2**63 - 1


class _TableEndpoint(ReadEndpoint):
    """A table or a part of it; unknown parameters are ignored."""

    model = None
    columns = ()
    sort_column = "transient_object_id"
    threshold_column = "id"

    def answer(self, request, params):
        """Return the rows of the requested objects, or without objects the rows above the thresholds."""
        if params.get("objects"):
            rows = self.rows_of_objects(parse_ids(params["objects"]), params)
        else:
            rows = self.to_rows(self.above_thresholds(params).order_by(self.sort_column))
        return Response(encode_rows(rows))

    def rows_of_objects(self, ids, params):
        """Return the rows of objects, object by object; thresholds are ignored."""
        if not ids:
            return []
        storable_ids = [object_id for object_id in ids if abs(object_id) <= MAX_SQLITE_INTEGER]
        queryset = self.for_objects(params).filter(transient_object_id__in=storable_ids).order_by(self.sort_column)
        rows_by_id = {}
        for row in self.to_rows(queryset):
            rows_by_id.setdefault(row["transient_object_id"], []).append(row)
        return [row for object_id in ids for row in rows_by_id.get(object_id, ())]

    def for_objects(self, params):
        """Return the rows that may be sent if objects are requested."""
        return self.model.objects.all()

    def above_thresholds(self, params):
        """Return the rows above the thresholds."""
        queryset = self.model.objects.all()
        if params.get("datethreshold"):
            queryset = queryset.filter(timestamp__gt=params["datethreshold"])
        if params.get("idthreshold") is not None:
            queryset = queryset.filter(**{f"{self.threshold_column}__gt": params["idthreshold"]})
        return queryset

    def to_rows(self, queryset):
        """Return the rows as the server writes them."""
        return [{**row, "timestamp": format_date(row["timestamp"])} for row in queryset.values(*self.columns)]


class VRAScoresListView(_TableEndpoint):
    """The scores."""

    params_serializer = VraScoreQuery
    model = VraScore
    sort_column = "id"
    columns = (
        "id", "transient_object_id", "preal", "pgal", "pfast", "rank", "rank_alt1", "is_gal_cand", "timestamp",
        "apiusername", "username", "debug",
    )  # fmt: skip

    def for_objects(self, params):
        """Return the scores of debugging runs if requested, otherwise the other scores."""
        return self.model.objects.filter(debug=params.get("debug", False))

    def above_thresholds(self, params):
        """Return the scores above the thresholds: only those of debugging runs if requested, otherwise all."""
        queryset = super().above_thresholds(params)
        return queryset.filter(debug=True) if params.get("debug") else queryset


class VRARankListView(_TableEndpoint):
    """The current ranks."""

    params_serializer = VraRankQuery
    model = VraRank
    columns = ("transient_object_id", "rank", "rank_alt1", "is_gal_cand", "timestamp")


class VRATodoListView(_TableEndpoint):
    """The objects to be inspected."""

    params_serializer = VraTodoQuery
    model = VraTodo
    columns = ("transient_object_id", "timestamp")
    threshold_column = "transient_object_id"
