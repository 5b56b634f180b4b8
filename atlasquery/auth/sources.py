# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Where a token may be found without asking anybody: the environment and the keyring."""

import os

from atlasquery.auth.credential import Credential
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.config import DEFAULT_SERVER
from atlasquery.exceptions import AtlasQueryError
from atlasquery.transport import Token, origin

__all__ = ["token_from_environment", "token_from_keyring"]

_TOKEN = "ATLASQUERY_TOKEN"
_SERVER = "ATLASQUERY_SERVER"


def token_from_environment(here):
    """The token of the environment variable ``ATLASQUERY_TOKEN``.

    It is meant for the server that ``ATLASQUERY_SERVER`` names, else for the default server, and for no other.

    Parameters
    ----------
    here : str
        Scheme, host and port of the server that is to be asked.

    Returns
    -------
    held : Held or None
        The token.
    why : str or None
        Why there is none.
    """
    if not os.environ.get(_TOKEN):
        return None, "is not set"
    try:
        meant_for = origin(os.environ.get(_SERVER) or DEFAULT_SERVER)
    except AtlasQueryError as error:
        return None, f"is set, but {_SERVER} is no address: {error.reason}"
    if meant_for != here:
        return None, f"is set, but for {meant_for}; {_SERVER} names the server that it is for"
    try:
        return Credential(Token(os.environ[_TOKEN].strip()), "environment"), None
    except AtlasQueryError as error:
        return None, f"is set, but not to a token: {error.reason}"


def token_from_keyring(here):
    """The token that the system keyring holds.

    Parameters
    ----------
    here : str
        Scheme, host and port of the server that is to be asked.

    Returns
    -------
    held : Held or None
        The token, be it expired or not.
    why : str or None
        Why there is none.
    """
    stored = KeyringStorage(here).read()
    if stored.token is None:
        return None, stored.problem
    return Credential(stored.token, "keyring", stored.expires), None
