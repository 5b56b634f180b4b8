# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries around positions."""

from __future__ import annotations

from typing import Any, Literal, overload

from astropy.coordinates import SkyCoord
from astropy.table import QTable, Table

from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_incomplete_rows, warn_large_query, warn_no_results
from atlasquery.crossmatch.catalogue import catalogue_coordinates
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.cone import cone_payload, cone_payloads
from atlasquery.endpoints.position_search import multi_position_table, shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import CoordinatesLike, RadiusLike, icrs_coordinates, radius_arcsec

__all__ = ["RegionQueries"]


class RegionQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that search around positions."""

    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        get_query_payload: Literal[False] = False,
    ) -> Table: ...
    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def query_region(
        self,
        coordinates: CoordinatesLike | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        get_query_payload: bool,
    ) -> Table | Payload | list[Payload]: ...
    def query_region(
        self,
        coordinates: CoordinatesLike | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        details: bool = False,
        get_query_payload: bool = False,
    ) -> Table | Payload | list[Payload]:
        """Query the objects around one position or many.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, `~astropy.table.Table`, or str
            One position or a vector of n positions, in any frame; a table as for `crossmatch`; or a string that
            `~astropy.coordinates.SkyCoord` can parse. Object names are not resolved. Each position costs one request,
            unless positions close together can share requests.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, such as ``10 * u.arcsec`` or ``"1 arcmin"``; at most 300 arcsec.
        nearest : bool
            Return only the nearest object to each position.
        details : bool
            Add the server's positions and all columns of `query_object`, for one more request per 1,000 objects.
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
            ``meta['position_from_id']`` lists them.
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
        if isinstance(coordinates, Table):
            coordinates = catalogue_coordinates(coordinates)
        arcsec, positions = radius_arcsec(radius), icrs_coordinates(coordinates)
        search = None if positions.isscalar else _plan_shared_cones(positions, arcsec, nearest, details)
        payloads = (
            cone_payloads(positions, arcsec, "nearest" if nearest else "all")
            if search is None
            else shared_cone_payloads(search)
        )
        if get_query_payload:
            return payloads
        if isinstance(payloads, list):
            warn_large_query(self.quota, len(payloads) + (details or search is not None))
        table = self._search(search, payloads, details)
        if not len(table):
            warn_no_results(f"No object is within {radius} of `coordinates`.")
        warn_incomplete_rows(table)
        return table

    def _search(self, search: PositionSearch | None, payloads: Payload | list[Payload], details: bool) -> Table:
        if search is not None:
            return self._endpoints.positions.search_shared_cones(search)
        table = self._endpoints.cone.search(payloads)
        return self._endpoints.positions.add_details(table) if details else table

    @overload
    def count_region(
        self, coordinates: CoordinatesLike, radius: RadiusLike, *, get_query_payload: Literal[False] = False
    ) -> int: ...
    @overload
    def count_region(
        self, coordinates: CoordinatesLike, radius: RadiusLike, *, get_query_payload: Literal[True]
    ) -> Payload: ...
    @overload
    def count_region(
        self, coordinates: CoordinatesLike, radius: RadiusLike, *, get_query_payload: bool
    ) -> int | Payload: ...
    def count_region(
        self, coordinates: CoordinatesLike, radius: RadiusLike, *, get_query_payload: bool = False
    ) -> int | Payload:
        """Count the objects around one position; the cheapest query.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
            One position, in any frame.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, at most 300 arcsec.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

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
        arcsec, position = radius_arcsec(radius), icrs_coordinates(coordinates)
        if not position.isscalar:
            raise InvalidQueryError(
                f"`coordinates` must be a single position, got a vector of {len(position)}.",
                hint="query_region accepts a vector; vector[0] is a single position.",
            )
        payload = cone_payload(float(position.ra.deg), float(position.dec.deg), arcsec, "count")
        return payload if get_query_payload else self._endpoints.cone.count(payload)


def _plan_shared_cones(positions: SkyCoord, arcsec: float, nearest: bool, details: bool) -> PositionSearch | None:
    """Return the search in which positions share cones, or None if that does not save requests."""

    def make_table(matches: Any, *, source: str = "server") -> QTable:
        return multi_position_table(*matches.select(nearest=nearest), details=details, source=source)

    search = PositionSearch(positions, arcsec, make_table)
    return search if len(search.cones) + 1 < len(positions) + details else None
