# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Endpoint`: sends payloads to one path of the server and decodes its answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from astropy.table import QTable

from atlasquery import schema
from atlasquery.endpoints.name_cache import NameCache
from atlasquery.exceptions import ObjectNotFoundError

__all__ = ["Answer", "Endpoint", "Payload", "Send"]

Payload = dict[str, Any]


class Answer(Protocol):
    """The attributes of an `~atlasquery.transport.Answer` that are read."""

    @property
    def body(self) -> bytes: ...
    @property
    def status(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def server_time(self) -> float | None: ...


Send = Callable[[str, Payload], Answer]


class Endpoint:
    """One path of the server.

    Parameters
    ----------
    send : callable
        Sends a payload to a path, as ``send(path, payload)``, and returns an `~atlasquery.transport.Answer`.
    make_url : callable
        Returns the URL of a path, for error messages.
    names : `~atlasquery.endpoints.name_cache.NameCache`
        Designations seen in answers; shared by all endpoints of a client.
    """

    path = ""

    def __init__(self, send: Send, make_url: Callable[[str], str], names: NameCache) -> None:
        self._send = send
        self._make_url = make_url
        self._names = names

    @property
    def url(self) -> str:
        """URL of the endpoint."""
        return self._make_url(self.path)

    def _read(self, payload: Payload) -> Any:
        """Send a payload and return the decoded JSON of the answer."""
        answer = self._send(self.path, payload)
        return schema.decode_json(answer.body, url=answer.url)

    def _remember_names(self, table: QTable) -> QTable:
        """Add the designations of a table to the cache, and return the table."""
        self._names.add(zip(table["name"].tolist(), table["atlas_id"].tolist(), strict=True))
        return table

    def _object_not_found(self, object_id: int | str, description: int | str, hint: str) -> ObjectNotFoundError:
        reason = f"The server has no object {description}."
        return ObjectNotFoundError(reason, url=self.url, hint=hint, object_id=object_id)
