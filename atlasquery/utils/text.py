# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Shortened text for messages."""

__all__ = ["abbreviate"]

_LONGEST_REPR = 60


def abbreviate(value):
    """The type of what should be something else, and the beginning of its repr, which may have thousands of lines."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} ({text if len(text) <= _LONGEST_REPR else text[:_LONGEST_REPR] + '...'})"
