# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Words of the command line as arguments of `ATLAS`."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from atlasquery import CustomList

__all__ = ["parse_custom_list", "parse_number", "parse_range", "parse_since", "read_ids"]


_STANDARD_INPUT = (
    "Standard input must have ids, one a line, or a table in CSV, ECSV or JSON (a list of objects) with a column "
    "atlas_id"
)


def parse_since(text: str | None, option: str = "--since") -> Any:
    """Return a date as it is, and a time span such as ``30d`` as a Quantity."""
    if text is None:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        from astropy.units import Quantity

        try:
            span = Quantity(text)
        except (TypeError, ValueError):
            span = None
        if span is None or span.unit.physical_type != "time":
            raise click.BadParameter(
                f"{option} must be an ISO date such as 2018-06-16, or a time span such as 30d, got {text!r}."
            ) from None
        return span
    return text


def parse_range(context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[Any, Any] | None:
    """Return a range such as ``9:``, ``:10`` or ``-30:10`` as (low, high)."""
    if text is None:
        return None
    low, colon, high = text.partition(":")
    try:
        bounds = [float(word) if word.strip() else None for word in (low, high)]
    except ValueError:
        bounds = []
    if not colon or not bounds:
        raise click.BadParameter(f"must be a range such as 9: or -30:10, got {text!r}.")
    return bounds[0], bounds[1]


def parse_number(word: str) -> int | None:
    """Return the number that a word is, None for another word; a longer one than any number of a list is a word."""
    return int(word) if word.isdecimal() and len(word) < 10 else None


def parse_custom_list(name: str) -> str | CustomList:
    """Return the name of a list, or the custom list of a number."""
    from atlasquery import CustomList

    number = parse_number(name)
    return name if number is None else CustomList(number)


def read_ids(words: tuple[str, ...]) -> list[str]:
    """Return ids and names, with those of standard input in the place of ``-``."""
    ids: list[str] = []
    for word in words:
        ids += _parse_ids(_read_standard_input()) if word == "-" else [word]
    return ids


def _read_standard_input() -> str:
    try:
        return sys.stdin.read().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"Standard input must be text, got other bytes: {error.reason}.") from None


def _parse_ids(text: str) -> list[str]:
    """Return the ids of a text: one a line, or the column ``atlas_id`` of a table in CSV, ECSV or JSON."""
    if text.lstrip()[:1] in ("[", "{"):
        return _parse_json_ids(text)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    is_table = bool(lines) and ("atlas_id" in lines[0] or re.search(r'[,;\t"<]', lines[0]) is not None)
    if not is_table:
        return lines
    return _parse_table_ids(lines)


def _parse_table_ids(lines: list[str]) -> list[str]:
    """Return the column ``atlas_id`` of a table with a header."""
    delimiter = next((character for character in ",;\t" if character in lines[0]), " ")
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True))
        column = [name.strip() for name in rows[0]].index("atlas_id")
        return [row[column] for row in rows[1:]]
    except (csv.Error, ValueError, IndexError):
        raise click.UsageError(f"{_STANDARD_INPUT}, got a first line {lines[0][:60]!r}.") from None


def _parse_json_ids(text: str) -> list[str]:
    try:
        rows = json.loads(text)
        ids = [row["atlas_id"] for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise click.UsageError(f"{_STANDARD_INPUT}, got other JSON.") from None
    if wrong := [value for value in ids if isinstance(value, bool) or not isinstance(value, (int, str))]:
        raise click.UsageError(f"{_STANDARD_INPUT}, got the id {wrong[0]!r}.")
    return [str(value) for value in ids]
