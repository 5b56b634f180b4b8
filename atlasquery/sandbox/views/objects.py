# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``objects/``: the complete record of each requested object."""

import zlib

import msgspec
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject
from atlasquery.sandbox.serializers import ObjectsQuery
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.views.base import ReadEndpoint
from atlasquery.sandbox.views.encoded_json import encode_rows
from atlasquery.sandbox.views.values import format_date, require_finite

__all__ = ["ObjectsView", "realbogus_factor"]

MAX_OBJECTS = 50_000
LIGHT_CURVE_SECTIONS = ("lc", "lcnondets", "fp")
CROSSMATCH_SECTIONS = (
    "sherlock_crossmatches",
    "sherlock_classifications",
    "tns_crossmatches",
    "external_crossmatches",
)
# Section: the columns that an old server does not send.
NEW_COLUMNS = {"lc": ["date_inserted"], "lcnondets": ["date_inserted"], "fp": ["uJy", "duJy", "texp"]}


class ObjectsView(ReadEndpoint):
    """One record for each id, in the requested order; one invalid id makes the whole request fail."""

    params_serializer = ObjectsQuery

    def answer(self, request, params):
        """Return the records."""
        id_texts = params["objects"].split(",")
        if len(id_texts) > MAX_OBJECTS:
            return Response({"info": "Max number of objects for each requests is 50,000"})
        require_finite(params.get("mjd"))
        ids = [int(text) for text in id_texts]
        _fail_if_damaged(ids)
        # Once for each different id: a request may repeat one id 50,000 times.
        records = {object_id: _encode_record(object_id, params.get("mjd")) for object_id in dict.fromkeys(ids)}
        return Response(encode_rows([records[object_id] for object_id in ids]))


def _fail_if_damaged(ids):
    """Raise if the rows of an object are damaged; the real server then answers with status 500 too."""
    damaged_ids = get_state().fault_plan.damaged_objects.intersection(ids)
    if damaged_ids:
        raise LookupError(f"the rows of these objects are damaged: {sorted(damaged_ids)}")


def _encode_record(object_id, since_mjd):
    """Return the record of an object, encoded."""
    state = get_state()
    db_object = AtlasObject.objects.filter(pk=object_id).first() if object_id in state.object_ids else None
    if db_object is None:
        null_sections = dict.fromkeys(LIGHT_CURVE_SECTIONS + CROSSMATCH_SECTIONS)
        record = {"object": "AtlasDiffObjects matching query does not exist.", **null_sections}
    else:
        sections = {**state.sky.make_photometry(object_id, since_mjd), **state.sky.make_crossmatches(object_id)}
        record = {"object": _object_section(db_object), **sections}
        record = _to_old_record(record) if state.vintage == "old" else record
    return msgspec.Raw(msgspec.json.encode(record))


def _object_section(db_object):
    """Return the section ``object`` of the sky, with the changes made by writes."""
    section = dict(get_state().sky.make_object_section(db_object.id))
    section["detection_list_id"] = db_object.detection_list_id
    if db_object.updated_by is not None:
        section.update(date_modified=format_date(db_object.date_modified), updated_by=db_object.updated_by)
    return section


def _to_old_record(record):
    """Return a record as an old server sends it."""
    section = record["object"]
    old_section = {"realbogus_factor" if key == "vra" else key: value for key, value in section.items()}
    old_section["realbogus_factor"] = realbogus_factor(section)
    if section["followup_flag_date"] is not None:
        old_section["followup_flag_date"] = section["followup_flag_date"].removesuffix("Z")
    old_rows = {name: [_drop_columns(row, columns) for row in record[name]] for name, columns in NEW_COLUMNS.items()}
    return {**record, "object": old_section, **old_rows}


def _drop_columns(row, columns):
    return {key: value for key, value in row.items() if key not in columns}


def realbogus_factor(section):
    """Return the factor of the old classifier, 0 to 1: not ``vra``, but loosely correlated with ``rb_pix``."""
    if section["rb_pix"] is None:
        return None
    scatter = zlib.crc32(str(section["id"]).encode()) / 2**32
    return round(0.6 * section["rb_pix"] + 0.4 * scatter, 6)
