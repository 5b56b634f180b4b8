# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Asking the person at the terminal or the notebook; where there is nobody, nothing is ever asked."""

import getpass
import sys
import warnings

from atlasquery.exceptions import LoginError
from atlasquery.transport import Password

__all__ = ["ask_password", "ask_username", "can_prompt"]


def can_prompt():
    """Whether somebody can be asked: at a terminal, or in a notebook whose front end takes input.

    Returns
    -------
    terminal : bool
        `False` for a bot, a pipe, or a notebook that is executed without anybody before it.
    """
    return (sys.stdin is not None and sys.stdin.isatty()) or _notebook_takes_input()


def _notebook_takes_input():
    """What a Jupyter kernel was told with the cell that runs; it then takes the place of `input` and `getpass`."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


def ask_username(origin):
    """Ask for the user name.

    Parameters
    ----------
    origin : str
        The server it is for.

    Returns
    -------
    username : str
        What was typed.

    Raises
    ------
    LoginError
        If nothing was.
    """
    return _read_input(lambda: input(f"User name at {origin}: ").strip(), "user name")


def ask_password(username, origin):
    """Ask for the password, without showing it.

    Parameters
    ----------
    username : str
        Whose.
    origin : str
        The server it is for.

    Returns
    -------
    password : Password
        What was typed.

    Raises
    ------
    LoginError
        If nothing was, or the terminal would show it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        return Password(_read_input(lambda: getpass.getpass(f"Password of {username} at {origin}: "), "password"))


def _read_input(ask, what):
    problem = f"No {what} was given."
    try:
        if typed := ask():
            return typed
    except EOFError:
        problem = f"The terminal was closed before a {what} was given."
    except getpass.GetPassWarning:
        problem = "This terminal would show the password, so it was not asked for."
    raise LoginError(problem)
