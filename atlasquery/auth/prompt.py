# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Asking the person at the terminal; where there is none, nothing is ever asked."""

import getpass
import sys
import warnings

from atlasquery.exceptions import LoginError
from atlasquery.transport import Password

__all__ = ["ask_password", "ask_username", "is_terminal"]


def is_terminal():
    """Whether somebody can be asked: standard input is a terminal.

    Returns
    -------
    terminal : bool
        A bot's, a pipe's or a notebook's standard input is none.
    """
    return sys.stdin is not None and sys.stdin.isatty()


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
    return _typed(lambda: input(f"User name at {origin}: ").strip(), "user name")


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
        return Password(_typed(lambda: getpass.getpass(f"Password of {username} at {origin}: "), "password"))


def _typed(ask, what):
    problem = f"No {what} was given."
    try:
        if typed := ask():
            return typed
    except EOFError:
        problem = f"The terminal was closed before a {what} was given."
    except getpass.GetPassWarning:
        problem = "This terminal would show the password, so it was not asked for."
    raise LoginError(problem)
