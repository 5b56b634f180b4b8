# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries for names of objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeGuard, overload

from astropy.table import QTable

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import name_some, warn_no_results
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.names import names_payload
from atlasquery.inputs.object_ids import ObjectId
from atlasquery.inputs.object_names import ObjectName, check_names, check_object_id

__all__ = ["NameQueries"]


class NameQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that look up names."""

    @overload
    def resolve_name(
        self, name: ObjectId, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[False] = False
    ) -> int: ...
    @overload
    def resolve_name(
        self, name: ObjectId, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[True]
    ) -> Payload | list[Payload]: ...
    @overload
    def resolve_name(
        self, name: ObjectId, *, timeout: TimeoutLike | None = None, get_query_payload: bool
    ) -> int | Payload | list[Payload]: ...
    def resolve_name(
        self, name: ObjectId, *, timeout: TimeoutLike | None = None, get_query_payload: bool = False
    ) -> int | Payload | list[Payload]:
        """Return the ATLAS id of an object, given its name.

        Every argument for ids also accepts such names; all names of a call together cost one request.

        Parameters
        ----------
        name : str or int
            A TNS name with or without prefix (``"2018cow"``, ``"AT 2018cow"``), or a name of another survey. The server
            cannot look up an ATLAS designation (``"ATLAS18qqn"``): it resolves without a request if an earlier answer
            to this client contained it. An id is returned unchanged, without a check that the object exists.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload; an empty list for an id or an ATLAS designation, which need no request.

        Returns
        -------
        int
            The ATLAS id.

        Raises
        ------
        InvalidQueryError
            If ``name`` is neither a name nor an id; no request is sent.
        ObjectNotFoundError
            If the server has no object of that name.
        AmbiguousNameError
            If the name matches several objects; ``candidates`` holds their ids.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Examples
        --------
        >>> atlas.resolve_name("AT 2018cow")
        1161600211221604900
        """
        checked = check_object_id(name)
        if get_query_payload:
            return names_payload([checked]) if _needs_lookup(checked) else []
        return self._endpoints.names.resolve_one(checked)

    @overload
    def query_external_crossmatches(
        self,
        names: str | Iterable[str],
        *,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> QTable: ...
    @overload
    def query_external_crossmatches(
        self, names: str | Iterable[str], *, timeout: TimeoutLike | None = None, get_query_payload: Literal[True]
    ) -> Payload: ...
    @overload
    def query_external_crossmatches(
        self, names: str | Iterable[str], *, timeout: TimeoutLike | None = None, get_query_payload: bool
    ) -> QTable | Payload: ...
    def query_external_crossmatches(
        self, names: str | Iterable[str], *, timeout: TimeoutLike | None = None, get_query_payload: bool = False
    ) -> QTable | Payload:
        """Query the Transient Name Server and other surveys, as matched by ATLAS, by name.

        Parameters
        ----------
        names : str or sequence of str, length n
            Names such as ``"2018cow"``, ``"AT 2018cow"`` or ``"ZTF18abcfcoo"``; case does not matter. The server does
            not match ATLAS ids and designations.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per match: ``query_name``, ``atlas_id``, ``external_designation``, ``matched_list``, ``separation``
            [arcsec], ``type``, redshifts, discovery magnitude and date, ... Names without a match have no row and are
            listed in ``meta['missing']``.

        Raises
        ------
        InvalidQueryError
            If a name is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If some or all of the names have no match.

        Examples
        --------
        >>> print(atlas.query_external_crossmatches("SN 2018cow")["query_name", "atlas_id", "matched_list"])
        query_name       atlas_id           matched_list
        ---------- ------------------- ---------------------
        SN 2018cow 1161600211221604900 Transient Name Server
        """
        checked_names = check_names(names)
        if get_query_payload:
            return names_payload(checked_names)
        table = self._endpoints.names.query(checked_names)
        if missing := table.meta["missing"]:
            text = f"The server has no match for {len(missing)} of {len(checked_names)} names: {name_some(missing)}"
            warn_no_results(f"{text}; meta['missing'] lists them.")
        return table


def _needs_lookup(checked: int | ObjectName) -> TypeGuard[ObjectName]:
    return isinstance(checked, ObjectName) and not checked.is_designation
