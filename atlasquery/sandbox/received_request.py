# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One request as the sandbox saw it."""

from dataclasses import dataclass, field

__all__ = ["RequestSeen"]


@dataclass
class RequestSeen:
    """A request that reached the sandbox; neither token nor password is kept.

    Parameters
    ----------
    method : str
        ``"POST"``, ``"GET"``, ...
    path : str
        The path, without the query string.
    params : dict
        The parameters from query string and body: text, except in a JSON body.
    user : str or None
        Whose token it carried, expired or not; `None` without a token, or with an unknown one.
    has_token : bool
        Whether it carried a token at all.
    status : int or None
        The HTTP status of the answer; `None` if the connection broke before one went out.

    Examples
    --------
    >>> from atlasquery.sandbox import RequestSeen
    >>> RequestSeen("POST", "/sne/atlas4/api/cone/", {"radius": "5"}, "reader", True, 200).endpoint
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
        """The last part of the path, as the client names it, such as ``"cone/"``."""
        return self.path.rstrip("/").rpartition("/")[2] + "/"
