# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`to_votable`: any table of the package as a VOTable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from astropy import units as u
from astropy.coordinates import BaseCoordinateFrame, SkyCoord
from astropy.io.votable import from_table
from astropy.io.votable.tree import VOTableFile
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import InvalidInputError, InvalidTypeError

__all__ = ["to_votable"]


def to_votable(table: Table, *, time_format: Literal["iso", "mjd"] = "iso") -> VOTableFile:
    """Return a table as a VOTable, which can be written to a file or uploaded to a TAP service.

    Parameters
    ----------
    table : `~astropy.table.Table`
        A result of a query, a `LightCurve` or another table.
    time_format : {"iso", "mjd"}
        Times as strings in ISO 8601 (UTC), or as Modified Julian Dates (UTC) in days.

    Returns
    -------
    `~astropy.io.votable.tree.VOTableFile`
        Its method ``to_xml(file)`` writes it, in the serialization BINARY2. Masked values are null, coordinates are two
        columns in degrees (ICRS), and objects of other types are strings.

    Raises
    ------
    InvalidTypeError
        If it is not a table.
    InvalidInputError
        If ``time_format`` is unknown.

    Examples
    --------
    >>> from io import BytesIO
    >>> from atlasquery import to_votable
    >>> table = atlas.query_object("2018cow")
    >>> upload = BytesIO()
    >>> to_votable(table, time_format="mjd").to_xml(upload)
    >>> upload.getvalue()[:14]
    b'<?xml version='

    With pyvo, ``upload.seek(0)`` and ``service.run_sync(query, uploads={"mine": upload})`` send it.
    """
    if not isinstance(table, Table):
        raise InvalidTypeError(f"`table` must be an astropy table, got {type(table).__name__}.")
    if time_format not in ("iso", "mjd"):
        raise InvalidInputError(f"`time_format` must be 'iso' or 'mjd', got {time_format!r}.")
    columns = dict(pair for name in table.colnames for pair in _iter_plain_columns(name, table[name], time_format))
    votable = from_table(QTable(columns, copy=False))
    # The text serialization of astropy 8.0 can crash the interpreter.
    votable.set_all_tables_format("binary2")
    return votable


def _iter_plain_columns(name: str, column: Any, time_format: str) -> Iterator[tuple[str, Any]]:
    """Yield the columns that VOTable has for one of a table."""
    if isinstance(column, Time):
        yield name, _from_time(column, time_format)
    elif isinstance(column, TimeDelta):
        yield name, column.to(u.day)
    elif isinstance(column, (SkyCoord, BaseCoordinateFrame)):
        icrs = SkyCoord(column).icrs
        yield f"{name}_ra", u.Quantity(icrs.ra, u.deg)
        yield f"{name}_dec", u.Quantity(icrs.dec, u.deg)
    elif getattr(column, "dtype", np.dtype(object)).kind == "O":
        texts = [value if value is None else str(value) for value in column]
        yield name, _text_column([text or "" for text in texts], column)
    else:
        yield name, column


def _from_time(time: Time, time_format: str) -> Any:
    """Return times as ISO strings or as MJDs in days."""
    mask = np.broadcast_to(time.mask, time.shape)
    if time_format == "iso":
        texts = np.asarray(getattr(time.utc.isot, "unmasked", np.ma.getdata(time.utc.isot)), dtype=str)
        return _text_column(["" if masked else text for text, masked in zip(texts, mask, strict=True)], time)
    values = np.asarray(getattr(time.utc.mjd, "unmasked", np.ma.getdata(time.utc.mjd)), dtype=float)
    return MaskedColumn(values, mask=mask, unit=u.day, description=time.info.description)


def _text_column(texts: list[str], column: Any) -> MaskedColumn:
    """Return a column of strings, masked where they are empty."""
    return MaskedColumn(texts, mask=[not text for text in texts], dtype=str, description=column.info.description)
