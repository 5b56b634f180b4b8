# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Questions that take several requests: one after another, and nothing that was obtained is lost."""

from atlasquery.exceptions import AtlasQueryError, BatchError, LoginError, PermissionDeniedError, RateLimitError

__all__ = ["FATAL_ERRORS", "send_sequentially"]

# These say that no later request can succeed either, and are what a bot must tell apart: they keep their class.
FATAL_ERRORS = (LoginError, PermissionDeniedError, RateLimitError)


def send_sequentially(send, requests, *, results, noun, advance=lambda n: None):
    """Send several requests in turn, up to the first that fails.

    Parameters
    ----------
    send : callable
        Is given what one request asks for, and returns its answer or raises `AtlasQueryError`.
    requests : list of (keys, payload), length n
        What each request is about, a list of ids or indices, and what is sent.
    results : callable
        Is given the answers so far, perhaps none, and returns what the user gets for them.
    noun : str
        What the keys are, in the plural, for the message.
    advance : callable, optional
        Is told the number of keys that are done.

    Returns
    -------
    list, length n
        The answers.

    Raises
    ------
    BatchError
        If a request fails after others succeeded: ``results`` holds what those gave, ``failed`` maps each key that was
        not obtained to the error. An error that ends all work (sign-in, permission, quota), and that of the first
        request, keeps its class; it carries ``results``, too.

    Examples
    --------
    >>> from atlasquery.batches import send_sequentially
    >>> send_sequentially(len, [([0], "one"), ([1], "three")], results=list, noun="words")
    [3, 5]
    """
    answers = []
    for number, (keys, payload) in enumerate(requests):
        try:
            answers.append(send(payload))
            advance(len(keys))
        except AtlasQueryError as error:
            if not answers or isinstance(error, FATAL_ERRORS):
                error.results = results(answers)
                raise
            raise _batch_error(error, results(answers), [left for left, _ in requests[number:]], noun) from None
    return answers


def _batch_error(error, results, keys_left, noun):
    """The error that says where the work ended."""
    left = [key for keys in keys_left for key in keys]
    return BatchError(
        f"{len(left)} {noun} were not obtained, from {left[0]} on: {error.reason}",
        url=error.url,
        hint="What was obtained before is in .results of this error; ask again for the keys of .failed.",
        results=results,
        failed=dict.fromkeys(left, error),
    )
