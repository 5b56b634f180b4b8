# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries for scores, ranks and open decisions of the Virtual Research Assistant (VRA)."""

from __future__ import annotations

from typing import Any, Literal, overload

from astropy.table import QTable

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.vra import VRAEndpoint, vra_payload, vra_payloads
from atlasquery.inputs.object_names import ObjectIds, ObjectName, check_object_ids
from atlasquery.inputs.times import Since, SinceLike, check_since

__all__ = ["VRAQueries"]


class VRAQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that read the tables of the Virtual Research Assistant."""

    @overload
    def query_vra_scores(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        debug: bool = False,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> QTable: ...
    @overload
    def query_vra_scores(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        debug: bool = False,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def query_vra_scores(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        debug: bool = False,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> QTable | Payload | list[Payload]: ...
    def query_vra_scores(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        debug: bool = False,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> QTable | Payload | list[Payload]:
        """Query all scores of the Virtual Research Assistant, including earlier ones.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows with ``timestamp`` at or after this time: a time, an ISO 8601 string (UTC), or a time span before
            now.
        debug : bool
            Return only rows that were written as tests; by default only all other rows.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, or the list of payloads of several requests, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per score: ``atlas_id``, ``preal``, ``pgal``, ``pfast``, ``rank``, ``rank_alt1``, ``is_gal_cand``,
            ``timestamp``, ... The rows of several objects are in the order of ``object_ids``; ``meta['missing']`` lists
            objects without a score. ``meta['debug']`` is the argument ``debug``.

        Raises
        ------
        InvalidQueryError
            If an id, a name or ``since`` is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If objects have no score, the table is empty, or rows are left out because of ``debug``.

        Examples
        --------
        >>> scores = atlas.query_vra_scores(since="2026-10-01")
        >>> scores["timestamp"].min() >= "2026-10-01"
        True
        """
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        options = {"debug": True} if debug else {}
        if get_query_payload:
            return _vra_payload(unique_ids, bound, options)
        table = self._query_vra(self._endpoints.vra_scores, unique_ids, bound, options)
        is_requested = table["debug"].filled(False) == bool(debug)
        if n_dropped := len(table) - is_requested.sum():
            warn_no_results(f"{n_dropped} rows are left out because their `debug` is not {bool(debug)}.")
        table = table[is_requested]
        table.meta["debug"] = bool(debug)
        _warn_missing_rows(table, unique_ids, bound)
        return table

    @overload
    def query_vra_ranks(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> QTable: ...
    @overload
    def query_vra_ranks(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def query_vra_ranks(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> QTable | Payload | list[Payload]: ...
    def query_vra_ranks(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> QTable | Payload | list[Payload]:
        """Query the current rank of each object by the Virtual Research Assistant.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows with ``timestamp`` at or after this time.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, or the list of payloads of several requests, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per object: ``atlas_id``, ``rank`` (0 to 10), ``rank_alt1``, ``is_gal_cand``, ``timestamp``.
            ``meta['missing']`` lists objects without a rank.

        Raises
        ------
        InvalidQueryError
            If an id, a name or ``since`` is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If objects have no rank, or the table is empty.

        Examples
        --------
        >>> ranks = atlas.query_vra_ranks(since="2026-10-01")
        >>> print(ranks.colnames)
        ['atlas_id', 'rank', 'rank_alt1', 'is_gal_cand', 'timestamp']
        """
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        if get_query_payload:
            return _vra_payload(unique_ids, bound)
        table = self._query_vra(self._endpoints.vra_ranks, unique_ids, bound)
        _warn_missing_rows(table, unique_ids, bound)
        return table

    @overload
    def query_vra_todo(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> QTable: ...
    @overload
    def query_vra_todo(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def query_vra_todo(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> QTable | Payload | list[Payload]: ...
    def query_vra_todo(
        self,
        object_ids: ObjectIds | None = None,
        *,
        since: SinceLike | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> QTable | Payload | list[Payload]:
        """Query the objects that are still to be checked by eye.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows with ``timestamp`` at or after this time.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, or the list of payloads of several requests, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per object: ``atlas_id`` and ``timestamp``. ``meta['missing']`` lists objects that are not on this
            to-do list.

        Raises
        ------
        InvalidQueryError
            If an id, a name or ``since`` is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If objects are not on the to-do list, or the table is empty.

        Examples
        --------
        >>> atlas.query_vra_todo().colnames
        ['atlas_id', 'timestamp']
        """
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        if get_query_payload:
            return _vra_payload(unique_ids, bound)
        table = self._query_vra(self._endpoints.vra_todo, unique_ids, bound)
        _warn_missing_rows(table, unique_ids, bound)
        return table

    def _query_vra(
        self,
        endpoint: VRAEndpoint,
        unique_ids: list[int | ObjectName] | None,
        bound: Since | None,
        options: dict[str, Any] | None = None,
    ) -> QTable:
        resolved = () if unique_ids is None else self._endpoints.names.resolve(unique_ids)
        return endpoint.query(*resolved, since=bound, **(options or {}))


def _unique_ids(object_ids: ObjectIds | None) -> list[int | ObjectName] | None:
    return None if object_ids is None else list(dict.fromkeys(check_object_ids(object_ids)))


def _vra_payload(
    unique_ids: list[int | ObjectName] | None, bound: Since | None, options: dict[str, Any] | None = None
) -> Payload | list[Payload]:
    options = options or {}
    if unique_ids is None:
        return vra_payload(since=bound, **options)
    payloads = [payload for _, payload in vra_payloads(unique_ids, **options)]
    return payloads[0] if len(payloads) == 1 else payloads


def _warn_missing_rows(table: QTable, unique_ids: list[int | ObjectName] | None, bound: Since | None) -> None:
    if message := _missing_message(table, unique_ids):
        warn_no_results(message.replace("no such row", f"no such row since {bound}") if bound else message)


def _missing_message(table: QTable, unique_ids: list[int | ObjectName] | None) -> str:
    """Return the message about rows that the answer does not have, or an empty string."""
    if missing := table.meta.get("missing"):
        assert unique_ids is not None  # only these can be missing
        if len(unique_ids) == 1:
            return f"The server has no such row for {unique_ids[0]}."
        return (
            f"The server has no such row for {len(missing)} of {len(unique_ids)} objects; meta['missing'] lists them."
        )
    return "" if len(table) or unique_ids == [] else "The server has no such row."
