# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Progress bar of a long call, shown by default only in a terminal or a notebook."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from atlasquery.utils.signal_handlers import handler_codes, is_from_signal_handler

__all__ = ["Progress"]


class Progress:
    """Progress bar of one call, with a note after the bar.

    Parameters
    ----------
    total : int
        Number of items of the whole call.
    noun : str
        Plural noun of the items.
    show : bool or None
        Whether to show the bar; `None` shows it in a terminal or a notebook.
    note : callable
        Returns a short text, such as the remaining quota.
    """

    def __init__(
        self, total: int, noun: str = "objects", *, show: bool | None = None, note: Callable[[], str] = lambda: ""
    ) -> None:
        self._show = _is_interactive() if show is None else bool(show)
        self._total, self._noun, self._note = total, noun, note
        self._bar: Any = None
        self.done = 0

    def __enter__(self) -> Self:
        if self._show and sys.stderr is not None:
            with self._without_bar_if_broken():
                self._bar = _make_bar(self._total, self._noun)
                self._bar.set_postfix_str(self._note())
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            with self._without_bar_if_broken():
                self._bar.close()

    def advance(self, n: int) -> None:
        """Add ``n`` finished items."""
        self.done += n
        if self._bar is not None:
            with self._without_bar_if_broken():
                self._bar.set_postfix_str(self._note(), refresh=False)
                self._bar.update(n)

    @contextmanager
    def _without_bar_if_broken(self) -> Iterator[None]:
        """Let the call go on without a bar if its stream cannot be written to, or a closed one."""
        handlers = handler_codes()
        try:
            yield
        except Exception as error:
            if is_from_signal_handler(error, handlers):
                raise
            if self._bar is not None:
                self._bar.disable = True  # it must not write again when it is deleted
            self._bar = None


def _make_bar(total: int, noun: str) -> Any:
    """Return the bar of a notebook where its widgets work, else one of text."""
    # `tqdm.auto` warns in a notebook without widgets, and would show the text as an error.
    if _is_notebook() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm

        return _without_monitor(tqdm)(total=total, desc=noun)
    from tqdm.std import tqdm

    return _without_monitor(tqdm)(total=total, desc=noun, file=sys.stdout if _is_notebook() else sys.stderr)


def _without_monitor(bar_class: Any) -> Any:
    """Return a class of bars that starts no thread."""
    return type("ProgressBar", (bar_class,), {"monitor_interval": 0})


def _is_interactive() -> bool:
    return _is_terminal() or _is_notebook()


def _is_terminal() -> bool:
    """Return whether standard error is a terminal; it may be missing, closed, or replaced by any object."""
    try:
        return bool(sys.stderr.isatty())
    except (AttributeError, ValueError, OSError):
        return False


def _is_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return type(shell).__name__ == "ZMQInteractiveShell"
