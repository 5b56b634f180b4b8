# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`TypedRows`: JSON of rows that fit their declaration, decoded without a dict for each row."""

from functools import cached_property
from operator import attrgetter

import msgspec

__all__ = ["TypedRows"]


class TypedRows:
    """Decoder of the rows of some fields; their types are those of `~atlasquery.schema.Field`.

    Parameters
    ----------
    name : str
        Name of the rows.
    fields : iterable of `~atlasquery.schema.Field`
        Declared columns.
    """

    def __init__(self, name, fields):
        self._name = name
        self._fields = list(fields)

    def __reduce__(self):
        return TypedRows, (self._name, self._fields)  # a decoder cannot be pickled

    def values(self, json):
        """Return the values of each key of a JSON list of rows, None if the rows do not fit exactly.

        Rows fit if all their keys are declared, all values have the declared types, and no column is missing that the
        server always sends. Which other rows are errors, and which are not, is not decided here.
        """
        try:
            rows = self._decoder.decode(json)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            return None
        if not rows:
            return {field.server_key: () for field in self._fields}
        return {field.server_key: list(map(get, rows)) for field, get in zip(self._fields, self._getters, strict=True)}

    @cached_property
    def _attributes(self):
        return [f"f{number}" for number in range(len(self._fields))]  # keys such as "2mass" are no names

    @cached_property
    def _getters(self):
        return list(map(attrgetter, self._attributes))

    @cached_property
    def _decoder(self):
        attributes = self._attributes
        rename = dict(zip(attributes, [field.server_key for field in self._fields], strict=True))
        fields = [
            (name, field.accepted) if field.is_always_sent else (name, field.accepted, None)
            for name, field in zip(attributes, self._fields, strict=True)
        ]
        options = {"rename": rename, "forbid_unknown_fields": True, "kw_only": True, "gc": False}
        return msgspec.json.Decoder(list[msgspec.defstruct(self._name, fields, **options)])
