# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints that write. Most say 201 whatever happened; what happened is in ``info``."""

from django.db import IntegrityError, transaction
from rest_framework import status
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject, GroupMembership, ObjectGroup, VraRank, VraScore, VraTodo
from atlasquery.sandbox.serializers import (
    DetectionListWrite,
    GroupDelete,
    GroupWrite,
    VraRankWrite,
    VraScoreWrite,
    VraTodoWrite,
)
from atlasquery.sandbox.server_state import world
from atlasquery.sandbox.views.base import Endpoint, WriteEndpoint, finite, moment

__all__ = [
    "ObjectDetectionListView",
    "ObjectGroupsDeleteView",
    "ObjectGroupsView",
    "VRARankView",
    "VRAScoresView",
    "VRATodoView",
]

CREATED = "Row created."
DUPLICATE = "Duplicate row. Cannot add row."
NO_OBJECT = "Object does not exist."
NO_GROUP = "Object group ID does not exist."
# Those a user of the API may move an object to: possible, eyeball, galcand.
OPEN_LISTS = {3, 4, 12}
TINYINT = range(-128, 128)


def _said(key, value, info, code=status.HTTP_201_CREATED):
    return Response({key: value, "info": info}, status=code)


def _create(row):
    """Write a row and return the server's word for what happened."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return DUPLICATE
    return CREATED


class _ObjectWrite(WriteEndpoint):
    """Writes something about one object that exists."""

    def answer(self, request, asked):
        """Write, if there is such an object, and answer 201 either way."""
        object_id = asked["objectid"]
        info = self.write(request, object_id, asked) if object_id in world().known else NO_OBJECT
        return _said("objectid", object_id, info)

    def write(self, request, object_id, asked):
        """Write and return what to say."""
        raise NotImplementedError


class ObjectGroupsView(WriteEndpoint):
    """Puts an object on a custom list."""

    query = GroupWrite

    def answer(self, request, asked):
        """Write the entry; the real server gives the object's id under the list's name."""
        object_id, group_id = asked["objectid"], asked["objectgroupid"]
        if object_id not in world().known:
            return _said("objectid", object_id, NO_OBJECT)
        if not ObjectGroup.objects.filter(pk=group_id).exists():
            return _said("objectgroupid", group_id, NO_GROUP)
        info = _create(GroupMembership(transient_object_id=object_id, object_group_id=group_id))
        return _said("objectgroupid", object_id, info)


class ObjectGroupsDeleteView(WriteEndpoint):
    """Takes an object off a custom list."""

    query = GroupDelete

    def reply(self, request, data):
        """Fail, where other endpoints say what is wrong with the parameters."""
        query = self.query(data=data)
        query.is_valid()
        if query.errors:
            raise KeyError(f"not caught on the real server either: {query.errors}")
        return self.answer(request, query.validated_data)

    def answer(self, request, asked):
        """Delete the entry: 204, or 400 with what is amiss."""
        object_id, group_id = asked["objectid"], asked["objectgroupid"]
        if object_id not in world().known:
            return _said("objectid", object_id, NO_OBJECT, status.HTTP_400_BAD_REQUEST)
        if not ObjectGroup.objects.filter(pk=group_id).exists():
            return _said("objectgroupid", group_id, NO_GROUP, status.HTTP_400_BAD_REQUEST)
        entry = GroupMembership.objects.filter(transient_object_id=object_id, object_group_id=group_id)
        if entry.delete()[0]:
            return Response(status=status.HTTP_204_NO_CONTENT)
        info = "Object group ID does not exist or object ID does not exist."
        amiss = {"objectgroupid": group_id, "objectid": object_id, "info": info}
        return Response(amiss, status=status.HTTP_400_BAD_REQUEST)


class ObjectDetectionListView(Endpoint):
    """Moves an object to another detection list; on GET too, and then for everybody, as on the real server."""

    writes = True
    query = DetectionListWrite

    def answer(self, request, asked):
        """Move the object."""
        object_id = asked["objectid"]
        if object_id not in world().known:
            return _said("objectid", object_id, NO_OBJECT, status.HTTP_200_OK)
        if asked["objectlist"] not in OPEN_LISTS:
            return _said("objectid", object_id, "Error updating row.", status.HTTP_200_OK)
        AtlasObject.objects.filter(pk=object_id).update(
            detection_list_id=asked["objectlist"],
            date_modified=moment(asked.get("insertdate")),
            updated_by=request.user.username,
        )
        return _said("objectid", object_id, CREATED, status.HTTP_200_OK)


class VRAScoresView(_ObjectWrite):
    """Writes a score."""

    query = VraScoreWrite

    def write(self, request, object_id, asked):
        """Add a row: an object may have any number of scores."""
        columns = {key: value for key, value in asked.items() if key not in {"objectid", "insertdate"}}
        finite(*(value for key, value in columns.items() if key != "debug"))
        if columns.get("is_gal_cand") is not None and columns["is_gal_cand"] not in TINYINT:
            raise OverflowError("out of range for the real server's column")
        when = moment(asked.get("insertdate"))
        author = request.user.username
        return _create(VraScore(transient_object_id=object_id, timestamp=when, apiusername=author, **columns))


class VRARankView(_ObjectWrite):
    """Writes an object's rank."""

    query = VraRankWrite

    def write(self, request, object_id, asked):
        """Replace the row; an incomplete one is refused by the real server's database, in misleading words."""
        columns = {name: asked.get(name) for name in ("rank", "rank_alt1", "is_gal_cand")}
        if None in columns.values():
            return DUPLICATE
        finite(*columns.values())
        if columns["is_gal_cand"] not in TINYINT:
            raise OverflowError("out of range for the real server's column")
        row = {**columns, "timestamp": moment(asked.get("insertdate"))}
        with transaction.atomic():
            VraRank.objects.update_or_create(transient_object_id=object_id, defaults=row)
        return CREATED


class VRATodoView(_ObjectWrite):
    """Asks that an object be looked at."""

    query = VraTodoWrite

    def write(self, request, object_id, asked):
        """Add a row, once an object."""
        return _create(VraTodo(transient_object_id=object_id, timestamp=moment(asked.get("insertdate"))))
