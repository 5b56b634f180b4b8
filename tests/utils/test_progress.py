# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The progress bar is shown in a terminal or a notebook, and nowhere else."""

import importlib.util
import io
import signal
import sys
import threading
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


@pytest.fixture
def set_shell(monkeypatch):
    """Pretend that a shell of IPython runs, with or without the widgets of notebooks."""

    def set_shell(name, *, has_widgets):
        shell = type(name, (), {})()
        monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell, version_info=(9,)))
        monkeypatch.setitem(sys.modules, "ipywidgets", types.SimpleNamespace(__spec__=True) if has_widgets else None)
        find_spec = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: has_widgets or None if name == "ipywidgets" else find_spec(name)
        )
        monkeypatch.setattr(sys, "stderr", io.StringIO())
        monkeypatch.setattr(sys, "stdout", io.StringIO())

    return set_shell


def test_a_shell_in_a_pipe_shows_no_bar(set_shell):
    set_shell("TerminalInteractiveShell", has_widgets=False)
    run()
    assert sys.stderr.getvalue() == sys.stdout.getvalue() == ""


def test_a_notebook_without_widgets_shows_a_bar_that_is_no_error(set_shell):
    """Text on standard error is red there."""
    set_shell("ZMQInteractiveShell", has_widgets=False)
    run()
    assert "93 of 100 requests left" in sys.stdout.getvalue()
    assert sys.stderr.getvalue() == ""


def test_a_notebook_with_widgets_shows_a_widget(set_shell, monkeypatch):
    made = []

    class Widget(tqdm.std.tqdm):
        def __init__(self, **options):
            made.append(options)
            super().__init__(**options, file=io.StringIO())

    monkeypatch.setitem(sys.modules, "tqdm.notebook", types.SimpleNamespace(tqdm=Widget))
    set_shell("ZMQInteractiveShell", has_widgets=True)
    run()
    assert made == [{"total": 10, "desc": "requests"}]
    assert sys.stdout.getvalue() == ""


def test_a_bar_starts_no_thread(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    before = threading.active_count()
    with Progress(3) as bar:
        bar.advance(1)
        assert threading.active_count() == before


class Detached:
    """A stream without most methods, as services and windows have."""


class ClosedFile(io.StringIO):
    def __init__(self):
        super().__init__()
        self.close()


@pytest.mark.parametrize("stream", [None, Detached(), ClosedFile()], ids=["None", "no isatty", "closed"])
@pytest.mark.parametrize("show", [None, True])
def test_any_standard_error(monkeypatch, stream, show):
    monkeypatch.setattr(sys, "stderr", stream)
    assert run(show=show) == 10


def test_an_exception_of_the_signal_handler_of_the_user_passes_through(monkeypatch):
    class Slow(Terminal):
        def write(self, text):
            if "1/3" in text:
                signal.raise_signal(signal.SIGTERM)
            return super().write(text)

    def handler(number, frame):
        raise TimeoutError("enough")

    monkeypatch.setattr(sys, "stderr", Slow())
    before = signal.signal(signal.SIGTERM, handler)
    try:
        with pytest.raises(TimeoutError, match="enough"), Progress(3) as bar:
            bar.advance(1)
    finally:
        signal.signal(signal.SIGTERM, before)


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
