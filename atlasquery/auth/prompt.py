# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Prompts for user name and password, at a terminal or in a notebook only."""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Callable

from atlasquery.exceptions import LoginError
from atlasquery.transport import Password
from atlasquery.utils.text import is_encodable

__all__ = ["ask_password", "ask_username", "can_prompt", "show_line"]


def can_prompt() -> bool:
    """Return whether standard input is a terminal or a notebook that accepts input; False for bots and pipes."""
    return (sys.stdin is not None and sys.stdin.isatty()) or _notebook_accepts_input()


def _notebook_accepts_input() -> bool:
    """Return whether the front end sends input to the Jupyter kernel, which then replaces `input` and `getpass`."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


def ask_username(origin: str) -> str:
    """Prompt for the user name at a server; `LoginError` if none is entered."""
    return _read_input(lambda: input(f"User name at {origin}: ").strip(), "user name")


def ask_password(username: str, origin: str) -> Password:
    """Prompt for the password, without echo; `LoginError` if none is entered, or the terminal would show it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        return Password(_read_input(lambda: getpass.getpass(f"Password of {username} at {origin}: "), "password"))


def show_line(text: str) -> None:
    """Show a line at the terminal or in the notebook."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _read_input(ask: Callable[[], str], noun: str) -> str:
    problem = f"No {noun} was entered."
    try:
        text = ask()
        if text and is_encodable(text):
            return text
        problem = _undecodable(noun) if text else problem
    except EOFError:
        problem = f"The input ended before a {noun} was entered."
    except UnicodeError:  # not chained: it holds what was entered
        problem = _undecodable(noun)
    except getpass.GetPassWarning:
        problem = "The password was not requested: this terminal would show it."
    raise LoginError(problem)


def _undecodable(noun: str) -> str:
    encoding = getattr(sys.stdin, "encoding", None) or "that of Python"
    return (
        f"The {noun} cannot be read: the encoding of the terminal is not {encoding}. Set the same for both, such as "
        "UTF-8 in the terminal and PYTHONUTF8=1 in the environment."
    )
