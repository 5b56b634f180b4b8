# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Object names, accepted wherever an ATLAS id is.

The server looks up names of other surveys and of the Transient Name Server (TNS), but not ATLAS designations such as
ATLAS18qqn, see `atlasquery.endpoints.name_cache`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from astropy.table import Row, Table

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.object_ids import N_DIGITS, ObjectId, check_id, check_not_missing, check_not_number
from atlasquery.utils.text import abbreviate

__all__ = [
    "ObjectIds",
    "ObjectName",
    "check_name",
    "check_names",
    "check_object_id",
    "check_object_ids",
    "normalize_designation",
]

ObjectIds: TypeAlias = ObjectId | Iterable[ObjectId]

_MAX_NAME_LENGTH = 100
_N_SHOWN_ROWS = 5
# A TNS name with a prefix; the server looks up names without prefix only.
_TNS = re.compile(r"(?:AT|SN|TDE)[ _]*(\d{4}[a-z]+)", re.IGNORECASE)
_DESIGNATION = re.compile(r"ATLAS[ _]*(\d\d[a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ObjectName:
    """A checked name.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_name
    >>> check_name("SN 2018cow")
    ObjectName(written='SN 2018cow', query='2018cow')
    """

    written: str  # by the user
    query: str  # as the server knows it: without surrounding blanks and TNS prefix

    @property
    def is_designation(self) -> bool:
        """Whether it is an ATLAS designation, such as ``ATLAS18qqn``."""
        return _DESIGNATION.fullmatch(self.query) is not None

    def __str__(self) -> str:
        return self.written


def normalize_designation(text: str) -> str | None:
    """Return an ATLAS designation as ``ATLAS18qqn``, or `None` if the text is not one."""
    match = _DESIGNATION.fullmatch(" ".join(text.split()))
    return f"ATLAS{match[1].lower()}" if match else None


def check_name(name: Any) -> ObjectName:
    """Return a name as `ObjectName`.

    Raises
    ------
    InvalidQueryTypeError
        If it is not a string.
    InvalidQueryError
        If it is masked, has no letters, has a comma, or is too long.
    """
    if not isinstance(name, str):
        if np.ma.is_masked(name):
            hint = "Drop masked rows, for example with column.compressed()."
            raise InvalidQueryError("`name` must be a string, got a masked value.", hint=hint)
        raise InvalidQueryTypeError(f"`name` must be a string, got {abbreviate(name)}.")
    text = " ".join(name.split())
    if "," in text or not text.isprintable() or len(text) > _MAX_NAME_LENGTH or not re.search("[A-Za-z]", text):
        raise InvalidQueryError(
            f"`name` must be an object name or an ATLAS id, got {abbreviate(name)}.",
            hint=f"A name has letters and no comma, an id has {N_DIGITS} digits.",
        )
    match = _TNS.fullmatch(text)
    return ObjectName(str(name), match[1] if match else normalize_designation(text) or text)


def check_names(names: str | Iterable[str]) -> list[ObjectName]:
    """Return one name or several as a list of `ObjectName`, each once.

    Parameters
    ----------
    names : str or sequence of str
        A string, or a list, tuple, set, array or table column of strings.

    Raises
    ------
    InvalidQueryTypeError
        If one is not a string.
    InvalidQueryError
        If one is invalid.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_names
    >>> [name.query for name in check_names(["SN 2018cow", "ZTF18abcfcoo", "SN 2018cow"])]
    ['2018cow', 'ZTF18abcfcoo']
    """
    if isinstance(names, (Table, Row)):
        raise InvalidQueryTypeError("`names` must be strings, got a table.", hint="Pass its column, as table['name'].")
    is_many = hasattr(names, "__iter__") and not isinstance(names, (str, bytes)) and getattr(names, "ndim", 1) > 0
    items = list(names) if is_many else [names.item() if isinstance(names, np.ndarray) else names]
    return list(dict.fromkeys(check_name(item) for item in items))


def check_object_id(object_id: Any) -> int | ObjectName:
    """Return an ATLAS id as an integer, or a name as `ObjectName`.

    Parameters
    ----------
    object_id : int or str
        An ATLAS id of 19 digits, or a name.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither an integer nor a string; a float has lost digits.
    InvalidQueryError
        If it is neither an id nor a name.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_object_id
    >>> check_object_id("1161600211221604900")
    1161600211221604900
    """
    if isinstance(object_id, ObjectName):
        return object_id
    check_not_missing(object_id)
    if isinstance(object_id, str) and any(character.isalpha() for character in object_id):
        check_not_number(object_id)
        return check_name(object_id)
    return check_id(object_id)


def check_object_ids(object_ids: ObjectIds) -> list[int | ObjectName]:
    """Return ids as integers and names as `ObjectName`, in order; repeated ones are kept.

    Parameters
    ----------
    object_ids : int, str, or sequence of those
        Ids and names, also mixed; a list, tuple, set, array or table column.

    Raises
    ------
    InvalidQueryTypeError
        If one has a wrong type; the message names the rows.
    InvalidQueryError
        If one is neither an id nor a name; the message names the rows.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_object_ids
    >>> [str(object_id) for object_id in check_object_ids([1161600211221604900, "SN 2018cow"])]
    ['1161600211221604900', 'SN 2018cow']
    """
    if isinstance(object_ids, (Table, Row)):
        hint = "Pass its column, as table['atlas_id']."
        raise InvalidQueryTypeError("`object_ids` must be ids or names, got a table.", hint=hint)
    n_dimensions = getattr(object_ids, "ndim", 1)
    if isinstance(object_ids, (str, bytes, int)) or not hasattr(type(object_ids), "__iter__") or n_dimensions == 0:
        return [check_object_id(object_ids)]
    if n_dimensions > 1:
        table_hint = "Pass its column of ids." if hasattr(object_ids, "columns") else None
        raise InvalidQueryError(f"`object_ids` must have one dimension, got {n_dimensions}.", hint=table_hint)
    return _check_rows(list(object_ids))  # type: ignore[arg-type]


def _check_rows(items: list[Any]) -> list[int | ObjectName]:
    """Return the checked ids and names of a sequence, or raise the error of the first that names all wrong rows."""
    checked: list[int | ObjectName] = []
    errors: dict[int, InvalidQueryError] = {}
    for row, item in enumerate(items):
        try:
            checked.append(check_object_id(item))
        except InvalidQueryError as error:
            errors[row] = error
    if errors:
        first = next(iter(errors.values()))
        if len(items) == 1:
            raise first
        shown = ", ".join(f"row {row} ({abbreviate(items[row])})" for row in list(errors)[:_N_SHOWN_ROWS])
        others = f" and {len(errors) - _N_SHOWN_ROWS} more" if len(errors) > _N_SHOWN_ROWS else ""
        reason = f"`object_ids` must have an id or a name in each row, got {len(errors)} wrong of {len(items)}"
        raise type(first)(f"{reason}: {shown}{others}. {first.reason}", hint=first.hint, rows=tuple(errors))
    return checked
