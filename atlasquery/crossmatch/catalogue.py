# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Catalogues of the user in many forms, as astropy tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from astropy import units as u
from astropy.coordinates import BaseCoordinateFrame, SkyCoord
from astropy.table import QTable, Row, Table
from numpy.typing import NDArray

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.utils.text import abbreviate

__all__ = ["CatalogueLike", "DataFrameLike", "UnitLike", "as_table", "check_catalogue_type", "is_catalogue"]


class DataFrameLike(Protocol):
    """A DataFrame or a Series of pandas, which is not needed here."""

    @property
    def attrs(self) -> Any:
        """Attributes, of which ``"units"`` has the units of columns."""

    @property
    def iloc(self) -> Any:
        """Rows by number."""


CatalogueLike: TypeAlias = (
    SkyCoord | BaseCoordinateFrame | Table | Row | Mapping[str, Any] | NDArray[np.void] | DataFrameLike
)
UnitLike: TypeAlias = str | u.UnitBase | Sequence[str | u.UnitBase] | Mapping[str, str | u.UnitBase]

_TABLE_SUFFIXES = (
    ".fits",
    ".fit",
    ".csv",
    ".ecsv",
    ".vot",
    ".xml",
    ".votable",
    ".txt",
    ".dat",
    ".parquet",
    ".gz",
    ".hdf5",
)


def is_catalogue(value: Any) -> bool:
    """Return whether a value has columns, in contrast to coordinates."""
    return isinstance(value, (Table, Row, Mapping)) or _is_pandas(value) or _is_structured(value)


def as_table(catalogue: CatalogueLike) -> Table:
    """Return a catalogue with columns as a table; an astropy table is returned as it is.

    Raises
    ------
    InvalidQueryTypeError
        If it is the name of a file, or several tables; the hint shows how to read it.
    """
    if isinstance(catalogue, Table):
        return catalogue
    if isinstance(catalogue, Row):
        return catalogue.table[catalogue.index : catalogue.index + 1]
    if _is_pandas(catalogue):
        return _from_pandas(catalogue)
    if isinstance(catalogue, Mapping):
        return _from_columns(catalogue)
    return QTable(catalogue)


def check_catalogue_type(catalogue: Any) -> None:
    """Raise for files and collections of tables, with the line that gets one table of them."""
    name = type(catalogue).__name__
    if isinstance(catalogue, os.PathLike) or (isinstance(catalogue, str) and _is_file_name(catalogue)):
        path = os.fspath(catalogue)
        raise _wrong_type(f"the file name {path!r}", f"QTable.read({path!r}) reads it.")
    if name == "TableList":
        keys = [key for key in getattr(catalogue, "keys", list)() if isinstance(key, str)]
        raise _wrong_type(
            f"a TableList of {len(catalogue)} tables", f"Pass one of them: tables[{keys[0] if keys else 0!r}]."
        )
    if name in ("HDUList", "BinTableHDU", "TableHDU"):
        raise _wrong_type(f"a {name}", "QTable.read(hdu) reads a table of it.")
    if name in ("VOTableFile", "TableElement", "DALResults", "TAPResults", "SIAResults", "SCSResults"):
        raise _wrong_type(f"a {name}", "Pass its astropy table: .to_table(), or .get_first_table().to_table().")


def _wrong_type(got: str, hint: str) -> InvalidQueryTypeError:
    return InvalidQueryTypeError(f"`catalogue` must be coordinates or one table, got {got}.", hint=hint)


def _is_file_name(text: str) -> bool:
    return text.lower().endswith(_TABLE_SUFFIXES) or os.path.exists(text)


def _is_pandas(value: Any) -> bool:
    kind = type(value)
    return any(
        base.__module__.split(".")[0] == "pandas" and base.__name__ in ("DataFrame", "Series") for base in kind.__mro__
    )


def _is_structured(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.names is not None


def _from_pandas(frame: Any) -> QTable:
    """Return a DataFrame, or a Series as its only row, with the units in ``attrs['units']``.

    An index that is more than the row number becomes a column.
    """
    if type(frame).__name__ == "Series":
        return _with_units(_from_columns(frame.to_dict()), frame.attrs)
    has_index = type(frame.index).__name__ != "RangeIndex" or frame.index.name is not None
    return _with_units(QTable(Table.from_pandas(frame, index=has_index)), frame.attrs)


def _with_units(table: QTable, attrs: Mapping[Any, Any]) -> QTable:
    units = attrs.get("units", {})
    for name in table.colnames:
        if (unit := units.get(name)) and getattr(table[name], "unit", None) is None:
            table[name].unit = unit
    return QTable(table)  # columns with a unit become quantities


def _from_columns(columns: Mapping[Any, Any]) -> QTable:
    """Return a table of a mapping from names to columns, or to the values of one row."""
    is_row = all(np.ndim(column) == 0 for column in columns.values())
    try:
        return QTable({str(name): _as_vector(value) if is_row else value for name, value in columns.items()})
    except (ValueError, TypeError) as error:
        reason = f"`catalogue` must have columns of one length, got {abbreviate(columns)}: {error}"
        raise InvalidQueryError(reason) from error


def _as_vector(value: Any) -> Any:
    return value.reshape(1) if isinstance(value, (u.Quantity, SkyCoord, BaseCoordinateFrame)) else [value]
