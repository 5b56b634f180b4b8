# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`command`: decorator of each command; its warnings are lines on standard error."""

from __future__ import annotations

import logging
import warnings
from functools import partial
from typing import Any

import click

from atlasquery.cli.wording import for_command_line

__all__ = ["command"]


class _Command(click.Command):
    """A command that prepares the display of warnings only when it runs, not for ``--help``."""

    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            _show_warnings_as_lines()
            logging.basicConfig(format="atlasquery: %(message)s")
            return super().invoke(ctx)


command = partial(click.command, cls=_Command)


def _show_warnings_as_lines() -> None:
    # astropy and astroquery replace this function when they are imported, and would show warnings by their loggers.
    from astropy.utils.exceptions import AstropyUserWarning

    from atlasquery import ATLAS  # noqa: F401

    warnings.showwarning = _show_warning  # type: ignore[assignment]
    warnings.simplefilter("always", AstropyUserWarning)


def _show_warning(message: Any, category: type[Warning], filename: str, lineno: int, *arguments: Any) -> None:
    click.echo(f"atlasquery: warning: {for_command_line(str(message))}", err=True)
