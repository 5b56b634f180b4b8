# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery demo``: the main job, on the sandbox."""

from __future__ import annotations

import click

from atlasquery.cli.command import command
from atlasquery.cli.light_curve import parse_plot, save_plot

__all__ = ["demo_command"]


@command("demo")
@click.option(
    "-o",
    "--output",
    default="at2018cow.png",
    show_default=True,
    type=click.Path(dir_okay=False),
    callback=parse_plot,
    help="File for the plot.",
)
def demo_command(output: str) -> None:
    """Show the light curve of AT2018cow from a local server with a synthetic sky; needs no account and no network.

    \b
    Example:
      atlasquery demo
    """
    from atlasquery.sandbox import Sandbox

    with Sandbox(end="2026-11-01") as sandbox:
        atlas = sandbox.client()
        click.echo(f"A local server is running at {sandbox.url}\n")
        matches = atlas.query_region("16h16m00.22s +22d16m04.9s", "1 arcmin")
        click.echo("\n".join(matches.pformat()))
        light_curve = atlas.get_light_curve(matches["atlas_id"][0], since="2018-05-15")
        click.echo(f"\n{light_curve!r}\n")
        save_plot(light_curve, output)
    click.echo(f"The plot of the light curve is in {output}")
