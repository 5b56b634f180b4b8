# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`WriteMixin`: one call that writes: names, dry run, writes, read-back, and the error with the outcomes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from astropy.table import Table

from atlasquery.batches import FATAL_ERRORS
from atlasquery.core.query_mixin import QueryMixin
from atlasquery.core.query_warnings import warn_large_query
from atlasquery.endpoints import Endpoints
from atlasquery.endpoints.base import Payload
from atlasquery.endpoints.outcomes import SUCCESSES, Outcome, Outcomes
from atlasquery.endpoints.writes import WRITES, WriteEndpoint, describe_request
from atlasquery.exceptions import AtlasQueryError, InvalidQueryError, ObjectNotFoundError, WriteError
from atlasquery.inputs.object_names import ObjectName
from atlasquery.inputs.vra_values import check_flag
from atlasquery.utils.progress import Progress

__all__ = ["WriteMixin"]


class WriteMixin(QueryMixin):
    """The part that all methods that write have in common."""

    def _write(
        self,
        name: str,
        object_ids: list[int | ObjectName],
        fields: Payload,
        dry_run: bool,
        verify: bool,
        progress: bool | None,
    ) -> Table:
        """Write for each object, and return the table of outcomes or raise."""
        endpoint, is_dry, is_verified = WRITES[name], check_flag("dry_run", dry_run), check_flag("verify", verify)
        endpoints = self._endpoints  # of one server, also if the setting changes during the call
        unique = list(dict.fromkeys(object_ids))
        if not unique:
            raise InvalidQueryError("`object_ids` must have at least one id or name, got none.")
        outcomes = Outcomes(unique, {"server": endpoints.root, "endpoint": endpoint.path})
        with _carry_outcomes(outcomes, endpoint, fields):
            warn_large_query(self.quota, _count_requests(endpoint, unique, is_verified))
            outcomes.ids = endpoints.names.resolve_all(unique)
            if is_dry:
                return _describe_all(outcomes, endpoint, fields)
            self._write_all(endpoints, endpoint, outcomes, fields, is_verified, progress)
            # Here, so that an interruption has the outcomes too.
            table, error = outcomes.table(), outcomes.build_error(endpoints.writes.make_url(endpoint.path))
        if error is not None:
            raise error
        return table

    def _write_all(
        self,
        endpoints: Endpoints,
        endpoint: WriteEndpoint,
        outcomes: Outcomes,
        fields: Payload,
        verify: bool,
        progress: bool | None,
    ) -> None:
        """Write for each object and, with ``verify``, read back."""
        began = time.monotonic()
        outcomes.verified = set() if verify else None
        with Progress(len(outcomes.ids), show=progress, note=self._quota_note) as bar:
            endpoints.writes.write_all(endpoint, outcomes, fields, bar.advance)
        if verify and (ids := outcomes.ids_with("unknown", *SUCCESSES)):
            found = endpoint.read_back.find(endpoints, ids, fields, began)
            outcomes.settle(found.verified, endpoint.success, earlier=found.earlier)


def _count_requests(endpoint: WriteEndpoint, object_ids: list[int | ObjectName], verify: bool) -> int:
    """Return the number of requests: the look-up of names, one per object, and those that verify."""
    needs_lookup = any(isinstance(item, ObjectName) and not item.is_designation for item in object_ids)
    return needs_lookup + len(object_ids) + (endpoint.read_back.count_requests(object_ids) if verify else 0)


def _describe_all(outcomes: Outcomes, endpoint: WriteEndpoint, fields: Payload) -> Table:
    for object_id in outcomes.ids:
        message = describe_request(endpoint, {"objectid": object_id, **fields})
        outcomes[object_id] = Outcome("not done", message)
    return outcomes.table()


@contextmanager
def _carry_outcomes(outcomes: Outcomes, endpoint: WriteEndpoint, fields: Payload) -> Iterator[None]:
    """Set ``results`` of any error to the table of outcomes; an error of the server becomes a `WriteError`."""
    try:
        yield
    except BaseException as error:
        is_written = outcomes.is_complete
        outcomes.fill_from_error(error, lambda object_id: endpoint.explain_unknown(object_id, fields))
        table = outcomes.table()
        # Errors of the names keep their class; the read-back has none of them.
        kept = FATAL_ERRORS if is_written else (*FATAL_ERRORS, InvalidQueryError, ObjectNotFoundError)
        if isinstance(error, AtlasQueryError) and not isinstance(error, kept):
            what = "The writes cannot be verified" if is_written else "Nothing was written"
            raise WriteError(f"{what}: {error.reason}", url=error.url, results=table) from error
        error.results = table  # type: ignore[attr-defined]
        raise
