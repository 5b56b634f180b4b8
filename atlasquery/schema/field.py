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

__all__ = ["Date", "Decoded", "Field", "Flag", "Float", "Integer", "Text", "WrongValue"]

INT64_MAX = 2**63 - 1


class WrongValue(Exception):
    """A value that a field cannot hold: its row (from 0), the value, and what was expected instead."""

    def __init__(self, row, value, expected):
        super().__init__(row, value, expected)
        self.row, self.value, self.expected = row, value, expected


class Decoded(NamedTuple):
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
    wire : str, optional
        The server's key, where it differs from ``name``.
    unit : `~astropy.units.UnitBase`, optional
        Unit of the numbers.
    null : str, optional
        What it means that the server sends null, or no such key. Without it the server is known to send a value in
        every row, and a `~atlasquery.exceptions.SchemaWarning` tells when the column has gone.
    required : bool
        A row without it means nothing: null or no key is an error.
    seen : bool
        `False` for a column of which nothing but nulls has ever been seen. Its type is what its name suggests; if
        the data know better, they win.

    Examples
    --------
    >>> import astropy.units as u
    >>> from atlasquery.schema import Float
    >>> field = Float("mag_err", "Uncertainty.", wire="magerr", unit=u.mag, null="not measured")
    >>> field.decode([0.25, None]).column()
    <MaskedQuantity [0.25,  ———] mag>
    """

    name: str
    description: str
    _: KW_ONLY
    wire: str = ""
    unit: Any = None
    null: str | None = None
    required: bool = False
    seen: bool = True

    type: ClassVar = None
    word: ClassVar = ""
    filler: ClassVar = None  # what lies under the mask

    def __post_init__(self):
        if not self.wire:
            object.__setattr__(self, "wire", self.name)

    @property
    def always(self):
        """Whether the server is known to send this column in every row."""
        return self.required or self.null is None

    def nothing(self, length):
        """Return a column of ``length`` rows of which every one is masked, as `Decoded`."""
        return Decoded(self, np.full(length, self.filler), np.ones(length, dtype=bool))

    def decode(self, values):
        """Check a list of JSON values against the type of this field and return them as `Decoded`."""
        try:
            checked = msgspec.convert(values, list[self._accepted])
        except msgspec.ValidationError:
            raise self._first_wrong(values) from None
        return Decoded(self, *self.arrays(checked))

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
        return self.word if self.required else f"{self.word} or null"

    def _filled(self, values, mask):
        """Return the list with its nulls replaced, or the list itself if it has none."""
        return [self.filler if value is None else value for value in values] if mask.any() else values

    def _first_wrong(self, values):
        """Return the error for the first value of a wrong type."""
        for row, value in enumerate(values):
            try:
                msgspec.convert(value, self._accepted)
            except msgspec.ValidationError:
                return WrongValue(row, value, self._expected)
        raise AssertionError("every value is good by itself")  # pragma: no cover


class Float(Field):
    """A column of floats; NaN lies under the mask, and nowhere else, for JSON has no NaN."""

    type = float
    word = "a number"
    filler = np.nan

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
    word = "an integer"
    filler = 0

    def arrays(self, values):
        mask = _nulls(values)
        try:
            data = np.array(self._filled(values, mask), dtype=np.int64)
        except OverflowError:
            row = next(row for row, value in enumerate(values) if value is not None and abs(value) > INT64_MAX)
            raise WrongValue(row, values[row], "an integer of at most 64 bits") from None
        return data, mask


class Flag(Field):
    """A column of true and false."""

    type = bool
    word = "true or false"
    filler = False

    def arrays(self, values):
        mask = _nulls(values)
        return np.array(self._filled(values, mask), dtype=bool), mask


@dataclass(frozen=True)
class Text(Field):
    """A column of strings; with ``blank_is_null`` an empty string is masked as null is."""

    _: KW_ONLY
    blank_is_null: bool = False

    type = str
    word = "a string"
    filler = ""

    def arrays(self, values):
        mask = _nulls(values)
        data = np.array(self._filled(values, mask), dtype=str)
        return data, (data == "" if self.blank_is_null else mask)


class Date(Field):
    """A column of dates in UTC, a string on the wire and a `~astropy.time.Time` in our tables.

    Until the column is made the values stay strings, so that those of several sections can be joined.
    """

    type = str
    word = "a date"
    filler = ""

    def arrays(self, values):
        mask = _nulls(values)
        return np.array(self._filled(values, mask), dtype=str), mask

    def column(self, data, mask):
        return columns.described(parse_dates(data, mask, self.name), self.description)


def _nulls(values):
    """Return the mask of a list of values."""
    if None in values:
        return np.array([value is None for value in values], dtype=bool)
    return np.zeros(len(values), dtype=bool)
