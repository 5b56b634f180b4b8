# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Prompts for user name and password, at a terminal or in a notebook only."""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Callable

from atlasquery.exceptions import LoginError
from atlasquery.transport import Password

__all__ = ["ask_password", "ask_username", "can_prompt"]


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


def _read_input(ask: Callable[[], str], noun: str) -> str:
    problem = f"No {noun} was entered."
    try:
        if text := ask():
            return text
    except EOFError:
        problem = f"The input ended before a {noun} was entered."
    except getpass.GetPassWarning:
        problem = "The password was not requested: this terminal would show it."
    raise LoginError(problem)
