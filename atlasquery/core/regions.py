# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries around positions."""

from __future__ import annotations

from typing import Any, Literal, overload

import numpy as np
from astropy.table import QTable, Table

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.position_query import OnBadRows, PositionQuery, check_position_query
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_incomplete_rows, warn_large_query, warn_no_results
from atlasquery.crossmatch.catalogue import CatalogueLike, UnitLike
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.cone import cone_payloads
from atlasquery.endpoints.position_search import multi_position_table, shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import CoordinatesLike, RadiusLike
from atlasquery.inputs.proper_motion import EpochLike

__all__ = ["RegionQueries"]

_LISTS_HINT = "crossmatch(..., lists=range(14)) needs 14 requests, but misses objects that are on no list."


class RegionQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that search around positions."""

    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> Table: ...
    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> Table | Payload | list[Payload]: ...
    def query_region(
        self,
        coordinates: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> Table | Payload | list[Payload]:
        """Query the objects around one position or many.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, str, list of those, or table
            One position or a vector of n positions, in any frame; a table or a row of one, as for `crossmatch`; or a
            string such as ``"244.0009 22.2680"`` (degrees) or ``"16:16:00.2 +22:16:04.9"``. Object names are not
            resolved. Each position costs one request, unless positions close together can share requests.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, such as ``10 * u.arcsec`` or ``"1 arcmin"``; at most 300 arcsec. A quantity of shape
            (n,) has a radius for each position.
        nearest : bool
            Return only the nearest object to each position.
        details : bool
            Add the server's positions and all columns of `query_object`, for one more request per 1,000 objects.
        epoch : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Apply the proper motions of the positions, and search where the stars were at this time; ``"observation"``
            stands for the date of each object. See `crossmatch`.
        unit : str, unit, pair or dict of those, optional
            Unit of the columns of positions of a table that have none.
        on_bad_rows : {"raise", "skip"}
            Raise an error that names the rows without a valid position, or leave them out; ``meta['bad_rows']`` lists
            them.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, or for a vector the list of payloads.

        Returns
        -------
        `~astropy.table.Table`
            One row per object, nearest first: ``atlas_id``, ``name``, ``separation`` [arcsec], ``ra``, ``dec`` [deg].
            For a vector, one table with the column ``query_index`` (from 0). ``meta['position_source']`` is ``'id'`` if
            ``ra`` and ``dec`` are decoded from the ids, which may be 3 arcsec off. It is ``'server'`` if they are the
            server's: with ``details=True``, and if positions shared requests. ``separation`` always comes from the
            server's positions. Tables with ``details=True`` can always be stacked; for others,
            `~astropy.table.vstack` warns if ``position_source`` differs.

        Raises
        ------
        InvalidQueryError
            If a position or the radius is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.
        BatchError
            If one of several requests fails after others succeeded: ``results`` is the table of those, ``failed`` maps
            the indices of the other positions to errors. An error of the first request, and a ``RateLimitError``, keep
            their class and have the same ``results``.

        Warns
        -----
        NoResultsWarning
            If no object is found; the table is then empty. Also if the server has no details of some objects, which
            are listed in ``meta['missing']``.
        DataQualityWarning
            If positions shared requests and the server has no position of some objects: their rows have the position
            from the id and a separation derived from that to the centre of the cone, and
            ``meta['position_from_id']`` lists them. Also if a star has moved by more than the radius, and no ``epoch``
            is given.
        LargeQueryWarning
            If the query needs more requests than the quota has left.

        Examples
        --------
        >>> from astropy import units as u
        >>> from astropy.coordinates import SkyCoord
        >>> table = atlas.query_region(SkyCoord("16h16m00.22s +22d16m04.9s"), 10 * u.arcsec)
        >>> print(table["atlas_id", "name"])
              atlas_id         name
        ------------------- ----------
        1161600211221604900 ATLAS18qqn
        """
        query = check_position_query(
            "coordinates", coordinates, radius, unit=unit, epoch=epoch, on_bad_rows=on_bad_rows
        )
        search = _plan_shared_cones(query, nearest, details)
        payloads = (
            cone_payloads(query.coordinates, query.radii, "nearest" if nearest else "all")
            if search is None
            else shared_cone_payloads(search)
        )
        if get_query_payload:
            return payloads[0] if query.positions.is_scalar else payloads
        if not query.positions.is_scalar:
            warn_large_query(self.quota, len(payloads) + (details or search is not None), _LISTS_HINT)
        table = self._search_region(query, search, payloads, details)
        if not len(table) and payloads:
            warn_no_results(f"No object is within {_describe_radius(radius)} of `coordinates`.")
        warn_incomplete_rows(table)
        return table

    def _search_region(
        self, query: PositionQuery, search: PositionSearch | None, payloads: list[Payload], details: bool
    ) -> Table:
        """Return the table of a query, with separate or shared cones."""
        is_scalar = query.positions.is_scalar
        if search is not None:
            table = self._endpoints.positions.search_shared_cones(search)
        else:
            table = self._endpoints.cone.search(payloads[0] if is_scalar else payloads, query.rows)
            table = self._endpoints.positions.add_details(table) if details else table
        if is_scalar and "query_index" in table.colnames:
            table.remove_column("query_index")
        if query.skipped:
            table.meta["bad_rows"] = query.skipped
        return table

    @overload
    def count_region(
        self,
        coordinates: CoordinatesLike,
        radius: RadiusLike,
        *,
        epoch: EpochLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> int: ...
    @overload
    def count_region(
        self,
        coordinates: CoordinatesLike,
        radius: RadiusLike,
        *,
        epoch: EpochLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload: ...
    @overload
    def count_region(
        self,
        coordinates: CoordinatesLike,
        radius: RadiusLike,
        *,
        epoch: EpochLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> int | Payload: ...
    def count_region(
        self,
        coordinates: CoordinatesLike,
        radius: RadiusLike,
        *,
        epoch: EpochLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> int | Payload:
        """Count the objects around one position; the cheapest query.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
            One position, in any frame.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, at most 300 arcsec.
        epoch : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Apply the proper motion of the position, and search where the star was at this time.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload.

        Returns
        -------
        int
            The number of objects.

        Raises
        ------
        InvalidQueryError
            If the position or the radius is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Examples
        --------
        >>> atlas.count_region("244.0009d 22.2680d", "10 arcsec")
        1
        """
        query = check_position_query("coordinates", coordinates, radius, unit=None, epoch=epoch, on_bad_rows="raise")
        if not query.positions.is_scalar:
            raise InvalidQueryError(
                f"`coordinates` must be a single position, got a vector of {len(query.positions)}.",
                hint="query_region accepts a vector; vector[0] is a single position.",
            )
        if query.motion is not None:
            raise InvalidQueryError(
                "`epoch` must be a time here, got 'observation': objects are counted on the server."
            )
        (payload,) = cone_payloads(query.coordinates, query.radii, "count")
        return payload if get_query_payload else self._endpoints.cone.count(payload)


def _describe_radius(radius: RadiusLike) -> str:
    return str(radius) if np.ndim(radius) == 0 else "its radius"


def _plan_shared_cones(query: PositionQuery, nearest: bool, details: bool) -> PositionSearch | None:
    """Return the search in which positions share cones, or None if that does not save requests."""

    def make_table(matches: Any, *, source: str = "server") -> QTable:
        return multi_position_table(*matches.select(nearest=nearest), details=details, source=source)

    if query.motion is None and query.positions.is_scalar:
        return None
    search = PositionSearch(query.positions.coordinates, query.arcsec, make_table, motion=query.motion, now=query.now)
    is_cheaper = len(search.cones) + 1 < len(query.rows) + details
    return search if is_cheaper or query.motion is not None else None
