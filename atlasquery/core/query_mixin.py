# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`QueryMixin`: base class of the query methods of `ATLASClass`, which are in one file per noun."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from atlasquery.core.call_timeout import with_timeout
from atlasquery.endpoints import Endpoints
from atlasquery.exceptions import AtlasQueryError, SchemaWarning
from atlasquery.transport import Quota
from atlasquery.utils.log import numbered_call
from atlasquery.utils.warnings import join_warnings

__all__ = ["QueryMixin"]


class QueryMixin:
    """Members of the client that the query methods use."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Number the calls of public methods in the log, limit their time, and join their warnings of the schema."""
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if isinstance(method, FunctionType) and not name.startswith("_"):
                setattr(cls, name, numbered_call(with_timeout(join_warnings(SchemaWarning)(method))))

    if TYPE_CHECKING:

        @property
        def _endpoints(self) -> Endpoints:
            """Endpoints of the current server."""
            ...

        @property
        def quota(self) -> Quota:
            """Quota of the user."""
            ...

    def _quota_note(self) -> str:
        """Return the remaining quota, for a progress bar."""
        try:
            quota = self.quota
        except AtlasQueryError:  # the setting of the server was changed during the call, which must not end it
            return ""
        return f"{quota.remaining} of {quota.limit} requests left"
