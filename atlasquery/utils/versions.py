# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Versions of installed packages, also where their metadata was left out."""

from __future__ import annotations

from importlib import metadata

__all__ = ["find_version"]


def find_version(package: str) -> str:
    """Return the version of a package, ``"unknown"`` without its metadata, as in a zip file or a frozen program."""
    try:
        # A damaged folder of metadata has none, or no version in it.
        return metadata.version(package) or "unknown"
    except (metadata.PackageNotFoundError, KeyError):
        return "unknown"
