# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A request as the sandbox received it."""

from dataclasses import dataclass, field

__all__ = ["ReceivedRequest"]


@dataclass
class ReceivedRequest:
    """A request that reached the sandbox, without its token and password.

    Parameters
    ----------
    method : str
        ``"POST"``, ``"GET"``, ...
    path : str
        The path, without the query string.
    params : dict
        The parameters of the query string and the body; strings, except in a JSON body.
    user : str or None
        The owner of the token, expired or not; `None` without a token or with an unknown one.
    has_token : bool
        Whether the request had a token.
    status : int or None
        The HTTP status of the answer; `None` if the connection broke before the answer.

    Examples
    --------
    >>> from atlasquery.sandbox import ReceivedRequest
    >>> ReceivedRequest("POST", "/sne/atlas4/api/cone/", {"radius": "5"}, "reader", True, 200).endpoint
    'cone/'
    """

    method: str
    path: str
    params: dict = field(default_factory=dict)
    user: str | None = None
    has_token: bool = False
    status: int | None = None

    @property
    def endpoint(self):
        """The last part of the path, such as ``"cone/"``."""
        return self.path.rstrip("/").rpartition("/")[2] + "/"
