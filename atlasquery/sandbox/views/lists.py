# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objectlist/`` and ``objectgroupslist/``: detection lists, custom lists and their members."""

from django.db.models import Q
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject, GroupMembership
from atlasquery.sandbox.serializers import FilteredListQuery, GroupQuery, ListQuery
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.views.base import ReadEndpoint
from atlasquery.sandbox.views.encoded_json import encode_rows
from atlasquery.sandbox.views.objects import realbogus_factor
from atlasquery.sandbox.views.values import format_date, require_finite

__all__ = ["ObjectGroupsListView", "ObjectListView"]

DETECTION_LISTS = tuple(range(14))
RANGE_COLUMNS = ("vra", "rb_pix", "ra", "dec")
# Parameter: column.
STRING_COLUMNS = {"sherlock_class": "sherlock_classification", "spec_type": "observation_status"}


class ObjectListView(ReadEndpoint):
    """A whole list, without paging."""

    @property
    def params_serializer(self):
        """The parameters; an old server has no filters."""
        return FilteredListQuery if get_state().vintage == "new" else ListQuery

    def answer(self, request, params):
        """Return the rows: a detection list sorted by id, a custom list in the order of insertion."""
        list_id = params["objectlistid"]
        objects = AtlasObject.objects.filter(_make_conditions(params))
        if params.get("getcustomlist", False):
            return Response(encode_rows(_custom_list_rows(objects, list_id)))
        # The real server uses the number as an index: -1 is the last list, and an unknown one gives status 500.
        return Response(encode_rows(_detection_list_rows(objects, DETECTION_LISTS[list_id])))


def _make_conditions(params):
    """Return the conditions of all filters; null never matches."""
    conditions = Q()
    if params.get("datethreshold"):
        conditions &= Q(followup_flag_date__gt=params["datethreshold"])
    for column in RANGE_COLUMNS:
        for comparison in ("gte", "lte"):
            bound = params.get(f"{column}_{comparison}")
            require_finite(bound)
            conditions &= Q() if bound is None else Q(**{f"{column}__{comparison}": bound})
    for name, column in STRING_COLUMNS.items():
        # The database of the real server ignores case.
        conditions &= Q(**{f"{column}__iexact": params[name]}) if params.get(name) else Q()
    return conditions


def _detection_list_rows(objects, list_id):
    members = objects.filter(detection_list_id=list_id).order_by("id")
    return [_make_row(member, "", {"detection_list_id": list_id}) for member in members]


def _custom_list_rows(objects, group_id):
    memberships = GroupMembership.objects.filter(object_group_id=group_id).order_by("id")
    ids = list(memberships.values_list("transient_object_id", flat=True))
    members = objects.in_bulk(ids)
    return [_make_custom_row(members[object_id], group_id) for object_id in ids if object_id in members]


def _make_custom_row(member, group_id):
    """Return a row of a custom list: two columns more and one less than in a detection list, dates with a Z."""
    row = _make_row(member, "Z", {})
    del row["images_id"], row["detection_list_id"]
    comments = get_state().sky.make_object_section(member.id)["local_comments"]
    # Key: the columns that the server sends after it.
    inserted = {
        "other_designation": {"local_comments": comments},
        "separation": {"object_group_id": group_id, "detection_list_id": member.detection_list_id},
    }
    return {name: value for key in row for name, value in {key: row[key], **inserted.get(key, {})}.items()}


def _make_row(member, date_suffix, changes):
    """Return a row: the static part from the sky, with the changes made by writes."""
    row = {**get_state().list_row(member.id), **changes}
    modified = format_date(member.date_modified, date_suffix) if member.updated_by else row["date_modified"]
    row["date_modified"] = modified and modified.removesuffix("Z") + date_suffix
    return _to_old_row(row) if get_state().vintage == "old" else row


def _to_old_row(row):
    """Return a row as an old server sends it, with ``realbogus_factor`` in the place of ``vra``."""
    factor = realbogus_factor(row)
    return {("realbogus_factor" if key == "vra" else key): (factor if key == "vra" else row[key]) for key in row}


class ObjectGroupsListView(ReadEndpoint):
    """The memberships of objects in custom lists."""

    params_serializer = GroupQuery

    def answer(self, request, params):
        """Return the memberships of an object or a list; for both or neither return all, as the real server does."""
        memberships = GroupMembership.objects.order_by("transient_object_id", "id")
        if len(params) == 1 and "objectid" in params:
            memberships = memberships.filter(transient_object_id=params["objectid"])
        elif len(params) == 1:
            memberships = memberships.filter(object_group_id=params["objectgroupid"]).order_by("id")
        return Response(list(memberships.values("id", "transient_object_id", "object_group_id")))
