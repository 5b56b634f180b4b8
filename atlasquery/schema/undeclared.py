# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns that are not declared: a newer server may send them, and they are kept, with the type their values have."""

import json

from atlasquery.exceptions import SchemaWarning
from atlasquery.schema.field import INT64_MAX, Flag, Float, Integer, Text
from atlasquery.utils.warnings import warn_user

__all__ = ["decode_undeclared"]

FLOAT_EXACT = 2**53


def decode_undeclared(key, values, *, record, name=None, taken=()):
    """Return a column of unknown meaning.

    Parameters
    ----------
    key : str
        The server's key.
    values : list
        The JSON values, one a row.
    record : str
        Name of the record, for the warning.
    name : str, optional
        The column's name; by default the key, or ``server_`` and the key if that name is taken.
    taken : container of str, optional
        Names that have a meaning already.

    Returns
    -------
    column : `~atlasquery.schema.Decoded`
        Values of mixed type, or nested ones, are kept as JSON text.

    Warns
    -----
    SchemaWarning
        If the values have to be kept as JSON text.
    """
    field = _field_for(values)
    if field is None:
        warn_user(
            f"The server's {record!r} rows have mixed or nested values in {key!r}; they are kept as JSON text.",
            SchemaWarning,
        )
        values = [None if value is None else json.dumps(value) for value in values]
        field = Text
    description = f"{key!r} of the server, not known to this version of atlasquery."
    return field(name or _free_name(key, taken), description, server_key=key, null="unknown").decode(values)


def _field_for(values):
    """Return the class of field that can hold all values exactly, or None."""
    types = {type(value) for value in values} - {type(None)}
    if types <= {float, int}:
        return _number_for(values, types)
    return {frozenset({bool}): Flag, frozenset({str}): Text}.get(frozenset(types))


def _number_for(values, types):
    largest = max((abs(value) for value in values if type(value) is int), default=0)
    if types == {int}:
        return Integer if largest <= INT64_MAX else None
    return Float if largest <= FLOAT_EXACT else None


def _free_name(key, taken):
    while key in taken:
        key = f"server_{key}"
    return key
