# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Field`: declaration of a column (key on the server, type, unit, meaning), and conversion of its values to an array.

A value of a wrong type is an error and never converted: ``"2.5"`` and ``true`` are not numbers. The only exception is
an integer in a float column, because JSON does not distinguish the two.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, NamedTuple

import msgspec
import numpy as np

from atlasquery.schema import columns
from atlasquery.schema.dates import parse_dates

__all__ = ["Date", "DecodedColumn", "Field", "FieldValueError", "Flag", "Float", "Integer", "Text"]

INT64_MAX = 2**63 - 1


class FieldValueError(Exception):
    """An invalid value of a field: its row (from 0), the value, and the expected type."""

    def __init__(self, row, value, expected):
        super().__init__(row, value, expected)
        self.row, self.value, self.expected = row, value, expected


class DecodedColumn(NamedTuple):
    """Values of a column as plain arrays; ``mask`` is true where the server has no value."""

    field: "Field"
    data: np.ndarray
    mask: np.ndarray

    def column(self):
        """Return the values as an astropy column."""
        return self.field.column(self.data, self.mask)


@dataclass(frozen=True)
class Field:
    """Declaration of a column; the subclasses `Float`, `Integer`, `Text`, `Flag` and `Date` define its type.

    Parameters
    ----------
    name : str
        Name of the column in tables of the package.
    description : str
        Description of the column.
    server_key : str, optional
        Key on the server, if it differs from ``name``.
    unit : `~astropy.units.UnitBase`, optional
        Unit of the numbers.
    null : str, optional
        Meaning of null or of a missing key. Without it the server sends a value in every row, and a missing column
        causes a `~atlasquery.exceptions.SchemaWarning`.
    required : bool
        Whether null or a missing key is an error.
    type_confirmed : bool
        `False` if only nulls have been seen in this column. Its type is then a guess from its name, and values of
        another type are accepted.
    """

    name: str
    description: str
    _: KW_ONLY
    server_key: str = ""
    unit: Any = None
    null: str | None = None
    required: bool = False
    type_confirmed: bool = True

    type: ClassVar[Any] = None
    type_name: ClassVar = ""
    fill_value: ClassVar[Any] = None  # value under the mask

    def __post_init__(self):
        if not self.server_key:
            object.__setattr__(self, "server_key", self.name)

    @property
    def is_always_sent(self):
        """Whether the server sends this column in every row."""
        return self.required or self.null is None

    def all_masked(self, length):
        """Return a `DecodedColumn` of ``length`` masked rows."""
        return DecodedColumn(self, np.full(length, self.fill_value), np.ones(length, dtype=bool))

    def decode(self, values):
        """Return a list of JSON values as `DecodedColumn`, or raise `FieldValueError`."""
        try:
            checked = msgspec.convert(values, list[self._accepted])
        except msgspec.ValidationError:
            raise self._find_invalid(values) from None
        return DecodedColumn(self, *self.arrays(checked))

    def arrays(self, values):
        """Return checked values as an array, and the mask."""
        raise NotImplementedError

    def column(self, data, mask):
        """Return the values as an astropy column."""
        return columns.masked_column(data, mask, self.description)

    @property
    def _accepted(self):
        return self.type if self.required else self.type | None

    @property
    def _expected(self):
        return self.type_name if self.required else f"{self.type_name} or null"

    def _filled(self, values, mask):
        """Return the list with nulls replaced by the fill value."""
        return [self.fill_value if value is None else value for value in values] if mask.any() else values

    def _find_invalid(self, values):
        """Return the error for the first value of a wrong type."""
        for row, value in enumerate(values):
            try:
                msgspec.convert(value, self._accepted)
            except msgspec.ValidationError:
                return FieldValueError(row, value, self._expected)
        raise AssertionError("all values are valid")  # pragma: no cover


class Float(Field):
    """A column of floats; NaN is under the mask only, because JSON has no NaN."""

    type = float
    type_name = "a number"
    fill_value = np.nan

    def arrays(self, values):
        data = np.array(values, dtype=float)
        return data, np.isnan(data)

    def column(self, data, mask):
        if self.unit is None:
            return super().column(data, mask)
        return columns.masked_quantity(data, mask, self.unit, self.description)


class Integer(Field):
    """A column of 64-bit integers, because ids have more digits than a float can hold."""

    type = int
    type_name = "an integer"
    fill_value = 0

    def arrays(self, values):
        mask = _null_mask(values)
        try:
            data = np.array(self._filled(values, mask), dtype=np.int64)
        except OverflowError:
            row = next(row for row, value in enumerate(values) if value is not None and abs(value) > INT64_MAX)
            raise FieldValueError(row, values[row], "an integer of at most 64 bits") from None
        return data, mask


class Flag(Field):
    """A column of bools."""

    type = bool
    type_name = "true or false"
    fill_value = False

    def arrays(self, values):
        mask = _null_mask(values)
        return np.array(self._filled(values, mask), dtype=bool), mask


@dataclass(frozen=True)
class Text(Field):
    """A column of strings; with ``blank_is_null`` an empty string is masked like null."""

    _: KW_ONLY
    blank_is_null: bool = False

    type = str
    type_name = "a string"
    fill_value = ""

    def arrays(self, values):
        mask = _null_mask(values)
        data = np.array(self._filled(values, mask), dtype=str)
        return data, (data == "" if self.blank_is_null else mask)


class Date(Field):
    """A column of dates in UTC: strings in JSON, `~astropy.time.Time` in tables.

    Decoded values stay strings, so that those of several sections can be joined before the conversion.
    """

    type = str
    type_name = "a date"
    fill_value = ""

    def arrays(self, values):
        mask = _null_mask(values)
        return np.array(self._filled(values, mask), dtype=str), mask

    def column(self, data, mask):
        return columns.with_description(parse_dates(data, mask, self.name), self.description)


def _null_mask(values):
    """Return the mask of a list of values."""
    if None in values:
        return np.array([value is None for value in values], dtype=bool)
    return np.zeros(len(values), dtype=bool)
