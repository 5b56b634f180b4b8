# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A bar that shows how far a long call is, where somebody is looking: a terminal or a notebook."""

import sys

__all__ = ["Progress"]


class Progress:
    """Progress of one call, with a note beside the bar.

    tqdm draws it if it is installed, else astropy.

    Parameters
    ----------
    total : int
        How many there are in all.
    noun : str
        What they are, in the plural.
    show : bool or None
        `None` shows it in a terminal or a notebook, and not in a bot or when the output is piped.
    note : callable
        Returns a short text, such as how much of the quota is left.

    Examples
    --------
    >>> from atlasquery.utils.progress import Progress
    >>> with Progress(10, show=False) as progress:
    ...     progress.advance(3)
    >>> progress.done
    3
    """

    def __init__(self, total, noun="objects", *, show=None, note=lambda: ""):
        self._total, self._noun = total, noun
        self._show = _is_interactive() if show is None else bool(show)
        self._note = note
        self.done = 0

    def __enter__(self):
        self._bar = _bar(self._total, self._noun, self._note()) if self._show else None
        return self

    def __exit__(self, *exception):
        if self._bar is not None:
            self._bar.__exit__(*exception)

    def advance(self, n):
        """Move on by so many."""
        self.done += n
        if self._bar is not None:
            self._bar.update(self.done, self._note())


def _is_interactive():
    return sys.stderr.isatty() or _is_notebook()


def _is_notebook():
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def _bar(*arguments):
    try:
        return _TqdmBar(*arguments)
    except ImportError:
        return _AstropyBar(*arguments)


class _TqdmBar:
    def __init__(self, total, noun, note):
        from tqdm.auto import tqdm

        self._bar = tqdm(total=total, desc=noun, file=sys.stderr)
        self._bar.set_postfix_str(note)

    def update(self, done, note):
        self._bar.set_postfix_str(note, refresh=False)
        self._bar.update(done - self._bar.n)

    def __exit__(self, *exception):
        self._bar.close()


class _AstropyBar:
    def __init__(self, total, noun, note):
        from astropy.utils.console import ProgressBarOrSpinner

        self._bar = ProgressBarOrSpinner(total, f"{noun}, {note}" if note else noun, file=sys.stderr)
        self._bar.__enter__()

    def update(self, done, note):
        self._bar.update(done)

    def __exit__(self, *exception):
        self._bar.__exit__(*exception)
