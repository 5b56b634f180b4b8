# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Prompts appear at a terminal or in a notebook only."""

import getpass
import sys
import traceback
from types import SimpleNamespace

import pytest

from atlasquery.auth.prompt import ask_password, ask_username, can_prompt
from atlasquery.exceptions import LoginError


@pytest.fixture
def inside(monkeypatch):
    """Simulate IPython with a kernel, or without one as in a terminal."""

    def set_kernel(**attributes):
        shell = SimpleNamespace(**attributes)
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    return set_kernel


@pytest.mark.parametrize("takes_input", [True, False])
def test_notebook_prompts_if_its_front_end_accepts_input(inside, takes_input):
    inside(kernel=SimpleNamespace(_allow_stdin=takes_input))
    assert can_prompt() is takes_input


def test_ipython_without_a_kernel_depends_on_standard_input(inside):
    inside()
    assert not can_prompt()


def test_ipython_only_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert not can_prompt()


def test_no_prompt_without_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert not can_prompt()


def test_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert can_prompt()


@pytest.mark.parametrize("secret", [b"geh\xe9im", None])
def test_password_of_another_encoding(monkeypatch, secret):
    """Python decodes it as UTF-8, or keeps it as lone surrogates; neither is shown."""

    def type_bytes(prompt):
        return secret.decode("utf-8") if secret else "geh\udce9im"

    monkeypatch.setattr(getpass, "getpass", type_bytes)
    with pytest.raises(LoginError, match=r"The password cannot be read: the encoding of the terminal.*UTF-8") as raised:
        ask_password("reader", "https://example.org")
    error = raised.value
    assert error.__context__ is error.__cause__ is None
    assert "geh" not in "".join(traceback.format_exception(error))


def test_user_name_of_another_encoding(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: b"\xe9".decode("utf-8"))
    with pytest.raises(LoginError, match="The user name cannot be read"):
        ask_username("https://example.org")
