# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ExpiryRecord`: when the tokens of this machine's sign-ins expire, also of those that are not in the keyring.

The server tells the expiry of a token only when it is made. The file has hashes, from which no token can be found.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from astropy.time import Time

from atlasquery.transport import Token
from atlasquery.utils.files import replace_file, state_folder
from atlasquery.utils.log import log_event

__all__ = ["ExpiryRecord"]

_FILE = "token_expiry.json"


class ExpiryRecord:
    """The recorded expiry of the tokens of a server; without the file, every expiry is unknown.

    Parameters
    ----------
    origin : str
        Scheme, host and port of the server.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def read(self, token: Token) -> Time | None:
        """Return the expiry of a token, None if it is unknown."""
        text = _read_file().get(token.hash_with(self._origin))
        try:
            return None if text is None else Time(text, format="isot", scale="utc")
        except ValueError:  # not written by this package
            return None

    def write(self, token: Token, expires: Time) -> None:
        """Record the expiry of a token."""
        now = Time.now().utc.isot
        kept = {key: text for key, text in _read_file().items() if text > now}
        kept[token.hash_with(self._origin)] = expires.utc.isot
        try:
            _path().parent.mkdir(parents=True, exist_ok=True)
            with replace_file(_path()) as new:
                new.write_text(json.dumps(kept), encoding="ascii")
        except OSError as error:
            log_event(logging.INFO, f"The expiry of the token is not recorded: {error}.")


def _path() -> Path:
    return state_folder() / _FILE


def _read_file() -> dict[str, str]:
    try:
        entries = json.loads(_path().read_text(encoding="ascii"))
    except (OSError, ValueError):  # absent, or not written by this package
        return {}
    return {key: text for key, text in entries.items() if isinstance(text, str)} if isinstance(entries, dict) else {}
