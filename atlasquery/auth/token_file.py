# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`write_token_file`: the only place outside the keyring where a token is written, and only on request."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from atlasquery.transport import Token

__all__ = ["write_token_file"]


def write_token_file(token: Token, path: str | os.PathLike[str]) -> None:
    """Write a token to a file that only its owner can read; an existing file is replaced."""
    target = Path(path)
    # The temporary file has mode 0600 from the start, and is never readable by others.
    handle, name = tempfile.mkstemp(prefix=".token-", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{token.reveal()}\n")
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
