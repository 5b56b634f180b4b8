# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery add`` and ``atlasquery remove``: put objects on a custom list, or remove them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from atlasquery.cli.arguments import parse_custom_list, read_ids
from atlasquery.cli.command import command
from atlasquery.cli.output import output_options, write_table

__all__ = ["add_command", "remove_command"]


def _write_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--verify", is_flag=True, help="Read the list after the writes.")(command)
    command = click.option("--dry-run", is_flag=True, help="Print what would be sent; only names are looked up.")(
        command
    )
    command = click.argument("ids", metavar="ID...", nargs=-1, required=True)(command)
    return click.argument("list_name", metavar="LIST")(command)


@command("add")
@_write_options
@output_options
def add_command(
    list_name: str, ids: tuple[str, ...], output: str | None, table_format: str | None, **options: bool
) -> None:
    """Put objects, given by id or name, on a custom list, given by name or number.

    - reads ids from standard input: one a line, or a table in CSV, ECSV or JSON with a column atlas_id. The
    outcome of each object is printed. An object that is on the list already is a success.

    \b
    Examples:
      atlasquery add vra 1161600211221604900 --dry-run
      atlasquery add vra - < ids.txt
      atlasquery list eyeball --vra 9: --format csv | atlasquery add vra -
    """
    from atlasquery import ATLAS

    _write(ATLAS.add_to_list, list_name, ids, output, table_format, options)


@command("remove")
@_write_options
@output_options
def remove_command(
    list_name: str, ids: tuple[str, ...], output: str | None, table_format: str | None, **options: bool
) -> None:
    """Remove objects, given by id or name, from a custom list, given by name or number.

    - reads ids from standard input, as `atlasquery add` does. The outcome of each object is printed. An object that
    is not on the list is a success.

    \b
    Example:
      atlasquery remove vra 1161600211221604900
    """
    from atlasquery import ATLAS

    _write(ATLAS.remove_from_list, list_name, ids, output, table_format, options)


def _write(
    method: Callable[..., Any],
    list_name: str,
    ids: tuple[str, ...],
    output: str | None,
    table_format: str | None,
    options: dict[str, bool],
) -> None:
    """Write and print the outcomes, also those of an error or an interruption."""
    object_ids = read_ids(ids)
    if not object_ids:  # of a pipeline that found nothing
        click.echo("atlasquery: no ids on standard input; nothing is sent.", err=True)
        return
    try:
        table = method(object_ids, parse_custom_list(list_name), **options)
    except BaseException as error:
        if (outcomes := getattr(error, "results", None)) is not None:
            _write_outcomes(outcomes, output, table_format)
        raise
    _write_outcomes(table, output, table_format)


def _write_outcomes(outcomes: Any, output: str | None, table_format: str | None) -> None:
    """Write the outcomes; if that fails the writes were done all the same, and their numbers are an error line."""
    try:
        write_table(outcomes, output, table_format)
        sys.stdout.flush()
    except OSError as error:
        statuses = list(outcomes["status"])
        counts = ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))
        reason = error.strerror or type(error).__name__
        click.echo(f"atlasquery: error: the outcomes ({counts}) cannot be written: {reason}.", err=True)
