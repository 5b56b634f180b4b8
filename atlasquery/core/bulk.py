# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Downloads of many objects with few requests; partial results are never lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, overload

from atlasquery.batches import FATAL_ERRORS, BatchFetch, Partial, attach_results, carry_results
from atlasquery.core.call_timeout import TimeoutLike
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_large_query, warn_no_results, warn_no_rows
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.objects import plan_requests
from atlasquery.exceptions import (
    AtlasQueryError,
    BatchError,
    InvalidQueryTypeError,
    LoginError,
    PermissionDeniedError,
    ServerError,
)
from atlasquery.inputs.object_names import ObjectIds, ObjectName, check_object_ids
from atlasquery.inputs.on_error import check_on_error
from atlasquery.inputs.times import Since, SinceLike, check_since
from atlasquery.schema import PHOTOMETRY_SECTIONS
from atlasquery.utils.progress import Progress
from atlasquery.utils.text import abbreviate

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurves
    from atlasquery.transient import Transient

__all__ = ["BulkQueries"]

# Errors of the look-up of names that carry ``results``; an ambiguous name is an error in the arguments.
LOOKUP_ERRORS = (LoginError, PermissionDeniedError, ServerError)


class BulkQueries(QueryMixin):
    """Methods of `~atlasquery.ATLASClass` that download the records of many objects."""

    @overload
    def get_light_curves(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        into: LightCurves | None = None,
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> LightCurves: ...
    @overload
    def get_light_curves(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        into: LightCurves | None = None,
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def get_light_curves(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        into: LightCurves | None = None,
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> LightCurves | Payload | list[Payload]: ...
    def get_light_curves(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        into: LightCurves | None = None,
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> LightCurves | Payload | list[Payload]:
        """Download the light curves of many objects.

        Objects are requested in batches: 50 at first, then up to four times more in each, depending on the speed of the
        server. A batch that fails because of a damaged object is split until that object is isolated.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names. A repeated id is downloaded once; all names together cost one request.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Start of the light curves (inclusive): a time, an ISO 8601 string (UTC), or a time span before now. A recent
            start makes answers about ten times smaller, and needs fewer requests.
        on_error : {"raise", "warn"}
            Whether objects that cannot be downloaded cause an error or a warning. Errors of sign-in, permission, quota
            or the look-up of names are always raised.
        into : LightCurves, optional
            Earlier light curves, possibly none: only objects that are not in it are requested. It is filled as answers
            come, and returned, so that the same call again continues after any interruption.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the expected payload, or the list of payloads; the actual batches may differ.

        Returns
        -------
        `LightCurves`
            A mapping of id to `LightCurve`, in the order of ``object_ids``; a requested name also works as key.
            ``missing`` lists ids and names unknown to the server, ``failed`` maps ids that could not be downloaded to
            errors.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid; no request is sent.
        AmbiguousNameError
            If a name matches several objects.
        BatchError
            If objects cannot be downloaded: ``results`` holds all others, ``failed`` maps ids to errors; a call with
            its keys continues the download. When the quota is used up, a ``RateLimitError`` is raised instead, whose
            ``results`` has the remaining ids in its ``failed``.
        LoginError
            If no usable token is available.
        ServerError
            If the only requested object cannot be downloaded, if the server fails before any object is downloaded, or
            at the look-up of names.

        KeyboardInterrupt
            After Ctrl-C, or when a notebook is interrupted: it has ``results``, ``missing`` and ``failed`` too, as any
            other exception from outside has, such as a warning that is an error.

        Warns
        -----
        NoResultsWarning
            If objects are unknown to the server, all have no measurement since ``since`` or, with ``on_error="warn"``,
            some cannot be downloaded.
        LargeQueryWarning
            If the query needs more requests than the quota has left.

        Examples
        --------
        >>> curves = atlas.get_light_curves([1161600211221604900], since="2018-06-01")
        >>> [len(curve.detections) > 0 for curve in curves.values()]
        [True]
        """
        checked_ids, checked_since = check_object_ids(object_ids), check_since(since)
        check_on_error(on_error)
        curves = _check_into(into)
        plan = plan_requests(curves.not_in(checked_ids), since=checked_since)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        with carry_results(lambda: _describe_curves(curves, checked_ids, into)):
            error = self._fill_light_curves(curves, checked_ids, checked_since, progress)
            if _must_raise(error, on_error):
                raise error
            if curves.missing:
                text = f"The server has no record of {len(curves.missing)} of the objects; `missing` lists them."
                warn_no_results(text)
            empty = [object_id for object_id, curve in curves.items() if not len(curve)]
            warn_no_rows(checked_since, empty, len(curves))
            if error is not None:
                warn_no_results(_failure_message(error, len(curves.failed), "`failed` lists them."))
        return curves

    def _fill_light_curves(
        self, curves: LightCurves, checked_ids: list[int | ObjectName], since: Since | None, progress: bool | None
    ) -> AtlasQueryError | None:
        """Download the light curves that are not there yet, and return the error of the failed ones or None."""
        from atlasquery.lightcurve import LightCurve

        wanted = curves.not_in(checked_ids)
        with attach_results(lambda error: curves.update(failed={str(i): error for i in wanted}), LOOKUP_ERRORS):
            ids, unknown = self._endpoints.names.resolve(wanted)
        absent = set(unknown)
        known = zip([item for item in wanted if item not in absent], ids, strict=True)
        curves.update(names={str(name): object_id for name, object_id in known if isinstance(name, ObjectName)})
        ids = [object_id for object_id in ids if object_id not in curves]
        url = self._endpoints.objects.url
        with Progress(len(set(ids)), show=progress, note=self._quota_note) as bar:
            fetch = self._endpoints.objects.fetch(ids, since=since, advance=bar.advance)
            for object_id, record in _iter_records(fetch):
                try:
                    curves.update({object_id: LightCurve.from_record(record, url=url)})
                except AtlasQueryError as error:
                    fetch.mark_failed(object_id, error)
        curves.update(missing=[*fetch.missing, *map(str, unknown)], failed=fetch.failed, order=ids)
        return fetch.build_error(curves)

    @overload
    def iter_transients(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[False] = False,
    ) -> Iterator[Transient]: ...
    @overload
    def iter_transients(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: Literal[True],
    ) -> Payload | list[Payload]: ...
    @overload
    def iter_transients(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool,
    ) -> Iterator[Transient] | Payload | list[Payload]: ...
    def iter_transients(
        self,
        object_ids: ObjectIds,
        *,
        since: SinceLike | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        progress: bool | None = None,
        timeout: TimeoutLike | None = None,
        get_query_payload: bool = False,
    ) -> Iterator[Transient] | Payload | list[Payload]:
        """Download many objects and yield them one by one, with everything the server has about each.

        At most two batches are held in memory, for any number of objects. The next batch is downloaded while the
        current one is used.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names. A repeated id is downloaded once.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Start of the light curves (inclusive): a time, an ISO 8601 string (UTC), or a time span before now.
        on_error : {"raise", "warn"}
            Whether objects that cannot be downloaded cause an error or a warning at the end; with the same exceptions
            as in `get_light_curves`.
        progress : bool, optional
            Whether to show a progress bar; by default only in a terminal or a notebook.
        timeout : float or `~astropy.units.Quantity`, optional
            Maximum seconds of the whole call; ``conf.deadline`` limits each request.
        get_query_payload : bool
            Send nothing and return the expected payload, or the list of payloads; the actual batches may differ.

        Returns
        -------
        generator of `Transient`
            In the order of ``object_ids``, except that objects of a batch that failed may come after the next batch.

        Raises
        ------
        InvalidQueryError
            If an argument is invalid; raised immediately, and no request is sent.
        BatchError
            At the end, if objects could not be downloaded: ``failed`` maps their ids to errors, ``results`` lists the
            downloaded ids. When the quota is used up, a ``RateLimitError`` with the same ``results`` is raised instead.
        LoginError
            If no usable token is available.
        ServerError
            If the only requested object cannot be downloaded, if the server fails before any object is downloaded, or
            at the look-up of names.

        Warns
        -----
        NoResultsWarning
            At the end, if objects are unknown to the server, all have no measurement since ``since`` or, with
            ``on_error="warn"``, some could not be downloaded.
        LargeQueryWarning
            If the query needs more requests than the quota has left.

        Examples
        --------
        >>> for transient in atlas.iter_transients(["2018cow"], since="2018-06-01"):
        ...     print(transient.name)
        ATLAS18qqn
        """
        checked_ids, checked_since = check_object_ids(object_ids), check_since(since)
        check_on_error(on_error)
        plan = plan_requests(checked_ids, since=checked_since)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        return self._iter_transients(checked_ids, checked_since, on_error, progress)

    def _iter_transients(
        self, checked_ids: list[int | ObjectName], since: Since | None, on_error: str, progress: bool | None
    ) -> Iterator[Transient]:
        from atlasquery.transient import Transient

        with attach_results(lambda error: [], LOOKUP_ERRORS):
            ids, unknown = self._endpoints.names.resolve(checked_ids)
        done: list[int] = []
        without_rows: list[int] = []
        url = self._endpoints.objects.url
        with Progress(len(set(ids)), show=progress, note=self._quota_note) as bar:
            fetch = self._endpoints.objects.fetch(ids, since=since, advance=bar.advance)
            with carry_results(lambda: _describe_done(done, ids, fetch.missing)):
                for object_id, record in _iter_records(fetch):
                    try:
                        transient = Transient(record, url=url)
                    except AtlasQueryError as error:
                        fetch.mark_failed(object_id, error)
                        continue
                    done.append(object_id)
                    if not any(record.get(section) for section in PHOTOMETRY_SECTIONS):
                        without_rows.append(object_id)
                    yield transient
        failure = fetch.build_error(done)
        if _must_raise(failure, on_error):
            raise failure
        warn_no_rows(since, without_rows, len(done))
        if missing := [*fetch.missing, *unknown]:
            warn_no_results(f"The server has no record of {len(missing)} of the objects: {_abbreviate_ids(missing)}.")
        if failure is not None:
            warn_no_results(
                _failure_message(failure, len(fetch.failed), f"Ids: {_abbreviate_ids(list(fetch.failed))}.")
            )


def _check_into(into: LightCurves | None) -> LightCurves:
    """Return the light curves to fill, without the outcome of an earlier call."""
    from atlasquery.lightcurve import LightCurves

    if into is None:
        return LightCurves()
    if not isinstance(into, LightCurves):
        raise InvalidQueryTypeError(f"`into` must be LightCurves, got {abbreviate(into)}.", hint="Use LightCurves().")
    into.missing, into.failed = [], {}
    return into


def _describe_curves(curves: LightCurves, checked_ids: list[int | ObjectName], into: LightCurves | None) -> Partial:
    """Return the light curves so far, and the line that continues."""
    absent = set(curves.missing)
    remaining = [item if isinstance(item, int) else str(item) for item in curves.not_in(checked_ids)]
    remaining = [key for key in dict.fromkeys(remaining) if key not in absent]
    state = f"{len(curves)} light curves are there, {len(remaining)} of the requested ones are not."
    again = (
        "The same call again continues."
        if into is not None
        else ("get_light_curves(ids, into=error.results) continues; in a notebook, into=sys.last_value.results.")
    )
    return Partial(curves, tuple(curves.missing), remaining, f"{state} {again}")


def _must_raise(error: AtlasQueryError | None, on_error: str) -> TypeGuard[AtlasQueryError]:
    return error is not None and (on_error == "raise" or isinstance(error, FATAL_ERRORS))


def _failure_message(error: AtlasQueryError, n_failed: int, where: str) -> str:
    """Return the warning that replaces an error."""
    if isinstance(error, BatchError):
        return f"{error.reason} {where}"
    return f"{n_failed} of the objects {'was' if n_failed == 1 else 'were'} not downloaded: {error.reason} {where}"


def _iter_records(fetch: BatchFetch) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each id and record; a record is released from memory after use."""
    for records in fetch:
        records.reverse()
        while records:
            record = records.pop()
            yield record["object"]["id"], record


def _describe_done(done: list[int], ids: list[int], missing: list[int]) -> Partial:
    """Return the ids of the objects so far; that of the last may not have been used yet."""
    finished = {*done, *missing}
    remaining = [object_id for object_id in dict.fromkeys(ids) if object_id not in finished]
    hint = f"{len(done)} objects were returned; the keys of `failed` of this exception can be requested again."
    return Partial(done, tuple(missing), remaining, hint)


def _abbreviate_ids(ids: list[Any]) -> str:
    shown = ", ".join(map(str, ids[:20]))
    return shown if len(ids) <= 20 else f"{shown} and {len(ids) - 20} more"
