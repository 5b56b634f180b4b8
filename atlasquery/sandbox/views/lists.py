# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objectlist/`` and ``objectgroupslist/``: detection lists, custom lists, and who is on which."""

from django.db.models import Q
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject, GroupMembership
from atlasquery.sandbox.serializers import GroupQuery, ListFilters, ListQuery
from atlasquery.sandbox.server_state import world
from atlasquery.sandbox.views.base import ReadEndpoint, encode, finite, iso
from atlasquery.sandbox.views.objects import realbogus_factor

__all__ = ["ObjectGroupsListView", "ObjectListView"]

DETECTION_LISTS = tuple(range(14))
RANGES = ("vra", "rb_pix", "ra", "dec")
TEXTS = {"sherlock_class": "sherlock_classification", "spec_type": "observation_status"}


class ObjectListView(ReadEndpoint):
    """A whole list, without paging."""

    @property
    def query(self):
        """An older server does not know the filters."""
        return ListFilters if world().vintage == "new" else ListQuery

    def answer(self, request, asked):
        """Return the list's rows: detection lists by id, custom lists in the order the objects were put on."""
        custom, number = asked.get("getcustomlist", False), asked["objectlistid"]
        found = AtlasObject.objects.filter(_conditions(asked))
        # The real server looks a detection list up by its place, from the end if negative: -1 is the last one.
        rows = _custom_rows(found, number) if custom else _detection_rows(found, DETECTION_LISTS[number])
        return Response(encode(rows))


def _conditions(asked):
    """Return what the filters ask for; a null never matches."""
    conditions = Q()
    if asked.get("datethreshold"):
        conditions &= Q(followup_flag_date__gt=asked["datethreshold"])
    for column in RANGES:
        for bound in ("gte", "lte"):
            limit = asked.get(f"{column}_{bound}")
            finite(limit)
            conditions &= Q() if limit is None else Q(**{f"{column}__{bound}": limit})
    for name, column in TEXTS.items():
        # The real database does not tell capitals from small letters.
        conditions &= Q(**{f"{column}__iexact": asked[name]}) if asked.get(name) else Q()
    return conditions


def _detection_rows(found, number):
    members = found.filter(detection_list_id=number).order_by("id")
    return [_row(member, "", {"detection_list_id": number}) for member in members]


def _custom_rows(found, number):
    entries = GroupMembership.objects.filter(object_group_id=number).order_by("id")
    order = list(entries.values_list("transient_object_id", flat=True))
    members = found.in_bulk(order)
    return [_custom_row(members[object_id], number) for object_id in order if object_id in members]


def _custom_row(member, number):
    """A custom list's row has two columns more, one less, and its dates carry the Z that the others lack."""
    row = _row(member, "Z", {})
    del row["images_id"], row["detection_list_id"]
    comments = world().sky.object_section(member.id)["local_comments"]
    after = {
        "other_designation": {"local_comments": comments},
        "separation": {"object_group_id": number, "detection_list_id": member.detection_list_id},
    }
    return {name: value for key in row for name, value in {key: row[key], **after.get(key, {})}.items()}


def _row(member, suffix, changed):
    """Return a row: the sky's static part, with what was changed since by a write."""
    row = {**world().list_row(member.id), **changed}
    modified = iso(member.date_modified, suffix) if member.updated_by else row["date_modified"]
    row["date_modified"] = modified and modified.removesuffix("Z") + suffix
    return _older(row) if world().vintage == "old" else row


def _older(row):
    factor = realbogus_factor(row)
    return {("realbogus_factor" if key == "vra" else key): (factor if key == "vra" else row[key]) for key in row}


class ObjectGroupsListView(ReadEndpoint):
    """Which objects are on which custom lists."""

    query = GroupQuery

    def answer(self, request, asked):
        """Return an object's or a list's entries; asked for both or neither, the real server returns all there are."""
        entries = GroupMembership.objects.order_by("transient_object_id", "id")
        if len(asked) == 1 and "objectid" in asked:
            entries = entries.filter(transient_object_id=asked["objectid"])
        elif len(asked) == 1:
            entries = entries.filter(object_group_id=asked["objectgroupid"]).order_by("id")
        return Response(list(entries.values("id", "transient_object_id", "object_group_id")))
