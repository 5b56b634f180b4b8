# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tokens that are available without a prompt: environment and keyring."""

from __future__ import annotations

import os

from atlasquery.auth.credential import Credential
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.exceptions import AtlasQueryError
from atlasquery.transport import ServerURL, Service, Token

__all__ = ["token_from_environment", "token_from_keyring"]


def token_from_environment(service: Service, origin: str) -> tuple[Credential | None, str | None]:
    """Return the token of the service's environment variable for a server, and why there is none.

    The token is for the server of the service's other variable, else for the default server, and for no other.
    """
    if not (text := os.environ.get(service.token_variable)):
        return None, "is not set"
    try:
        root = os.environ.get(service.server_variable, service.default_root)
        token_origin = ServerURL.parse(root, service.server_variable).origin
    except AtlasQueryError as error:
        return None, f"is set, but {service.server_variable} is invalid: {error.reason.rstrip('.')}"
    if token_origin != origin:
        return None, f"is set, but for {token_origin}; {service.server_variable} names the server that it is for"
    try:
        return Credential(Token(text.strip()), "environment"), None
    except AtlasQueryError as error:
        return None, f"is set, but invalid: {error.reason.rstrip('.')}"


def token_from_keyring(service: Service, origin: str) -> tuple[Credential | None, str | None]:
    """Return the token that the system keyring has for a server, also an expired one, and why there is none."""
    entry = KeyringStorage(service.name, origin).read()
    if entry.token is None:
        return None, entry.problem
    return Credential(entry.token, "keyring", entry.expires), None
