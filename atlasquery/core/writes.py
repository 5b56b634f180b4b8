# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Writes to lists and to the tables of the Virtual Research Assistant (VRA)."""

from __future__ import annotations

from typing import Any

from astropy.table import Table

from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.write_call import WriteMixin
from atlasquery.endpoints.base import Payload
from atlasquery.exceptions import InvalidQueryTypeError
from atlasquery.inputs.lists import ObjectList, check_custom_list, check_settable_list
from atlasquery.inputs.object_ids import ObjectId
from atlasquery.inputs.object_names import ObjectIds, check_object_id, check_object_ids
from atlasquery.inputs.times import DateLike, check_date
from atlasquery.inputs.vra_values import check_flag, check_probability, check_rank

__all__ = ["Writes"]


class Writes(WriteMixin):
    """Methods of `~atlasquery.ATLASClass` that write; they need an account with write access."""

    def add_to_list(
        self,
        object_ids: ObjectIds,
        name: ObjectList,
        *,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Add objects to a custom list, with one request per object.

        No request is sent twice, except after a wait for the quota, within ``conf.max_wait``.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or unambiguous names. A repeated id is sent once; all names together cost one request.
        name : str or `CustomList`
            The list, by name, or by number as ``CustomList(number)``.
        dry_run : bool
            Send nothing but the look-up of names, and return the table with the requests that would be sent.
        verify : bool
            Read the list after the writes, with one request.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; what was not sent by then is ``not done``.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.

        Returns
        -------
        `~astropy.table.Table`
            One row per object, in order: ``atlas_id``, ``status`` (``created``, ``duplicate`` if it was on the list
            already; in an error also ``missing object``, ``missing list``, ``refused``, ``unknown``, ``not done``),
            ``message`` and, with ``verify``, ``verified``. ``meta['server']`` is the root URL of the server.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid, or a name is ambiguous; nothing is written.
        ObjectNotFoundError
            If the server does not know a name; nothing is written.
        LoginError, PermissionDeniedError, RateLimitError
            If no usable token is available, the account may not write, or the quota is used up. As in all errors from
            then on, ``results`` is the table.
        WriteError
            If other writes failed or their outcome is unknown. The remaining objects are still written, unless there is
            no connection, or two requests in a row have no usable answer.

        Warns
        -----
        LargeQueryWarning
            If the writes need more requests than the quota has left.

        Examples
        --------
        >>> table = atlas.add_to_list([1161600211221604900], "vra", dry_run=True)
        >>> print(table["status"][0], table["message"][0])
        not done POST objectgroups/: objectid=1161600211221604900, objectgroupid=73
        """
        fields = {"objectgroupid": check_custom_list(name).number}
        return self._write("add_to_list", check_object_ids(object_ids), fields, dry_run, verify, progress)

    def remove_from_list(
        self,
        object_ids: ObjectIds,
        name: ObjectList,
        *,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Remove objects from a custom list, with one request per object.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or unambiguous names.
        name : str or `CustomList`
            The list, by name, or by number as ``CustomList(number)``.
        dry_run, verify, timeout, progress : optional
            As in `add_to_list`.

        Returns
        -------
        `~astropy.table.Table`
            As in `add_to_list`; the status is ``removed``, or ``absent`` if the object was not on the list.

        Raises
        ------
        AtlasQueryError
            As in `add_to_list`.

        Examples
        --------
        >>> table = atlas.remove_from_list("2018cow", "vra", dry_run=True)
        >>> print(table["status"][0], table["message"][0])
        not done POST objectgroupsdelete/: objectid=1161600211221604900, objectgroupid=73
        """
        fields = {"objectgroupid": check_custom_list(name).number}
        return self._write("remove_from_list", check_object_ids(object_ids), fields, dry_run, verify, progress)

    def set_detection_list(
        self,
        object_ids: ObjectIds,
        name: ObjectList,
        *,
        date: DateLike | None = None,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Move objects to another detection list, with one request per object.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or unambiguous names.
        name : str, int or `DetectionList`
            One of the lists that the server allows: ``"possible"``, ``"eyeball"`` or ``"galcand"``.
        date : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Date of the change, of which the server keeps whole seconds; by default the server's.
        dry_run, verify, timeout, progress : optional
            As in `add_to_list`. ``verify`` reads the objects, a thousand or more with one request.

        Returns
        -------
        `~astropy.table.Table`
            As in `add_to_list`; the status is ``updated``, also if the object was in that list already.

        Raises
        ------
        AtlasQueryError
            As in `add_to_list`.

        Examples
        --------
        >>> table = atlas.set_detection_list([1161600211221604900], "possible", date="2026-11-01", dry_run=True)
        >>> print(table["message"][0])
        POST objectdetectionlist/: objectid=1161600211221604900, objectlist=3, insertdate=2026-11-01T00:00:00Z
        """
        fields = {"objectlist": check_settable_list(name).number, **_date_field(date)}
        return self._write("set_detection_list", check_object_ids(object_ids), fields, dry_run, verify, progress)

    def write_vra_score(
        self,
        object_id: ObjectId,
        *,
        preal: float | None = None,
        pgal: float | None = None,
        pfast: float | None = None,
        rank: float | None = None,
        rank_alt1: float | None = None,
        is_gal_cand: bool | None = None,
        debug: bool = False,
        date: DateLike | None = None,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Add a score of the Virtual Research Assistant to an object; earlier scores remain.

        Parameters
        ----------
        object_id : int or str
            An ATLAS object id or an unambiguous name.
        preal, pgal, pfast : float, optional
            Probabilities, 0 to 1, that the object is real, Galactic, and a fast transient.
        rank, rank_alt1 : float, optional
            Rank, and rank by an alternative algorithm.
        is_gal_cand : bool, optional
            Whether the object is a Galactic candidate.
        debug : bool
            Mark the row as a test: `query_vra_scores` then leaves it out, unless called with ``debug=True``.
        date : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Date of the score, of which the server keeps whole seconds; by default the server's.
        dry_run, verify, timeout, progress : optional
            As in `add_to_list`. ``verify`` reads the scores of the object, with one request.

        Returns
        -------
        `~astropy.table.Table`
            One row, as in `add_to_list`; the status is ``created``.

        Raises
        ------
        AtlasQueryError
            As in `add_to_list`.

        Examples
        --------
        >>> table = atlas.write_vra_score(1161600211221604900, preal=0.9, is_gal_cand=False, dry_run=True)
        >>> print(table["message"][0])
        POST vrascores/: objectid=1161600211221604900, preal=0.9, is_gal_cand=0
        """
        probabilities = {"preal": preal, "pgal": pgal, "pfast": pfast}
        ranks = {"rank": rank, "rank_alt1": rank_alt1}
        fields: Payload = {name: check_probability(name, p) for name, p in probabilities.items() if p is not None}
        fields |= {name: check_rank(name, value) for name, value in ranks.items() if value is not None}
        if is_gal_cand is not None:
            fields["is_gal_cand"] = int(check_flag("is_gal_cand", is_gal_cand))
        if check_flag("debug", debug):
            fields["debug"] = True
        fields |= _date_field(date)
        return self._write("write_vra_score", [check_object_id(object_id)], fields, dry_run, verify, progress)

    def write_vra_rank(
        self,
        object_id: ObjectId,
        *,
        rank: float | None = None,
        rank_alt1: float | None = None,
        is_gal_cand: bool | None = None,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Write the rank of an object by the Virtual Research Assistant, in place of its current one.

        Parameters
        ----------
        object_id : int or str
            An ATLAS object id or an unambiguous name.
        rank, rank_alt1 : float
            Rank, and rank by an alternative algorithm. All three values are required: the server silently ignores an
            incomplete rank.
        is_gal_cand : bool
            Whether the object is a Galactic candidate.
        dry_run, verify, timeout, progress : optional
            As in `add_to_list`. ``verify`` reads the rank of the object, with one request.

        Returns
        -------
        `~astropy.table.Table`
            One row, as in `add_to_list`; the status is ``updated``, also for the first rank of an object.

        Raises
        ------
        AtlasQueryError
            As in `add_to_list`.

        Examples
        --------
        >>> table = atlas.write_vra_rank("2018cow", rank=8.1, rank_alt1=7, is_gal_cand=False, dry_run=True)
        >>> print(table["message"][0])
        POST vrarank/: objectid=1161600211221604900, rank=8.1, rank_alt1=7.0, is_gal_cand=0
        """
        for name, value in (("rank", rank), ("rank_alt1", rank_alt1), ("is_gal_cand", is_gal_cand)):
            if value is None:
                hint = "A rank needs all three values: the server silently ignores an incomplete one."
                raise InvalidQueryTypeError(f"`{name}` must be given, got None.", hint=hint)
        fields: Payload = {"rank": check_rank("rank", rank), "rank_alt1": check_rank("rank_alt1", rank_alt1)}
        fields["is_gal_cand"] = int(check_flag("is_gal_cand", is_gal_cand))
        return self._write("write_vra_rank", [check_object_id(object_id)], fields, dry_run, verify, progress)

    def add_vra_todo(
        self,
        object_ids: ObjectIds,
        *,
        date: DateLike | None = None,
        dry_run: bool = False,
        verify: bool = False,
        timeout: TimeoutLike | None = None,
        progress: bool | None = None,
    ) -> Table:
        """Add objects to those that are to be checked by eye, with one request per object.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or unambiguous names.
        date : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Date of the rows, of which the server keeps whole seconds; by default the server's.
        dry_run, verify, timeout, progress : optional
            As in `add_to_list`. ``verify`` reads the rows of the objects, up to 5000 with one request.

        Returns
        -------
        `~astropy.table.Table`
            As in `add_to_list`; the status is ``created``, or ``duplicate`` if the object is to be checked already.

        Raises
        ------
        AtlasQueryError
            As in `add_to_list`.

        Examples
        --------
        >>> print(atlas.add_vra_todo([1161600211221604900], dry_run=True)["message"][0])
        POST vratodo/: objectid=1161600211221604900
        """
        return self._write("add_vra_todo", check_object_ids(object_ids), _date_field(date), dry_run, verify, progress)


def _date_field(date: DateLike | None) -> dict[str, Any]:
    checked = check_date(date)
    return {} if checked is None else {"insertdate": checked}
