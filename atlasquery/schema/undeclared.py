# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns without a declaration, which a newer server may send: they are kept, with the type of their values."""

import json

from atlasquery.exceptions import SchemaWarning
from atlasquery.schema.field import INT64_MAX, Flag, Float, Integer, Text
from atlasquery.utils.warnings import warn_user

__all__ = ["MAX_EXACT_INTEGER", "decode_undeclared"]

# The largest range of integers that a float holds exactly.
MAX_EXACT_INTEGER = 2**53


def decode_undeclared(key, values, *, record, name=None, taken=()):
    """Return the JSON values of an undeclared key as `DecodedColumn`.

    Values of mixed types and nested values become JSON strings, with a `SchemaWarning`. The name of the column is the
    key, with the prefix ``server_`` if that name is already used.
    """
    field = _field_for(values)
    if field is None:
        warn_user(
            f"The {record!r} rows of the server have mixed or nested values in {key!r}; they are kept as JSON strings.",
            SchemaWarning,
        )
        values = [None if value is None else json.dumps(value) for value in values]
        field = Text
    description = f"Key {key!r} of the server, not documented in this version of atlasquery."
    return field(name or _unused_name(key, taken), description, server_key=key, null="unknown").decode(values)


def _field_for(values):
    """Return the field class that can hold all values exactly, or None."""
    types = {type(value) for value in values} - {type(None)}
    if types <= {float, int}:
        return _number_field_for(values, types)
    return {frozenset({bool}): Flag, frozenset({str}): Text}.get(frozenset(types))


def _number_field_for(values, types):
    largest = max((abs(value) for value in values if type(value) is int), default=0)
    if types == {int}:
        return Integer if largest <= INT64_MAX else None
    return Float if largest <= MAX_EXACT_INTEGER else None


def _unused_name(key, taken):
    while key in taken:
        key = f"server_{key}"
    return key
