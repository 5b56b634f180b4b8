# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about many objects: few requests, and nothing that was obtained is lost."""

from atlasquery.batches import FATAL_ERRORS, attach_results
from atlasquery.core.query_warnings import warn_large_query, warn_no_results
from atlasquery.endpoints.objects import plan_requests
from atlasquery.exceptions import (
    AtlasQueryError,
    BatchError,
    InvalidQueryError,
    LoginError,
    PermissionDeniedError,
    ServerError,
)
from atlasquery.inputs.object_names import ObjectName, check_object_ids
from atlasquery.inputs.times import check_since
from atlasquery.utils.progress import Progress

__all__ = ["BulkQueries"]

LOOKUP_ERRORS = (LoginError, PermissionDeniedError, ServerError)  # of names; not those of an ambiguous name


class BulkQueries:
    """The part of `~atlasquery.ATLASClass` that asks for the records of many objects."""

    def get_light_curves(
        self, object_ids, *, since=None, on_error="raise", progress=None, get_query_payload=False,
    ):  # fmt: skip
        """Get the light curves of many objects.

        Objects are asked for in batches: 50 at first, then up to four times as many each time, as fast as the server
        answers. A batch that fails because of one damaged object is halved until that is found.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names; repetitions are asked for once, and all names cost one request.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Leave earlier rows out: a moment, an ISO text (UTC), or a duration that looks back from now. It makes the
            answers ten times smaller, and the requests fewer.
        on_error : {"raise", "warn"}
            What to do if objects are not obtained, be it one or all. Where signing in, permission or the quota is the
            reason, or names cannot be looked up, an error is raised in any case.
        progress : bool, optional
            Whether to show a bar; by default in a terminal or a notebook.
        get_query_payload : bool
            Send nothing, and return what would be sent, as far as it can be foreseen: a dict, or a list of them.

        Returns
        -------
        `LightCurves`
            A mapping of id to `LightCurve`, in the order asked; a name that was asked for is a key, too. ``missing``
            lists ids and names that the server does not know, ``failed`` maps ids that were not obtained to errors.

        Raises
        ------
        InvalidQueryError
            If an id or the moment is wrong; no request is spent.
        AmbiguousNameError
            If a name means several objects.
        BatchError
            If objects are not obtained; ``results`` holds all that are, ``failed`` maps the others to the errors, and a
            call with its keys continues. Where the quota is used up it is a ``RateLimitError``, with the same
            ``results``, also if it is at the first request; what is left is in ``failed`` of these.
        LoginError
            If there is no usable token.
        ServerError
            If the only object asked for is not obtained, or the server as a whole fails before anything is obtained,
            or at the look-up of names.

        Warns
        -----
        NoResultsWarning
            If the server does not know some of the objects, or, with ``on_error="warn"``, some are not obtained.
        LargeQueryWarning
            If this needs more requests than are left.

        Examples
        --------
        >>> curves = atlas.get_light_curves([1161600211221604900], since="2018-06-01")
        >>> [len(curve.detections) > 0 for curve in curves.values()]
        [True]
        """
        checked_ids, bound = check_object_ids(object_ids), check_since(since)
        _check_on_error(on_error)
        plan = plan_requests(checked_ids, since=bound)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        curves, error = self._fetch_light_curves(checked_ids, bound, progress)
        if _must_raise(error, on_error):
            raise error
        if curves.missing:
            warn_no_results(f"The server does not know {len(curves.missing)} of the objects; `missing` lists them.")
        if error is not None:
            warn_no_results(_failure_message(error, len(curves.failed), "`failed` lists them."))
        return curves

    def _fetch_light_curves(self, checked_ids, bound, progress):
        """Return the light curves, and the error about those that failed or None."""
        from atlasquery.lightcurve import LightCurve, LightCurves

        with attach_results(lambda error: LightCurves({}, failed={str(i): error for i in checked_ids}), LOOKUP_ERRORS):
            ids, unknown = self._endpoints.names.resolve(checked_ids)
        known = [item for item in checked_ids if item not in set(unknown)]
        names = {
            str(name): object_id for name, object_id in zip(known, ids, strict=True) if isinstance(name, ObjectName)
        }
        curves, url = {}, self._endpoints.objects.url
        with Progress(len(set(ids)), show=progress, note=self._quota_note) as bar:
            fetch = self._endpoints.objects.fetch(ids, since=bound, advance=bar.advance)
            for object_id, record in _iter_records(fetch):
                try:
                    curves[object_id] = LightCurve.from_record(record, url=url)
                except AtlasQueryError as error:
                    fetch.mark_failed(object_id, error)
        ordered = {object_id: curves[object_id] for object_id in ids if object_id in curves}
        missing = [*fetch.missing, *map(str, unknown)]
        result = LightCurves(ordered, names=names, missing=missing, failed=fetch.failed)
        return result, fetch.build_error(result)

    def iter_transients(
        self, object_ids, *, since=None, on_error="raise", progress=None, get_query_payload=False,
    ):  # fmt: skip
        """Go through many objects with all that the server has about each, one after the other.

        Only a batch or two are held in memory, whatever the number of objects; the next batch is on its way while one
        is worked on.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names; repetitions are asked for once.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Leave earlier rows of the light curves out.
        on_error : {"raise", "warn"}
            What to do at the end if objects were not obtained, be it one or all; with the same exceptions as in
            `get_light_curves`.
        progress : bool, optional
            Whether to show a bar; by default in a terminal or a notebook.
        get_query_payload : bool
            Send nothing, and return what would be sent, as far as it can be foreseen.

        Returns
        -------
        generator of `Transient`
            In the order asked, but that objects of a batch that cannot be read come after the next one.

        Raises
        ------
        InvalidQueryError
            If an id or the moment is wrong; at once, and no request is spent.
        BatchError
            At the end, if objects were not obtained: ``failed`` maps their ids to the errors, ``results`` lists the
            ids that were. Where the quota is used up it is a ``RateLimitError``, with the same ``results``.
        LoginError
            If there is no usable token.
        ServerError
            If the only object asked for was not obtained, or the server as a whole failed before anything was
            obtained, or at the look-up of names.

        Warns
        -----
        NoResultsWarning
            At the end, if the server does not know some of the objects, or, with ``on_error="warn"``, some were not
            obtained.
        LargeQueryWarning
            If this needs more requests than are left.

        Examples
        --------
        >>> for transient in atlas.iter_transients(["2018cow"], since="2018-06-01"):
        ...     print(transient.name)
        ATLAS18qqn
        """
        checked_ids, bound = check_object_ids(object_ids), check_since(since)
        _check_on_error(on_error)
        plan = plan_requests(checked_ids, since=bound)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        return self._iter_transients(checked_ids, bound, on_error, progress)

    def _iter_transients(self, checked_ids, bound, on_error, progress):
        from atlasquery.transient import Transient

        with attach_results(lambda error: [], LOOKUP_ERRORS):
            ids, unknown = self._endpoints.names.resolve(checked_ids)
        done, url = [], self._endpoints.objects.url
        with Progress(len(set(ids)), show=progress, note=self._quota_note) as bar:
            fetch = self._endpoints.objects.fetch(ids, since=bound, advance=bar.advance)
            for object_id, record in _iter_records(fetch):
                try:
                    transient = Transient(record, url=url)
                except AtlasQueryError as error:
                    fetch.mark_failed(object_id, error)
                    continue
                done.append(object_id)
                yield transient
        error = fetch.build_error(done)
        if _must_raise(error, on_error):
            raise error
        if missing := [*fetch.missing, *unknown]:
            warn_no_results(f"The server does not know {len(missing)} of the objects: {_abbreviate_ids(missing)}.")
        if error is not None:
            warn_no_results(
                _failure_message(error, len(fetch.failed), f"They are {_abbreviate_ids(list(fetch.failed))}.")
            )

    def _quota_note(self):
        quota = self.quota
        return f"{quota.remaining} of {quota.limit} requests left"


def _check_on_error(on_error):
    if on_error not in ("raise", "warn"):
        raise InvalidQueryError(f"`on_error` must be 'raise' or 'warn', got {on_error!r}.")


def _must_raise(error, on_error):
    return error is not None and (on_error == "raise" or isinstance(error, FATAL_ERRORS))


def _failure_message(error, n_failed, where):
    """Return the text of the warning that replaces an error."""
    if isinstance(error, BatchError):
        return f"{error.reason} {where}"
    return f"{n_failed} of the objects {'was' if n_failed == 1 else 'were'} not downloaded: {error.reason} {where}"


def _iter_records(fetch):
    """Yield each id and record, and release it after use."""
    for records in fetch:
        records.reverse()
        while records:
            record = records.pop()
            yield record["object"]["id"], record


def _abbreviate_ids(ids):
    shown = ", ".join(map(str, ids[:20]))
    return shown if len(ids) <= 20 else f"{shown} and {len(ids) - 20} more"
