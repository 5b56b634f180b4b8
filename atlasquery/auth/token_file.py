# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`write_token_file`: the only place outside the keyring where a token is written, and only on request."""

from __future__ import annotations

import os

from atlasquery.transport import Token
from atlasquery.utils.files import replace_file

__all__ = ["write_token_file"]


def write_token_file(token: Token, path: str | os.PathLike[str]) -> None:
    """Write a token to a file that only its owner can read; an existing file is replaced."""
    with replace_file(path) as new:
        new.write_text(f"{token.reveal()}\n", encoding="ascii")
