# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of tables that arguments describe: which columns they are, their times and units.

All that is missing or wrong is collected, so that one error names it.
"""

from dataclasses import dataclass
from typing import Any

import astropy.units as u
import numpy as np
from astropy.table import Column, MaskedColumn
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.arrays import column_mask, column_to_floats, plain_array
from atlasquery.lightcurve.band_names import is_band_name
from atlasquery.lightcurve.columns import ALL_COLUMNS, COLUMNS, SERVER_COLUMNS
from atlasquery.lightcurve.io.column_types import convert_foreign_column
from atlasquery.lightcurve.io.foreign_tables import from_foreign_table, time_order, to_time
from atlasquery.lightcurve.io.placeholders import mask_placeholders
from atlasquery.lightcurve.io.table_values import NULL_WORDS, OpenTable, text_to_numbers, to_column
from atlasquery.lightcurve.unknown_names import standard_name
from atlasquery.schema import Float
from atlasquery.schema.columns import with_description
from atlasquery.schema.undeclared import MAX_EXACT_INTEGER
from atlasquery.utils.near_names import did_you_mean, near_names, plain_name
from atlasquery.utils.text import abbreviate, shorten

__all__ = ["TableDescription", "described_columns", "split_description"]

# Columns that methods of a light curve compute with; other columns may have any type.
NUMBERS = {name: field for name, field in COLUMNS.items() if isinstance(field, Float)}
NUMBERS |= {name: ALL_COLUMNS[name] for name in ("ra", "dec")}
# In the table of a light curve of this package, other names have their meaning too.
OWN_NUMBERS = {name: field for name, field in ALL_COLUMNS.items() if isinstance(field, Float) and name != "mjd"}
AB_MAGNITUDES = ("abmag", "magab", "abmagnitude", "abmagnitudes", "ab")  # as users write the unit
UNCERTAINTIES = {"flux_err": "flux", "mag_err": "mag"}
# What a column of another name may be, as ``fluxerr`` for the uncertainty; it is looked for only where that is missing.
LIKELY = ("band", "flux", "flux_err", "mag", "mag_err")
ARGUMENTS = ("columns", "time", "units", "time_column", "time_format", "time_scale")


@dataclass(frozen=True)
class TableDescription:
    """Arguments that describe a table; None where they are not given."""

    columns: Any = None
    time: Any = None
    units: Any = None
    time_column: Any = None
    time_format: Any = None
    time_scale: Any = None

    @property
    def given(self):
        """The arguments that are given, by name."""
        return {name: getattr(self, name) for name in ARGUMENTS if getattr(self, name) is not None}

    def light_curve(self, table, file):
        """Return the columns and the meta of a light curve; ``file`` is for error messages."""
        if self.time is not None and self.time_column is not None and self.time != self.time_column:
            raise InvalidInputError(f"`time` must be `time_column`, {self.time_column!r}, got {self.time!r}.")
        times = {"time_format": self.time_format, "time_scale": self.time_scale}
        if self.columns is None and self.units is None and self.time is None:
            columns = from_foreign_table(table, file, time_column=self.time_column or "time", **times)
            return described_columns(columns, meta=table.meta)
        time = self.time if self.time is not None else self.time_column
        return described_columns(table, columns=self.columns, time=time, units=self.units, **times)


def split_description(kwargs):
    """Return the description of a table in arguments, and the other arguments."""
    description = TableDescription(**{name: kwargs[name] for name in ARGUMENTS if name in kwargs})
    return description, {name: value for name, value in kwargs.items() if name not in ARGUMENTS}


def described_columns(table, *, columns=None, time=None, units=None, time_format=None, time_scale=None, meta=None):
    """Return the columns of a light curve, sorted by time, and its meta; see `~atlasquery.LightCurve.from_table`."""
    for name, value in (("columns", columns), ("units", units), ("meta", meta)):
        if value is not None and not hasattr(value, "items"):
            raise InvalidTypeError(f"`{name}` must be a dict, got {abbreviate(value)}.")
    source = _Source(OpenTable(table), dict(columns or {}), time, dict(units or {}))
    converted = {name: source.converted(name) for name in source.names}
    times = source.times(converted, time_format, time_scale)
    source.raise_problems()
    del converted[source.time]
    if not source.table.is_own:
        mask_placeholders(converted)
    order = time_order(times)
    converted = {"time": times} | {name: convert_foreign_column(column) for name, column in converted.items()}
    return {name: column[order] for name, column in converted.items()}, source.table.meta | dict(meta or {})


class _Source:
    """A table whose columns are renamed; ``problems`` collects what is missing or wrong."""

    def __init__(self, table, columns, time, units):
        self.table, self.units, self.problems, self.without_unit, self.unnamed = table, units, [], [], {}
        self.numbers = OWN_NUMBERS if set(SERVER_COLUMNS) <= set(table.columns) else NUMBERS
        self.names = self._rename(columns)
        self.time = self._find_time(time, columns)
        self._name_likely(columns)
        self._check_lengths()
        if unknown := [name for name in units if name not in self.names and name not in table.columns]:
            self.problems.append(f"`units` for {_quoted(unknown)}, which it does not have")

    def _rename(self, columns):
        """Return the names in the table by the names in the light curve."""
        table_columns = self.table.columns
        if missing := [name for name in columns if name not in table_columns]:
            is_reversed = all(name in table_columns for name in columns.values() if isinstance(name, str))
            guess = "; `columns` has the names of the table first" if is_reversed else self._guess(missing[0])
            self.problems.append(f"no column {_quoted(missing)}{guess}")
        names = {}
        for name in table_columns:
            new_name = columns.get(name, name)
            if new_name in names:
                self.problems.append(f"two columns for {new_name!r}: {names[new_name]!r} and {name!r}")
            names[new_name] = name
        return names

    def _guess(self, name):
        return did_you_mean(name, self.table.columns) or f" (its columns are {', '.join(map(str, self.table.columns))})"

    def _find_time(self, time, columns):
        """Return the name in the light curve of the column of times, None if there is none."""
        name = self.table.time if time is None else time
        name = "time" if name is None else columns.get(name, name)
        if name not in self.names:
            likely = near_names("time", self.table.columns) or [
                known for known in self.table.columns if standard_name(known) == "time"
            ]
            hint = f": pass time={likely[0]!r}" if likely and time is None else self._guess(name)
            self.problems.append(f"no column of times {name!r}{hint}")
            return None
        if name != "time" and "time" in self.names:
            self.problems.append(f"the columns 'time' and {name!r}: rename one with `columns`")
        return name

    def _name_likely(self, columns):
        """Name the column of bands if its values leave no doubt; others that the user has not named are problems."""
        for standard in LIKELY:
            if standard in self.names or (standard == "mag" and "flux" in self.names):
                continue
            # With a flux, magnitudes are computed from it.
            if standard == "mag_err" and "mag" not in {*self.names, *self.unnamed.values()}:
                continue
            likely = [name for name in self.names if self._is_likely(name, standard, columns)]
            if standard == "band" and len(likely) == 1 and self._has_bands(likely[0]):
                self.names = {standard if name == likely[0] else name: own for name, own in self.names.items()}
            else:
                self.unnamed |= dict.fromkeys(likely, standard)

    def _is_likely(self, name, standard, columns):
        """Return whether a column that the user has not named may be this one: text for a band, numbers for others."""
        if name == self.time or self.names[name] in columns or standard_name(name) != standard:
            return False
        return (standard == "band") == _is_text(self.table.columns[self.names[name]])

    def _has_bands(self, name):
        """Return whether all known values of a column are names of bands."""
        column = to_column(self.table.columns[self.names[name]])
        strings = set(np.char.strip(plain_array(column)[~column_mask(column)].astype(str)).tolist())
        known = [string for string in strings if string.lower() not in NULL_WORDS]
        return bool(known) and all(map(is_band_name, known))

    def _check_lengths(self):
        lengths = {name: len(values) for name, values in self.table.columns.items() if hasattr(values, "__len__")}
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
            self.problems.append(f"columns of different lengths ({shorten(listed)})")

    def raise_problems(self):
        """Raise one error with all problems, if there are any."""
        hints = []
        if self.unnamed:
            likely = ", ".join(f"{name!r} (is it {standard!r}?)" for name, standard in self.unnamed.items())
            self.problems.append(f"columns without a meaning: {likely}")
            kept = {name: name for name in list(self.unnamed)[:1]}
            hints.append(f"Name them, as in columns={self.unnamed}; columns={kept} keeps one as it is.")
        if self.without_unit:
            self.problems.append(f"no unit for {_quoted(self.without_unit)}")
            wanted = {name: str(self.numbers[name].unit) for name in self.without_unit}
            hints.append(f"Units are passed as for example units={wanted}.")
        if self.problems:
            reason = f"`table` must describe a light curve, got {'; '.join(self.problems)}."
            raise InvalidInputError(reason, hint=" ".join(hints) or None)

    def converted(self, name):
        """Return a column with its nulls and its unit; None if there is a problem."""
        try:
            column = to_column(self.table.columns[self.names[name]])
            if name in self.numbers:
                column = _to_numbers(column)
            elif name == "atlas_id":
                _check_digits(column)
            return self._with_unit(name, column)
        except (ValueError, TypeError) as error:
            self.problems.append(f"column {name!r} with {error}")
            return None

    def _with_unit(self, name, column):
        unit = self._unit(name, column)
        if isinstance(column, Time) or not hasattr(column, "dtype"):
            return column
        if name in self.numbers:
            if self.numbers[name].unit is not None and unit is None:
                self.without_unit.append(name)
            unit = _check_unit(unit, self.numbers[name].unit)
        elif unit is not None and column.dtype.kind not in "iuf":
            raise ValueError(f"the unit {unit}, but {_type_name(column)}")
        if column.ndim > 1 or unit is None:
            return column
        values = np.array(plain_array(getattr(column, "value", column)))
        return MaskedColumn(values, mask=column_mask(column), unit=unit, description=column.info.description)

    def _unit(self, name, column):
        """Return the unit of a column: its own, that of the table, the one that is passed, or that of its values."""
        own = getattr(column, "unit", None) or self.table.units.get(self.names[name])
        given = self.units.get(name, self.units.get(self.names[name]))
        declared = getattr(self.numbers.get(name), "unit", None)
        own, given = (None if unit is None else _to_unit(unit, declared) for unit in (own, given))
        if isinstance(own, u.UnrecognizedUnit) and given is not None:
            own = None
        if own is not None and given is not None and own != given:
            raise ValueError(f"the unit {own}, but {given} in `units`")
        unit = given if own is None else own
        partner = UNCERTAINTIES.get(name)
        if unit is None and partner in self.names:
            return self._unit(partner, self.table.columns[self.names[partner]])
        return unit

    def times(self, converted, time_format, time_scale):
        """Return the column of times, None if there is a problem."""
        column = converted.get(self.time)
        if column is None:
            return None
        name = self.names[self.time]
        try:
            column = _number_text_to_numbers(column)
            time = to_time(column, name, time_format, time_scale, lambda reason, **facts: _TimeError(reason, facts))
        except _TimeError as error:
            self.problems.append(str(error))
        except InvalidInputError as error:
            problem = str(error).rstrip(".")
            self.problems.append(problem[:1].lower() + problem[1:])
        else:
            return with_description(time.copy(), column.info.description)
        return None


class _TimeError(Exception):
    """Times that are missing or invalid."""

    def __init__(self, reason, facts):
        row = f" in row {facts['row']}" if "row" in facts else ""
        super().__init__(shorten(reason.rstrip("."), 120) + row)


def _is_text(values):
    """Return whether a column has text that is no numbers; one that cannot be converted has none."""
    try:
        column = to_column(values)
    except (ValueError, TypeError):
        return False
    if getattr(getattr(column, "dtype", None), "kind", "") not in ("U", "S"):
        return False
    try:
        text_to_numbers(column)
    except ValueError:
        return True
    return False


def _quoted(names):
    return ", ".join(map(repr, names))


def _type_name(column):
    return {"U": "text", "S": "text", "b": "bools"}.get(column.dtype.kind, f"dtype {column.dtype}")


def _to_numbers(column):
    """Return a column as floats; raise a `ValueError` that says what else it has."""
    if isinstance(column, Time) or not hasattr(column, "dtype"):
        raise ValueError(f"a {type(column).__name__} instead of numbers")
    column = text_to_numbers(column)
    if column.dtype.kind not in "iuf" or column.ndim != 1:
        raise ValueError(f"{_type_name(column)} instead of numbers")
    values = column_to_floats(column)
    mask = column_mask(column) | np.isnan(values)
    unit = getattr(column, "unit", None)
    return MaskedColumn(values, mask=mask, unit=unit, description=column.info.description)


def _number_text_to_numbers(column):
    """Return times that are numbers, written as text, as numbers; other columns unchanged."""
    if isinstance(column, Time) or not isinstance(column, Column):
        return column
    try:
        return text_to_numbers(column)
    except ValueError:
        return column


def _check_digits(column):
    """Raise a `ValueError` if ids are floats, which have lost digits."""
    values = plain_array(getattr(column, "value", column))
    if values.dtype.kind == "f" and (np.abs(values[~np.isnan(values)]) > MAX_EXACT_INTEGER).any():
        raise ValueError("floats, which have lost digits of the ids; read them as integers or text")


def _to_unit(unit, declared=None):
    if isinstance(unit, str) and plain_name(unit) in AB_MAGNITUDES:
        return u.ABmag
    try:
        return u.Unit(unit)
    except (ValueError, TypeError):
        known = "" if declared is None else f" (it can be {str(declared)!r})"
        raise ValueError(f"the unknown unit {shorten(repr(unit))}{known}") from None


def _check_unit(unit, declared):
    """Return the unit of numbers: AB magnitudes are plain mag; raise a `ValueError` if it is not the kind declared."""
    if unit is None or declared is None:
        return unit
    if declared == u.mag and unit in (u.ABmag, u.mag):
        return u.mag
    if isinstance(unit, u.function.FunctionUnitBase) or not unit.is_equivalent(declared):
        raise ValueError(f"the unit {unit}, which is not of the kind of {declared}")
    return unit
