# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A bar where somebody looks, and not a byte where nobody does."""

import io
import sys
import types

import pytest

from atlasquery.utils.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(**options):
    with Progress(10, "requests", note=lambda: "93 of 100 requests left", **options) as progress:
        for _ in range(5):
            progress.advance(2)
    return progress.done


def test_silence_in_a_pipe(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert run() == 10
    assert sys.stderr.getvalue() == ""


def test_a_bar_in_a_pipe_if_it_is_wanted(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    run(show=True)
    assert "93 of 100 requests left" in sys.stderr.getvalue()


def test_silence_in_a_terminal_if_it_is_not_wanted(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    run(show=False)
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("name", ["ZMQInteractiveShell", "TerminalInteractiveShell"])
def test_a_notebook_is_looked_at_but_a_shell_in_a_pipe_is_not(monkeypatch, name):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    shell = type(name, (), {})()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell, version_info=(9,)))
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=__import__("tqdm").std.tqdm))
    run()
    assert ("93 of 100 requests left" in sys.stderr.getvalue()) == (name == "ZMQInteractiveShell")


def test_with_tqdm_and_without(monkeypatch):
    for without in (False, True):
        monkeypatch.setattr(sys, "stderr", Terminal())
        if without:
            monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        run()
        assert "requests, 93 of 100" in sys.stderr.getvalue() or "93 of 100 requests left" in sys.stderr.getvalue()
        assert "10" in sys.stderr.getvalue()


def test_an_error_passes_through(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(ZeroDivisionError), Progress(3):
        1 / 0  # noqa: B018
