# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Search around many positions, from cones that positions share or from whole lists; needs several endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units as u
from astropy.table import QTable, Table, vstack
from numpy.typing import NDArray

from atlasquery import schema
from atlasquery.batches import FATAL_ERRORS, attach_results, send_sequentially
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.cone import ConeEndpoint, cone_payload, index_column
from atlasquery.endpoints.lists import ListEndpoint
from atlasquery.endpoints.objects import ObjectsEndpoint, object_table
from atlasquery.exceptions import BatchError
from atlasquery.inputs.list_filters import ListFilters
from atlasquery.inputs.lists import CustomList, DetectionList
from atlasquery.inputs.object_ids import positions_from_ids
from atlasquery.schema.columns import masked_column, masked_quantity

if TYPE_CHECKING:
    from atlasquery.crossmatch.search import PositionSearch

__all__ = ["PositionSearchQueries", "multi_position_table", "shared_cone_payloads"]


def shared_cone_payloads(search: PositionSearch) -> list[Payload]:
    """Return the payloads of the cones of a `~atlasquery.crossmatch.search.PositionSearch`."""
    return [cone_payload(cone.ra, cone.dec, cone.radius, "all") for cone in search.cones]


class PositionSearchQueries:
    """Searches around many positions.

    Parameters
    ----------
    cone : `~atlasquery.endpoints.cone.ConeEndpoint`
        Finds candidates.
    objects : `~atlasquery.endpoints.objects.ObjectsEndpoint`
        Downloads their exact positions.
    lists : `~atlasquery.endpoints.lists.ListEndpoint`
        Downloads whole lists.
    """

    def __init__(self, cone: ConeEndpoint, objects: ObjectsEndpoint, lists: ListEndpoint) -> None:
        self._cone, self._objects, self._lists = cone, objects, lists

    def add_details(self, region: QTable) -> QTable:
        """Return the table of a region with the server's positions and the columns of the objects."""
        ids = list(dict.fromkeys(region["atlas_id"].tolist()))
        with attach_results(lambda error: region):
            objects = self._objects.query(ids)
        return _add_details(region, objects)

    def search_shared_cones(self, search: PositionSearch, **options: Any) -> Table:
        """Return the table of a search, from its cones and the exact positions of the objects in them."""
        region = self._search_cones(search, options)
        unique = _unique_objects(region)

        def make_results(error: Any) -> Table:
            if isinstance(error, FATAL_ERRORS):
                return search.table(unique, source="id", cones=region)
            failed = np.isin(region["atlas_id"].data.data, list(error.failed))
            return _match_objects(search, error.results, region[~failed])

        with attach_results(make_results, (*FATAL_ERRORS, BatchError)):
            objects = self._objects.query(unique["atlas_id"].tolist())
        return _match_objects(search, objects, region)

    def _search_cones(self, search: PositionSearch, options: dict[str, Any]) -> QTable:
        """Return the table of all objects in the cones; errors are reported for positions, not for cones."""

        def make_results(cones: list[Any]) -> Table:
            region = self._cone.make_table(cones)
            table = search.table(_unique_objects(region), source="id", cones=region)
            # The cones of these positions were never requested: no row tells whether they have a match.
            not_searched = search.unsearched_positions(len(cones))
            table = table[~np.isin(table.columns[0], not_searched)]
            table.meta["not_searched"] = not_searched
            return table

        try:
            return self._cone.search(shared_cone_payloads(search), results=make_results, **options)
        except BatchError as error:
            reason = next(iter(error.failed.values()))
            error.failed = dict.fromkeys(error.results.meta["not_searched"], reason)
            raise

    def search_lists(
        self, search: PositionSearch, object_lists: Sequence[DetectionList | CustomList], **options: Any
    ) -> Table:
        """Return the table of a search among the objects of whole lists."""

        def make_results(tables: list[QTable]) -> Table:
            names = ("atlas_id", "name", "ra", "dec", "earliest_mjd", "latest_mjd")
            rows = [table[names] for table in tables or [schema.LIST_ROW.table([])]]
            stacked = vstack(rows, metadata_conflicts="silent")
            objects, without_position = _fill_missing_positions(_unique_objects(stacked), stacked)
            return _set_match_meta(search.table(objects), without_position)

        no_filters = ListFilters()
        requests = [([repr(object_list)], object_list) for object_list in object_lists]
        options = {"results": make_results, "noun": "lists", **options}
        tables = send_sequentially(lambda object_list: self._lists.query(object_list, no_filters), requests, **options)
        return make_results(tables)


def multi_position_table(
    position_rows: NDArray[np.int64],
    objects: QTable,
    object_rows: NDArray[np.int64],
    separation_arcsec: NDArray[np.float64],
    *,
    details: bool,
    source: str,
) -> QTable:
    """Return the table of the objects around many positions, with the columns of a table of separate cones.

    The first, third and fourth argument have one element a match: index of the position, row in ``objects``, arcsec.
    """
    rows = objects[object_rows]
    declared = schema.CONE["separation"]
    columns = {"query_index": index_column(position_rows), "atlas_id": rows["atlas_id"], "name": rows["name"]}
    columns["separation"] = masked_quantity(
        separation_arcsec, np.isnan(separation_arcsec), declared.unit, declared.description
    )
    columns["separation"].info.format = ".3f"
    columns |= {"ra": rows["ra"], "dec": rows["dec"]}
    columns |= {name: rows[name] for name in rows.colnames if details and name not in columns}
    return QTable(columns, meta={"position_source": source}, copy=False)


def _match_objects(search: PositionSearch, objects: QTable, region: QTable) -> Table:
    """Return the table of a search; an object without a position is matched by its separation from the cone."""
    missing = objects.meta["missing"]
    objects, without_position = _fill_missing_positions(objects, region)
    cones = region[np.isin(region["atlas_id"].data.data, without_position)]
    return _set_match_meta(search.table(objects, cones=cones), without_position, missing)


def _set_match_meta(table: Table, without_position: NDArray[np.int64], missing: Sequence[Any] = ()) -> Table:
    """List missing objects and objects without a position in ``meta``."""
    # A catalogue may itself be the result of a query, with the keys of that one.
    table.meta.pop("position_from_id", None)
    table.meta |= {"missing": list(missing)}
    table.meta |= {"position_from_id": without_position.tolist()} if len(without_position) else {}
    return table


def _unique_objects(table: QTable) -> QTable:
    """Return the first row of each object."""
    _, first = np.unique(table["atlas_id"].data.data, return_index=True)
    return table[np.sort(first)]


def _add_details(region: QTable, objects: QTable) -> QTable:
    """Return the rows of a region with the columns of the objects; ``meta['missing']`` lists ids without details."""
    ids = region["atlas_id"].tolist()
    objects, missing = _add_unknown_objects(objects, ids)
    row_of = {object_id: row for row, object_id in enumerate(objects["atlas_id"].tolist())}
    details = objects[[row_of[object_id] for object_id in ids]]
    kept = [name for name in region.colnames if name not in ("ra", "dec")]
    columns = {name: region[name] for name in kept} | {name: details[name] for name in ("ra", "dec")}
    columns |= {name: details[name] for name in details.colnames if name not in columns}
    return QTable(columns, meta={**region.meta, "position_source": "server", "missing": missing}, copy=False)


def _add_unknown_objects(objects: QTable, ids: list[int]) -> tuple[QTable, list[int]]:
    """Return the objects with a masked row for each id that the server does not know, and these ids."""
    missing = sorted(set(ids) - set(objects["atlas_id"].tolist()))
    if missing:
        nulls = dict.fromkeys(field.server_key for field in schema.OBJECT.values())
        rows = [{**nulls, schema.OBJECT["atlas_id"].server_key: object_id} for object_id in missing]
        objects = vstack([objects, object_table(rows)], metadata_conflicts="silent")
    return objects, missing


def _fill_missing_positions(objects: QTable, region: QTable) -> tuple[QTable, NDArray[np.int64]]:
    """Return all objects of a region, with the position of the id where the server has none, and the ids of those."""
    objects, missing = _add_unknown_objects(objects, region["atlas_id"].tolist())
    is_null = ~np.isfinite(objects["ra"].filled(np.nan).value) | ~np.isfinite(objects["dec"].filled(np.nan).value)
    ids = objects["atlas_id"].data.data
    if is_null.any():
        columns = {name: objects[name] for name in objects.colnames}
        for name, degrees in zip(("ra", "dec"), positions_from_ids(ids), strict=True):
            columns[name] = _fill_positions(objects[name], degrees, is_null)
        if missing:
            columns["name"] = _fill_names(objects, region)
        objects = QTable(columns, meta=objects.meta, copy=False)
    return objects, ids[is_null]


def _fill_positions(column: Any, degrees: NDArray[np.float64], is_null: NDArray[np.bool_]) -> Any:
    values = np.where(is_null, degrees, column.filled(np.nan).value)
    return masked_quantity(values, np.isnan(values), u.deg, column.info.description)


def _fill_names(objects: QTable, region: QTable) -> Any:
    """Return the names of the objects, from the region where the server does not know the object."""
    name_of = dict(zip(region["atlas_id"].tolist(), region["name"].tolist(), strict=True))
    pairs = zip(objects["atlas_id"].tolist(), objects["name"].tolist(), strict=True)
    names = [name or name_of.get(object_id) or "" for object_id, name in pairs]
    return masked_column(np.array(names, dtype=str), [not name for name in names], objects["name"].info.description)
