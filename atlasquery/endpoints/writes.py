# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints that write, one object a request; most answer with status 201 in every case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from atlasquery import schema
from atlasquery.batches import FATAL_ERRORS
from atlasquery.endpoints import read_back
from atlasquery.endpoints.base import Answer, Payload, Send
from atlasquery.endpoints.outcomes import Outcome, Outcomes
from atlasquery.endpoints.read_back import ReadBack
from atlasquery.exceptions import (
    AtlasQueryError,
    InvalidQueryError,
    ObjectNotFoundError,
    ServerError,
    UnreadableAnswerError,
)
from atlasquery.utils.text import abbreviate, shorten_repr

__all__ = ["WRITES", "WriteEndpoint", "Writer", "describe_request"]

_CREATED = "Row created."
_DUPLICATE = "Duplicate row. Cannot add row."
_MISSING = {"Object does not exist.": "missing object", "Object group ID does not exist.": "missing list"}
# Failures in a row without one of the documented answers: the next write would most likely fail too.
_MAX_FAILURES_IN_A_ROW = 2


@dataclass(frozen=True)
class WriteEndpoint:
    """One endpoint that writes.

    Parameters
    ----------
    path : str
        Path below the root URL.
    outcomes : mapping
        The server's ``info``, or ``""`` for an answer without a body, to the status in the table of outcomes.
    read_back : ReadBack
        How to find out what the server has.
    query : str
        Method of the client that shows it to the user.
    """

    path: str
    outcomes: Mapping[str, str]
    read_back: ReadBack
    query: str

    @property
    def success(self) -> str:
        """Status of a write that was carried out."""
        return next(status for status in self.outcomes.values() if status in ("created", "updated", "removed"))

    def explain_unknown(self, object_id: int, fields: Payload) -> str:
        """Return what to do about an unknown outcome."""
        arguments = f"{object_id}, debug=True" if fields.get("debug") else f"{object_id}"
        call = f"{self.query}({arguments})"
        return f"It is unknown whether the server carried this out. {call} shows it; write again only if it did not."


WRITES = {
    "add_to_list": WriteEndpoint(
        "objectgroups/",
        {**_MISSING, _CREATED: "created", _DUPLICATE: "duplicate"},
        read_back.ON_LIST,
        "query_list_membership",
    ),
    "remove_from_list": WriteEndpoint(
        "objectgroupsdelete/",
        {**_MISSING, "": "removed", "Object group ID does not exist or object ID does not exist.": "absent"},
        read_back.NOT_ON_LIST,
        "query_list_membership",
    ),
    "set_detection_list": WriteEndpoint(
        "objectdetectionlist/",
        {**_MISSING, _CREATED: "updated", "Error updating row.": "refused"},
        read_back.IN_DETECTION_LIST,
        "query_object",
    ),
    # A duplicate of a score or rank is the server's word for any row that its database rejected.
    "write_vra_score": WriteEndpoint(
        "vrascores/",
        {**_MISSING, _CREATED: "created", _DUPLICATE: "refused"},
        read_back.SCORED,
        "query_vra_scores",
    ),
    "write_vra_rank": WriteEndpoint(
        "vrarank/",
        {**_MISSING, _CREATED: "updated", _DUPLICATE: "refused"},
        read_back.RANKED,
        "query_vra_ranks",
    ),
    "add_vra_todo": WriteEndpoint(
        "vratodo/",
        {**_MISSING, _CREATED: "created", _DUPLICATE: "duplicate"},
        read_back.ON_TODO_LIST,
        "query_vra_todo",
    ),
}


def describe_request(endpoint: WriteEndpoint, payload: Payload) -> str:
    """Return what a dry run shows of a request."""
    return f"POST {endpoint.path}: " + ", ".join(f"{name}={value}" for name, value in payload.items())


class Writer:
    """Sends writes, one after another.

    Parameters
    ----------
    send : callable
        Sends a payload to a path, once, as ``send(path, payload)``, and returns an `~atlasquery.transport.Answer`.
    make_url : callable
        Returns the URL of a path.
    """

    def __init__(self, send: Send, make_url: Callable[[str], str]) -> None:
        self._send = send
        self.make_url = make_url

    def write_all(
        self, endpoint: WriteEndpoint, outcomes: Outcomes, fields: Payload, advance: Callable[[int], None]
    ) -> None:
        """Write for each id of ``outcomes``, and set its outcome there.

        Errors of sign-in, permission and quota are raised: no later write can succeed. After two failures in a row, or
        without a connection, the remaining ids get the status ``not done``.
        """
        n_failures = 0
        for object_id in outcomes.ids:
            outcomes.start(object_id)
            outcomes[object_id] = outcome = self._write(endpoint, object_id, fields)
            advance(1)
            if outcome.status == "missing list":  # it is missing for each object
                outcomes.fill(outcome)
                return
            n_failures = 0 if outcome.is_documented else n_failures + 1
            if outcome.status == "not done" or n_failures == _MAX_FAILURES_IN_A_ROW:
                outcomes.stopped_by = outcome.error
                outcomes.fill(Outcome("not done", f"Not sent: the call stopped at object {object_id}."))
                return

    def _write(self, endpoint: WriteEndpoint, object_id: int, fields: Payload) -> Outcome:
        try:
            answer = self._send(endpoint.path, {"objectid": object_id, **fields})
            return self._read_outcome(endpoint, object_id, _read_info(answer))
        except FATAL_ERRORS:
            raise
        except AtlasQueryError as error:
            return self._failed_outcome(endpoint, object_id, fields, error)

    def _read_outcome(self, endpoint: WriteEndpoint, object_id: int, info: str) -> Outcome:
        """Return the outcome that the server's ``info`` means; an error where it is not documented."""
        if info not in endpoint.outcomes:
            reason = f"The answer must hold a known outcome, got {abbreviate(info) if info else 'an empty answer'}."
            raise UnreadableAnswerError(reason, url=self.make_url(endpoint.path), record=endpoint.path)
        status = endpoint.outcomes[info]
        return Outcome(status, info, self._make_error(endpoint, object_id, status, info), is_documented=True)

    def _make_error(self, endpoint: WriteEndpoint, object_id: int, status: str, info: str) -> AtlasQueryError | None:
        url = self.make_url(endpoint.path)
        if status == "missing object":
            return ObjectNotFoundError(f"The server has no object {object_id}.", url=url, object_id=object_id)
        if status in ("missing list", "refused"):
            reason = f"The server rejected the write for object {object_id}: {info}"
            return InvalidQueryError(reason, url=url, fields={"info": info})
        return None

    def _failed_outcome(
        self, endpoint: WriteEndpoint, object_id: int, fields: Payload, error: AtlasQueryError
    ) -> Outcome:
        """Return the outcome of a request without a usable answer."""
        if isinstance(error, InvalidQueryError):  # status 400, which a removal also has for documented outcomes
            info = error.fields.get("info", "")
            if info and info in endpoint.outcomes:
                return self._read_outcome(endpoint, object_id, info)
            return Outcome("refused", error.reason, error)
        if isinstance(error, ServerError) and error.is_outcome_unknown:
            return Outcome("unknown", f"{error.reason} {endpoint.explain_unknown(object_id, fields)}", error)
        was_sent = isinstance(error, ServerError) and error.request_sent
        return Outcome("refused" if was_sent else "not done", error.reason, error)


def _read_info(answer: Answer) -> str:
    """Return the member ``info`` of an answer, ``""`` for an answer without a body."""
    if answer.status == 204:
        return ""
    document: Any = schema.decode_json(answer.body, url=answer.url)
    info = document.get("info") if isinstance(document, dict) else None
    if not isinstance(info, str) or not info:
        reason = f"The answer must be an object with `info`, got {shorten_repr(document)}."
        raise UnreadableAnswerError(reason, url=answer.url)
    return info
