# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`carry_results`: an exception from outside, such as that of Ctrl-C, does not lose what was downloaded."""

from contextlib import contextmanager
from typing import Any, NamedTuple

from atlasquery.exceptions import AtlasQueryError

__all__ = ["Partial", "carry_results"]


class Partial(NamedTuple):
    """Results so far, keys that the server does not know, keys without a result, and what to do next."""

    results: Any
    missing: tuple
    remaining: list
    hint: str


@contextmanager
def carry_results(describe):
    """Set ``results``, ``missing`` and ``failed``, as a `BatchError` has them, on an exception of another package.

    That of Ctrl-C gets a message, others a note. ``describe()`` returns a `Partial`, or None if nothing was begun.
    """
    try:
        yield
    except (AtlasQueryError, GeneratorExit):  # these have their results, or need none
        raise
    except BaseException as error:
        _attach(error, describe)
        raise


def _attach(error, describe):
    try:
        partial = describe()
    except Exception as other:  # noqa: BLE001  (the first exception counts; the second is its note)
        error.add_note(f"The results so far cannot be returned: {type(other).__name__}: {other}")
        return
    if partial is None or hasattr(error, "results"):
        return
    error.results, error.missing = partial.results, partial.missing
    error.failed = dict.fromkeys(partial.remaining, error)
    if isinstance(error, KeyboardInterrupt) and not error.args:
        error.args = (partial.hint,)
    else:
        error.add_note(partial.hint)
