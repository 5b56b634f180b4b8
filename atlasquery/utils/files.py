# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`replace_file`: a file is complete or not there; `state_folder`: where the package keeps its own files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replace_file", "state_folder"]


def state_folder() -> Path:
    """Return the folder of files that the package keeps for the user between programs; it may not exist yet."""
    import platformdirs

    return platformdirs.user_state_path("atlasquery", appauthor=False)


@contextmanager
def replace_file(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield the path of a new file in the same folder, which replaces ``target`` at the end of the block.

    Only its owner can read the new file.
    """
    target = Path(target)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        error.filename = str(target)  # the name that the user knows
        raise
    os.close(handle)
    path = Path(name)
    try:
        yield path
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)
