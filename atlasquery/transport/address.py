# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ServerURL`: the root URL of a server; https, or plain http on the own machine, and without secrets."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

__all__ = ["ServerURL"]

_PORTS = {"http": 80, "https": 443}
_PATH = re.compile(r"(?:[\w~-][\w.~-]*/)*(?:[\w~-][\w.~-]*)?", re.ASCII)


@dataclass(frozen=True)
class ServerURL:
    """Checked root URL of an API.

    Parameters
    ----------
    root : str
        The URL, with a slash at its end.
    origin : str
        Scheme, host and port, to which a token belongs.
    is_local : bool
        Whether it is on this machine.

    Examples
    --------
    >>> from atlasquery.transport import ServerURL
    >>> ServerURL.parse("https://psweb.MP.qub.ac.uk:443/sne/atlas4/api").origin
    'https://psweb.mp.qub.ac.uk'
    """

    root: str
    origin: str
    is_local: bool

    @classmethod
    def parse(cls, root: str, setting: str = "server") -> ServerURL:
        """Check a root URL, and add a missing slash at its end.

        Parameters
        ----------
        root : str
            The URL.
        setting : str
            Where it was set, for messages: the name of an argument, environment variable or item of ``conf``.

        Raises
        ------
        InvalidQueryError
            If it is not https (http is for this machine only), or contains credentials, a query or a fragment.
        """
        parts = _split_url(root, setting)
        is_local = _is_loopback(str(parts.host))
        if parts.scheme == "http" and not is_local:
            raise InvalidQueryError(
                f"`{setting}` must be https unless local, got http://{parts.host}: plain http exposes the token.",
                hint="Write https://.",
            )
        port = "" if parts.port in (None, _PORTS[str(parts.scheme)]) else f":{parts.port}"
        origin = f"{parts.scheme}://{str(parts.host).lower()}{port}"
        return cls(root if root.endswith("/") else root + "/", origin, is_local)

    def join(self, path: str) -> str:
        """Return the URL of a path below the root."""
        if not path or not _PATH.fullmatch(path):
            raise InvalidQueryError(f"`path` must be a relative path such as 'cone/', got {path!r}.")
        return self.root + path


def _split_url(url: str, setting: str) -> Url:
    """Split a URL as requests does, so that the checked host is the one that is connected to."""
    if not isinstance(url, str):
        raise InvalidQueryTypeError(f"`{setting}` must be a string, got {type(url).__name__}.")
    if re.search(r"[^!-~]|\\", url):
        raise _invalid_address(setting, "without white space, backslashes and characters other than ASCII")
    try:
        parts: Url | None = parse_url(url)
    except LocationParseError:
        parts = None
    if not url:
        raise InvalidQueryError(f"`{setting}` must be a URL, got an empty string.", hint="Unset it for the default.")
    if parts is None or parts.scheme not in _PORTS or not parts.host:
        raise _invalid_address(setting, "of the form https://host/path/")
    if parts.auth is not None:
        raise _invalid_address(setting, "without a user name or password")
    if parts.query is not None or parts.fragment is not None:
        raise _invalid_address(setting, "without a query or fragment")
    return parts


def _invalid_address(setting: str, requirement: str) -> InvalidQueryError:
    # The address is not repeated: it may contain a secret.
    return InvalidQueryError(f"`{setting}` must be a URL {requirement}.", hint="It is the root URL of the API.")


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
