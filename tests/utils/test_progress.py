# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The progress bar is shown in a terminal or a notebook, and nowhere else."""

import io
import sys
import types

import pytest
import tqdm

from atlasquery.utils.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(**options):
    with Progress(10, "requests", note=lambda: "93 of 100 requests left", **options) as progress:
        for _ in range(5):
            progress.advance(2)
    return progress.done


def test_a_pipe_shows_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert run() == 10
    assert sys.stderr.getvalue() == ""


def test_show_true_shows_a_bar_in_a_pipe(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    run(show=True)
    assert "93 of 100 requests left" in sys.stderr.getvalue()


def test_a_terminal_shows_a_bar_with_noun_number_and_note(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert run() == 10
    for text in ("requests", "10/10", "93 of 100 requests left"):
        assert text in sys.stderr.getvalue()


def test_show_false_shows_no_bar_in_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert run(show=False) == 10
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("name", ["ZMQInteractiveShell", "TerminalInteractiveShell"])
def test_a_notebook_shows_a_bar_but_a_shell_in_a_pipe_does_not(monkeypatch, name):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    shell = type(name, (), {})()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell, version_info=(9,)))
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=tqdm.std.tqdm))
    run()
    assert ("93 of 100 requests left" in sys.stderr.getvalue()) == (name == "ZMQInteractiveShell")


def test_an_error_passes_through(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(ZeroDivisionError), Progress(3):
        1 / 0  # noqa: B018


def test_a_closed_standard_error_does_not_end_the_call(monkeypatch):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    for stream in (None, Closed()):
        monkeypatch.setattr(sys, "stderr", stream)
        with Progress(3, show=None if stream is None else True) as bar:
            bar.advance(1)
            bar.advance(2)
        assert bar.done == 3
