# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Progress bar of a long call, shown by default only in a terminal or a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

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
        if self._show:  # tqdm starts a thread also for a disabled bar
            from tqdm.auto import tqdm

            with self._without_bar_if_closed():
                self._bar = tqdm(total=self._total, desc=self._noun, file=sys.stderr)
                self._bar.set_postfix_str(self._note())
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            with self._without_bar_if_closed():
                self._bar.close()

    def advance(self, n: int) -> None:
        """Add ``n`` finished items."""
        self.done += n
        if self._bar is not None:
            with self._without_bar_if_closed():
                self._bar.set_postfix_str(self._note(), refresh=False)
                self._bar.update(n)

    @contextmanager
    def _without_bar_if_closed(self) -> Iterator[None]:
        """Let the call go on without a bar if standard error cannot be written."""
        try:
            yield
        except OSError:
            if self._bar is not None:
                self._bar.disable = True  # it must not write again when it is deleted
            self._bar = None


def _is_interactive() -> bool:
    return (sys.stderr is not None and sys.stderr.isatty()) or _is_notebook()


def _is_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return type(shell).__name__ == "ZMQInteractiveShell"
