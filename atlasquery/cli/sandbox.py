# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery sandbox``: run a local server."""

from __future__ import annotations

from typing import Any

import click

from atlasquery.cli.command import command
from atlasquery.cli.exit_codes import ExitCode

__all__ = ["sandbox_command"]


@command("sandbox")
@click.option("--port", type=int, help="Port to listen on; by default any free port.")
@click.option("--seed", type=int, help="Seed of the sky.")
@click.option("--n-objects", type=int, help="Number of objects.")
@click.option("--end", help="ISO date of the last exposures; by default last night.")
@click.option(
    "--role",
    type=click.Choice(["reader", "writer", "staff"]),
    default="writer",
    show_default=True,
    help="Whose token the printed lines have.",
)
@click.option("--vintage", type=click.Choice(["new", "old"]), help="Age of the server software.")
def sandbox_command(role: str, **options: Any) -> None:
    """Run a local ATLAS server with a synthetic sky until Ctrl-C, and print how to use it.

    \b
    Example:
      atlasquery sandbox --port 8086
    """
    from atlasquery.sandbox.__main__ import run_sandbox

    if code := run_sandbox({name: value for name, value in options.items() if value is not None}, role=role):
        raise ExitCode(code)
