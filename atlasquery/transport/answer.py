# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What came back: `Answer`, and the reading of its body with an eye on its size."""

from dataclasses import dataclass, field
from typing import NamedTuple

from requests.structures import CaseInsensitiveDict

from atlasquery.exceptions import UnreadableAnswerError

__all__ = ["Answer", "RawAnswer", "read_answer"]

_CHUNK_SIZE = 65536
# Of a page that says what went wrong only the title is wanted.
_MAX_ERROR_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    """A successful answer of the server.

    Parameters
    ----------
    body : bytes
        What it says; hidden from the repr, for a body may hold a token.
    status : int
        The HTTP status, 200 to 299.
    url : str
        What was asked.
    headers : mapping
        The header lines, whatever their case.
    """

    body: bytes = field(repr=False)
    status: int
    url: str
    headers: CaseInsensitiveDict = field(repr=False)


class RawAnswer(NamedTuple):
    """An answer as it came, good or bad."""

    status: int
    headers: CaseInsensitiveDict
    body: bytes

    def __repr__(self):
        return f"<RawAnswer: status {self.status}, {len(self.body)} bytes>"


def read_answer(response, limit):
    """Read a streamed response to its end; refuse a body of more than ``limit`` bytes."""
    headers = CaseInsensitiveDict((k, v) for k, v in response.headers.items() if k.lower() != "set-cookie")
    if not 200 <= response.status_code < 300:
        return RawAnswer(response.status_code, headers, _read_some(response.raw, min(limit, _MAX_ERROR_BYTES)))
    declared = headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    return RawAnswer(response.status_code, headers, _read_all(response.raw, limit))


def _read_all(raw, limit):
    pieces, size = [], 0
    for piece in raw.stream(_CHUNK_SIZE, decode_content=True):
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


def _read_some(raw, limit):
    some = b""
    for piece in raw.stream(_CHUNK_SIZE, decode_content=True):
        some += piece
        if len(some) > limit:
            break
    return some[:limit]


def _too_large(limit):
    return UnreadableAnswerError(
        f"The answer is larger than {limit} bytes; it was not read to its end.",
        hint="Ask for fewer objects or give since=; conf.max_bytes sets the limit.",
    )
