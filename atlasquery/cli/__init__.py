# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The command ``atlasquery``: one file per noun; each uses only what ``atlasquery`` exports."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from atlasquery.cli.exit_codes import EXIT_CODES, INTERRUPTED, TERMINATED, ExitCode, Terminated, run

__all__ = ["atlasquery", "main"]

# Each command and its file, which is loaded when it is used: ``--help`` must not wait for astropy.
_COMMANDS = {
    "login": "login",
    "logout": "login",
    "status": "login",
    "region": "region",
    "object": "object",
    "lc": "light_curve",
    "lists": "lists",
    "list": "lists",
    "crossmatch": "crossmatch",
    "forced": "forced",
    "forced-jobs": "forced",
    "add": "membership",
    "remove": "membership",
    "sandbox": "sandbox",
    "demo": "demo",
}
_EXIT_CODE_HELP = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items()) + "."


class _LazyGroup(click.Group):
    """A group of commands whose files are loaded on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"atlasquery.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        # The imports, options and work of a command; click would print an empty line of its own.
        try:
            return super().invoke(ctx)
        except Terminated:
            raise ExitCode(TERMINATED, "Terminated.") from None
        except KeyboardInterrupt:
            raise ExitCode(INTERRUPTED, "Interrupted.") from None


def _print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from atlasquery import __version__

        click.echo(f"atlasquery {__version__}")
        context.exit()


@click.group(cls=_LazyGroup, epilog=_EXIT_CODE_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Show the version."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def atlasquery(debug: bool) -> None:
    """Query the ATLAS Transient web server.

    The server is that of the environment variable ATLASQUERY_SERVER, else of the configuration. The token is that of
    ATLASQUERY_TOKEN, else of the system keyring.

    \b
    Example:
      atlasquery demo
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(atlasquery, list(sys.argv[1:] if arguments is None else arguments))
