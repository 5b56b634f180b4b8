# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Service`: what distinguishes one web service from another. Values are in ``core/service.py`` and its like."""

from __future__ import annotations

import os
from dataclasses import dataclass

from atlasquery.config import conf
from atlasquery.exceptions import InvalidInputError, InvalidQueryError
from atlasquery.transport.address import ServerURL
from atlasquery.transport.request import METHODS, Request
from atlasquery.utils.config_item import source_hint

__all__ = ["QuotaRule", "Service"]

HOUR = 3600.0
# Rejected before the server counts: redirects, sign-in, permission, unknown pages, and the rate limit itself.
UNCOUNTED_STATUSES = frozenset({*range(300, 400), 401, 403, 404, 429})


@dataclass(frozen=True)
class QuotaRule:
    """How many requests a user may make in a sliding window.

    Parameters
    ----------
    limit : int or str
        Number of requests, or the name of the item of ``conf`` that holds it.
    window : float
        Length of the window in seconds.
    methods : tuple of str
        HTTP methods that are counted together; empty for all.
    uncounted_statuses : frozenset of int
        HTTP statuses of requests that the server does not count.
    """

    limit: int | str
    window: float
    methods: tuple[str, ...] = ()
    uncounted_statuses: frozenset[int] = UNCOUNTED_STATUSES

    def counts(self, method: str) -> bool:
        """Return whether requests of a method are counted."""
        return not self.methods or method in self.methods

    @property
    def n_requests(self) -> int:
        """Number of requests, read from ``conf`` at each call if it is configured there."""
        return getattr(conf, self.limit) if isinstance(self.limit, str) else self.limit

    @property
    def is_configured(self) -> bool:
        """Whether ``conf`` holds the number of requests."""
        return isinstance(self.limit, str)

    @property
    def label(self) -> str:
        """Name of the quota in messages."""
        return "hourly quota" if self.window == HOUR else f"quota of {self.n_requests} requests in {self.window:g} s"


@dataclass(frozen=True)
class Service:
    """Description of a web service.

    Parameters
    ----------
    name : str
        Service name of its keyring entries.
    client_name : str
        How hints call the client, such as ``"ATLAS"`` in ``ATLAS.login()``.
    default_root : str
        Root URL of the production server.
    root_setting : str
        Name of the item of ``conf`` that holds the root URL, unless ``server_variable`` is set.
    token_endpoint : str
        Path that exchanges user name and password for a token.
    token_variable, server_variable : str
        Environment variables of a token, and of the root URL of the server, which is also the one the token is for.
    verify_request : Request
        Cheapest request that needs a valid token.
    quotas : tuple of QuotaRule
        The first rule that counts a method applies; each method needs one.
    media_types : tuple of str
        Media types of successful answers.
    login_redirects : bool
        Whether a redirect to a log-in page, or the page itself, means that the request was not signed in.
    auth_scheme : str
        First word of the ``Authorization`` header.

    Raises
    ------
    InvalidInputError
        If no quota counts a method.
    """

    name: str
    client_name: str
    default_root: str
    root_setting: str
    token_endpoint: str
    token_variable: str
    server_variable: str
    verify_request: Request
    quotas: tuple[QuotaRule, ...]
    media_types: tuple[str, ...] = ("application/json",)
    login_redirects: bool = False
    auth_scheme: str = "Token"

    def __post_init__(self) -> None:
        if uncounted := [method for method in METHODS if not any(rule.counts(method) for rule in self.quotas)]:
            raise InvalidInputError(f"`quotas` must count each method, got none for {', '.join(uncounted)}.")

    def find_server(self) -> ServerURL:
        """Return the server of the environment variable, else that of ``conf``; both are read at each call."""
        # An empty variable is an error: a rehearsal whose variable was not filled in must not reach production.
        if (root := os.environ.get(self.server_variable)) is not None:
            return ServerURL.parse(root, self.server_variable)
        try:
            return ServerURL.parse(getattr(conf, self.root_setting), f"conf.{self.root_setting}")
        except InvalidQueryError as error:
            error.hint = f"{error.hint} {source_hint(self.root_setting)}".strip()
            raise

    def find_quota_rule(self, method: str) -> QuotaRule:
        """Return the rule that counts a method."""
        return next(rule for rule in self.quotas if rule.counts(method))

    def is_sign_in(self, path: str) -> bool:
        """Return whether a path is the token endpoint; its attempts have a quota of their own."""
        return path == self.token_endpoint
