# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of text files: splitting of lines, and conversion of strings to numbers.

``file`` is the name of the file or None, ``lines`` are the line numbers of the rows, for error messages.
"""

from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.lightcurve.times import PLAUSIBLE_MJD
from atlasquery.schema.field import FieldValueError

__all__ = ["check_times", "decode_field", "parse_number", "parse_numbers", "split_columns"]


def split_columns(names, rows, file):
    """Return the strings of each column, by its name.

    Parameters
    ----------
    names : list of str
        Names of the columns.
    rows : list of (int, list of str)
        Line number and strings of each row.
    file : str, path, file object or None
        The file, for error messages.

    Raises
    ------
    UnreadableFileError
        If a name occurs twice, or a row has too few or too many values.
    """
    if duplicates := [name for name in names if names.count(name) > 1]:
        raise unreadable_file(
            file, f"column names must be unique, got {duplicates[0]!r} twice.", column=duplicates[0], value=names
        )
    for line, values in rows:
        if len(values) != len(names):
            raise unreadable_file(
                file, f"the line must have {len(names)} values, got {len(values)}.", line=line, value=" ".join(values)
            )
    columns = zip(*(values for _, values in rows), strict=True) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def parse_numbers(strings, column, lines, file, *, number_type=float):
    """Return the numbers of a column, None for None."""
    numbers = []
    for string, line in zip(strings, lines, strict=True):
        try:
            numbers.append(None if string is None else parse_number(string, number_type))
        except ValueError:
            raise _value_error(file, line, column, string, "a number") from None
    return numbers


def parse_number(string, number_type=float):
    """Return the number in a string; raise a `ValueError` if it is none, or Python's own, such as ``1_0``."""
    if "_" in string:
        raise ValueError(string)
    return number_type(string)


def decode_field(field, values, column, lines, file):
    """Return the decoded values of a field; raise an error with the line of an invalid value."""
    try:
        return field.decode(values)
    except FieldValueError as error:
        raise _value_error(file, lines[error.row], column, error.value, error.expected) from None


def check_times(mjd, lines, file):
    """Raise an `~atlasquery.exceptions.UnreadableFileError` if a row has no MJD of the years 1900 to 2200.

    Others are of another format: a Julian date would be of the year 8600, ``MJD - 50000`` of 1881.
    """
    is_invalid = ~((mjd >= PLAUSIBLE_MJD[0]) & (mjd <= PLAUSIBLE_MJD[1]))  # also true for NaN
    if is_invalid.any():
        row = int(is_invalid.argmax())
        raise unreadable_file(
            file,
            f"column 'MJD' must be a Modified Julian Date of the years 1900 to 2200, got {mjd[row]}.",
            line=lines[row],
            column="MJD",
            value=float(mjd[row]),
            hint="Subtract 2400000.5 from a Julian date.",
        )


def _value_error(file, line, column, value, expected):
    reason = f"column {column!r} must be {expected}, got {value!r}."
    return unreadable_file(file, reason, line=line, column=column, value=value)
