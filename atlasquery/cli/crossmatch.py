# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery crossmatch``: a catalogue in a file, matched with the objects of the server."""

from __future__ import annotations

import re
import warnings
from typing import Any

import click

from atlasquery.cli.command import command
from atlasquery.cli.exit_codes import ExitCode
from atlasquery.cli.output import output_options, write_table

__all__ = ["crossmatch_command"]

# Names of columns of right ascension and declination that common catalogues have.
_POSITION_NAME = re.compile(r"_?(?:s_)?(?:ra|dec?)[_.]?(?:icrs|j2000|deg|d|mean)?", re.IGNORECASE)


@command("crossmatch")
@click.argument("catalogue", type=click.Path(exists=True, dir_okay=False))
@click.argument("radius")
@click.option("--nearest", is_flag=True, help="Only the nearest object of each row.")
@click.option("--join", type=click.Choice(["inner", "left"]), default="inner", help="left keeps rows without a match.")
@click.option("--list", "lists", multiple=True, help="Match with the objects of this list only; can be repeated.")
@output_options
def crossmatch_command(
    catalogue: str,
    radius: str,
    nearest: bool,
    join: str,
    lists: tuple[str, ...],
    output: str | None,
    table_format: str | None,
) -> None:
    """Match the rows of CATALOGUE with the objects within RADIUS.

    CATALOGUE is a file that astropy reads, such as FITS, VOTable, ECSV or CSV. Its positions are in columns named ra
    and dec, or RA_ICRS and DE_ICRS, RAJ2000 and DEJ2000, ...; without a unit they are taken as degrees.

    \b
    Example:
      atlasquery crossmatch catalogue.fits 2arcsec -o matches.ecsv
    """
    from atlasquery import ATLAS

    options: dict[str, Any] = {"nearest": nearest, "join": join, "lists": list(lists) or None}
    write_table(ATLAS.crossmatch(_read_catalogue(catalogue), radius, **options), output, table_format)


def _with_degrees(table: Any) -> Any:
    """Give columns of positions without a unit, as CSV files have, the unit degrees, with a warning."""
    from astropy.utils.exceptions import AstropyUserWarning

    names = [name for name in table.colnames if _POSITION_NAME.fullmatch(name) and _is_bare_float(table[name])]
    for name in names:
        table[name].unit = "deg"
    if names:
        text = f"The columns {', '.join(names)} have no unit; they are taken as degrees."
        warnings.warn(text, AstropyUserWarning, stacklevel=2)
    return type(table)(table)  # columns with a unit become quantities


def _is_bare_float(column: Any) -> bool:
    return getattr(column, "unit", None) is None and getattr(getattr(column, "dtype", None), "kind", None) == "f"


def _read_catalogue(path: str) -> Any:
    from astropy.table import QTable

    try:
        return _with_degrees(QTable.read(path))
    except Exception as error:
        reason = str(error).partition("The available formats")[0]  # a table follows
        raise ExitCode(2, f"Cannot read {path} as a table: {reason}") from error
