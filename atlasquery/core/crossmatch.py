# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cross-match of a catalogue with the objects of the server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Literal, overload

from astropy.coordinates import BaseCoordinateFrame, SkyCoord
from astropy.table import Table

from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_incomplete_rows, warn_large_query, warn_no_results
from atlasquery.crossmatch.catalogue import as_extensible_table, catalogue_coordinates, join_matches
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.lists import list_payload
from atlasquery.endpoints.position_search import shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import RadiusLike, radius_arcsec
from atlasquery.inputs.lists import CustomList, DetectionList, ObjectList, resolve_list
from atlasquery.utils.progress import Progress

__all__ = ["CrossmatchQueries"]

_LISTS_HINT = "With lists=[...] a query needs one request per list, for any number of positions."


class CrossmatchQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that match catalogues."""

    @overload
    def crossmatch(
        self,
        catalogue: SkyCoord | BaseCoordinateFrame | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        progress: bool | None = None,
        get_query_payload: Literal[False] = False,
    ) -> Table: ...
    @overload
    def crossmatch(
        self,
        catalogue: SkyCoord | BaseCoordinateFrame | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        progress: bool | None = None,
        get_query_payload: Literal[True],
    ) -> list[Payload]: ...
    @overload
    def crossmatch(
        self,
        catalogue: SkyCoord | BaseCoordinateFrame | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        progress: bool | None = None,
        get_query_payload: bool,
    ) -> Table | list[Payload]: ...
    def crossmatch(
        self,
        catalogue: SkyCoord | BaseCoordinateFrame | Table,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        progress: bool | None = None,
        get_query_payload: bool = False,
    ) -> Table | list[Payload]:
        """Find the objects near each row of a catalogue, with as few requests as possible.

        Positions close together share one cone of up to 300 arcsec. The match is computed locally from the exact
        positions of the objects, which cost one more request per 1,000 objects or more.

        Parameters
        ----------
        catalogue : `~astropy.coordinates.SkyCoord`, or `~astropy.table.Table` of length n
            A table must have a `~astropy.coordinates.SkyCoord` column, or columns of right ascension and declination
            with units, named as by Gaia, SIMBAD, VizieR and others. Proper motions are not applied.
        radius : `~astropy.units.Quantity` or str
            Maximum separation of a match, at most 300 arcsec.
        nearest : bool
            Return only the nearest object to each row.
        join : {"inner", "left"}
            Leave out rows without a match, or keep them with the columns of the object masked.
        lists : sequence of str, int, DetectionList or CustomList, optional
            Match with the objects of these lists only: one request per list, for any number of positions.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.
        get_query_payload : bool
            Send nothing and return the payloads of the cones or lists, without the request for exact positions.

        Returns
        -------
        `~astropy.table.Table`
            One row per match, sorted by catalogue row, then separation: ``catalogue_index`` (from 0), the columns of
            the catalogue, ``atlas_id``, ``name``, ``ra``, ``dec`` [deg], ``separation`` [arcsec]. A catalogue column
            with one of these names gets the suffix ``_catalogue``. The table has the class of the catalogue, or is a
            `~astropy.table.QTable` if that class prescribes its first column, as `~astropy.timeseries.TimeSeries` does.

        Raises
        ------
        InvalidQueryError
            If the positions of the catalogue cannot be determined, or an argument is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.
        BatchError
            If a request fails after others succeeded: ``results`` is the table of the rows that were searched,
            ``failed`` maps the numbers of the other rows, or the ids of objects without a position, to errors. An error
            of the first request, and a ``RateLimitError``, keep their class and have the same ``results``, whose
            ``meta['not_searched']`` lists the other rows. Positions in these ``results`` may be decoded from the ids,
            up to 3 arcsec off; see ``meta['position_source']``.

        Warns
        -----
        NoResultsWarning
            If nothing matches, if rows have no position, or if the server has no details of some objects, which are
            listed in ``meta['missing']``.
        DataQualityWarning
            If the server has no position of some objects: the position from the id is used, and the separation from
            the centre of the cone where it is known. ``meta['position_from_id']`` lists these objects.
        LargeQueryWarning
            If the query needs more requests than the quota has left.

        Examples
        --------
        >>> from astropy import units as u
        >>> from astropy.table import QTable
        >>> hosts = QTable({"galaxy": ["CGCG 137-068"], "ra": [244.0009] * u.deg, "dec": [22.2681] * u.deg})
        >>> print(atlas.crossmatch(hosts, 10 * u.arcsec)["catalogue_index", "galaxy", "atlas_id", "name"])
        catalogue_index    galaxy          atlas_id         name
        --------------- ------------ ------------------- ----------
                      0 CGCG 137-068 1161600211221604900 ATLAS18qqn
        """
        arcsec, coordinates = radius_arcsec(radius), catalogue_coordinates(catalogue)
        if join not in ("inner", "left"):
            raise InvalidQueryError(f"`join` must be 'inner' or 'left', got {join!r}.")
        object_lists = None if lists is None else _resolve_lists(lists)
        make_table = partial(_join_matches, as_extensible_table(catalogue), nearest, join == "left")
        search = PositionSearch(coordinates, arcsec, make_table)
        payloads = shared_cone_payloads(search) if object_lists is None else list(map(list_payload, object_lists))
        if get_query_payload:
            return payloads
        hint = _LISTS_HINT if object_lists is None else ""
        warn_large_query(self.quota, len(payloads) + (object_lists is None), hint)
        table = self._run_search(search, object_lists, len(payloads), progress)
        if n_without := search.n_without_position:
            warn_no_results(f"{n_without} of {len(coordinates)} rows have no position and no match.")
        if not search.has_matches:
            warn_no_results(f"No object is within {radius} of the catalogue.")
        warn_incomplete_rows(table)
        return table

    def _run_search(
        self,
        search: PositionSearch,
        object_lists: list[DetectionList | CustomList] | None,
        n_requests: int,
        progress: bool | None,
    ) -> Table:
        with Progress(n_requests, "requests", show=progress, note=self._quota_note) as bar:
            if object_lists is None:
                return self._endpoints.positions.search_shared_cones(search, advance=bar.advance)
            return self._endpoints.positions.search_lists(search, object_lists, advance=bar.advance)


def _join_matches(catalogue: Any, nearest: bool, left: bool, matches: Any, *, source: str = "server") -> Table:
    return join_matches(catalogue, *matches.select(nearest=nearest, left=left), source=source)


def _resolve_lists(lists: ObjectList | Iterable[ObjectList]) -> list[DetectionList | CustomList]:
    """Return the lists without repetitions."""
    items = [lists] if isinstance(lists, (str, int)) or not hasattr(lists, "__iter__") else lists
    object_lists = list(dict.fromkeys(resolve_list(item) for item in items))
    if not object_lists:
        raise InvalidQueryError("`lists` must have at least one list, got none.", hint="None searches the whole sky.")
    return object_lists
