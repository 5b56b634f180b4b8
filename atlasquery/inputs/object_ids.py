# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""ATLAS object ids: check them, and read the position that is written in them.

An id has 19 digits, ``1 | HHMMSSss | sign | DDMMSSs | nn``: right ascension to 0.01 s, the sign of the declination
(1 north, 0 south), declination to 0.1 arcsec, all truncated, and a counter. The position is that of the first
detection, so it can lie a few arcseconds from the catalogued one.
"""

from numbers import Integral

import numpy as np

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

__all__ = ["check_id", "positions_from_ids"]

N_DIGITS = 19
MIN_ID, MAX_ID = 10 ** (N_DIGITS - 1), 2**63 - 1
_EXAMPLE = "1161600211221604900"


def check_id(object_id):
    """Check one ATLAS object id.

    Parameters
    ----------
    object_id : int or str
        The 19-digit id. A `float` is refused: it holds 16 digits and would silently name another object.

    Returns
    -------
    int
        The id.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither an integer nor a text.
    InvalidQueryError
        If it does not have 19 digits, or does not fit 64 bits.

    Examples
    --------
    >>> from atlasquery.inputs.object_ids import check_id
    >>> check_id("1161600211221604900")
    1161600211221604900
    >>> check_id(1.1616002112216049e18)
    Traceback (most recent call last):
    ...
    atlasquery.exceptions.InvalidQueryTypeError: An ATLAS id as a float (1.1616002112216049e+18) has lost digits...
    """
    if isinstance(object_id, np.ndarray) and object_id.ndim == 0 and not np.ma.is_masked(object_id):
        object_id = object_id[()]
    if np.ma.is_masked(object_id):
        raise InvalidQueryError("An ATLAS id is masked.", hint="Leave masked rows out, as in column.compressed().")
    if isinstance(object_id, (float, np.floating)):
        raise InvalidQueryTypeError(
            f"An ATLAS id as a float ({float(object_id)!r}) has lost digits: ids are larger than 2**53.",
            hint=f"Keep ids as integers or as text, such as {_EXAMPLE!r}.",
        )
    if isinstance(object_id, (bool, np.bool_)) or not isinstance(object_id, (Integral, str)):
        raise InvalidQueryTypeError(
            f"An ATLAS id is an integer or a text of {N_DIGITS} digits, not {type(object_id).__name__} ({object_id!r})."
        )
    return _parse_id(object_id)


def _parse_id(object_id):
    """The id as an int, if it has the digits of one."""
    text = str(object_id).strip()
    if not (text.isascii() and text.isdigit() and len(text) == N_DIGITS and int(text) <= MAX_ID):
        raise InvalidQueryError(
            f"{object_id!r} is not an ATLAS id: {N_DIGITS} digits that fit 64 bits are expected, such as {_EXAMPLE}."
        )
    return int(text)


def positions_from_ids(ids):
    """Positions that are written in ATLAS ids.

    Parameters
    ----------
    ids : array-like of int, shape (n,)
        ATLAS object ids.

    Returns
    -------
    ra, dec : `numpy.ndarray` of float, shape (n,)
        ICRS position in degrees, NaN where an id does not hold one. Truncated to 0.15 and 0.1 arcsec, and that of the
        first detection: up to about 3 arcsec from the catalogued position.

    Examples
    --------
    >>> from atlasquery.inputs.object_ids import positions_from_ids
    >>> ra, dec = positions_from_ids([1161600211221604900])
    >>> print(ra, dec)
    [244.000875] [22.26802778]
    """
    ids = np.asarray(ids, dtype=np.int64)
    hours, minutes, seconds = _sexagesimal(ids // 10**10 % 10**8, 100)
    degrees, arcminutes, arcseconds = _sexagesimal(ids // 100 % 10**7, 10)
    sign = ids // 10**9 % 10
    ra = 15 * (hours + minutes / 60 + seconds / 3600)
    dec = np.where(sign == 1, 1, -1) * (degrees + arcminutes / 60 + arcseconds / 3600)
    valid = (
        (ids >= MIN_ID) & (ids // MIN_ID == 1) & (sign <= 1) & (ra < 360) & (np.abs(dec) <= 90)
        & (minutes < 60) & (seconds < 60) & (arcminutes < 60) & (arcseconds < 60)
    )  # fmt: skip
    return np.where(valid, ra, np.nan), np.where(valid, dec, np.nan)


def _sexagesimal(digits, fraction):
    """Split ``XXMMSSf`` into XX, MM and SS.f, where the last part counts in units of 1/`fraction`."""
    return digits // (10000 * fraction), digits // (100 * fraction) % 100, digits % (100 * fraction) / fraction
