# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery region``: the objects around a position."""

from __future__ import annotations

import click

from atlasquery.cli.command import command
from atlasquery.cli.output import output_options, write_table

__all__ = ["region_command"]


@command("region")
@click.argument("position", nargs=-1, required=True)
@click.argument("radius")
@click.option("--nearest", is_flag=True, help="Only the nearest object.")
@click.option("--details", is_flag=True, help="Exact positions and all columns, with one more request.")
@output_options
def region_command(
    position: tuple[str, ...], radius: str, nearest: bool, details: bool, output: str | None, table_format: str | None
) -> None:
    """Print the objects within RADIUS of POSITION.

    POSITION is right ascension and declination: two numbers in degrees, or hours and degrees such as 16h16m00.2s
    +22d16m04.9s. Put it in quotes if the declination is negative. RADIUS is an angle of at most 5arcmin.

    \b
    Examples:
      atlasquery region "16h16m00.2s +22d16m04.9s" 1arcmin
      atlasquery region "244.0009 22.2680" 10arcsec --format csv
      atlasquery region "10.5 -40.2" 1arcmin
    """
    from atlasquery import ATLAS

    write_table(ATLAS.query_region(" ".join(position), radius, nearest=nearest, details=details), output, table_format)
