# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which addresses may be spoken to: https anywhere, plain http on this machine alone, and no secrets inside."""

import ipaddress
import re

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

__all__ = ["check_root", "endpoint_url", "is_loopback", "origin"]

_PORTS = {"http": 80, "https": 443}


def check_root(root):
    """Check the root URL of an API, before anything is sent to it.

    Parameters
    ----------
    root : str
        Such as ``"https://psweb.mp.qub.ac.uk/sne/atlas4/api/"``; a missing last slash is mended.

    Returns
    -------
    root : str
        The URL with a slash at its end.

    Raises
    ------
    InvalidQueryError
        If it is not https, save on this machine, or holds credentials, a query or a fragment.

    Examples
    --------
    >>> from atlasquery.transport import check_root
    >>> check_root("https://psweb.mp.qub.ac.uk/sne/atlas4/api")
    'https://psweb.mp.qub.ac.uk/sne/atlas4/api/'
    """
    parts = _parts(root)
    if parts.scheme == "http" and not _is_loopback_host(parts.host):
        raise InvalidQueryError(
            f"Plain http would show the token to everybody on the way to {parts.host}; nothing was sent.",
            hint="Write https://; plain http is for servers on this machine.",
        )
    return root if root.endswith("/") else root + "/"


def endpoint_url(root, endpoint):
    """The URL of one endpoint, such as ``"cone/"``, below a root that passes `check_root`."""
    if not re.fullmatch(r"[a-z-]+/", endpoint):
        raise InvalidQueryError(f"{endpoint!r} is not an endpoint, such as 'cone/'.")
    return check_root(root) + endpoint


def is_loopback(url):
    """Whether a URL is one of this machine itself: such requests pass no proxy."""
    return _is_loopback_host(_parts(url).host)


def origin(root):
    """Whom a token is meant for: scheme, host and port of a URL, nothing else.

    Parameters
    ----------
    root : str
        Root URL of an API.

    Returns
    -------
    origin : str
        Such as ``"https://psweb.mp.qub.ac.uk"``; the port is named where it is not the usual one.

    Raises
    ------
    InvalidQueryError
        If the URL is none that may be spoken to.

    Examples
    --------
    >>> from atlasquery.transport import origin
    >>> origin("https://psweb.MP.qub.ac.uk:443/sne/atlas4/api/")
    'https://psweb.mp.qub.ac.uk'
    """
    parts = _parts(check_root(root))
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{parts.host.lower()}{port}"


def _parts(url):
    """Taken apart as requests does it, so that what is checked is what is connected to."""
    if not isinstance(url, str):
        raise InvalidQueryTypeError(f"The server's address must be a text, not {type(url).__name__}.")
    if re.search(r"[^!-~]|\\", url):
        raise _refused("holds white space, a backslash or characters other than ASCII")
    try:
        parts = parse_url(url)
    except LocationParseError:
        parts = None
    if parts is None or parts.scheme not in _PORTS or not parts.host:
        raise _refused("is not of the form https://host/path/")
    if parts.auth is not None:
        raise _refused("holds a user name or a password")
    if parts.query is not None or parts.fragment is not None:
        raise _refused("holds a query or a fragment")
    return parts


def _refused(what):
    # The address is not repeated: it may hold a secret.
    return InvalidQueryError(
        f"The server's address {what}; nothing was sent.",
        hint="Check server= and conf.server: the root URL of the API.",
    )


def _is_loopback_host(host):
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
