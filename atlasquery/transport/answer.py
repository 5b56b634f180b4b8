# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Answer`, and reading the body of a response up to a maximum size."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import requests
from requests.structures import CaseInsensitiveDict

from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.transport.retry_after import parse_http_date

__all__ = ["Answer", "RawAnswer", "read_answer"]

_CHUNK_SIZE = 65536
# Of an error page only the title is used.
_MAX_ERROR_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    """A checked HTTP response.

    Parameters
    ----------
    body : bytes
        The body; hidden from the repr, as it may contain a token.
    status : int
        HTTP status: 200 to 299, or 304 where the request had ``If-None-Match``.
    url : str
        URL of the request.
    headers : mapping
        Headers, case-insensitive.
    """

    body: bytes = field(repr=False)
    status: int
    url: str
    headers: CaseInsensitiveDict[str] = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text; invalid UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def server_time(self) -> float | None:
        """The server's time of the answer in seconds since 1970, to a second; `None` if it is not sent."""
        date = parse_http_date(self.headers.get("Date", ""))
        return None if date is None else date.timestamp()

    def json(self) -> Any:
        """Return the decoded JSON of the body, or raise `UnreadableAnswerError`."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            # Not chained: the frames of the decoder hold the body.
            error = UnreadableAnswerError("The answer must be JSON, but cannot be decoded.", url=self.url)
        raise error


class RawAnswer(NamedTuple):
    """A response as received, before any check."""

    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes

    def __repr__(self) -> str:
        return f"<RawAnswer: status {self.status}, {len(self.body)} bytes>"


def read_answer(response: requests.Response, limit: int) -> RawAnswer:
    """Read a streamed response; reject a body of more than ``limit`` bytes."""
    headers = CaseInsensitiveDict({k: v for k, v in response.headers.items() if k.lower() != "set-cookie"})
    if not 200 <= response.status_code < 300:
        return RawAnswer(response.status_code, headers, _read_start(response.raw, min(limit, _MAX_ERROR_BYTES)))
    declared = headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    return RawAnswer(response.status_code, headers, _read_all(response.raw, limit))


def _read_all(raw: Any, limit: int) -> bytes:
    chunks, size = [], 0
    for chunk in raw.stream(_CHUNK_SIZE, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def _read_start(raw: Any, limit: int) -> bytes:
    start = b""
    for chunk in raw.stream(_CHUNK_SIZE, decode_content=True):
        start += chunk
        if len(start) > limit:
            break
    return start[:limit]


def _too_large(limit: int) -> UnreadableAnswerError:
    return UnreadableAnswerError(
        f"The answer must be at most {limit} bytes, but is larger; the rest was not read.",
        hint="Request fewer objects or pass `since`; conf.max_bytes sets the limit.",
    )
