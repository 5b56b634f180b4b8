# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`read_positions_of_table`: positions and proper motions from the columns of a table, as many services name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from astropy import units as u
from astropy.coordinates import Angle, Galactic, SkyCoord
from astropy.table import Table
from astropy.time import Time
from numpy.typing import NDArray

from atlasquery.crossmatch.catalogue import UnitLike
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.position_text import MAX_RA_DEGREES, MIN_RA_DEGREES
from atlasquery.inputs.proper_motion import ProperMotion
from atlasquery.inputs.times import column_to_floats

__all__ = ["TablePositions", "find_coordinate_column", "read_motion_columns", "read_position_columns"]

# Names of columns of right ascension and declination in common services, in lower case; the first pair present is used.
EQUATORIAL_NAMES = (
    ("ra", "dec"),
    ("ra_icrs", "de_icrs"),
    ("ra_icrs", "dec_icrs"),
    ("_ra_icrs", "_de_icrs"),
    ("_ra.icrs", "_de.icrs"),
    ("_raj2000", "_dej2000"),
    ("raj2000", "dej2000"),
    ("raj2000", "decj2000"),
    ("ra_j2000", "dec_j2000"),
    ("s_ra", "s_dec"),
    ("coord_ra", "coord_dec"),
    ("ra_d", "dec_d"),
    ("ra_deg", "dec_deg"),
    ("radeg", "decdeg"),
    ("radeg", "dedeg"),
    ("ramean", "decmean"),
    ("meanra", "meandec"),
    ("alpha_j2000", "delta_j2000"),
    ("_ra", "_de"),
    ("right_ascension", "declination"),
)
GALACTIC_NAMES = (("l", "b"), ("glon", "glat"), ("_glon", "_glat"), ("gal_lon", "gal_lat"))
# Columns of the Centre de Données astronomiques: hours, minutes and seconds; sign, degrees, minutes and seconds.
_RA_PARTS = (("rah", 15.0), ("ram", 15.0 / 60), ("ras", 15.0 / 3600))
_DEC_PARTS = (("ded", 1.0), ("dem", 1.0 / 60), ("des", 1.0 / 3600))
SKYCOORD_NAMES = ("coord", "coords", "skycoord", "sky_coord", "coordinates")
MOTION_NAMES = (("pmra", "pmdec"), ("pmra", "pmde"), ("pm_ra_cosdec", "pm_dec"), ("pmra_cosdec", "pmdec"))
EPOCH_NAMES = ("ref_epoch", "refepoch", "epoch", "obstime")


class TablePositions:
    """Positions in degrees (ICRS), shape (n,): NaN where there is none, and what is wrong with rows.

    Parameters
    ----------
    ra, dec : `~numpy.ndarray`, shape (n,)
        Degrees.
    wrong : dict
        What is wrong, by row.
    """

    def __init__(self, ra: NDArray[np.float64], dec: NDArray[np.float64], wrong: Mapping[int, str]) -> None:
        self.ra, self.dec, self.wrong = ra, dec, dict(wrong)


def find_coordinate_column(table: Table) -> SkyCoord | None:
    """Return the column of coordinates of a table, None if it has none."""
    coordinates = [name for name in table.colnames if isinstance(table[name], SkyCoord)]
    preferred = [name for name in coordinates if name.lower() in SKYCOORD_NAMES]
    if len(coordinates) == 1 or len(preferred) == 1:
        return table[(preferred or coordinates)[0]]
    if coordinates:
        raise InvalidQueryError(
            f"`catalogue` must have one SkyCoord column, got several: {', '.join(coordinates)}.",
            hint="Pass one column, as in crossmatch(catalogue['coord'], ...), or rename it to 'coord'.",
        )
    return None


def read_position_columns(table: Table, unit: UnitLike | None = None) -> TablePositions:
    """Return the positions of the columns of right ascension and declination, or of galactic coordinates.

    Raises
    ------
    InvalidQueryError
        If there are no such columns, or they have no unit.
    """
    names = {name.lower(): name for name in reversed(table.colnames)}
    if pair := _find_pair(names, EQUATORIAL_NAMES):
        return _read_pair(table, pair, _units_of(pair, unit), "ra")
    if all(name in names for name, _ in (*_RA_PARTS[:2], *_DEC_PARTS[:2])):
        return _read_parts(table, names)
    if pair := _find_pair(names, GALACTIC_NAMES):
        return _galactic_to_icrs(_read_pair(table, pair, _units_of(pair, unit), "l"))
    raise InvalidQueryError(
        f"`catalogue` must have columns of positions, got {', '.join(table.colnames[:20]) or 'no columns'}.",
        hint="Add a SkyCoord column, or name the columns 'ra' and 'dec' and set their units.",
    )


def _find_pair(names: Mapping[str, str], pairs: Any) -> tuple[str, str] | None:
    return next(((names[first], names[second]) for first, second in pairs if {first, second} <= names.keys()), None)


def _units_of(pair: tuple[str, str], unit: UnitLike | None) -> tuple[Any, Any]:
    """Return the units of two columns that the argument ``unit`` gives."""
    try:
        if isinstance(unit, Mapping):
            return tuple(None if name not in unit else u.Unit(unit[name]) for name in pair)  # type: ignore[return-value]
        parts = unit.split(",") if isinstance(unit, str) else unit
        if isinstance(parts, (list, tuple)) and len(parts) in (1, 2):
            return u.Unit(parts[0]), u.Unit(parts[-1])
        return (None, None) if unit is None else (u.Unit(unit), u.Unit(unit))
    except (ValueError, TypeError) as error:
        raise InvalidQueryError(f"`unit` must be a unit, a pair or a dict of units, got {unit!r}: {error}") from error


def _read_pair(table: Table, pair: tuple[str, str], units: tuple[Any, Any], first_axis: str) -> TablePositions:
    """Return longitudes and latitudes of two columns; text without a unit letter is sexagesimal."""
    wrong: dict[int, str] = {}
    longitude = _read_column(table[pair[0]], pair[0], units[0], u.hourangle if first_axis == "ra" else u.deg, wrong)
    latitude = _read_column(table[pair[1]], pair[1], units[1], u.deg, wrong)
    for row in np.flatnonzero((longitude < MIN_RA_DEGREES) | (longitude > MAX_RA_DEGREES)).tolist():
        wrong.setdefault(row, f"{pair[0]} = {longitude[row]:g}")
    for row in np.flatnonzero(np.abs(latitude) > 90).tolist():
        wrong.setdefault(row, f"{pair[1]} = {latitude[row]:g}")
    return _checked(longitude, latitude, wrong)


def _checked(longitude: NDArray[np.float64], latitude: NDArray[np.float64], wrong: dict[int, str]) -> TablePositions:
    """Return positions that are NaN in both coordinates where one of them is missing or wrong."""
    is_known = np.isfinite(longitude) & np.isfinite(latitude)
    is_known[list(wrong)] = False
    return TablePositions(np.where(is_known, longitude % 360, np.nan), np.where(is_known, latitude, np.nan), wrong)


def _read_column(column: Any, name: str, unit: Any, text_unit: Any, wrong: dict[int, str]) -> NDArray[np.float64]:
    """Return a column in degrees, NaN where it is masked, empty or wrong; what is wrong is added by row."""
    own_unit = getattr(column, "unit", None)
    own_unit = None if isinstance(own_unit, u.UnrecognizedUnit) else own_unit  # SIMBAD had "h:m:s"
    if own_unit is not None and unit is not None and own_unit != unit:
        raise InvalidQueryError(f"`unit` must agree with column {name!r}, which has {own_unit}, got {unit}.")
    unit = own_unit if unit is None else unit
    if getattr(column, "dtype", np.dtype(object)).kind in "USOT":
        return _read_texts(column, name, unit, text_unit, wrong)
    return _to_degrees(column_to_floats(column), name, unit)


def _to_degrees(values: NDArray[np.float64], name: str, unit: Any) -> NDArray[np.float64]:
    if unit is None and not values.size:
        return values
    if unit is None:
        raise InvalidQueryError(
            f"Column {name!r} of `catalogue` must have a unit, got none.",
            hint=f"Set it, as in catalogue[{name!r}].unit = 'deg', or pass unit='deg'.",
        )
    try:
        return np.asarray(u.Unit(unit).to(u.deg, values))
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"Column {name!r} of `catalogue` must be an angle: {error}") from error


def _read_texts(column: Any, name: str, unit: Any, text_unit: Any, wrong: dict[int, str]) -> NDArray[np.float64]:
    """Return a column of text, or of objects, in degrees."""
    texts = _column_to_texts(column)
    numbers = np.array([_to_number(text) for text in texts], dtype=float)
    is_number = ~np.isnan(numbers)
    degrees = _to_degrees(numbers, name, unit) if is_number.any() else numbers
    # Colons in degrees of right ascension may be a mistake for hours.
    is_ambiguous = text_unit == u.hourangle and unit is not None and u.Unit(unit) != u.hourangle
    for row in np.flatnonzero(~is_number).tolist():
        if not texts[row] or texts[row].lower() == "nan":
            continue
        if is_ambiguous and texts[row].replace(" ", ":").count(":"):
            raise InvalidQueryError(
                f"Column {name!r} of `catalogue` must have numbers for its unit {unit}, got {texts[row]!r}.",
                hint="Set the unit to 'hourangle' for hours, minutes and seconds.",
            )
        try:
            degrees[row] = Angle(texts[row], text_unit if unit is None else unit).deg
        except (u.UnitsError, ValueError, TypeError, OverflowError):
            wrong.setdefault(row, f"{name} = {texts[row]!r}")
    return degrees


def _column_to_texts(column: Any) -> list[str]:
    """Return a column as strings, empty where masked or None."""
    if getattr(column, "dtype", np.dtype(object)).kind == "S":
        column = column.astype(str)  # FITS strings are bytes
    masks = np.broadcast_to(getattr(column, "mask", False), np.shape(column))
    return ["" if masked or value is None else str(value).strip() for value, masked in zip(column, masks, strict=True)]


def _to_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


def _read_parts(table: Table, names: Mapping[str, str]) -> TablePositions:
    """Return positions of columns of hours, minutes and seconds, and of sign, degrees, minutes and seconds."""
    ra, dec = (
        np.sum([column_to_floats(table[names[name]]) * scale for name, scale in parts if name in names], axis=0)
        for parts in (_RA_PARTS, _DEC_PARTS)
    )
    if "de-" in names:
        signs = _column_to_texts(table[names["de-"]])
        dec = np.where([sign == "-" for sign in signs], -dec, dec)
    wrong = {row: f"RAh, DEd = {ra[row] / 15:g}, {dec[row]:g}" for row in np.flatnonzero(_is_outside(ra, dec)).tolist()}
    return _checked(ra, dec, wrong)


def _is_outside(ra: Any, dec: Any) -> NDArray[np.bool_]:
    return np.asarray((ra < 0) | (ra > 360) | (np.abs(dec) > 90))


def _galactic_to_icrs(positions: TablePositions) -> TablePositions:
    icrs = SkyCoord(Galactic(positions.ra * u.deg, positions.dec * u.deg)).icrs
    return TablePositions(icrs.ra.deg, icrs.dec.deg, positions.wrong)


def read_motion_columns(table: Table) -> ProperMotion | None:
    """Return the proper motions of columns named as by Gaia and SIMBAD, None if there are none.

    A column without a unit is in mas/yr, as all services have it; an epoch without one in Julian years.
    """
    names = {name.lower(): name for name in reversed(table.colnames)}
    if not (pair := _find_pair(names, MOTION_NAMES)):
        return None
    ra_cosdec, dec = (np.nan_to_num(_to_motion(table[name], name)) for name in pair)
    return ProperMotion(ra_cosdec, dec, _read_epochs(table, names))


def _to_motion(column: Any, name: str) -> NDArray[np.float64]:
    try:
        values = column_to_floats(column)
        return np.asarray(u.Unit(getattr(column, "unit", None) or "mas/yr").to(u.mas / u.yr, values))
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"Column {name!r} of `catalogue` must be a proper motion: {error}") from error


def _read_epochs(table: Table, names: Mapping[str, str]) -> NDArray[np.float64]:
    """Return the epochs of the positions in Julian years, NaN where unknown."""
    for name in (names[name] for name in EPOCH_NAMES if name in names):
        column = table[name]
        if isinstance(column, Time):
            return column_to_floats(column.jyear)
        if getattr(column, "dtype", np.dtype(object)).kind in "fiu":
            return column_to_floats(column)
    return np.full(len(table), np.nan)
