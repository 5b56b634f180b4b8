# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery lists`` and ``atlasquery list``: the lists, and the objects of one."""

from __future__ import annotations

from typing import Any

import click

from atlasquery.cli.arguments import parse_custom_list, parse_number, parse_range, parse_since
from atlasquery.cli.command import command
from atlasquery.cli.output import output_options, write_table

__all__ = ["list_command", "lists_command"]


@command("lists")
@output_options
def lists_command(output: str | None, table_format: str | None) -> None:
    """Print the names and numbers of the known lists; no request is sent.

    \b
    Example:
      atlasquery lists
    """
    from atlasquery import ATLAS

    write_table(ATLAS.list_lists(), output, table_format)


def _range_option(name: str, description: str) -> Any:
    return click.option(name, metavar="LOW:HIGH", callback=parse_range, help=description)


@command("list")
@click.argument("name")
@click.option("--custom", is_flag=True, help="NAME is the number of a custom list.")
@click.option("--since", help="Objects put into the list since an ISO date, or in a time span before now such as 30d.")
@_range_option("--vra", "Range of the VRA score, 0 to 10; 9: is 9 and more.")
@_range_option("--rb-pix", "Range of the pixel-based real/bogus score, 0 to 1.")
@_range_option("--ra", "Range of right ascension in degrees; 350:10 crosses 0.")
@_range_option("--dec", "Range of declination in degrees; -30: is -30 and more.")
@click.option("--sherlock-class", multiple=True, help="Sherlock class, such as SN; can be repeated.")
@click.option("--exclude-sherlock-class", multiple=True, help="Sherlock class to leave out; can be repeated.")
@click.option("--spec-type", multiple=True, help='Spectroscopic type, such as "SN Ia"; can be repeated.')
@output_options
def list_command(
    name: str, custom: bool, since: str | None, output: str | None, table_format: str | None, **filters: Any
) -> None:
    """Print the objects of a list that pass all filters.

    NAME is that of a detection list or a custom list, or the number of a detection list; with --custom that of a
    custom list.

    \b
    Example:
      atlasquery list eyeball --vra 9: --dec :10
    """
    from atlasquery import ATLAS

    number = parse_number(name)
    which: Any = parse_custom_list(name) if custom else name if number is None else number
    given: dict[str, Any] = {key: value for key, value in filters.items() if value}
    write_table(ATLAS.query_list(which, since=parse_since(since), **given), output, table_format)
