# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Lines of a text file with one header of column names: separated by blanks, commas, tabs or semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import NamedTuple

from atlasquery.lightcurve.io.errors import unreadable_file
from atlasquery.utils.text import shorten

__all__ = ["NULLS", "TextTable", "find_header", "is_number", "split_table"]

# How programs write a missing value.
NULLS = frozenset({"", "-", "--", "nan", "NaN", "NAN", "None", "null", "NULL", "N/A", "NA", "<NA>", "masked"})
_DELIMITERS = ",\t;"
_DECIMAL_COMMA = re.compile(r"[<>+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_MAX_LINES_ABOVE = 1000  # of diagnostics above the header


class TextTable(NamedTuple):
    """The parts of a text file.

    ``rows`` are the number of the line and the strings of each row, ``notes`` the other lines: comments, and
    diagnostics of the program that made the file.
    """

    names: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str]


def find_header(text: str, is_header: Callable[[list[str]], bool]) -> tuple[int, list[str]] | None:
    """Return the index of the first line whose column names satisfy a condition, and these names; None without one."""
    for index, line in enumerate(text.splitlines()[:_MAX_LINES_ABOVE]):
        names = _split_names(line)
        if is_header(names):
            return index, names
    return None


def split_table(text: str, is_header: Callable[[list[str]], bool], expected: str, file: object) -> TextTable:
    """Return the parts of a text file; ``expected`` describes the header, for the error of a file without one.

    A line directly below the header is a row if it has as many values, and some are numbers: others are diagnostics,
    units or dashes.

    Raises
    ------
    UnreadableFileError
        If there is no header, or a row stands above it, or a line among the rows is not one.
    """
    header = find_header(text, is_header)
    lines = text.splitlines()
    if header is None:
        first = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (None, ""))
        got = repr(shorten(first[1])) if first[1] else "an empty file"
        reason = f"the file must have a line with the column names {expected}, got {got}."
        raise unreadable_file(file, reason, line=first[0], value=first[1])
    index, names = header
    delimiter = _delimiter_of(lines[index])
    notes = [line for line in lines[:index] if line.strip()]
    _check_above(notes, len(names), delimiter, file)
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines[index + 1 :], index + 2):
        values = _without_last_empty(_split(line, delimiter), len(names))
        if not any(values):  # of programs for spreadsheets
            continue
        is_second_header = not _has_number(values) and is_header(_split_names(line))
        if is_second_header and _split_names(line) == names:  # files that were joined repeat it
            continue
        if is_second_header:
            raise unreadable_file(
                file,
                f"the column names must be those of line {index + 1}, got others.",
                line=number,
                value=line,
                hint="Read files of different columns one by one.",
            )
        if line.lstrip().startswith("#") or (not rows and not _is_row(values, len(names))):
            notes.append(line)
        else:
            rows.append((number, values))
    return TextTable(*_without_unnamed(names, rows), notes)


def _is_row(values: list[str], length: int) -> bool:
    """Return whether these are the values of a row, of which some are numbers; or those of a row that was cut."""
    return is_number(values[0]) or (len(values) == length and _has_number(values))


def _without_last_empty(values: list[str], length: int) -> list[str]:
    """Return values without an empty one behind a delimiter at the end of the row, which the header lacks."""
    return values[:length] if len(values) > length and not any(values[length:]) else values


def _has_number(values: list[str]) -> bool:
    return any(map(is_number, values))


def is_number(word: str) -> bool:
    """Return whether a word is a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def _check_above(notes: list[str], length: int, delimiter: str | None, file: object) -> None:
    """Raise an error if a row stands above the header: it would be lost."""
    for note in notes:
        values = _split(note, delimiter)
        if len(values) == length and _has_number(values):
            raise unreadable_file(file, f"rows must stand below the column names, got {shorten(note)!r} above.")


def _split_names(line: str) -> list[str]:
    return _split(line.strip(" \r\n").lstrip("# "), _delimiter_of(line))


def _delimiter_of(header: str) -> str | None:
    """Return the character between the names of a header, None for blanks."""
    delimiter = max(_DELIMITERS, key=header.strip().count)
    return delimiter if delimiter in header.strip() else None


def _split(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        words = line.split()
        return [word.strip('"') for word in words] if '"' in line and '""' not in line else words
    words = [word.strip().lstrip("#") for word in next(csv.reader([line], delimiter=delimiter), [])]
    # Where commas do not separate values, one between digits is a decimal comma. In a row with a decimal point it is
    # not, and stays, so that it is an error.
    has_point = any("." in word and is_number(word.lstrip("<>")) for word in words)
    return words if delimiter == "," or has_point else [_with_decimal_point(word) for word in words]


def _with_decimal_point(word: str) -> str:
    return word.replace(",", ".") if _DECIMAL_COMMA.fullmatch(word) else word


def _without_unnamed(
    names: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Drop columns without a name: the row numbers that pandas writes, and an empty one after the last delimiter."""
    if any(len(values) != len(names) for _, values in rows):
        return names, rows
    kept = [at for at, name in enumerate(names) if not _is_unnamed(at, name, [values[at] for _, values in rows])]
    return [names[at] for at in kept], [(line, [values[at] for at in kept]) for line, values in rows]


def _is_unnamed(at: int, name: str, values: list[str]) -> bool:
    is_number_of_row = at == 0 and name in ("", "Unnamed: 0") and all(value.isdecimal() for value in values)
    return is_number_of_row or (not name and not any(values))
