# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Queries for lists and for the custom lists of objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, overload

import numpy as np
from astropy.table import QTable, Table

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.lists import list_payload, membership_payload
from atlasquery.inputs.list_filters import ListFilters, Range
from atlasquery.inputs.lists import DetectionList, ObjectList, custom_lists, resolve_list
from atlasquery.inputs.object_names import ObjectIds, check_object_ids
from atlasquery.inputs.times import SinceLike, check_since

__all__ = ["ListQueries"]


class ListQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that read lists."""

    def list_lists(self) -> Table:
        """Return the lists known to this package; no request is sent.

        The server has no endpoint that lists them.

        Returns
        -------
        `~astropy.table.Table`
            One row per list: ``name``, ``number``, ``kind`` (``detection`` or ``custom``) and ``description``. The
            numbers of the two kinds overlap. Other custom lists can be queried as ``CustomList(number)``, or given a
            name in ``conf.custom_lists``.

        Examples
        --------
        >>> lists = atlas.list_lists()
        >>> print(lists["name", "number", "kind"][lists["number"] == 2])
          name  number    kind
        ------- ------ ---------
           good      2 detection
        mookodi      2    custom
        """
        rows = [
            (item.name, item.number, "detection", _DETECTION_LIST_DESCRIPTIONS[item.name]) for item in DetectionList
        ]
        rows += [
            (name, number, "custom", _CUSTOM_LIST_DESCRIPTIONS.get(name, "Named in conf.custom_lists."))
            for name, number in custom_lists().items()
        ]
        table = Table(rows=rows, names=["name", "number", "kind", "description"])
        table["number"] = table["number"].astype(np.int64)
        for column, description in _COLUMN_DESCRIPTIONS.items():
            table[column].description = description
        return table

    @overload
    def query_list(
        self,
        name: ObjectList,
        *,
        since: SinceLike | None = None,
        vra: Range | None = None,
        rb_pix: Range | None = None,
        ra: Range | None = None,
        dec: Range | None = None,
        sherlock_class: str | Iterable[str] | None = None,
        exclude_sherlock_class: str | Iterable[str] | None = None,
        spec_type: str | Iterable[str] | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> QTable: ...
    @overload
    def query_list(
        self,
        name: ObjectList,
        *,
        since: SinceLike | None = None,
        vra: Range | None = None,
        rb_pix: Range | None = None,
        ra: Range | None = None,
        dec: Range | None = None,
        sherlock_class: str | Iterable[str] | None = None,
        exclude_sherlock_class: str | Iterable[str] | None = None,
        spec_type: str | Iterable[str] | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload: ...
    @overload
    def query_list(
        self,
        name: ObjectList,
        *,
        since: SinceLike | None = None,
        vra: Range | None = None,
        rb_pix: Range | None = None,
        ra: Range | None = None,
        dec: Range | None = None,
        sherlock_class: str | Iterable[str] | None = None,
        exclude_sherlock_class: str | Iterable[str] | None = None,
        spec_type: str | Iterable[str] | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> QTable | Payload: ...
    def query_list(
        self,
        name: ObjectList,
        *,
        since: SinceLike | None = None,
        vra: Range | None = None,
        rb_pix: Range | None = None,
        ra: Range | None = None,
        dec: Range | None = None,
        sherlock_class: str | Iterable[str] | None = None,
        exclude_sherlock_class: str | Iterable[str] | None = None,
        spec_type: str | Iterable[str] | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> QTable | Payload:
        """Query the objects of a list that match all filters, with one request.

        Every filter is also applied to the answer, because older servers silently ignore most filters.

        Parameters
        ----------
        name : str, int, `DetectionList` or `CustomList`
            The list. An integer is the number of a detection list; give a custom list by its name or as
            ``CustomList(number)``.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only objects that were put into their list at or after this time (``followup_flag_date``): a time, an ISO
            8601 string (UTC), or a time span before now.
        vra : (low, high), optional
            Range of the Virtual Research Assistant score, 0 to 10. Both ends are included, and `None` is an open end.
            An object without the value is in no range.
        rb_pix : (low, high), optional
            Range of the pixel-based real/bogus score, 0 to 1.
        ra : (low, high), optional
            Range of right ascension, as numbers in degrees or as quantities; ``(350, 10)`` crosses 0. An open end is 0
            or 360.
        dec : (low, high), optional
            Range of declination, as numbers in degrees or as quantities.
        sherlock_class : str or sequence of str, optional
            One or several of ``ORPHAN``, ``SN``, ``NT``, ``VS``, ``CV``, ``BS``, ``UNCLEAR``, ``HPM``, ``AGN``.
        exclude_sherlock_class : str or sequence of str, optional
            Classes to exclude. Objects without a class are kept.
        spec_type : str or sequence of str, optional
            One or several spectroscopic types, such as ``"SN Ia"``; case does not matter.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per object: ids, names, ``ra``, ``dec``, classes, scores, and the first and last detection.
            ``meta['lists']`` holds the name of the list.

        Raises
        ------
        InvalidQueryError
            If the list or a class is unknown, or a range is invalid; no request is sent. Also if the server is too old
            to send the column of a filter.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If no object matches; the table is then empty.

        Examples
        --------
        >>> from astropy import units as u
        >>> table = atlas.query_list("follow up", since="2026-10-01", dec=(-30 * u.deg, None), sherlock_class="SN")
        >>> set(table["detection_list"].tolist()), set(table["sherlock_class"].tolist())
        ({1}, {'SN'})
        """
        object_list = resolve_list(name)
        filters = ListFilters(
            since=since, vra=vra, rb_pix=rb_pix, ra=ra, dec=dec, sherlock_class=sherlock_class,
            exclude_sherlock_class=exclude_sherlock_class, spec_type=spec_type,
        )  # fmt: skip
        if get_query_payload:
            return list_payload(object_list, filters)
        table = self._endpoints.lists.query(object_list, filters)
        if not len(table):
            bound = f" (since {check_since(since)})" if since is not None else ""
            has_no_rows = f"{object_list!r} is empty, or the server has no such list."
            warn_no_results(
                has_no_rows if filters.is_empty else f"No object of {object_list!r} matches the filters{bound}."
            )
        return table

    @overload
    def query_list_membership(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[False] = False
    ) -> QTable: ...
    @overload
    def query_list_membership(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: Literal[True]
    ) -> Payload: ...
    @overload
    def query_list_membership(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: bool
    ) -> QTable | Payload: ...
    def query_list_membership(
        self, object_ids: ObjectIds, *, timeout: TimeoutLike | None = None, get_query_payload: bool = False
    ) -> QTable | Payload:
        """Query which custom lists objects are on.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names. For several objects the whole table is downloaded with one request.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the payload, with names unresolved.

        Returns
        -------
        `~astropy.table.Table`
            One row per object and list: ``atlas_id``, ``custom_list``, ``custom_list_name``. ``meta['missing']`` lists
            the objects that are on no custom list or do not exist; the answer does not distinguish the two.

        Raises
        ------
        InvalidQueryError
            If an id or a name is invalid; no request is sent.
        LoginError
            If no usable token is available.
        ServerError
            If the server cannot be reached, or its answer cannot be read.

        Warns
        -----
        NoResultsWarning
            If some or all of the objects are on no custom list.

        Examples
        --------
        >>> len(atlas.query_list_membership(1161600211221604900))  # doctest: +IGNORE_WARNINGS
        0
        """
        unique_ids = list(dict.fromkeys(check_object_ids(object_ids)))
        if get_query_payload:
            return membership_payload(unique_ids)
        table = self._endpoints.memberships.query(*self._endpoints.names.resolve(unique_ids))
        if missing := table.meta["missing"]:
            warn_no_results(f"{len(missing)} of {len(unique_ids)} objects are on no custom list or do not exist.")
        return table


_COLUMN_DESCRIPTIONS = {
    "name": "Name of the list, as accepted by query_list.",
    "number": "Number of the list on the server; the numbers of detection lists and custom lists overlap.",
    "kind": "detection: an object is in at most one of these; custom: kept by a team, an object can be in several.",
    "description": "Content of the list.",
}
_DETECTION_LIST_DESCRIPTIONS = {
    "garbage": "Not real: artefacts.",
    "follow_up": "Objects to be followed up.",
    "good": "Good candidates.",
    "possible": "Possible candidates.",
    "eyeball": "New objects, to be checked by eye.",
    "attic": "Objects of no further interest.",
    "stars": "Variable stars.",
    "agn": "Active galactic nuclei.",
    "fasttrack": "Urgent candidates, for example in nearby galaxies.",
    "movers": "Moving objects.",
    "magellanic_clouds": "Objects in the Magellanic Clouds.",
    "pm_stars": "Stars with high proper motion.",
    "galcand": "Candidates in catalogued nearby galaxies.",
    "duplicates": "Duplicate entries of other objects.",
}
_CUSTOM_LIST_DESCRIPTIONS = {
    "mookodi": "Targets of the Mookodi spectrograph.",
    "salt": "Targets of the Southern African Large Telescope.",
    "mookodi_live": "Current targets of the Mookodi spectrograph.",
    "mookodi_peak": "Targets of the Mookodi spectrograph at peak brightness.",
    "cv": "Cataclysmic variables.",
    "mdwarf": "Flares of M dwarfs.",
    "heloise": "Kept by a member of the ATLAS team.",
    "vra": "Kept by the Virtual Research Assistant.",
}
