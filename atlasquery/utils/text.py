# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text of messages."""

from __future__ import annotations

__all__ = ["abbreviate", "is_encodable", "shorten", "shorten_repr"]

MAX_LENGTH = 60


def shorten(text: str, max_length: int = MAX_LENGTH) -> str:
    """Return text in one line, cut to a length."""
    text = " ".join(text.split())
    return text if len(text) <= max_length else text[:max_length] + "..."


def abbreviate(value: object) -> str:
    """Return the type of a value and its shortened repr, which may have thousands of lines."""
    return f"{type(value).__name__} ({shorten_repr(value)})"


def shorten_repr(value: object) -> str:
    """Return the shortened repr of a value."""
    try:
        return shorten(repr(value))
    except Exception:  # noqa: BLE001  (such as that of an integer of 5000 digits)
        return "that cannot be shown"


def is_encodable(text: str) -> bool:
    """Return whether UTF-8 can encode text; a lone surrogate, as from undecodable terminal input, it cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
