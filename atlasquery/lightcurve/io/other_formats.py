# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in all other formats of astropy, such as CSV: plain tables, which are compared before a file is written.

These formats have no types of columns and no ``meta``, most have no units, and each changes other values: one takes the
text ``02`` for a number, another rounds ids. The content is therefore read back, and written to the file only if all
values are the same.
"""

import contextlib
import io
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from astropy.io import registry
from astropy.table import MaskedColumn, QTable
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, column_to_floats, plain_array
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.foreign_tables import time_order
from atlasquery.lightcurve.io.serialize import to_plain_table

__all__ = ["read_other_table", "report_unknown_format", "write_other_table"]

BOOLS = {"True": True, "False": False}
TDAT = "ascii.tdat"
TDAT_META = {"table_name": "light_curve"}  # required by the format
MRT_FORMATS = ("mrt", "ascii.mrt")
LATEX_FORMATS = ("latex", "ascii.latex", "aastex", "ascii.aastex")
LIBRARIES = {"asdf": "asdf-astropy"}  # which register a format
IS_BOOL = "is_bool"  # in the meta of a column
TIME_TOLERANCE = 1e-10  # days
OTHER_FORMAT = "Use a format that keeps everything, such as 'ascii.ecsv'."
LEAVE_OUT = "Leave them out, or use a format that keeps everything, such as 'ascii.ecsv'."


def read_other_table(file, format, format_choice, **kwargs):
    """Return the table in a file; strings that are all ``True`` or ``False`` become bools, as in other formats."""
    with report_unknown_format(format, format_choice):
        table = QTable.read(file, format=format, **kwargs)
    for name in table.colnames:
        table[name] = _to_bools(table[name])
    return table


def _to_bools(column):
    """Return a column of the strings ``True`` and ``False`` as bools; other columns unchanged."""
    strings = plain_array(column) if not isinstance(column, Time) else np.array([])
    if strings.dtype.kind != "U":
        return column
    mask = column_mask(column) | (strings == "")
    if mask.all() or not set(strings[~mask].tolist()) <= set(BOOLS):
        return column
    return MaskedColumn(strings == "True", mask=mask, description=column.info.description)


@contextlib.contextmanager
def report_unknown_format(format, format_choice):
    """Replace astropy's error for an unknown format, which lists all formats of astropy, by a short one."""
    try:
        yield
    except registry.IORegistryError as error:
        if library := LIBRARIES.get(format):
            raise ImportError(f"Format {format!r} needs {library}: pip install {library}.") from error
        message = f"`format` must be {format_choice}, got {format!r}"
        with_other_direction = f", which astropy cannot {'write' if _has_reader(format) else 'read'}."
        is_known = _has_reader(format) or _has_writer(format)
        raise InvalidInputError(message + (with_other_direction if is_known else ".")) from error


def _has_reader(format):
    return _is_registered(registry.get_reader, format)


def _has_writer(format):
    return _is_registered(registry.get_writer, format)


def _is_registered(get_function, format):
    try:
        get_function(format, QTable)
    except registry.IORegistryError:
        return False
    return True


def write_other_table(light_curve, file, format, format_choice, read_columns, *, overwrite=False, **kwargs):
    """Write a light curve in a format of astropy that has no types of columns.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        The light curve.
    file : str, path or file object
        The file.
    format : str
        The format.
    format_choice : str
        The formats, for error messages.
    read_columns : callable
        Called with the path of a file, it returns the columns that `~atlasquery.LightCurve.read` has for it.
    overwrite : bool
        Whether an existing file is replaced.
    **kwargs
        Passed to astropy's writer; with any of them the content is not compared, as the user has chosen what it holds.

    Raises
    ------
    InvalidInputError
        If the format is unknown, or does not keep the values of a column.
    ImportError
        If a library is missing.
    """
    table = _adapt_table(_portable_table(light_curve), format)
    is_compared = not kwargs and _has_reader(format)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "curve"
        with report_unknown_format(format, format_choice):
            _write_and_compare(table, path, format, kwargs, read_columns if is_compared else None)
        content = path.read_bytes()
    text_or_bytes = content.decode("utf-8") if isinstance(file, io.TextIOBase) else content
    files.write_content(file, text_or_bytes, overwrite=overwrite)


def _adapt_table(table, format):
    """Return a table without what astropy cannot read in this format."""
    table.meta = TDAT_META if format == TDAT else {}
    for column in table.itercols():
        if format == TDAT:
            column.description = None  # would be read as a part of the unit
        if format in LATEX_FORMATS:
            column.unit = None  # would be read as a row
        if format in MRT_FORMATS and column.dtype.kind == "f":
            plain_array(column)[column_mask(column)] = 0  # the limits of the values would be NaN
    return table


def _portable_table(light_curve):
    """Return a plain table whose bools are the strings ``True`` and ``False``: -1, 0 and 1 would become integers."""
    table = to_plain_table(light_curve)[0]
    for name in table.colnames:
        column = light_curve[name]
        if not isinstance(column, Time) and plain_array(column).dtype.kind == "b":
            strings = np.where(column_mask(column), "", plain_array(column).astype(str))
            table[name] = MaskedColumn(strings, description=column.info.description, meta={IS_BOOL: True})
    return table


def _write_and_compare(table, path, format, kwargs, read_columns):
    """Write a table and compare the file; an error for the content names all columns that the format does not keep."""
    try:
        table.copy().write(path, format=format, **kwargs)
    except (registry.IORegistryError, ImportError, MemoryError):
        raise
    except Exception as error:  # writers raise many types
        if kwargs and isinstance(error, TypeError):
            raise
        reason = (next(iter(str(error).splitlines()), "") or type(error).__name__).rstrip(".")
        raise _not_kept(table, path, format, kwargs, read_columns, reason) from error
    if read_columns is not None and not _is_kept(table, path, read_columns):
        raise _not_kept(table, path, format, kwargs, read_columns, "the format does not keep the values")


def _not_kept(table, path, format, kwargs, read_columns, reason):
    """Return the error for columns; if there are none, or all, it is the format that does not work."""
    names = _culprits(table, lambda part: _is_possible(part, path, format, kwargs, read_columns))
    if len(names) == len(table.colnames) - 1:
        return InvalidInputError(f"Cannot write the light curve as {format}: {reason}.", hint=OTHER_FORMAT)
    listed = f"column{'s' if len(names) > 1 else ''} {', '.join(map(repr, names))}"
    return InvalidInputError(f"Cannot write {listed} as {format}: {reason}.", hint=LEAVE_OUT)


def _culprits(table, is_possible):
    """Return the names of the columns for which something is not possible, alone or with the columns before."""
    possible = ["time", *(name for name in table.colnames[1:] if is_possible(table["time", name]))]
    if len(possible) > 1 and not is_possible(table[possible]):
        kept = ["time"]
        for name in possible[1:]:
            kept += [name] if is_possible(table[[*kept, name]]) else []
        possible = kept
    return [name for name in table.colnames if name not in possible]


def _is_possible(table, path, format, kwargs, read_columns):
    """Return whether a table can be written and, if it is to be compared, is the same in the file."""
    path.unlink(missing_ok=True)
    try:
        table.copy().write(path, format=format, **kwargs)
    except Exception:  # noqa: BLE001 -- writers raise many types
        return False
    return read_columns is None or _is_kept(table, path, read_columns)


def _is_kept(table, path, read_columns):
    """Return whether a file has the columns of a table, whose rows are sorted by time when they are read."""
    order = time_order(Time(np.asarray(table["time"]), format="mjd"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        columns = _columns_or_none(path, read_columns)
    return columns is not None and all(_is_same(table[name][order], columns.get(name)) for name in table.colnames)


def _columns_or_none(path, read_columns):
    """Return the columns of a file, None if it cannot be read."""
    try:
        return read_columns(path)
    except (ImportError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 -- readers raise many types
        return None


def _is_same(expected, column):
    """Return whether a column that was read has the values and the unit, if any, of the one that was written."""
    if column is None or len(column) != len(expected):
        return False
    if isinstance(column, Time) and expected.dtype.kind == "f":
        return bool(np.allclose(column.utc.mjd, expected, rtol=0, atol=TIME_TOLERANCE))
    unit = getattr(column, "unit", None)
    if unit is not None and unit != expected.unit:
        return False
    if plain_array(column).dtype.kind == "b":
        return expected.meta.get(IS_BOOL, False) and _to_values(_to_bools(expected)) == _to_values(column)
    kinds = {plain_array(expected).dtype.kind, plain_array(column).dtype.kind}
    if kinds == {"f"}:
        return np.array_equal(column_to_floats(expected), column_to_floats(column), equal_nan=True)
    return _to_values(expected) == _to_values(column)


def _to_values(column):
    """Return a column as a list, None for nulls, with which Python compares integers and floats exactly."""
    values, mask = plain_array(column).tolist(), column_mask(column).tolist()
    return [None if null or value == "" or value != value else value for value, null in zip(values, mask, strict=True)]
