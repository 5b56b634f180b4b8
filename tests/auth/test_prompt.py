# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Prompts appear at a terminal or in a notebook only."""

import sys
from types import SimpleNamespace

import pytest

from atlasquery.auth.prompt import can_prompt


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
