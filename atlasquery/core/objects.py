# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries for objects by id or name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from astropy.table import QTable

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import name_some, warn_large_query, warn_no_results, warn_no_rows
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.names import explain_missing
from atlasquery.endpoints.objects import objects_payload, plan_requests
from atlasquery.inputs.object_ids import ObjectId
from atlasquery.inputs.object_names import ObjectIds, ObjectName, check_object_id, check_object_ids
from atlasquery.inputs.times import Since, SinceLike, check_since

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurve
    from atlasquery.transient import Transient

__all__ = ["ObjectQueries"]


class ObjectQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` for objects by id or name."""

    @overload
    def query_object(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[False] = False
    ) -> QTable: ...
    @overload
    def query_object(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[True]
    ) -> Payload | list[Payload]: ...
    @overload
    def query_object(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: bool
    ) -> QTable | Payload | list[Payload]: ...
    def query_object(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: bool = False
    ) -> QTable | Payload | list[Payload]:
        """Query names, positions, lists, classes and scores of objects, without light curves.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids (19 digits) or names. A float is refused, because it cannot hold 19 digits. Up to 1,000 ids
            cost one request; all names together cost one more (see `resolve_name`).
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, or the list of payloads of several requests, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per object, in the order of ``object_ids``; a repeated id gives a repeated row. Ids and names
            unknown to the server have no row and are listed in ``meta['missing']``.

        Raises
        ------
        InvalidQueryError
            If an id or a name is invalid; no request is sent.
        AmbiguousNameError
            If a name matches several objects.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.
        BatchError
            If some objects cannot be downloaded, for example because a record is damaged: ``results`` is the table of
            all others, ``failed`` maps ids to errors. When the quota is used up, a ``RateLimitError`` with the same
            ``results`` is raised instead.

        Warns
        -----
        NoResultsWarning
            If some or all of the ids and names are unknown to the server.
        LargeQueryWarning
            If the query needs more requests than the quota has left.

        Examples
        --------
        >>> print(atlas.query_object(1161600211221604900)["name", "tns_name", "ra", "dec"])
           name    tns_name     ra        dec
                               deg        deg
        ---------- -------- ---------- ---------
        ATLAS18qqn  2018cow 244.000917 22.268031
        """
        checked_ids = check_object_ids(object_ids)
        plan = plan_requests(checked_ids, with_photometry=False)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        table = self._endpoints.objects.query(*self._endpoints.names.resolve(checked_ids))
        if missing := table.meta["missing"]:
            text = f"The server has no record of {len(missing)} of {len(checked_ids)} objects: {name_some(missing)}"
            warn_no_results(f"{text}; meta['missing'] lists them. {explain_missing(missing)}".strip())
        return table

    @overload
    def get_transient(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> Transient: ...
    @overload
    def get_transient(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload: ...
    @overload
    def get_transient(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> Transient | Payload: ...
    def get_transient(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> Transient | Payload:
        """Download everything the server has about one object.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id (19 digits) or name; a name costs one more request (see `resolve_name`).
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Start of the light curve (inclusive): a time, an ISO 8601 string (UTC), or a time span before now. A recent
            start makes the answer smaller and faster.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

        Returns
        -------
        `Transient`
            The object with its light curve, cross-matches and classification.

        Raises
        ------
        InvalidQueryError
            If ``object_id`` or ``since`` is invalid; no request is sent.
        ObjectNotFoundError
            If the server has no object of that id or name.
        AmbiguousNameError
            If the name matches several objects.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If the object has no measurement since ``since``.

        Examples
        --------
        >>> cow = atlas.get_transient(1161600211221604900, since="2018-06-01")
        >>> cow.name
        'ATLAS18qqn'
        >>> cow.coord
        <SkyCoord (ICRS): (ra, dec) in deg
            (244.000917, 22.268031)>
        """
        checked_id, bound = check_object_id(object_id), check_since(since)
        if get_query_payload:
            return objects_payload([checked_id], since=bound)
        from atlasquery.transient import Transient

        transient = Transient(self._get_record(checked_id, bound), url=self._endpoints.objects.url)
        warn_no_rows(bound, [] if len(transient.light_curve) else [checked_id])
        return transient

    @overload
    def get_light_curve(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> LightCurve: ...
    @overload
    def get_light_curve(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload: ...
    @overload
    def get_light_curve(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> LightCurve | Payload: ...
    def get_light_curve(
        self,
        object_id: ObjectId,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> LightCurve | Payload:
        """Download the light curve of one object: detections, limits and forced photometry.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id (19 digits) or name; a name costs one more request (see `resolve_name`).
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Start of the light curve (inclusive): a time, an ISO 8601 string (UTC), or a time span before now.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

        Returns
        -------
        `LightCurve`
            One row per measurement, sorted by time.

        Raises
        ------
        InvalidQueryError
            If ``object_id`` or ``since`` is invalid; no request is sent.
        ObjectNotFoundError
            If the server has no object of that id or name.
        AmbiguousNameError
            If the name matches several objects.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If the object has no measurement since ``since``.

        Examples
        --------
        >>> light_curve = atlas.get_light_curve(1161600211221604900, since="2018-06-01")
        >>> first = light_curve.detections[0]
        >>> print(first["time"].mjd, first["band"], first["mag"], first["mag_err"])
        58285.4409954 o 14.739 mag 0.009 mag
        """
        checked_id, bound = check_object_id(object_id), check_since(since)
        if get_query_payload:
            return objects_payload([checked_id], since=bound)
        from atlasquery.lightcurve import LightCurve

        light_curve = LightCurve.from_record(self._get_record(checked_id, bound), url=self._endpoints.objects.url)
        warn_no_rows(bound, [] if len(light_curve) else [checked_id])
        return light_curve

    def _get_record(self, checked_id: int | ObjectName, bound: Since | None) -> Mapping[str, Any]:
        return self._endpoints.objects.get_record(self._endpoints.names.resolve_one(checked_id), since=bound)
