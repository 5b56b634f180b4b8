# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Field`: declaration of a column (key on the server, type, unit, meaning), and conversion of its values to an array.

A value of a wrong type is an error and never converted: ``"2.5"`` and ``true`` are not numbers. The only exception is
an integer in a float column, because JSON does not distinguish the two.
"""

import struct
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
        return DecodedColumn(self, self.filled(length), np.ones(length, dtype=bool))

    def filled(self, length, dtype=None):
        """Return an array of the value under the mask."""
        dtype = np.array(self.fill_value).dtype if dtype is None else dtype
        # Zeros of numpy are also "" and False, at a tenth of the time.
        return np.full(length, self.fill_value, dtype=dtype) if self.fill_value else np.zeros(length, dtype=dtype)

    def decode(self, values):
        """Return a list of JSON values as `DecodedColumn`, or raise `FieldValueError`."""
        try:
            checked = msgspec.convert(values, list[self.accepted])
        except msgspec.ValidationError:
            raise self._find_invalid(values) from None
        return self.decode_checked(checked)

    def decode_checked(self, values):
        """Return a list or tuple of values of the accepted type as `DecodedColumn`."""
        try:
            return DecodedColumn(self, self._array(values), np.zeros(len(values), dtype=bool))
        except TypeError:  # of a null: to look for nulls takes longer than all else
            pass
        if values[0] is None and values.count(None) == len(values):
            return self.all_masked(len(values))
        mask = np.array([value is None for value in values], dtype=bool)
        filled = [self.fill_value if value is None else value for value in values]
        return DecodedColumn(self, self._array(filled), mask)

    def _array(self, values):
        """Return checked values as an array; raise a `TypeError` if one is None."""
        raise NotImplementedError

    def column(self, data, mask):
        """Return the values as an astropy column."""
        return columns.masked_column(data, mask, self.description)

    @property
    def accepted(self):
        """Type of a value in JSON."""
        return self.type if self.required else self.type | None

    @property
    def _expected(self):
        return self.type_name if self.required else f"{self.type_name} or null"

    def _find_invalid(self, values):
        """Return the error for the first value of a wrong type."""
        for row, value in enumerate(values):
            try:
                msgspec.convert(value, self.accepted)
            except msgspec.ValidationError:
                return FieldValueError(row, value, self._expected)
        raise AssertionError("all values are valid")  # pragma: no cover


class Float(Field):
    """A column of floats; NaN is under the mask only, because JSON has no NaN."""

    type = float
    type_name = "a number"
    fill_value = np.nan

    def decode_checked(self, values):
        try:
            data = _number_array(values, "d", np.float64)
        except struct.error:
            data = np.array(values, dtype=float)  # NaN for None
        return DecodedColumn(self, data, np.isnan(data))

    def column(self, data, mask):
        if self.unit is None:
            return super().column(data, mask)
        return columns.masked_quantity(data, mask, self.unit, self.description)


class Integer(Field):
    """A column of 64-bit integers, because ids have more digits than a float can hold."""

    type = int
    type_name = "an integer"
    fill_value = 0

    def _array(self, values):
        try:
            return _number_array(values, "q", np.int64)
        except struct.error:
            pass
        try:
            return np.array(values, dtype=np.int64)
        except OverflowError:
            row = next(row for row, value in enumerate(values) if value is not None and abs(value) > INT64_MAX)
            raise FieldValueError(row, values[row], "an integer of at most 64 bits") from None


class Flag(Field):
    """A column of bools."""

    type = bool
    type_name = "true or false"
    fill_value = False

    def _array(self, values):
        if None in values:  # False for numpy
            raise TypeError
        return np.array(values, dtype=bool)


@dataclass(frozen=True)
class Text(Field):
    """A column of strings; with ``blank_is_null`` an empty string is masked like null."""

    _: KW_ONLY
    blank_is_null: bool = False

    type = str
    type_name = "a string"
    fill_value = ""

    def decode_checked(self, values):
        decoded = super().decode_checked(values)
        return decoded._replace(mask=decoded.data == "") if self.blank_is_null else decoded

    def _array(self, values):
        return _string_array(values)


class Date(Field):
    """A column of dates in UTC: strings in JSON, `~astropy.time.Time` in tables.

    Decoded values stay strings, so that those of several sections can be joined before the conversion.
    """

    type = str
    type_name = "a date"
    fill_value = ""

    def _array(self, values):
        return _string_array(values)

    def column(self, data, mask):
        return columns.with_description(parse_dates(data, mask, self.name), self.description)


def _number_array(values, code, dtype):
    """Return numbers without nulls as an array, in a third of the time of numpy; else raise a `struct.error`."""
    buffer = bytearray(8 * len(values))
    struct.pack_into(f"{len(values)}{code}", buffer, 0, *values)
    return np.frombuffer(buffer, dtype=dtype)


def _string_array(values):
    """Return strings as an array; those of equal length in ASCII, as most, in a fifth of the time of numpy."""
    joined = "\n".join(values)
    n_rows, length = len(values), len(values[0]) if values else 0
    if length and len(joined) == n_rows * (length + 1) - 1 and joined.isascii():
        codes = np.frombuffer(f"{joined}\n".encode("ascii"), dtype=np.uint8).reshape(n_rows, length + 1)
        # The lengths are equal if each line ends where it must, and no line has an end inside.
        if (codes[:, length] == ord("\n")).all() and joined.count("\n") == n_rows - 1:
            return codes[:, :length].astype(np.uint32).view(f"U{length}").reshape(n_rows)
    return np.array(values, dtype=str)
