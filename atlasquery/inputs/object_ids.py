# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""ATLAS object ids: checks, and the position that an id contains.

An id has 19 digits, ``1 | HHMMSSss | sign | DDMMSSs | nn``: right ascension to 0.01 s, the sign of the declination
(1 north, 0 south), declination to 0.1 arcsec, all truncated, and a counter. The position is that of the first
detection, so it can be a few arcseconds from the catalogued one.
"""

from __future__ import annotations

import re
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = [
    "N_DIGITS",
    "ObjectId",
    "check_id",
    "check_not_missing",
    "check_not_number",
    "id_or_none",
    "positions_from_ids",
]

ObjectId: TypeAlias = int | str | np.integer

N_DIGITS = 19
MIN_ID, MAX_ID = 10 ** (N_DIGITS - 1), 2**63 - 1
_EXAMPLE = "1161600211221604900"
# How tables and files write a missing value.
_MISSING_WORDS = {"", "-", "--", "---", "na", "n/a", "<na>", "nan", "nat", "none", "null", "masked"}
_MISSING_HINT = (
    "Leave out rows without an id: column.compressed(), table[~table['atlas_id'].mask], or "
    "dataframe.dropna(subset=['atlas_id'])."
)
_NUMBER = re.compile(r"[+-]?\d*\.\d*(?:e[+-]?\d+)?|[+-]?\d+e[+-]?\d+", re.IGNORECASE)
_LOST_DIGITS_HINT = (
    f"Ids are larger than 2**53: keep them as integers or strings, such as {_EXAMPLE!r}. A file is read with "
    "dtype={'atlas_id': 'Int64'} in pandas, and a column with missing values keeps its digits as 'Int64'."
)


def check_not_missing(object_id: Any) -> None:
    """Raise `InvalidQueryError` for None, NaN, NaT, pandas.NA, a masked value, and the words of files for those."""
    expected = f"`object_id` must be an id of {N_DIGITS} digits or a name"
    if np.ma.is_masked(object_id):
        raise InvalidQueryError(f"{expected}, got a masked value.", hint=_MISSING_HINT)
    if object_id is None or _is_not_a_number(object_id):
        raise InvalidQueryTypeError(f"{expected}, got {abbreviate(object_id)}.", hint=_MISSING_HINT)
    if isinstance(object_id, str) and object_id.strip().lower() in _MISSING_WORDS:
        raise InvalidQueryError(f"{expected}, got the text {object_id!r}.", hint=_MISSING_HINT)


def _is_not_a_number(value: Any) -> bool:
    """Return whether a value is NaN, NaT or pandas.NA."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating, np.datetime64, np.timedelta64)) and bool(value != value)


def check_not_number(text: str) -> None:
    """Raise `InvalidQueryTypeError` for the text of a float, such as ``"1.1616002112216049e18"``."""
    if _NUMBER.fullmatch(text.strip()):
        raise InvalidQueryTypeError(
            f"`object_id` must be an integer or a string of {N_DIGITS} digits, got {text!r}: digits may be lost.",
            hint=_LOST_DIGITS_HINT,
        )


def check_id(object_id: Any) -> int:
    """Return one ATLAS object id as an integer.

    Parameters
    ----------
    object_id : int or str
        The 19-digit id. A `float` is rejected: it holds 16 digits and would silently mean another object.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither an integer nor a string.
    InvalidQueryError
        If it is masked, does not have 19 digits, or does not fit 64 bits.

    Examples
    --------
    >>> from atlasquery.inputs.object_ids import check_id
    >>> check_id("1161600211221604900")
    1161600211221604900
    """
    if isinstance(object_id, np.ndarray) and object_id.ndim == 0 and not np.ma.is_masked(object_id):
        object_id = object_id[()]
    check_not_missing(object_id)
    if isinstance(object_id, (float, np.floating)):
        raise InvalidQueryTypeError(
            f"`object_id` must be an integer or a string, got the float {float(object_id)!r}, which has lost digits.",
            hint=_LOST_DIGITS_HINT,
        )
    if isinstance(object_id, str):
        check_not_number(object_id)
    if isinstance(object_id, (bool, np.bool_)) or not isinstance(object_id, (Integral, str)):
        raise InvalidQueryTypeError(f"`object_id` must be an integer or a string, got {abbreviate(object_id)}.")
    return _parse_id(object_id)


def id_or_none(value: Any) -> int | None:
    """Return an ATLAS object id as an integer, `None` for any other value."""
    try:
        return check_id(value)
    except InvalidQueryError:
        return None


def _parse_id(object_id: Any) -> int:
    # Python does not write integers of more than 4300 digits.
    text = "" if isinstance(object_id, Integral) and abs(int(object_id)) > MAX_ID else str(object_id).strip()
    if not (text.isascii() and text.isdigit() and len(text) == N_DIGITS and int(text) <= MAX_ID):
        raise InvalidQueryError(
            f"`object_id` must have {N_DIGITS} digits and fit 64 bits, got {abbreviate(object_id)}.",
            hint=f"An ATLAS id looks like {_EXAMPLE}.",
        )
    return int(text)


def positions_from_ids(ids: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the positions that ATLAS ids contain.

    Parameters
    ----------
    ids : array-like of int, shape (n,)
        ATLAS object ids.

    Returns
    -------
    ra, dec : `numpy.ndarray` of float, shape (n,)
        ICRS position in degrees, NaN where an id does not contain one. Truncated to 0.15 and 0.1 arcsec, and that of
        the first detection: up to about 3 arcsec from the catalogued position.

    Examples
    --------
    >>> from atlasquery.inputs.object_ids import positions_from_ids
    >>> ra, dec = positions_from_ids([1161600211221604900])
    >>> print(ra, dec)
    [244.000875] [22.26802778]
    """
    numbers = np.asarray(ids, dtype=np.int64)
    hours, minutes, seconds = _split_sexagesimal(numbers // 10**10 % 10**8, 100)
    degrees, arcminutes, arcseconds = _split_sexagesimal(numbers // 100 % 10**7, 10)
    sign = numbers // 10**9 % 10
    ra = 15 * (hours + minutes / 60 + seconds / 3600)
    dec = np.where(sign == 1, 1, -1) * (degrees + arcminutes / 60 + arcseconds / 3600)
    valid = (
        (numbers >= MIN_ID) & (numbers // MIN_ID == 1) & (sign <= 1) & (ra < 360) & (np.abs(dec) <= 90)
        & (minutes < 60) & (seconds < 60) & (arcminutes < 60) & (arcseconds < 60)
    )  # fmt: skip
    return np.where(valid, ra, np.nan), np.where(valid, dec, np.nan)


def _split_sexagesimal(digits: NDArray[np.int64], fraction: int) -> tuple[Any, Any, Any]:
    """Split ``XXMMSSf`` into XX, MM and SS.f, where the last part is in units of 1/``fraction``."""
    return digits // (10000 * fraction), digits // (100 * fraction) % 100, digits % (100 * fraction) / fraction
