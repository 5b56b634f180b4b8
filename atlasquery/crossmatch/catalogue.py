# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The positions of a user's catalogue, and the join of its rows with matched objects."""

import numpy as np
from astropy import units as u
from astropy.coordinates import Angle, BaseCoordinateFrame, SkyCoord
from astropy.table import QTable, Table

from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import as_icrs, is_finite
from atlasquery.schema.columns import masked_column, masked_quantity

__all__ = ["as_extensible_table", "catalogue_coordinates", "join_matches"]

# Names of right ascension and declination columns in common services, in lower case; the first pair present is used.
POSITION_COLUMN_NAMES = (
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
    ("ra_d", "dec_d"),
    ("ra_deg", "dec_deg"),
    ("radeg", "decdeg"),
    ("radeg", "dedeg"),
    ("ramean", "decmean"),
    ("alpha_j2000", "delta_j2000"),
    ("_ra", "_de"),
    ("right_ascension", "declination"),
)
SKYCOORD_COLUMN_NAMES = ("coord", "coords", "skycoord", "sky_coord", "coordinates")
MATCH_COLUMNS = ("catalogue_index", "atlas_id", "name", "ra", "dec", "separation")


def catalogue_coordinates(catalogue: SkyCoord | BaseCoordinateFrame | Table) -> SkyCoord:
    """Return the positions of a catalogue as a vector `~astropy.coordinates.SkyCoord` (ICRS), NaN where there is none.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither coordinates nor a table.
    InvalidQueryError
        If a table has no rows, or its positions cannot be determined.
    """
    if isinstance(catalogue, Table):
        if not len(catalogue):
            raise InvalidQueryError("`catalogue` must have at least one row, got none.")
        icrs = as_icrs(_table_coordinates(catalogue))
    else:
        icrs = as_icrs(catalogue).reshape(-1)
    has_position = is_finite(icrs)
    return SkyCoord(
        *(np.where(has_position, _unmasked_degrees(angle), np.nan) * u.deg for angle in (icrs.ra, icrs.dec))
    )


def _unmasked_degrees(angle):
    return np.asarray(np.ma.filled(getattr(angle.deg, "unmasked", angle.deg), np.nan), dtype=float)


def _table_coordinates(table):
    coordinates = [name for name in table.colnames if isinstance(table[name], SkyCoord)]
    preferred = [name for name in coordinates if name.lower() in SKYCOORD_COLUMN_NAMES]
    if len(coordinates) == 1 or len(preferred) == 1:
        return table[(preferred or coordinates)[0]]
    if coordinates:
        raise InvalidQueryError(
            f"`catalogue` must have one SkyCoord column, got several: {', '.join(coordinates)}.",
            hint="Pass one column, as in crossmatch(catalogue['coord'], ...), or rename it to 'coord'.",
        )
    ra, dec = _find_position_columns(table)
    try:
        return SkyCoord(_angles(table[ra], ra, u.hourangle), _angles(table[dec], dec, u.deg))
    except InvalidQueryError:
        raise
    except ValueError as error:
        reason = f"Column {dec!r} of `catalogue` must be within 90 degrees of the equator: {error}"
        raise InvalidQueryError(reason) from error


def _find_position_columns(table):
    names = {name.lower(): name for name in reversed(table.colnames)}
    for ra, dec in POSITION_COLUMN_NAMES:
        if ra in names and dec in names:
            return names[ra], names[dec]
    raise InvalidQueryError(
        f"`catalogue` must have columns of positions, got {', '.join(table.colnames[:20])}.",
        hint="Add a SkyCoord column, or name the columns 'ra' and 'dec' and set their units.",
    )


def _angles(column, name, sexagesimal_unit):
    """Return a column as angles, NaN where it is masked or empty; strings are in ``sexagesimal_unit``."""
    if column.dtype.kind in "USO":
        return _parse_sexagesimal(column, name, sexagesimal_unit)
    if column.unit is None:
        raise InvalidQueryError(
            f"Column {name!r} of `catalogue` must have a unit, got none.",
            hint=f"Set it: catalogue[{name!r}].unit = 'deg'.",
        )
    values = getattr(column, "value", column)
    values = np.ma.filled(np.ma.masked_array(getattr(values, "unmasked", values), _mask(column), dtype=float), np.nan)
    try:
        return Angle(values, u.Unit(column.unit))
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"Column {name!r} of `catalogue` must be an angle: {error}") from error


def _mask(column):
    return np.broadcast_to(getattr(column, "mask", False), column.shape)


def _parse_sexagesimal(column, name, unit):
    values = column.astype(str) if column.dtype.kind == "S" else column  # FITS strings are bytes
    texts = ["" if masked else str(text).strip() for text, masked in zip(values, _mask(column), strict=True)]
    if numbers := [text for text in texts if _is_number(text)]:
        raise InvalidQueryError(
            f"Column {name!r} of `catalogue` must hold numbers or sexagesimal strings, got the string {numbers[0]!r}.",
            hint="Convert it to floats and set its unit.",
        )
    try:
        return Angle([Angle(text, unit).deg if text else np.nan for text in texts], u.deg)
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"Column {name!r} of `catalogue` must hold angles: {error}") from error


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_extensible_table(catalogue):
    """Return the catalogue, or a `~astropy.table.QTable` of its columns if its class prescribes the first column."""
    if not isinstance(catalogue, Table):
        return catalogue
    trial = catalogue[:0]
    try:
        trial.add_column(np.empty(0, dtype=int), index=0, name=_unused_name("catalogue_index", trial.colnames))
    except (ValueError, TypeError):
        return QTable(catalogue, copy=False)
    return catalogue


def join_matches(catalogue, catalogue_rows, objects, object_rows, separation_arcsec, *, source):
    """Return the table of catalogue rows and matched objects, in the class of the catalogue.

    ``catalogue_rows``, ``object_rows`` and ``separation_arcsec`` have one element per match; the object row is -1 for a
    catalogue row without a match. Catalogue columns with a name of the match columns get the suffix ``_catalogue``.
    """
    rows = catalogue[catalogue_rows] if isinstance(catalogue, Table) else QTable()
    for name in [name for name in rows.colnames if name in MATCH_COLUMNS]:
        rows.rename_column(name, _unused_name(f"{name}_catalogue", rows.colnames))
    no_mask = np.zeros(len(catalogue_rows), dtype=bool)
    index_column = masked_column(catalogue_rows, no_mask, "Row of the catalogue, from 0.")
    rows.add_column(index_column, index=0, name="catalogue_index")
    for name in ("atlas_id", "name", "ra", "dec"):
        rows[name] = _take_rows(objects[name], object_rows)
    rows["separation"] = masked_quantity(
        separation_arcsec.copy(), object_rows < 0, u.arcsec, "Separation of the object from the catalogue position."
    )
    rows["separation"].info.format = ".3f"
    rows.meta["position_source"] = source
    return rows


def _unused_name(name, used_names):
    while name in used_names:
        name += "_catalogue"
    return name


def _take_rows(column, rows):
    """Return the values in these rows of a column, masked where the row is -1."""
    is_missing = rows < 0
    values = getattr(column, "unmasked", getattr(column, "data", column))
    values = getattr(values, "value", np.ma.getdata(values))
    data = np.zeros(len(rows), dtype=values.dtype)
    data[~is_missing] = values[rows[~is_missing]]
    mask = is_missing.copy()
    mask[~is_missing] = _mask(column)[rows[~is_missing]]
    if column.unit is not None:
        return masked_quantity(data, mask, column.unit, column.info.description)
    return masked_column(data, mask, column.info.description)
