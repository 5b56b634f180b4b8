# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoints ``objectlist/`` (the objects of a list) and ``objectgroupslist/`` (the custom lists of objects)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from astropy.table import QTable

from atlasquery import schema
from atlasquery.endpoints.base import Endpoint, Payload
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.list_filters import ListFilters
from atlasquery.inputs.lists import CustomList, DetectionList, custom_lists
from atlasquery.inputs.object_names import ObjectName
from atlasquery.schema.columns import masked_column

__all__ = ["ListEndpoint", "MembershipEndpoint", "list_payload", "membership_payload", "select_ids"]


def list_payload(object_list: DetectionList | CustomList, filters: ListFilters | None = None) -> Payload:
    """Return the payload of a `DetectionList` or `CustomList`."""
    kind = {"getcustomlist": True} if isinstance(object_list, CustomList) else {}
    return {"objectlistid": object_list.number, **kind, **(filters.payload() if filters else {})}


def membership_payload(object_ids: Sequence[int | ObjectName]) -> Payload:
    """Return the payload of one object; several objects need the whole table, an empty payload."""
    if len(object_ids) != 1:
        return {}
    object_id = object_ids[0]
    return {"objectid": object_id if isinstance(object_id, int) else str(object_id)}


class ListEndpoint(Endpoint):
    """Reads lists."""

    path = "objectlist/"

    def query(self, object_list: DetectionList | CustomList, filters: ListFilters) -> QTable:
        """Return the rows of a list that match the filters."""
        rows = self._read(list_payload(object_list, filters))
        name = object_list.name or f"custom list {object_list.number}"
        table = self._remember_names(schema.LIST_ROW.table(rows, url=self.url, meta={"lists": [name]}))
        if missing := filters.missing_columns(rows):
            raise InvalidQueryError(
                f"`{missing[0]}` cannot be used as a filter: this server does not send that column.",
                url=self.url,
                hint="Leave it out.",
            )
        return table[filters.matches(table)]


class MembershipEndpoint(Endpoint):
    """Reads the custom lists that objects are on."""

    path = "objectgroupslist/"

    def query(self, ids: list[int], missing_names: Sequence[ObjectName] = ()) -> QTable:
        """Return one row an object and custom list; ``meta['missing']`` lists the ids and names on no list."""
        rows = self._read(membership_payload(ids)) if ids else []
        table = _membership_table(rows, url=self.url)
        return select_ids(ids, table, missing_names)

    def members(self, custom_list: int) -> set[int]:
        """Return the ids of the objects on a custom list, given by number."""
        table = schema.LIST_MEMBERSHIP.table(self._read({"objectgroupid": custom_list}), url=self.url)
        return set(table["atlas_id"][table["custom_list"] == custom_list].tolist())


def _membership_table(rows: Any, *, url: str) -> QTable:
    """Return the table of objects and custom lists, with the name of each list where it is known."""
    table = schema.LIST_MEMBERSHIP.table(rows, url=url)
    list_names = {number: name for name, number in custom_lists().items()}
    names = np.array([list_names.get(number, "") for number in table["custom_list"].tolist()], dtype=str)
    column = masked_column(names, names == "", "Name of the custom list, where it is known.")
    table.add_column(column, index=table.index_column("custom_list") + 1, name="custom_list_name")
    return table


def select_ids(ids: list[int], table: QTable, missing_names: Sequence[ObjectName]) -> QTable:
    """Return the rows of these ids, in their order; ``meta['missing']`` lists those without a row."""
    order_of = {object_id: number for number, object_id in enumerate(dict.fromkeys(ids))}
    orders = np.array([order_of.get(object_id, -1) for object_id in table["atlas_id"].tolist()], dtype=int)
    rows = np.argsort(orders, kind="stable")
    selected = table[rows[orders[rows] >= 0]]
    present = set(selected["atlas_id"].tolist())
    missing = [object_id for object_id in order_of if object_id not in present]
    selected.meta["missing"] = [*missing, *map(str, missing_names)]
    return selected
