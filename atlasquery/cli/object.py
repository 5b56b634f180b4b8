# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery object``: what the server has about objects."""

from __future__ import annotations

import re
import warnings

import click

from atlasquery.cli.arguments import read_ids
from atlasquery.cli.command import command
from atlasquery.cli.exit_codes import ExitCode
from atlasquery.cli.output import output_options, write_table

__all__ = ["object_command"]


@command("object")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
def object_command(names: tuple[str, ...], output: str | None, table_format: str | None) -> None:
    """Print one row for each object, given by id or name; - reads them from standard input, one a line.

    \b
    Example:
      atlasquery object 2018cow --format json
    """
    from atlasquery import ATLAS
    from atlasquery.exceptions import NoResultsWarning

    with warnings.catch_warnings(action="ignore", category=NoResultsWarning):  # the error says it
        table = ATLAS.query_object(read_ids(names))
    missing = table.meta["missing"]
    if missing and not len(table):
        raise ExitCode(10, _describe_missing(missing))
    write_table(table, output, table_format)
    if missing:
        raise ExitCode(11, _describe_missing(missing))


def _describe_missing(missing: list[int | str]) -> str:
    """Return why objects were not found."""
    names = [name for name in missing if re.fullmatch(r"ATLAS\d\d[a-z]+", str(name), re.IGNORECASE)]
    others = [str(name) for name in missing if name not in names]
    parts = [f"The server has no object {', '.join(others)}."] if others else []
    if names:
        parts.append(
            f"The server cannot look up an ATLAS designation such as {names[0]}: find the object by its position "
            "(`atlasquery region`), its list (`atlasquery list`), its id or its TNS name."
        )
    return " ".join(parts)
