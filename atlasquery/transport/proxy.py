# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The proxy of the user's environment: checked before a request, and its failures in words.

The address of a proxy may contain a password, and is never shown.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import requests
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from atlasquery.exceptions import ServerUnreachableError

__all__ = ["check_proxy", "proxy_error"]

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_VARIABLES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_HINT = "Check HTTPS_PROXY and NO_PROXY in the environment."


def check_proxy(url: str, proxies: Mapping[str, str]) -> None:
    """Raise `ServerUnreachableError` if the proxy for a URL has a malformed address, or needs another package."""
    proxy = requests.utils.select_proxy(url, proxies)
    if not proxy:
        return
    scheme = _parse_scheme(proxy)
    if scheme is None:
        reason = f"{_setting(proxy)} must be a URL such as http://host:port, got another text."
        raise ServerUnreachableError(reason, url=url, hint=_HINT, request_sent=False)
    if scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        hint = 'Install it: pip install "requests[socks]".'
        reason = f"{_setting(proxy)} is a SOCKS proxy, which needs the package PySocks."
        raise ServerUnreachableError(reason, url=url, hint=hint, request_sent=False)


def _parse_scheme(proxy: str) -> str | None:
    """Return the scheme of a proxy, by default http as in requests; `None` if the address is malformed."""
    try:
        parts = parse_url(proxy if "://" in proxy else f"http://{proxy}")
        (parts.host or "").encode("idna")
    except (LocationParseError, UnicodeError):
        return None
    return parts.scheme if parts.host and parts.scheme in _SCHEMES else None


def _setting(proxy: str) -> str:
    """Return the name of the setting that a proxy is from."""
    names = (name for name in _VARIABLES if os.environ.get(name) == proxy)
    return next((f"`{name}`" for name in names), "The proxy of the system")


def proxy_error(chain: Sequence[BaseException], url: str, os_text: str) -> tuple[ServerUnreachableError, bool]:
    """Return the error of a failed proxy, and whether another attempt may succeed."""
    text = " ".join(str(item) for item in chain)
    if "appears to only use HTTP" in text:  # words of urllib3
        hint = "Let HTTPS_PROXY begin with http://, also for https servers."
        return ServerUnreachableError("The proxy does not speak TLS.", url=url, hint=hint), False
    if found := re.search(r"Tunnel connection failed: (\d{3})", text):  # words of http.client
        status = int(found[1])
        hint = "HTTPS_PROXY may hold them: http://user:password@host:port." if status == 407 else _HINT
        return ServerUnreachableError(f"The proxy refuses: {_status_text(status)}.", url=url, hint=hint), status >= 500
    return ServerUnreachableError(f"The proxy cannot be used: {os_text}.", url=url, hint=_HINT), True


def _status_text(status: int) -> str:
    names = {int(known): known.phrase for known in HTTPStatus}
    return f"HTTP {status}, {names.get(status, 'unknown status')}"
