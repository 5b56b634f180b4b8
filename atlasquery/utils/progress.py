# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Progress bar of a long call, shown by default only in a terminal or a notebook."""

import sys

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

    def __init__(self, total, noun="objects", *, show=None, note=lambda: ""):
        self._show = _is_interactive() if show is None else bool(show)
        self._total, self._noun, self._note = total, noun, note
        self.done = 0

    def __enter__(self):
        self._bar = self._make_bar() if self._show else None
        return self

    def __exit__(self, *exception):
        if self._bar is not None:
            self._bar.close()

    def advance(self, n):
        """Add ``n`` finished items."""
        self.done += n
        if self._bar is not None:
            self._bar.set_postfix_str(self._note(), refresh=False)
            self._bar.update(n)

    def _make_bar(self):
        from tqdm.auto import tqdm  # also a disabled bar starts a thread

        bar = tqdm(total=self._total, desc=self._noun, file=sys.stderr)
        bar.set_postfix_str(self._note())
        return bar


def _is_interactive():
    return sys.stderr.isatty() or _is_notebook()


def _is_notebook():
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return type(shell).__name__ == "ZMQInteractiveShell"
