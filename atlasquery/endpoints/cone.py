# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The endpoint ``cone/``: objects around a position, or their number."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import QTable
from numpy.typing import NDArray

from atlasquery import schema
from atlasquery.batches import send_sequentially
from atlasquery.endpoints.base import Endpoint, Payload
from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.inputs.object_ids import positions_from_ids
from atlasquery.schema.columns import masked_column, masked_quantity
from atlasquery.utils.text import abbreviate

__all__ = ["ConeEndpoint", "cone_payload", "cone_payloads", "index_column"]

_ID_POSITION_DESCRIPTION = (
    "{} (ICRS) from the id: that of the first detection, up to about 3 arcsec from the catalogued position."
)
_AXES = {"ra": "Right ascension", "dec": "Declination"}


def cone_payload(ra: float, dec: float, radius_arcsec: float, kind: str) -> Payload:
    """Return the payload of one cone; ``kind`` is ``"all"``, ``"nearest"`` or ``"count"``."""
    return {"ra": ra, "dec": dec, "radius": radius_arcsec, "requestType": kind}


def cone_payloads(coordinates: SkyCoord, radius_arcsec: float | NDArray[np.float64], kind: str) -> list[Payload]:
    """Return the payloads of a vector of positions (ICRS), with one radius or one for each."""
    radii = np.broadcast_to(radius_arcsec, coordinates.shape).tolist()
    degrees = (angle.deg.tolist() for angle in (coordinates.ra, coordinates.dec))
    return [cone_payload(ra, dec, radius, kind) for ra, dec, radius in zip(*degrees, radii, strict=True)]


class ConeEndpoint(Endpoint):
    """Searches cones."""

    path = "cone/"

    def count(self, payload: Payload) -> int:
        """Return the number of objects in a cone."""
        return _parse_count(self._read(payload), url=self.url)

    def search(
        self, payloads: Payload | list[Payload], indices: NDArray[np.int64] | None = None, **options: Any
    ) -> QTable:
        """Return the table of one cone (a payload), or of several (a list of payloads).

        ``indices`` numbers them in the column ``query_index``; from 0 by default.
        """
        if isinstance(payloads, dict):
            return self.make_table([self._search_one(payloads)], has_index=False)
        numbers = np.arange(len(payloads)) if indices is None else indices
        make_table = partial(self.make_table, indices=numbers)
        requests = [([index], payload) for index, payload in zip(numbers.tolist(), payloads, strict=True)]
        options = {"results": make_table, "noun": "cones", **options}
        return make_table(send_sequentially(self._search_one, requests, **options))

    def _search_one(self, payload: Payload) -> list[Any]:
        return _parse_rows(self._read(payload), is_nearest=payload["requestType"] == "nearest", url=self.url)

    def make_table(
        self, cones: list[list[Any]], *, has_index: bool = True, indices: NDArray[np.int64] | None = None
    ) -> QTable:
        """Return the table of the rows of several cones; `query_index` numbers them, from 0 or with ``indices``."""
        table = _region_table(cones, url=self.url)
        if has_index:
            numbers = np.arange(len(cones)) if indices is None else indices[: len(cones)]
            index = np.repeat(numbers, [len(rows) for rows in cones])
            table.add_column(index_column(index), index=0, name="query_index")
        return self._remember_names(table)


def _parse_rows(document: Any, *, is_nearest: bool, url: str) -> list[Any]:
    """Return the rows of an answer: a list for ``all``, one row or ``{}`` for ``nearest``."""
    if isinstance(document, dict) and is_nearest:
        return [document] if document else []
    if not isinstance(document, list):
        raise UnreadableAnswerError(f"The answer must be a list, got {abbreviate(document)}.", url=url, record="cone")
    return document


def _parse_count(document: Any, *, url: str) -> int:
    """Return the number in the answer to ``count``."""
    count = document.get("count") if isinstance(document, dict) else None
    if type(count) is not int or count < 0:
        reason = f"The answer must hold a count, got {abbreviate(document)}."
        raise UnreadableAnswerError(reason, url=url, record="cone", column="count", value=count)
    return count


def _region_table(cones: list[list[Any]], *, url: str) -> QTable:
    """Return one table of the rows of several cones, with positions from the ids."""
    table = schema.CONE.table([row for rows in cones for row in rows], url=url)
    for name, degrees in zip(_AXES, positions_from_ids(table["atlas_id"].data.data), strict=True):
        description = _ID_POSITION_DESCRIPTION.format(_AXES[name])
        table[name] = masked_quantity(degrees, np.isnan(degrees), u.deg, description)
        table[name].info.format = ".5f"
    table["separation"].info.format = ".3f"
    table.meta["position_source"] = "id"
    return table


def index_column(index: NDArray[np.int64]) -> Any:
    """Return the column ``query_index``."""
    return masked_column(index, np.zeros(len(index), dtype=bool), "Index of the position in the query, from 0.")
