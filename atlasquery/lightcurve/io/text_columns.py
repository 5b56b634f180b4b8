# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tables of words, as files of text have them: which word is of which column, and which number it stands for."""

from atlasquery.exceptions import UnreadableFileError
from atlasquery.lightcurve.times import MAX_MJD, MIN_MJD
from atlasquery.schema.field import FieldValueError

__all__ = ["check_times", "decode_field", "parse_number", "parse_numbers", "split_columns"]


def split_columns(names, rows, file):
    """Return the words of each column.

    Parameters
    ----------
    names : list of str
        What the columns are called.
    rows : list of (int, list of str)
        The number of each line, and its words.
    file : str
        What to call the file in error messages.

    Returns
    -------
    words : dict of str to sequence of str
        One word a row.

    Raises
    ------
    UnreadableFileError
        If two columns have the same name, or a line has too few words or too many.
    """
    if len(set(names)) < len(names):
        raise UnreadableFileError(f"{file} has two columns of the same name: {' '.join(names)}.")
    for line, words in rows:
        if len(words) != len(names):
            raise UnreadableFileError(
                f"{file}, line {line}: {len(names)} values are expected, but there are {len(words)}.", row=line
            )
    columns = zip(*(words for _, words in rows), strict=True) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def parse_numbers(words, key, lines, file, *, number=float):
    """Return the numbers that the words of a column stand for; ``lines`` tells which line each is from."""
    values = []
    for word, line in zip(words, lines, strict=True):
        try:
            values.append(parse_number(word, number))
        except ValueError:
            raise _value_error(file, line, key, word, "a number") from None
    return values


def parse_number(word, number=float):
    """Return the number that a word stands for; raise a `ValueError` if it is none, as 1_0, which is one to Python."""
    if "_" in word:
        raise ValueError(word)
    return number(word)


def decode_field(field, values, key, lines, file):
    """Return the values as `~atlasquery.schema.Decoded`, or say which line has one that the field cannot hold."""
    try:
        return field.decode(values)
    except FieldValueError as wrong:
        raise _value_error(file, lines[wrong.row], key, wrong.value, wrong.expected) from None


def check_times(mjd, lines, file):
    """Raise an `~atlasquery.exceptions.UnreadableFileError` if a measurement has no time."""
    wrong = ~((mjd >= MIN_MJD) & (mjd <= MAX_MJD))  # NaN is neither
    if wrong.any():
        at = int(wrong.argmax())
        raise UnreadableFileError(
            f"{file}, line {lines[at]}: the measurement has no time, but an MJD of {mjd[at]}.",
            column="MJD",
            row=lines[at],
            value=float(mjd[at]),
        )


def _value_error(file, line, key, value, expected):
    return UnreadableFileError(
        f"{file}, line {line}: {key} is {value!r}, but should be {expected}.", column=key, row=line, value=value
    )
