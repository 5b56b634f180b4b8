# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery lc``: the light curve of an object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from atlasquery.cli.arguments import parse_since
from atlasquery.cli.command import command
from atlasquery.cli.output import output_file, output_options, parse_output, write_table

if TYPE_CHECKING:
    from atlasquery import LightCurve

__all__ = ["lc_command", "parse_plot", "save_plot", "write_light_curve"]


def parse_plot(context: click.Context, parameter: click.Parameter, plot: str | None) -> str | None:
    """Return the name of a file that Matplotlib can write."""
    if plot is not None:
        from matplotlib.backend_bases import FigureCanvasBase

        known = FigureCanvasBase.get_supported_filetypes()
        if Path(plot).suffix.lower().removeprefix(".") not in known:
            raise click.BadParameter(f"the suffix of {plot} must be one of .{', .'.join(sorted(known))}.")
    return parse_output(context, parameter, plot)


@command("lc")
@click.argument("name")
@click.option("--since", help="Start: an ISO date, or a time span before now such as 30d.")
@click.option(
    "--plot", type=click.Path(dir_okay=False), callback=parse_plot, help="File for a plot, such as cow.png or cow.pdf."
)
@output_options
def lc_command(name: str, since: str | None, plot: str | None, output: str | None, table_format: str | None) -> None:
    """Print or save the light curve of an object, given by id or name.

    Files also have the formats of LightCurve.write, by their suffix: .ecsv, .fits, .vot, .parquet, ...

    \b
    Example:
      atlasquery lc 2018cow -o cow.ecsv --plot cow.png
    """
    from atlasquery import ATLAS

    light_curve = ATLAS.get_light_curve(name, since=parse_since(since))
    if plot is not None:
        save_plot(light_curve, plot)
    write_light_curve(light_curve, output, table_format, is_plotted=plot is not None)


def write_light_curve(
    light_curve: LightCurve, output: str | None, table_format: str | None, *, is_plotted: bool
) -> None:
    """Write a light curve to a file, or print it if it is not plotted."""
    suffix = Path(output or "").suffix.lower()
    if output is not None and table_format is None and suffix not in (".csv", ".json"):
        with output_file(output) as path:
            light_curve.write(path, overwrite=True)
    elif output is not None or not is_plotted:
        write_table(light_curve, output, table_format)


def save_plot(light_curve: LightCurve, plot: str) -> None:
    """Draw a light curve into a file."""
    import matplotlib as mpl

    mpl.use("agg")  # needs no screen
    figure = light_curve.plot().get_figure(root=True)
    assert figure is not None
    with output_file(plot) as path:
        figure.savefig(path, dpi=150)
