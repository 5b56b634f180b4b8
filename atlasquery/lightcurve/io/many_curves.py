# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many light curves in one file: a table of all rows, and a note with which rows and columns each light curve has.

Columns of one name are one column of the table, in the unit of the first, unless they differ in type. The note has the
units and descriptions of each light curve. The times of all light curves are one column, MJD (UTC), as in the file of a
single one.
"""

import json
from itertools import accumulate

import numpy as np
from astropy.table import Column, MaskedColumn, Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, plain_array
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.astropy_formats import FORMATS, read_plain_table, write_plain_table
from atlasquery.lightcurve.io.column_types import column_type, restore_column
from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.io.serialize import to_json, to_named_plain_column
from atlasquery.lightcurve.stacking import stack_tables
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema.columns import with_description
from atlasquery.utils.text import abbreviate, shorten

__all__ = ["read_curves", "write_curves"]

TIME_KIND = {"kind": "time", "scale": "utc", "format": "mjd", "precision": 3}
NO_ROWS = {"time": Column([], dtype=float)}
WITHOUT_UNIT = {"quantity": "float", "count": "integer"}
KEY_DESCRIPTION = "Key of the light curve."


def write_curves(curves, facts, file, format=None, *, overwrite=False):
    """Write a dict of light curves, and a dict of JSON values about them.

    Raises
    ------
    InvalidInputError
        If a key is neither an integer nor a string, or a part of a light curve cannot be written.
    """
    format = _checked_format(file, format)
    files.check_compression(file)
    for key in curves:
        if type(key) not in (int, str):
            raise InvalidInputError(
                f"Keys must be ATLAS ids, other integers or strings to be written, got {abbreviate(key)}.",
                hint="Rename it, as in LightCurves({str(key): curve for key, curve in curves.items()}).",
            )
    layouts = _Layouts(curves)
    stacked = stack_tables(layouts.tables or [NO_ROWS])
    kinds = {"time": TIME_KIND} | layouts.kinds
    plain = {name: to_named_plain_column(name, kind, stacked[name]) for name, kind in layouts.kinds.items()}
    key_name = _unused_name("key", kinds)
    times = Column(plain_array(stacked["time"]), unit="d")
    lengths = [len(part["time"]) for part in layouts.tables]
    keys = Column(np.repeat([str(key) for key in curves] or [""], lengths or [0]), description=KEY_DESCRIPTION)
    content = {"columns": kinds, "layouts": layouts.layouts, "facts": facts, "meta": {}}
    content["curves"] = [
        [key, length, number, dict(curve.meta)]
        for (key, curve), length, number in zip(curves.items(), lengths, layouts.numbers, strict=True)
    ]
    table = Table({"time": times, **plain, key_name: keys}, copy=False)
    write_plain_table(table, to_json(content), file, format, overwrite=overwrite)


def _checked_format(file, format):
    format = format or files.format_by_name(file)
    format = {"ecsv": "ascii.ecsv"}.get(format, format)
    if format not in FORMATS:
        got = f"none for {file}" if format is None else repr(format)
        raise InvalidInputError(f"`format` must be one of {', '.join(FORMATS)} for many light curves, got {got}.")
    return format


def _unused_name(name, names):
    """Return a name that differs from other names."""
    number = 2
    unused = name
    while unused in names:
        unused, number = f"{name}_{number}", number + 1
    return unused


class _Layouts:
    """Columns of the table in the file for those of each light curve; light curves of equal columns share a layout."""

    def __init__(self, curves):
        self.kinds, self.tables, self.layouts, self.numbers = {}, [], [], []
        self._file_names, self._known, self._first = {}, {}, {}
        self._all_names = {"time"}.union(*(curve.colnames for curve in curves.values()))
        for key, curve in curves.items():
            try:
                self._add(key, curve)
            except InvalidInputError as error:
                raise InvalidInputError(f"Cannot write light curve {key!r}: {error.reason}", hint=error.hint) from error

    def _add(self, key, curve):
        """Add the columns of a light curve; one without any columns has the layout None."""
        if not curve.colnames:
            self.tables.append(NO_ROWS)
            self.numbers.append(None)
            return
        part, names = {"time": Column(mjd_values(curve))}, []
        for name in curve.colnames[1:]:
            column = curve[name]
            file_name = self._file_name(name, column)
            unit = self._check_unit(key, file_name, column)
            part[file_name] = _stackable(column, self.kinds[file_name])
            names.append([name, file_name, column.info.description, unit])
        self.tables.append(part)
        layout = {
            "time": column_type("time", curve.time), "description": curve.time.info.description, "columns": names
        }  # fmt: skip
        text = json.dumps(layout)
        if text not in self._known:
            self._known[text] = len(self.layouts)
            self.layouts.append(layout)
        self.numbers.append(self._known[text])

    def _check_unit(self, key, file_name, column):
        """Return the unit of a column if it is not that of the file, that of the first; raise an error for others."""
        unit = getattr(column, "unit", None)
        first_key, first = self._first.setdefault(file_name, (key, unit))
        if unit == first:
            return None
        if unit is None or first is None or not unit.is_equivalent(first):
            raise InvalidInputError(
                f"column {file_name!r} must have a unit that converts to that of light curve {first_key!r}, {first}, "
                f"got {unit}.",
                hint="Convert it, or write these light curves to different files.",
            )
        return unit.to_string()

    def _file_name(self, name, column):
        kind = column_type(name, column)
        # With a unit and without one it is the same column, whose unit is checked.
        signature = (name, json.dumps(WITHOUT_UNIT.get(kind, kind) if isinstance(kind, str) else kind))
        if signature not in self._file_names:
            names = self.kinds if name not in self.kinds else {*self.kinds, *self._all_names}
            self._file_names[signature] = file_name = _unused_name(name, names)
            self.kinds[file_name] = kind
        return self._file_names[signature]


def _stackable(column, kind):
    """Return a column that is joined without loss: quantities of integers would become floats."""
    if kind != "count":
        return column
    values = np.array(plain_array(column.value))
    return with_description(MaskedColumn(values, mask=column_mask(column), unit=column.unit), column.info.description)


def read_curves(file, make_curve, format=None):
    """Return light curves as a dict, and the values about them.

    Parameters
    ----------
    file : str, path or file object
        The file.
    make_curve : callable
        Makes a light curve of a dict of columns.
    format : str, optional
        The format, by default that of the suffix.

    Raises
    ------
    UnreadableFileError
        If the file is damaged, or `write_curves` has not written it.
    """
    table, note = read_plain_table(file, _checked_format(file, format))
    try:
        content = {} if note is None else dict(json.loads(note))
    except (ValueError, TypeError) as error:
        raise unreadable_file(file, f"the note must be valid JSON, got {shorten(repr(note))}.", value=note) from error
    if "curves" not in content:
        hint = "Use LightCurve.read for the file of a single light curve, or LightCurve.from_table for a table."
        raise unreadable_file(file, "the file must be one that LightCurves.write has written.", hint=hint)
    try:
        return dict(_iter_curves(table, content, make_curve)), dict(content["facts"])
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise unreadable_file(
            file, f"the light curves do not have the rows and columns of the note: {error}"
        ) from error


def _iter_curves(table, content, make_curve):
    """Yield the key and the light curve of each entry."""
    kinds, layouts, entries = content["columns"], content["layouts"], content["curves"]
    columns = {name: restore_column(kind, table[name]) for name, kind in kinds.items() if name != "time"}
    tables = [_layout_table(layout, table["time"], columns, make_curve) for layout in layouts]
    ends = list(accumulate(n_rows for _, n_rows, _, _ in entries))
    if (ends[-1] if ends else 0) != len(table):
        raise ValueError(f"{len(table)} rows")
    for (key, n_rows, number, meta), end in zip(entries, ends, strict=True):
        curve = make_curve({}) if number is None else tables[number][end - n_rows : end]
        curve._restore_index()
        curve.meta = dict(meta)
        yield key, curve


def _layout_table(layout, times, columns, make_curve):
    """Return a table of all rows with the columns of one layout: its parts are made faster than new light curves."""
    time = with_description(restore_column(layout["time"], times), layout["description"])
    own = {name: _as_written(columns[file_name], *info) for name, file_name, *info in layout["columns"]}
    table = make_curve({"time": time} | own)
    table.remove_indices("time")  # each part gets its own
    return table


def _as_written(column, description, unit):
    """Return a column of the file with the description, and in the unit, that it had in a light curve."""
    if unit is None and description == column.info.description:
        return column
    return with_description(column.copy() if unit is None else column.to(unit), description)
