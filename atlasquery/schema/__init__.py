# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Declarations of all rows the server sends, and their decoder.

A `RowSchema` maps column names of the package to `Field` declarations: name, key on the server, type, unit, description
and meaning of null. `RowSchema.table` converts rows to a table. No data are dropped: undeclared columns are kept,
declared columns that the server does not send are masked, and a value of a wrong type raises an
`~atlasquery.exceptions.UnreadableAnswerError` with row schema, column, row and value.
"""

from atlasquery.schema.cone import CONE
from atlasquery.schema.crossmatch import EXTERNAL_CROSSMATCH, TNS_CROSSMATCH
from atlasquery.schema.decode import (
    CROSSMATCH_SECTIONS,
    PHOTOMETRY_SECTIONS,
    check_objects_answer,
    decode_json,
    decode_objects,
    is_missing_object,
)
from atlasquery.schema.detection import DETECTION
from atlasquery.schema.field import Date, Field, Flag, Float, Integer, Text
from atlasquery.schema.forced import FORCED
from atlasquery.schema.forced_task import FORCED_TASK
from atlasquery.schema.limit import LIMIT
from atlasquery.schema.membership import LIST_MEMBERSHIP
from atlasquery.schema.object import OBJECT
from atlasquery.schema.objectlist import LIST_ROW
from atlasquery.schema.record import Record
from atlasquery.schema.row_schema import RowSchema
from atlasquery.schema.sherlock import SHERLOCK_CLASSIFICATION, SHERLOCK_CROSSMATCH
from atlasquery.schema.vra import VRA_RANK, VRA_SCORE, VRA_TODO

__all__ = [
    "CONE",
    "CROSSMATCH_SECTIONS",
    "DETECTION",
    "EXTERNAL_CROSSMATCH",
    "FORCED",
    "FORCED_TASK",
    "LIMIT",
    "LIST_MEMBERSHIP",
    "LIST_ROW",
    "OBJECT",
    "PHOTOMETRY_SECTIONS",
    "SHERLOCK_CLASSIFICATION",
    "SHERLOCK_CROSSMATCH",
    "TNS_CROSSMATCH",
    "VRA_RANK",
    "VRA_SCORE",
    "VRA_TODO",
    "Date",
    "Field",
    "Flag",
    "Float",
    "Integer",
    "Record",
    "RowSchema",
    "Text",
    "check_objects_answer",
    "decode_json",
    "decode_objects",
    "is_missing_object",
]
