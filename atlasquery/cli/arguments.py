# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Words of the command line as arguments of `ATLAS`."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from atlasquery import CustomList

__all__ = ["parse_custom_list", "parse_range", "parse_since", "read_ids"]


def parse_since(text: str | None) -> Any:
    """Return a date as it is, and a time span such as ``30d`` as a Quantity."""
    if text is None:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        from astropy.units import Quantity

        try:
            return Quantity(text)
        except (TypeError, ValueError):
            raise click.BadParameter(f"must be an ISO date or a time span such as 30d, got {text!r}.") from None
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


def parse_custom_list(name: str) -> str | CustomList:
    """Return the name of a list, or the custom list of a number."""
    from atlasquery import CustomList

    return CustomList(int(name)) if name.isdecimal() else name


def read_ids(words: tuple[str, ...]) -> list[str]:
    """Return ids and names, with those of standard input in the place of ``-``."""
    ids: list[str] = []
    for word in words:
        ids += _parse_ids(sys.stdin.read()) if word == "-" else [word]
    return ids


def _parse_ids(text: str) -> list[str]:
    """Return the ids of a text: one a line, or the column ``atlas_id`` of a table in CSV, ECSV or JSON."""
    if text.lstrip().startswith("["):
        return _parse_json_ids(text)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    delimiter = "," if lines and "," in lines[0] else " "
    if lines and "atlas_id" in lines[0].split(delimiter):
        return [row["atlas_id"] or "" for row in csv.DictReader(lines, delimiter=delimiter)]
    return lines


def _parse_json_ids(text: str) -> list[str]:
    try:
        return [str(row["atlas_id"]) for row in json.loads(text)]
    except (ValueError, KeyError, TypeError):
        raise click.UsageError("JSON on standard input must be a list of objects with atlas_id.") from None
