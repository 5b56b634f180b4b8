# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The join of the rows of a catalogue with matched objects."""

import numpy as np
from astropy import units as u
from astropy.table import QTable, Table

from atlasquery.schema.columns import masked_column, masked_quantity

__all__ = ["as_extensible_table", "join_matches"]

MATCH_COLUMNS = ("catalogue_index", "atlas_id", "name", "ra", "dec", "separation")


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


def _mask(column):
    return np.broadcast_to(getattr(column, "mask", False), column.shape)
