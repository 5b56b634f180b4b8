# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Filters on the rows of a list: sent to the server, and applied again to its answer.

Older servers silently ignore all filters but the date, so the answer is always filtered here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from astropy import units as u
from astropy.table import QTable
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.times import SinceLike, check_since, column_to_floats
from atlasquery.utils.text import abbreviate

__all__ = ["SHERLOCK_CLASSES", "ListFilters", "Range"]

_Bound: TypeAlias = float | np.integer | np.floating | u.Quantity | None
Range: TypeAlias = Sequence[_Bound] | NDArray[np.number] | u.Quantity  # of length 2
_Bounds: TypeAlias = tuple[float | None, float | None]

SHERLOCK_CLASSES = ("ORPHAN", "SN", "NT", "VS", "CV", "BS", "UNCLEAR", "HPM", "AGN")
# The server sends six digits of numbers that it compares in full: slightly wider bounds are sent, and the exact ones
# applied to the answer.
_BOUND_MARGIN = 1e-5
# A range without any of these values would silently give no rows.
_LIMITS = {"vra": (0, 10), "rb_pix": (0, 1), "dec": (-90, 90)}
_DEGREES = ("ra", "dec")


class ListFilters:
    """Conditions on the rows of a list; all must hold, and a null meets none.

    Parameters
    ----------
    since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
        Lower bound on ``followup_flag_date``.
    vra, rb_pix, ra, dec : (low, high), optional
        Ranges, both bounds inclusive, `None` for an open one.
    sherlock_class, exclude_sherlock_class, spec_type : str or sequence of str, optional
        One or several classes.

    Raises
    ------
    InvalidQueryTypeError
        If an argument has a wrong type.
    InvalidQueryError
        If a range is reversed or holds no possible value, or a class is unknown.

    Examples
    --------
    >>> from atlasquery.inputs.list_filters import ListFilters
    >>> ListFilters(dec=(-30, None), sherlock_class="sn").payload()
    {'dec_gte': -30.00001, 'sherlock_class': 'SN'}
    """

    def __init__(
        self,
        *,
        since: SinceLike | None = None,
        vra: Range | None = None,
        rb_pix: Range | None = None,
        ra: Range | None = None,
        dec: Range | None = None,
        sherlock_class: str | Iterable[str] | None = None,
        exclude_sherlock_class: str | Iterable[str] | None = None,
        spec_type: str | Iterable[str] | None = None,
    ) -> None:
        self._since = check_since(since)
        ranges = {"vra": vra, "rb_pix": rb_pix, "ra": ra, "dec": dec}
        self._ranges = {name: _parse_range(name, value) for name, value in ranges.items() if value is not None}
        self._classes = _parse_classes("sherlock_class", sherlock_class)
        self._excluded = _parse_classes("exclude_sherlock_class", exclude_sherlock_class)
        self._types = _parse_strings("spec_type", spec_type)

    def payload(self) -> dict[str, Any]:
        """Return the parameters that a recent server understands; `matches` applies the rest."""
        payload: dict[str, Any] = {} if self._since is None else {"datethreshold": self._since.date_threshold}
        for name, (low, high) in self._ranges.items():
            if _crosses_zero(name, low, high):
                continue
            payload |= {} if low is None else {f"{name}_gte": round(low - _BOUND_MARGIN, 9)}
            payload |= {} if high is None else {f"{name}_lte": round(high + _BOUND_MARGIN, 9)}
        for name, values in (("sherlock_class", self._classes), ("spec_type", self._types)):
            if values and len(values) == 1:  # the server takes one
                payload[name] = values[0]
        return payload

    @property
    def is_empty(self) -> bool:
        """Whether there is no condition."""
        return not (self._since or self._ranges or self._classes or self._excluded or self._types)

    def matches(self, table: QTable) -> NDArray[np.bool_]:
        """Return which rows of a list meet all conditions, as an array of bool."""
        mask = np.ones(len(table), dtype=bool)
        if self._since is not None:
            mask &= self._since.keeps(table["followup_flag_date"])
        for name, (low, high) in self._ranges.items():
            mask &= _in_range(column_to_floats(table[name]), low, high, wraps=_crosses_zero(name, low, high))
        if self._classes:
            mask &= _is_in(table["sherlock_class"], self._classes)
        if self._excluded:
            mask &= ~_is_in(table["sherlock_class"], self._excluded)
        return mask & _is_in(table["spec_type"], self._types) if self._types else mask

    def missing_columns(self, rows: list[dict[str, Any]]) -> list[str]:
        """Return the names of filters whose column is in none of the rows: an older server has no ``vra``."""
        return [name for name in self._ranges if rows and not any(name in row for row in rows)]


def _in_range(values: NDArray[np.float64], low: float | None, high: float | None, *, wraps: bool) -> Any:
    above = True if low is None else values >= low
    below = True if high is None else values <= high
    # NaN, a null, is outside of every range, even an open one.
    return ~np.isnan(values) & ((above | below) if wraps else (above & below))


def _is_in(column: Any, values: list[str]) -> NDArray[np.bool_]:
    folded = [value.casefold() for value in values]
    return np.array([value.casefold() in folded for value in column.filled("").tolist()], dtype=bool)


def _parse_range(name: str, value: Any) -> _Bounds:
    """Return the bounds of a range as floats, None where it is open."""
    if isinstance(value, str) or not hasattr(value, "__len__") or len(value) != 2:
        raise InvalidQueryTypeError(
            f"`{name}` must be a pair (low, high), got {abbreviate(value)}.", hint="None is an open bound."
        )
    low, high = (None if bound is None else _parse_bound(name, bound) for bound in value)
    if name == "ra":
        return _wrap_ra(low, high)
    if low is not None and high is not None and low > high:
        raise InvalidQueryError(f"`{name}` must be (low, high) with low <= high, got {value!r}.")
    lowest, highest = _LIMITS[name]
    if (low is not None and low > highest) or (high is not None and high < lowest):
        raise InvalidQueryError(f"`{name}` must have values from {lowest} to {highest}, got {value!r}.")
    return low, high


def _parse_bound(name: str, bound: Any) -> float:
    if np.any(getattr(bound, "mask", False)):
        raise InvalidQueryError(
            f"`{name}` must have bounds that are numbers or None, got a masked value.", hint="None is an open bound."
        )
    if isinstance(bound, u.Quantity):
        unit, kind = (u.deg, "angles") if name in _DEGREES else (u.one, "dimensionless")
        try:
            bound = bound.to_value(unit)
        except u.UnitsError as error:
            raise InvalidQueryTypeError(f"`{name}` must have bounds that are {kind}, got {bound!s}: {error}") from error
    is_number = isinstance(bound, Real) or (isinstance(bound, np.ndarray) and bound.ndim == 0)
    if isinstance(bound, (bool, np.bool_)) or not is_number:
        raise InvalidQueryTypeError(f"`{name}` must have bounds that are numbers or None, got {abbreviate(bound)}.")
    if not np.isfinite(float(bound)):
        raise InvalidQueryError(f"`{name}` must have finite bounds, got {bound}.", hint="None is an open bound.")
    return float(bound)


def _wrap_ra(low: float | None, high: float | None) -> _Bounds:
    """Return right ascensions in 0 to 360; low above high is a range across 0."""
    if low is None or high is None:
        return _check_open_ra(low, high)
    if high - low >= 360:
        return 0.0, 360.0
    return tuple(bound if 0 <= bound <= 360 else bound % 360 for bound in (low, high))  # type: ignore[return-value]


def _check_open_ra(low: float | None, high: float | None) -> _Bounds:
    """Return the bounds of a half-open range, which ends at 0 or 360; wrapping the other bound would widen it."""
    if any(bound is not None and not 0 <= bound <= 360 for bound in (low, high)):
        raise InvalidQueryError(
            f"`ra` must be in 0 to 360 degrees where one bound is None, got {(low, high)!r}.",
            hint="Give both bounds, as in ra=(350, 10) or ra=(-10, 10) for a range across 0.",
        )
    return low, high


def _crosses_zero(name: str, low: float | None, high: float | None) -> bool:
    return name == "ra" and low is not None and high is not None and low > high


def _parse_strings(name: str, value: Any) -> list[str] | None:
    """Return one string or several as a list, None for no condition."""
    if value is None:
        return None
    values = [value] if isinstance(value, str) else list(value) if np.iterable(value) else [value]
    if not values or not all(isinstance(item, str) and item.strip() for item in values):
        raise InvalidQueryTypeError(f"`{name}` must be a string or a sequence of strings, got {abbreviate(value)}.")
    return [item.strip() for item in values]


def _parse_classes(name: str, value: Any) -> list[str] | None:
    values = _parse_strings(name, value)
    return None if values is None else [_parse_class(name, item) for item in values]


def _parse_class(name: str, value: str) -> str:
    if value.upper() in SHERLOCK_CLASSES:
        return value.upper()
    matches = get_close_matches(value.upper(), SHERLOCK_CLASSES, cutoff=0.4)
    guess = f"; did you mean {' or '.join(map(repr, matches))}?" if matches else "."
    raise InvalidQueryError(
        f"`{name}` must be a Sherlock class, got {value!r}{guess}", hint=f"They are {', '.join(SHERLOCK_CLASSES)}."
    )
