# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cross-match of a catalogue with the objects of the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, overload

import numpy as np
from astropy.table import Table

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.position_query import OnBadRows, PositionQuery, check_position_query
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_incomplete_rows, warn_large_query, warn_no_results
from atlasquery.crossmatch.catalogue import CatalogueLike, UnitLike
from atlasquery.crossmatch.join import as_extensible_table, join_matches
from atlasquery.crossmatch.search import Matches, PositionSearch
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.lists import list_payload
from atlasquery.endpoints.objects import object_table
from atlasquery.endpoints.position_search import shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import CoordinatesLike, RadiusLike
from atlasquery.inputs.lists import CustomList, DetectionList, ObjectList, resolve_list
from atlasquery.inputs.proper_motion import EpochLike
from atlasquery.utils.progress import Progress

__all__ = ["CrossmatchQueries"]

_LISTS_HINT = (
    "With lists=range(14) it needs 14 requests for any number of positions, but misses objects that are on no list."
)
_NO_LIST_HINT = " Objects that are on no list, about one in 25 on the real server, are found without `lists` only."


class CrossmatchQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that match catalogues."""

    @overload
    def crossmatch(
        self,
        catalogue: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> Table: ...
    @overload
    def crossmatch(
        self,
        catalogue: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> list[Payload]: ...
    @overload
    def crossmatch(
        self,
        catalogue: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> Table | list[Payload]: ...
    def crossmatch(
        self,
        catalogue: CoordinatesLike | CatalogueLike,
        radius: RadiusLike,
        *,
        nearest: bool = False,
        join: Literal["inner", "left"] = "inner",
        lists: ObjectList | Iterable[ObjectList] | None = None,
        epoch: EpochLike | None = None,
        unit: UnitLike | None = None,
        on_bad_rows: OnBadRows = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> Table | list[Payload]:
        """Find the objects near each row of a catalogue, with as few requests as possible.

        Positions close together share one cone of up to 300 arcsec. The match is computed locally from the exact
        positions of the objects, which cost one more request per 1,000 objects or more.

        Parameters
        ----------
        catalogue : `~astropy.coordinates.SkyCoord`, `~astropy.table.Table`, DataFrame, structured array or dict
            A table of n rows must have a `~astropy.coordinates.SkyCoord` column, or columns of right ascension and
            declination, or of galactic coordinates, with units, named as by Gaia, SIMBAD, VizieR and others. A
            DataFrame has the units in ``attrs['units']``, a dict from names to units. Text without unit letters is
            sexagesimal, in hours for right ascension, unless the column has the unit degree.
        radius : `~astropy.units.Quantity` or str
            Maximum separation of a match, at most 300 arcsec; one, or one for each row with shape (n,).
        nearest : bool
            Return only the nearest object to each row.
        join : {"inner", "left"}
            Leave out rows without a match, or keep them with the columns of the object masked.
        lists : sequence of str, int, DetectionList or CustomList, optional
            Match with the objects of these lists only: one request per list, for any number of positions. An object
            may be on no list (on the real server about one in 25), and is found without ``lists`` only.
        epoch : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Apply proper motions, and match where the stars were at this time; ``"observation"`` stands for the date of
            each object: the middle of its detections in ``lists``, else when the server added it, else today. A
            `~astropy.coordinates.SkyCoord` must have ``pm_ra_cosdec``, ``pm_dec`` and ``obstime``, a table columns
            such as ``pmra``, ``pmdec`` and ``ref_epoch`` (Julian year).
        unit : str, unit, pair or dict of those, optional
            Unit of the columns of positions that have none.
        on_bad_rows : {"raise", "skip"}
            Raise an error that names the rows with an invalid position, or leave them out, with those that have none;
            ``meta['bad_rows']`` lists them.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
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
            listed in ``meta['missing']``. Also if ``lists`` are all detection lists and rows have no match, which may
            be one with an object on no list.
        DataQualityWarning
            If the server has no position of some objects: the position from the id is used, and the separation from
            the centre of the cone where it is known. ``meta['position_from_id']`` lists these objects. Also if a star
            has moved by more than the radius, and no ``epoch`` is given.
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
        query = check_position_query(
            "catalogue", catalogue, radius, unit=unit, epoch=epoch, on_bad_rows=on_bad_rows, allow_missing=True
        )
        if join not in ("inner", "left"):
            raise InvalidQueryError(f"`join` must be 'inner' or 'left', got {join!r}.")
        object_lists = None if lists is None else _resolve_lists(lists)
        search = _make_search(query, nearest, join == "left")
        payloads = shared_cone_payloads(search) if object_lists is None else list(map(list_payload, object_lists))
        if get_query_payload:
            return payloads
        hint = _LISTS_HINT if object_lists is None else ""
        warn_large_query(self.quota, len(payloads) + (object_lists is None), hint)
        table = self._run_search(search, object_lists, len(payloads), progress)
        _warn_missing_matches(query, search, object_lists, radius)
        warn_incomplete_rows(table)
        return table

    def _run_search(
        self,
        search: PositionSearch,
        object_lists: list[DetectionList | CustomList] | None,
        n_requests: int,
        progress: bool | None,
    ) -> Table:
        if search.n_positions == search.n_without_position:
            return search.table(object_table([]))
        with Progress(n_requests, "requests", show=progress, note=self._quota_note) as bar:
            if object_lists is None:
                return self._endpoints.positions.search_shared_cones(search, advance=bar.advance)
            return self._endpoints.positions.search_lists(search, object_lists, advance=bar.advance)


def _make_search(query: PositionQuery, nearest: bool, left: bool) -> PositionSearch:
    """Return the search whose table is the catalogue joined with the matches."""
    catalogue = as_extensible_table(query.positions.table)

    def make_table(matches: Matches, *, source: str = "server") -> Table:
        selected = matches.select(nearest=nearest, left=left, without=query.skipped)
        table = join_matches(catalogue, *selected, source=source)
        if query.skipped:
            table.meta["bad_rows"] = query.skipped
        return table

    return PositionSearch(query.positions.coordinates, query.arcsec, make_table, motion=query.motion, now=query.now)


def _warn_missing_matches(
    query: PositionQuery,
    search: PositionSearch,
    object_lists: list[DetectionList | CustomList] | None,
    radius: RadiusLike,
) -> None:
    """Warn of rows without a position, of objects that cannot be found, and of an empty result."""
    if (n_without := search.n_without_position - len(query.skipped)) > 0:
        missing = [row for row in np.flatnonzero(query.positions.is_missing).tolist() if row not in query.skipped]
        shown = ", ".join(map(str, missing[:5])) + (", ..." if n_without > 5 else "")
        warn_no_results(f"{n_without} of {len(query.positions)} rows have no position and no match: {shown}.")
    n_unmatched = len(query.rows) - search.n_matched_positions
    has_all_lists = object_lists is not None and set(DetectionList) <= set(object_lists)
    if n_unmatched and not search.n_matched_positions:
        within = radius if np.ndim(radius) == 0 else "its radius"
        warn_no_results(f"No object is within {within} of the catalogue.{has_all_lists * _NO_LIST_HINT}")
    elif n_unmatched and has_all_lists:
        warn_no_results(f"{n_unmatched} of {len(query.positions)} rows have no match on the lists.{_NO_LIST_HINT}")


def _resolve_lists(lists: ObjectList | Iterable[ObjectList]) -> list[DetectionList | CustomList]:
    """Return the lists without repetitions."""
    items = [lists] if isinstance(lists, (str, int)) or not hasattr(lists, "__iter__") else lists
    object_lists = list(dict.fromkeys(resolve_list(item) for item in items))
    if not object_lists:
        raise InvalidQueryError("`lists` must have at least one list, got none.", hint="None searches the whole sky.")
    return object_lists
