# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sign-in: sources and storage of tokens, and signed requests."""

from atlasquery.auth.client import AuthenticatedQuery
from atlasquery.auth.session import AuthorizedSession

__all__ = ["AuthenticatedQuery", "AuthorizedSession"]
