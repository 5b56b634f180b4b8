# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Keys of `~atlasquery.LightCurves`: ATLAS ids, names of objects, and any other hashable value."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from numbers import Integral
from typing import Any

from atlasquery.exceptions import AtlasQueryError, InvalidInputError, InvalidTypeError
from atlasquery.inputs.object_ids import check_id, check_not_missing, check_not_number, id_or_none
from atlasquery.inputs.object_names import ObjectName, check_name, check_object_id
from atlasquery.schema.undeclared import MAX_EXACT_INTEGER
from atlasquery.utils.text import abbreviate

__all__ = ["check_key", "key_or_none", "key_rule", "normalize_name", "note_key", "plain_key", "to_requested_key"]


def check_key(key: Any) -> Any:
    """Return an ATLAS id as an integer, and any other key as it is; raise an error if it is missing or a wrong id."""
    if isinstance(key, bytes):
        raise InvalidTypeError(f"`curves` must have strings as keys, not bytes, got {abbreviate(key)}.")
    try:
        check_not_missing(key)
    except InvalidInputError as error:
        got = error.reason.rpartition(", got ")[2]
        raise type(error)(f"`curves` must have ids or names as keys, got {got}") from None
    if isinstance(key, str):
        check_not_number(key)
        key = str(key)  # numpy's strings have a type that files do not have
    if isinstance(key, float) and abs(key) > MAX_EXACT_INTEGER:
        return check_id(key)  # raises the error of a float
    if (held := key_or_none(key)) is None:
        raise InvalidTypeError(f"`curves` must have hashable keys, got {abbreviate(key)}.")
    return int(held) if isinstance(held, Integral) and not isinstance(held, bool) else held


@contextlib.contextmanager
def note_key(key: Any) -> Iterator[None]:
    """Add the key of a light curve to the errors of a block; None adds nothing."""
    try:
        yield
    except AtlasQueryError as error:
        if key is not None:
            error.add_note(f"It is the light curve {key!r}.")
        raise


def key_or_none(key: Any) -> Any:
    """Return the key that a light curve has in the dict, None if it can have none."""
    if (atlas_id := id_or_none(key)) is not None:
        return atlas_id
    try:
        hash(key)
    except TypeError:
        return None
    return key


def key_rule(key: object) -> str:
    """Return what keys are, for the error of a key that is not there."""
    if isinstance(key, (Integral, slice)):
        return "; keys are ATLAS ids and names: by position it is list(curves.values())[...]"
    if isinstance(key, float):
        return "; a float has lost digits of the id: keys are integers of 19 digits, and names"
    return "; keys are ATLAS ids and names, and list(curves) has the ids"


def normalize_name(name: str) -> str:
    """Return a name as it is compared, without case and the prefix of the TNS."""
    try:
        return check_name(name).query.lower()
    except InvalidInputError:  # a name of the server that is not one for a query
        return name.lower()


def to_requested_key(object_id: Any) -> Any:
    """Return an id as an integer, a name as it was written, and any other key as it is."""
    try:
        checked = check_object_id(object_id)
    except InvalidInputError:
        return check_key(object_id)
    return checked.written if isinstance(checked, ObjectName) else checked


def plain_key(key: Any) -> Any:
    """Return an id or name as JSON has it."""
    return int(key) if isinstance(key, Integral) else str(key)
