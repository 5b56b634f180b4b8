# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Hook of PyInstaller: the package loads its modules on first use, which PyInstaller does not see."""

from __future__ import annotations

from pathlib import Path

__all__ = ["hook_folders"]


def hook_folders() -> list[str]:
    """Return the folder of the hook, for the entry point ``pyinstaller40``."""
    return [str(Path(__file__).parent)]
