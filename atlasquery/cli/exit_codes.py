# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Run a command: each error is one line on standard error and a fixed exit code."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from atlasquery.cli.wording import for_command_line

if TYPE_CHECKING:
    from atlasquery.exceptions import WriteError

__all__ = ["EXIT_CODES", "INTERRUPTED", "TERMINATED", "ExitCode", "Terminated", "run"]

EXIT_CODES = {
    0: "success",
    1: "a fault of this program",
    2: "wrong usage, invalid input, or a file that cannot be read or written",
    3: "no token",
    4: "expired token",
    5: "invalid token, or wrong user name or password",
    6: "no permission, or an inactive account",
    7: "rate limit",
    8: "the server cannot be reached, or does not answer in time",
    9: "a fault of the server, or an answer that cannot be read",
    10: "not found",
    11: "partly failed",
    130: "interrupted by Ctrl-C",
    143: "terminated by a signal",
}
# Classes of exceptions and their exit codes; the first that matches applies.
_CODES = (
    ("NoTokenError", 3),
    ("TokenExpiredError", 4),
    ("InactiveUserError", 6),
    ("LoginError", 5),
    ("PermissionDeniedError", 6),
    ("RateLimitError", 7),
    ("ServerUnreachableError", 8),
    ("ServerTimeoutError", 8),
    ("ServerError", 9),
    ("ObjectNotFoundError", 10),
    ("JobError", 11),
    ("BatchError", 11),
    ("WriteError", 11),
    ("InvalidInputError", 2),
    ("UnreadableFileError", 2),
)
INTERRUPTED, TERMINATED = 130, 143


class ExitCode(Exception):
    """Ends a command with an exit code, after its output."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    _replace_missing_streams()
    with _terminated_by_signal():
        try:
            return _run(command, arguments)
        except BrokenPipeError:
            # The reader of the output, such as `head`, has seen enough.
            _discard(sys.stdout)
            return 0


def _replace_missing_streams() -> None:
    """Give a program that was started without its standard streams, as services are, empty ones."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  (until the end of the program)


def _discard(stream: Any) -> None:
    """Let a broken stream lead nowhere: Python would write the rest to it at its end, and complain again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def _terminated_by_signal() -> Iterator[None]:
    """Let SIGTERM, which schedulers send, end a command as Ctrl-C does: with the outcomes so far."""

    def handler(number: int, frame: Any) -> None:
        raise Terminated

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, handler) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)


class Terminated(KeyboardInterrupt):
    """The end of a command by SIGTERM."""


def _run(command: click.Command, arguments: list[str]) -> int:
    try:
        result = command.main(args=arguments, prog_name="atlasquery", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ExitCode as end:
        sys.stdout.flush()
        return _fail(str(end), end.code) if str(end) else end.code
    except click.ClickException as error:
        return _fail(_describe_usage(error), error.exit_code)
    except Terminated:
        return _fail("Terminated.", TERMINATED)
    except (KeyboardInterrupt, click.Abort):
        return _fail("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  (the end of the program)
        if "--debug" in arguments:
            traceback.print_exc()
        return _fail(*_describe(error))


def _fail(message: str, code: int) -> int:
    try:
        click.echo(f"atlasquery: error: {for_command_line(message)}", err=True)
    except (OSError, ValueError):  # it has no reader; the exit code remains
        _discard(sys.stderr)
    return code


def _describe_usage(error: click.ClickException) -> str:
    """Return the message of wrong words, and where to find the right ones."""
    context = getattr(error, "ctx", None)
    place = context.command_path if context else "atlasquery"
    hint = ""
    if isinstance(error, click.NoSuchOption) and re.match(r"-[\d.]", error.option_name):
        hint = f" An argument that begins with a minus sign needs -- before the arguments: {place} -- ..."
    return f"{error.format_message()}{hint} See {place} --help."


def _describe(error: Exception) -> tuple[str, int]:
    """Return message and exit code of an exception."""
    from atlasquery import exceptions

    if isinstance(error, exceptions.WriteError):
        return str(error), _write_code(error)
    for name, code in _CODES:
        if isinstance(error, getattr(exceptions, name)):
            return str(error), code
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}.", 2
    if isinstance(error, ImportError):
        return f"{error} The extras of the package are in its documentation, on the page Installation.", 2
    return f"{type(error).__name__}: {error} This is a fault of this program; --debug shows where.", 1


def _write_code(error: WriteError) -> int:
    """Return the exit code of failed writes: that of the connection if it kept all of them from being done."""
    from atlasquery.exceptions import InvalidInputError, ServerError, UnreadableFileError

    is_done = any(status not in ("not done", "refused") for status in error.results["status"])
    kinds = (ServerError, InvalidInputError, UnreadableFileError)  # the last two are of settings
    if is_done or not isinstance(error.__cause__, kinds):
        return 11
    return _describe(error.__cause__)[1]
