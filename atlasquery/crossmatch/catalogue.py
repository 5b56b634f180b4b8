# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A user's catalogue: where its positions are, and how what matches is put beside its rows."""

import numpy as np
from astropy import units as u
from astropy.coordinates import Angle, SkyCoord
from astropy.table import QTable, Table

from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import as_icrs, is_finite
from atlasquery.schema.columns import masked_column, masked_quantity

__all__ = ["as_extensible_table", "catalogue_coordinates", "join_matches"]

# Pairs of names that services give to right ascension and declination, whatever their capitals; the first found wins.
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


def catalogue_coordinates(catalogue):
    """Find the positions of a catalogue.

    Parameters
    ----------
    catalogue : `~astropy.coordinates.SkyCoord`, or `~astropy.table.Table` of length n
        A table has a column of coordinates, or right ascension and declination under usual names: numbers with a unit,
        or sexagesimal texts, in hours and degrees.

    Returns
    -------
    `~astropy.coordinates.SkyCoord`, shape (n,)
        In ICRS; NaN where a row has no position.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither coordinates nor a table.
    InvalidQueryError
        If a table has no positions that can be told, or no rows.

    Examples
    --------
    >>> from astropy import units as u
    >>> from astropy.table import QTable
    >>> from atlasquery.crossmatch.catalogue import catalogue_coordinates
    >>> catalogue_coordinates(QTable({"RAJ2000": [244.0] * u.deg, "DEJ2000": [22.25] * u.deg}))
    <SkyCoord (ICRS): (ra, dec) in deg
        [(244., 22.25)]>
    """
    if isinstance(catalogue, Table):
        if not len(catalogue):
            raise InvalidQueryError("The catalogue is empty: there is no position to ask for.")
        icrs = as_icrs(_table_coordinates(catalogue))
    else:
        icrs = as_icrs(catalogue).reshape(-1)
    good = is_finite(icrs)
    return SkyCoord(*(np.where(good, _unmasked_degrees(angle), np.nan) * u.deg for angle in (icrs.ra, icrs.dec)))


def _unmasked_degrees(angle):
    return np.asarray(np.ma.filled(getattr(angle.deg, "unmasked", angle.deg), np.nan), dtype=float)


def _table_coordinates(table):
    coordinates = [name for name in table.colnames if isinstance(table[name], SkyCoord)]
    usual = [name for name in coordinates if name.lower() in SKYCOORD_COLUMN_NAMES]
    if len(coordinates) == 1 or len(usual) == 1:
        return table[(usual or coordinates)[0]]
    if coordinates:
        raise InvalidQueryError(
            f"The catalogue has several columns of coordinates: {', '.join(coordinates)}.",
            hint="Hand over the one that is meant, as in crossmatch(catalogue['coord'], ...), or rename it 'coord'.",
        )
    ra, dec = _find_position_columns(table)
    try:
        return SkyCoord(_angles(table[ra], ra, u.hourangle), _angles(table[dec], dec, u.deg))
    except ValueError as error:  # a declination beyond 90 degrees; our own say already what is wrong
        raise error if isinstance(error, InvalidQueryError) else InvalidQueryError(f"{dec!r}: {error}") from error


def _find_position_columns(table):
    names = {name.lower(): name for name in reversed(table.colnames)}
    for ra, dec in POSITION_COLUMN_NAMES:
        if ra in names and dec in names:
            return names[ra], names[dec]
    raise InvalidQueryError(
        f"No positions are found in the catalogue's columns {', '.join(table.colnames[:20])}.",
        hint="Add a column of SkyCoord, or name the columns 'ra' and 'dec' and give them units.",
    )


def _angles(column, name, sexagesimal):
    """Return a column as angles, NaN where it is masked or empty; texts are in this unit."""
    if column.dtype.kind in "USO":
        return _parse_sexagesimal(column, name, sexagesimal)
    if column.unit is None:
        raise InvalidQueryError(
            f"The catalogue's column {name!r} has no unit.", hint=f"Set it: catalogue[{name!r}].unit = 'deg'."
        )
    values = getattr(column, "value", column)
    values = np.ma.filled(np.ma.masked_array(getattr(values, "unmasked", values), _mask(column), dtype=float), np.nan)
    try:
        return Angle(values, u.Unit(column.unit))
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"The catalogue's column {name!r} is no angle: {error}") from error


def _mask(column):
    return np.broadcast_to(getattr(column, "mask", False), column.shape)


def _parse_sexagesimal(column, name, sexagesimal):
    values = column.astype(str) if column.dtype.kind == "S" else column  # bytes, as FITS has them
    texts = ["" if masked else str(text).strip() for text, masked in zip(values, _mask(column), strict=True)]
    if plain := [text for text in texts if _is_plain_number(text)]:
        raise InvalidQueryError(
            f"The catalogue's column {name!r} holds numbers as texts, such as {plain[0]!r}, whose unit is not known.",
            hint="Convert it to floats and set its unit.",
        )
    try:
        return Angle([Angle(text, sexagesimal).deg if text else np.nan for text in texts], u.deg)
    except (u.UnitsError, ValueError, TypeError) as error:
        raise InvalidQueryError(f"The catalogue's column {name!r} cannot be read as angles: {error}") from error


def _is_plain_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_extensible_table(catalogue):
    """Return a catalogue as a table that takes our columns; to be asked before requests are spent.

    Parameters
    ----------
    catalogue : `~astropy.table.Table` or `~astropy.coordinates.SkyCoord`
        The catalogue.

    Returns
    -------
    `~astropy.table.Table` or `~astropy.coordinates.SkyCoord`
        The same, or a `~astropy.table.QTable` with its columns if its class prescribes which column is the first, as
        a `~astropy.timeseries.TimeSeries` does.

    Examples
    --------
    >>> from astropy.table import QTable
    >>> from astropy.timeseries import TimeSeries
    >>> from atlasquery.crossmatch.catalogue import as_extensible_table
    >>> type(as_extensible_table(TimeSeries(time=["2018-06-16"]))).__name__
    'QTable'
    """
    if not isinstance(catalogue, Table):
        return catalogue
    trial = catalogue[:0]
    try:
        trial.add_column(np.empty(0, dtype=int), index=0, name=_unused_name("catalogue_index", trial.colnames))
    except (ValueError, TypeError):
        return QTable(catalogue, copy=False)
    return catalogue


def join_matches(catalogue, index, objects, number, apart, *, source):
    """Put matches beside the rows of a catalogue.

    Parameters
    ----------
    catalogue : `~astropy.table.Table` or `~astropy.coordinates.SkyCoord`
        The catalogue.
    index : `~numpy.ndarray` of int, shape (k,)
        Row of the catalogue of each match.
    objects : `~astropy.table.QTable`
        The objects, with ``atlas_id``, ``name``, ``ra``, ``dec``.
    number : `~numpy.ndarray` of int, shape (k,)
        Row of the object of each match; -1 for a row of the catalogue without a match.
    apart : `~numpy.ndarray` of float, shape (k,)
        Distance in arcsec.
    source : {"server", "id"}
        Where the positions of the objects are from.

    Returns
    -------
    `~astropy.table.Table`, length k
        Of the catalogue's class; a column of its whose name is one of ours has ``_catalogue`` added.
    """
    rows = catalogue[index] if isinstance(catalogue, Table) else QTable()
    for name in [name for name in rows.colnames if name in MATCH_COLUMNS]:
        rows.rename_column(name, _unused_name(f"{name}_catalogue", rows.colnames))
    nothing = np.zeros(len(index), dtype=bool)
    rows.add_column(masked_column(index, nothing, "Row of the catalogue, from 0."), index=0, name="catalogue_index")
    for name in ("atlas_id", "name", "ra", "dec"):
        rows[name] = _take_rows(objects[name], number)
    rows["separation"] = masked_quantity(
        apart.copy(), number < 0, u.arcsec, "Distance of the object from the catalogue's position."
    )
    rows["separation"].info.format = ".3f"
    rows.meta["position_source"] = source
    return rows


def _unused_name(name, taken):
    while name in taken:
        name += "_catalogue"
    return name


def _take_rows(column, number):
    """Return the values of some rows of a column, masked where there is no row."""
    mask = number < 0
    values = getattr(column, "unmasked", getattr(column, "data", column))
    values = getattr(values, "value", np.ma.getdata(values))
    data = np.zeros(len(number), dtype=values.dtype)
    data[~mask] = values[number[~mask]]
    nulls = mask.copy()
    nulls[~mask] = _mask(column)[number[~mask]]
    if column.unit is not None:
        return masked_quantity(data, nulls, column.unit, column.info.description)
    return masked_column(data, nulls, column.info.description)
