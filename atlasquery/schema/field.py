# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One column of a record: what the server calls it, what it means, and how its values become an array.

A wrong type is an error, never a conversion: ``"2.5"`` and ``true`` do not become numbers. The one exception is JSON's
own: an integer is a good value of a float column.
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
    """A value that a field cannot hold: its row (from 0), the value, and what was expected instead."""

    def __init__(self, row, value, expected):
        super().__init__(row, value, expected)
        self.row, self.value, self.expected = row, value, expected


class DecodedColumn(NamedTuple):
    """The values of one column as plain arrays: ``mask`` is true where the server has nothing."""

    field: "Field"
    data: np.ndarray
    mask: np.ndarray

    def column(self):
        """Return the values as an astropy column."""
        return self.field.column(self.data, self.mask)


@dataclass(frozen=True)
class Field:
    """Declaration of one column; its subclasses `Float`, `Integer`, `Text`, `Flag` and `Date` say its type.

    Parameters
    ----------
    name : str
        Name of the column in our tables.
    description : str
        What it is; becomes the description of the column.
    server_key : str, optional
        The server's key, where it differs from ``name``.
    unit : `~astropy.units.UnitBase`, optional
        Unit of the numbers.
    null : str, optional
        What it means that the server sends null, or no such key. Without it the server is known to send a value in
        every row, and a `~atlasquery.exceptions.SchemaWarning` tells when the column has gone.
    required : bool
        A row without it means nothing: null or no key is an error.
    type_confirmed : bool
        `False` for a column of which nothing but nulls has ever been seen. Its type is what its name suggests; if
        the data know better, they win.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery.schema import Float
    >>> field = Float("mag_err", "Uncertainty.", server_key="magerr", unit=u.mag, null="not measured")
    >>> field.decode([0.25, None]).column()
    <MaskedQuantity [0.25,  ———] mag>
    """

    name: str
    description: str
    _: KW_ONLY
    server_key: str = ""
    unit: Any = None
    null: str | None = None
    required: bool = False
    type_confirmed: bool = True

    type: ClassVar = None
    type_name: ClassVar = ""
    fill_value: ClassVar = None  # what lies under the mask

    def __post_init__(self):
        if not self.server_key:
            object.__setattr__(self, "server_key", self.name)

    @property
    def is_always_sent(self):
        """Whether the server is known to send this column in every row."""
        return self.required or self.null is None

    def all_masked(self, length):
        """Return a column of ``length`` rows of which every one is masked, as `DecodedColumn`."""
        return DecodedColumn(self, np.full(length, self.fill_value), np.ones(length, dtype=bool))

    def decode(self, values):
        """Check a list of JSON values against the type of this field and return them as `DecodedColumn`."""
        try:
            checked = msgspec.convert(values, list[self._accepted])
        except msgspec.ValidationError:
            raise self._find_invalid(values) from None
        return DecodedColumn(self, *self.arrays(checked))

    def arrays(self, values):
        """Return the checked values as an array, and the mask."""
        raise NotImplementedError

    def column(self, data, mask):
        """Return the astropy column of these values."""
        return columns.masked_column(data, mask, self.description)

    @property
    def _accepted(self):
        return self.type if self.required else self.type | None

    @property
    def _expected(self):
        return self.type_name if self.required else f"{self.type_name} or null"

    def _filled(self, values, mask):
        """Return the list with its nulls replaced, or the list itself if it has none."""
        return [self.fill_value if value is None else value for value in values] if mask.any() else values

    def _find_invalid(self, values):
        """Return the error for the first value of a wrong type."""
        for row, value in enumerate(values):
            try:
                msgspec.convert(value, self._accepted)
            except msgspec.ValidationError:
                return FieldValueError(row, value, self._expected)
        raise AssertionError("every value is good by itself")  # pragma: no cover


class Float(Field):
    """A column of floats; NaN lies under the mask, and nowhere else, for JSON has no NaN."""

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
    """A column of 64-bit integers; the ids are larger than what a float can hold."""

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
    """A column of true and false."""

    type = bool
    type_name = "true or false"
    fill_value = False

    def arrays(self, values):
        mask = _null_mask(values)
        return np.array(self._filled(values, mask), dtype=bool), mask


@dataclass(frozen=True)
class Text(Field):
    """A column of strings; with ``blank_is_null`` an empty string is masked as null is."""

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
    """A column of dates in UTC, a string on the wire and a `~astropy.time.Time` in our tables.

    Until the column is made the values stay strings, so that those of several sections can be joined.
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
