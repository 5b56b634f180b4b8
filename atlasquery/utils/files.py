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
def replace_file(target: str | os.PathLike[str], *, sync: bool = False) -> Iterator[Path]:
    """Yield the path of a new file in the same folder, which replaces ``target`` at the end of the block.

    Only its owner can read the new file. With ``sync`` it is on disk then, also if the computer stops.
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
        if sync:
            _sync(path)
        path.replace(target)
        if sync and os.name == "posix":  # the name of the file is in its folder
            _sync(target.parent)
    finally:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Write what the system has of a file or a folder to the disk."""
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
