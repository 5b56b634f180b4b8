# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Several requests one after another, with partial results in the error if one fails."""

from contextlib import contextmanager

from atlasquery.batches.interruption import Partial, carry_results
from atlasquery.exceptions import AtlasQueryError, BatchError, LoginError, PermissionDeniedError, RateLimitError

__all__ = ["FATAL_ERRORS", "attach_results", "send_sequentially"]

# No later request can succeed after these, and a bot must distinguish them: they keep their class.
FATAL_ERRORS = (LoginError, PermissionDeniedError, RateLimitError)


@contextmanager
def attach_results(make_results, errors=AtlasQueryError):
    """Set ``results`` of an error raised in the block to ``make_results(error)``."""
    try:
        yield
    except errors as error:
        error.results = make_results(error)
        raise


def send_sequentially(send, requests, *, results, noun, advance=lambda n: None):
    """Send several requests in turn, up to the first that fails.

    Parameters
    ----------
    send : callable
        Sends one payload and returns its decoded answer, or raises `AtlasQueryError`.
    requests : list of (keys, payload), length n
        The ids or indices that a request is about, and its payload.
    results : callable
        Makes the user's result from the answers so far, which may be none.
    noun : str
        Plural noun of the keys, for the message.
    advance : callable, optional
        Called with the number of finished keys after each request.

    Returns
    -------
    list, length n
        The answers.

    Raises
    ------
    BatchError
        If a request fails after others succeeded: ``results`` is made from those, ``failed`` maps each remaining key
        to the error. A fatal error (sign-in, permission, quota) and that of the first request keep their class, and
        have ``results`` too.
    """
    answers = []
    with carry_results(lambda: _describe(answers, requests, results, noun)):
        for number, (keys, payload) in enumerate(requests):
            try:
                answers.append(send(payload))
                advance(len(keys))
            except AtlasQueryError as error:
                error.results = results(answers)
                if not answers or isinstance(error, FATAL_ERRORS):
                    raise
                raise _batch_error(error, [keys for keys, _ in requests[number:]], noun) from None
    return answers


def _describe(answers, requests, results, noun):
    """Return the results so far, for an exception from outside."""
    remaining = [key for keys, _ in requests[len(answers) :] for key in keys]
    hint = f"`results` of this exception has what was found so far; {len(remaining)} {noun} are in `failed`."
    return Partial(results(answers), (), remaining, hint)


def _batch_error(error, remaining_keys, noun):
    failed = [key for keys in remaining_keys for key in keys]
    return BatchError(
        f"{len(failed)} {noun} were not downloaded, from {failed[0]} on: {error.reason}",
        url=error.url,
        hint="The results so far are in .results of this error; the keys of .failed can be requested again.",
        results=error.results,
        failed=dict.fromkeys(failed, error),
    )
