# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objects/``: the whole record of each object asked for."""

import zlib

import msgspec
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject
from atlasquery.sandbox.serializers import ObjectsQuery
from atlasquery.sandbox.server_state import world
from atlasquery.sandbox.views.base import ReadEndpoint, encode, finite, iso

__all__ = ["ObjectsView", "realbogus_factor"]

MAX_OBJECTS = 50_000
LIGHT_CURVE = ("lc", "lcnondets", "fp")
CROSSMATCHES = ("sherlock_crossmatches", "sherlock_classifications", "tns_crossmatches", "external_crossmatches")
# What older servers do not have yet, section by section.
NEWER_COLUMNS = {"lc": ["date_inserted"], "lcnondets": ["date_inserted"], "fp": ["uJy", "duJy", "texp"]}


class ObjectsView(ReadEndpoint):
    """One record an id, in the order asked; one id it cannot read and the whole batch is lost."""

    query = ObjectsQuery

    def answer(self, request, asked):
        """Put the records together."""
        words = asked["objects"].split(",")
        if len(words) > MAX_OBJECTS:
            return Response({"info": "Max number of objects for each requests is 50,000"})
        finite(asked.get("mjd"))
        ids = [int(word) for word in words]
        _check_damage(ids)
        records = {object_id: _record(object_id, asked.get("mjd")) for object_id in dict.fromkeys(ids)}
        return Response(encode([records[object_id] for object_id in ids]))


def _check_damage(ids):
    """Fail as the real server does when a row of one of the objects is damaged."""
    damaged = world().faults.damaged_objects.intersection(ids)
    if damaged:
        raise LookupError(f"damaged rows of {sorted(damaged)}")


def _record(object_id, since):
    """Return an object's record, encoded: an id asked for 50,000 times is put together once."""
    found = AtlasObject.objects.filter(pk=object_id).first() if object_id in world().known else None
    if found is None:
        nothing = dict.fromkeys(LIGHT_CURVE + CROSSMATCHES)
        record = {"object": "AtlasDiffObjects matching query does not exist.", **nothing}
    else:
        sky = world().sky
        record = {"object": _object_section(found), **sky.sections(object_id, since), **sky.crossmatches(object_id)}
        record = _older(record) if world().vintage == "old" else record
    return msgspec.Raw(msgspec.json.encode(record))


def _object_section(found):
    """Return the sky's section, with what was changed since by a write."""
    section = dict(world().sky.object_section(found.id))
    section["detection_list_id"] = found.detection_list_id
    if found.updated_by is not None:
        section.update(date_modified=iso(found.date_modified), updated_by=found.updated_by)
    return section


def _older(record):
    """Return the record as an older server would send it."""
    section = record["object"]
    order = {"realbogus_factor" if key == "vra" else key: value for key, value in section.items()}
    order["realbogus_factor"] = realbogus_factor(section)
    if section["followup_flag_date"] is not None:
        order["followup_flag_date"] = section["followup_flag_date"].removesuffix("Z")
    lacking = {name: [_without(row, columns) for row in record[name]] for name, columns in NEWER_COLUMNS.items()}
    return {**record, "object": order, **lacking}


def _without(row, columns):
    return {key: value for key, value in row.items() if key not in columns}


def realbogus_factor(section):
    """Return the older classifier's factor, 0 to 1: another judgement than ``vra``, loosely following ``rb_pix``."""
    if section["rb_pix"] is None:
        return None
    own = zlib.crc32(str(section["id"]).encode()) / 2**32
    return round(0.6 * section["rb_pix"] + 0.4 * own, 6)
