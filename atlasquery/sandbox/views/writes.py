# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints that write. Most answer with status 201 in every case, with the outcome in ``info``."""

from django.db import IntegrityError, transaction
from rest_framework import status
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject, GroupMembership, ObjectGroup, VraRank, VraScore, VraTodo
from atlasquery.sandbox.serializers import (
    DetectionListWrite,
    GroupDeletion,
    GroupWrite,
    VraRankWrite,
    VraScoreWrite,
    VraTodoWrite,
)
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.views.base import Endpoint, WriteEndpoint
from atlasquery.sandbox.views.values import require_finite, to_whole_seconds

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
# The lists to which a user of the API may move an object: possible, eyeball, galcand.
WRITABLE_DETECTION_LISTS = {3, 4, 12}
TINYINT_RANGE = range(-128, 128)


def _make_response(key, value, info, code=status.HTTP_201_CREATED):
    return Response({key: value, "info": info}, status=code)


def _insert_row(row):
    """Insert a row and return the outcome."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return DUPLICATE
    return CREATED


def _has_object(object_id):
    return object_id in get_state().object_ids


def _has_group(group_id):
    return ObjectGroup.objects.filter(pk=group_id).exists()


def _require_tinyint(number):
    """Raise for an integer that the database of the real server cannot store."""
    if number not in TINYINT_RANGE:
        raise OverflowError(f"`is_gal_cand` must be from -128 to 127, got {number}")


class _ObjectWriteEndpoint(WriteEndpoint):
    """A view that writes a row about one object."""

    def answer(self, request, params):
        """Write if the object exists; the status is 201 in both cases."""
        object_id = params["objectid"]
        info = self.write_row(request, object_id, params) if _has_object(object_id) else NO_OBJECT
        return _make_response("objectid", object_id, info)

    def write_row(self, request, object_id, params):
        """Write a row and return the outcome."""
        raise NotImplementedError


class ObjectGroupsView(WriteEndpoint):
    """Add an object to a custom list."""

    params_serializer = GroupWrite

    def answer(self, request, params):
        """Add the membership; the real server sends the id of the object under the key of the list."""
        object_id, group_id = params["objectid"], params["objectgroupid"]
        if not _has_object(object_id):
            return _make_response("objectid", object_id, NO_OBJECT)
        if not _has_group(group_id):
            return _make_response("objectgroupid", group_id, NO_GROUP)
        info = _insert_row(GroupMembership(transient_object_id=object_id, object_group_id=group_id))
        return _make_response("objectgroupid", object_id, info)


class ObjectGroupsDeleteView(WriteEndpoint):
    """Remove an object from a custom list."""

    params_serializer = GroupDeletion

    def check_and_answer(self, request, data):
        """Raise for invalid parameters: here the real server answers with status 500, not 400."""
        serializer = self.params_serializer(data=data)
        serializer.is_valid()
        if serializer.errors:
            raise KeyError(f"invalid parameters: {serializer.errors}")
        return self.answer(request, serializer.validated_data)

    def answer(self, request, params):
        """Delete the membership: status 204, or 400 with the reason."""
        object_id, group_id = params["objectid"], params["objectgroupid"]
        if not _has_object(object_id):
            return _make_response("objectid", object_id, NO_OBJECT, status.HTTP_400_BAD_REQUEST)
        if not _has_group(group_id):
            return _make_response("objectgroupid", group_id, NO_GROUP, status.HTTP_400_BAD_REQUEST)
        membership = GroupMembership.objects.filter(transient_object_id=object_id, object_group_id=group_id)
        n_deleted, _ = membership.delete()
        if n_deleted:
            return Response(status=status.HTTP_204_NO_CONTENT)
        info = "Object group ID does not exist or object ID does not exist."
        error = {"objectgroupid": group_id, "objectid": object_id, "info": info}
        return Response(error, status=status.HTTP_400_BAD_REQUEST)


class ObjectDetectionListView(Endpoint):
    """Move an object to another detection list; on GET too, and then for every user, as on the real server."""

    requires_write_access = True
    params_serializer = DetectionListWrite

    def answer(self, request, params):
        """Move the object; the status is 200 in every case."""
        object_id = params["objectid"]
        if not _has_object(object_id):
            return _make_response("objectid", object_id, NO_OBJECT, status.HTTP_200_OK)
        if params["objectlist"] not in WRITABLE_DETECTION_LISTS:
            return _make_response("objectid", object_id, "Error updating row.", status.HTTP_200_OK)
        AtlasObject.objects.filter(pk=object_id).update(
            detection_list_id=params["objectlist"],
            date_modified=to_whole_seconds(params.get("insertdate")),
            updated_by=request.user.username,
        )
        return _make_response("objectid", object_id, CREATED, status.HTTP_200_OK)


class VRAScoresView(_ObjectWriteEndpoint):
    """Add a score of an object."""

    params_serializer = VraScoreWrite

    def write_row(self, request, object_id, params):
        """Add a row; an object may have any number of scores."""
        columns = {key: value for key, value in params.items() if key not in {"objectid", "insertdate"}}
        require_finite(*(value for key, value in columns.items() if key != "debug"))
        if columns.get("is_gal_cand") is not None:
            _require_tinyint(columns["is_gal_cand"])
        columns["timestamp"] = to_whole_seconds(params.get("insertdate"))
        columns["apiusername"] = request.user.username
        return _insert_row(VraScore(transient_object_id=object_id, **columns))


class VRARankView(_ObjectWriteEndpoint):
    """Write the rank of an object."""

    params_serializer = VraRankWrite

    def write_row(self, request, object_id, params):
        """Replace the row; the real server answers an incomplete one with the message for duplicates."""
        columns = {name: params.get(name) for name in ("rank", "rank_alt1", "is_gal_cand")}
        if None in columns.values():
            return DUPLICATE
        require_finite(*columns.values())
        _require_tinyint(columns["is_gal_cand"])
        row = {**columns, "timestamp": to_whole_seconds(params.get("insertdate"))}
        with transaction.atomic():
            VraRank.objects.update_or_create(transient_object_id=object_id, defaults=row)
        return CREATED


class VRATodoView(_ObjectWriteEndpoint):
    """Add an object to those to be inspected."""

    params_serializer = VraTodoWrite

    def write_row(self, request, object_id, params):
        """Add a row, once for each object."""
        row = VraTodo(transient_object_id=object_id, timestamp=to_whole_seconds(params.get("insertdate")))
        return _insert_row(row)
