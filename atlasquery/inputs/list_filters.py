# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which rows of a list are wanted: sent to the server, and applied again to what comes back.

Older servers ignore all filters but the date, without a word; so what the server did is never relied on.
"""

from difflib import get_close_matches
from numbers import Real

import numpy as np
from astropy import units as u

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.times import _to_floats, format_date_threshold, is_not_before, since_mjd

__all__ = ["SHERLOCK_CLASSES", "ListFilters"]

SHERLOCK_CLASSES = ("ORPHAN", "SN", "NT", "VS", "CV", "BS", "UNCLEAR", "HPM", "AGN")
# The server sends six digits of numbers that it compares in full. Ask for a little more than is wanted: the bound
# itself is inclusive, and is applied to what comes back.
_BOUND_MARGIN = 1e-5
_DEGREES = ("ra", "dec")


class ListFilters:
    """Conditions on the rows of a list; all of them have to hold, and a null fulfils none.

    Parameters
    ----------
    since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
        From when on, in ``followup_flag_date``.
    vra, rb_pix, ra, dec : (low, high), optional
        Ranges, both ends included, `None` for an open end.
    sherlock_class, exclude_sherlock_class, spec_type : str or sequence of str, optional
        One or several classes.

    Raises
    ------
    InvalidQueryTypeError
        If something is of a wrong type.
    InvalidQueryError
        If a range is the wrong way round, or a class is not known.

    Examples
    --------
    >>> from atlasquery.inputs.list_filters import ListFilters
    >>> ListFilters(dec=(-30, None), sherlock_class="sn").payload()
    {'dec_gte': -30.00001, 'sherlock_class': 'SN'}
    """

    def __init__(
        self, *, since=None, vra=None, rb_pix=None, ra=None, dec=None,
        sherlock_class=None, exclude_sherlock_class=None, spec_type=None,
    ):  # fmt: skip
        self._since = since_mjd(since)
        ranges = {"vra": vra, "rb_pix": rb_pix, "ra": ra, "dec": dec}
        self._ranges = {name: _parse_range(name, value) for name, value in ranges.items() if value is not None}
        self._classes = _classes("sherlock_class", sherlock_class)
        self._excluded = _classes("exclude_sherlock_class", exclude_sherlock_class)
        self._types = _parse_strings("spec_type", spec_type)

    def payload(self):
        """Return what of this a newer server understands; the rest is for `keep`."""
        payload = {} if self._since is None else {"datethreshold": format_date_threshold(self._since)}
        for name, (low, high) in self._ranges.items():
            if _crosses_zero(name, low, high):
                continue
            payload |= {} if low is None else {f"{name}_gte": round(low - _BOUND_MARGIN, 9)}
            payload |= {} if high is None else {f"{name}_lte": round(high + _BOUND_MARGIN, 9)}
        for name, words in (("sherlock_class", self._classes), ("spec_type", self._types)):
            if words and len(words) == 1:  # it takes one
                payload[name] = words[0]
        return payload

    def matches(self, table):
        """Tell which rows of a list are wanted.

        Parameters
        ----------
        table : `~astropy.table.QTable`, length n
            The list.

        Returns
        -------
        `numpy.ndarray` of bool, shape (n,)
            Where all conditions hold.
        """
        wanted = np.ones(len(table), dtype=bool)
        if self._since is not None:
            wanted &= is_not_before(table["followup_flag_date"], self._since)
        for name, (low, high) in self._ranges.items():
            wanted &= _in_range(_to_floats(table[name]), low, high, round_the_circle=_crosses_zero(name, low, high))
        if self._classes:
            wanted &= _is_in(table["sherlock_class"], self._classes)
        if self._excluded:
            wanted &= ~_is_in(table["sherlock_class"], self._excluded)
        return wanted & _is_in(table["spec_type"], self._types) if self._types else wanted

    def missing_columns(self, rows):
        """Name the columns that are asked about and that the server does not have at all.

        Parameters
        ----------
        rows : list of dict
            The list as the server sent it.

        Returns
        -------
        list of str
            Of an older server, which does not score by ``vra``.
        """
        return [name for name in self._ranges if rows and not any(name in row for row in rows)]


def _in_range(values, low, high, *, round_the_circle):
    above = True if low is None else values >= low
    below = True if high is None else values <= high
    # NaN, of a null, is neither; an open range still wants a value.
    return ~np.isnan(values) & ((above | below) if round_the_circle else (above & below))


def _is_in(column, words):
    folded = [word.casefold() for word in words]
    return np.array([one.casefold() in folded for one in column.filled("").tolist()], dtype=bool)


def _parse_range(name, value):
    """Check a range and return its ends as floats, None where it is open."""
    if isinstance(value, str) or not np.iterable(value) or len(value) != 2:
        raise InvalidQueryTypeError(f"{name}= is a pair (low, high), None for an open end, not {value!r}.")
    low, high = (None if end is None else _parse_bound(name, end) for end in value)
    if name == "ra":
        return _wrap_ra(low, high)
    if low is not None and high is not None and low > high:
        raise InvalidQueryError(f"{name}={value!r} is the wrong way round: low first, then high.")
    return low, high


def _parse_bound(name, end):
    if np.any(getattr(end, "mask", False)):
        raise InvalidQueryError(f"An end of {name}= is masked; write None for an open one.")
    if isinstance(end, u.Quantity):
        unit, kind = (u.deg, "an angle") if name in _DEGREES else (u.one, "a plain number")
        try:
            end = end.to_value(unit)
        except u.UnitsError as error:
            raise InvalidQueryTypeError(f"{name}={end!s} is not {kind}: {error}") from error
    if isinstance(end, (bool, np.bool_)) or not isinstance(end, (Real, np.ndarray)) or np.ndim(end):
        raise InvalidQueryTypeError(f"An end of {name}= is a number or None, not {end!r}.")
    if not np.isfinite(float(end)):
        raise InvalidQueryError(f"An end of {name}= is {end}; write None for an open one.")
    return float(end)


def _wrap_ra(low, high):
    """Bring right ascensions to 0 to 360; a low end above the high one means a range across 0."""
    if low is None or high is None:
        return _check_open_ra(low, high)
    if high - low >= 360:
        return 0.0, 360.0
    return tuple(end if 0 <= end <= 360 else end % 360 for end in (low, high))


def _check_open_ra(low, high):
    """A range that is open to one side goes to 0 or to 360; brought into the circle, another end would mean more."""
    if any(end is not None and not 0 <= end <= 360 for end in (low, high)):
        raise InvalidQueryError(
            f"ra={(low, high)!r}: where one end is None the other is in 0 to 360 degrees.",
            hint="Write both ends, as in ra=(350, 10) or ra=(-10, 10) for a range across 0.",
        )
    return low, high


def _crosses_zero(name, low, high):
    return name == "ra" and low is not None and high is not None and low > high


def _parse_strings(name, value):
    """Check one text or several and return them as a list, None for no condition."""
    if value is None:
        return None
    words = [value] if isinstance(value, str) else list(value) if np.iterable(value) else [value]
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise InvalidQueryTypeError(f"{name}= is a text or several, not {value!r}.")
    return [word.strip() for word in words]


def _classes(name, value):
    words = _parse_strings(name, value)
    return None if words is None else [_class(name, word) for word in words]


def _class(name, word):
    if word.upper() in SHERLOCK_CLASSES:
        return word.upper()
    near = get_close_matches(word.upper(), SHERLOCK_CLASSES, cutoff=0.4) or SHERLOCK_CLASSES
    raise InvalidQueryError(f"{name}={word!r} is no class of Sherlock's; the nearest are {', '.join(near)}.")
