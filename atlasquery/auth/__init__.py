# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Signing in: where tokens are found and kept, and how requests are signed with them."""

from atlasquery.auth.session import AuthorizedSession

__all__ = ["AuthorizedSession"]
