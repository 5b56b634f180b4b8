# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Failures of TLS in the user's words: each reason why a certificate is rejected, and http where https is spoken."""

from __future__ import annotations

import contextlib
import datetime
import re
import socket
import ssl
from collections.abc import Sequence
from http.client import HTTPException

from urllib3.util import parse_url
from urllib3.util.ssl_match_hostname import CertificateError

from atlasquery.exceptions import ServerUnreachableError

__all__ = ["AUTHORITIES_HINT", "expects_tls", "is_plain_answer", "is_tls_port_answer", "tls_error", "tls_port_error"]

AUTHORITIES_HINT = "Check the address; REQUESTS_CA_BUNDLE names the file of other certificate authorities."
_HOST_HINT = "Check the host name in the server's address (`server`, conf.server)."
_PORT_HINT = "Check the server's address (`server`, conf.server): its port, and https:// or http://."
# Codes of OpenSSL, X509_V_ERR_*.
_NOT_YET_VALID, _EXPIRED = 9, 10
_WRONG_HOST = (62, 64)  # host name, IP address
# Signature or issuer not known: self-signed, an incomplete chain, or an authority that is not trusted.
_UNKNOWN_AUTHORITY = (2, 7, 18, 19, 20, 21, 24)
_PLAIN_ANSWERS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNKNOWN_PROTOCOL")
_PROBE_SECONDS = 1.0
_TLS_PORT_ANSWER = re.compile(rb"to (an )?https (port|server)|ssl-enabled server port|only speaks https", re.IGNORECASE)


def is_plain_answer(chain: Sequence[BaseException]) -> bool:
    """Return whether the server answered a TLS handshake without TLS."""
    return any(isinstance(item, ssl.SSLError) and getattr(item, "reason", "") in _PLAIN_ANSWERS for item in chain)


def tls_error(chain: Sequence[BaseException], url: str) -> ServerUnreachableError:
    """Return the error of a failed handshake, with what can be done about it."""
    if is_plain_answer(chain):
        reason = "The server does not speak TLS at this port: it is an http port."
        return ServerUnreachableError(reason, url=url, hint=_PORT_HINT, request_sent=False)
    problem, hint = _describe_certificate(chain, parse_url(url).host or "the server")
    return ServerUnreachableError(f"TLS verification failed: {problem}.", url=url, hint=hint)


def _describe_certificate(chain: Sequence[BaseException], host: str) -> tuple[str, str]:
    """Return the problem of the certificate and a hint."""
    rejection = next((item for item in chain if isinstance(item, ssl.SSLCertVerificationError)), None)
    code = getattr(rejection, "verify_code", None)
    if code in (_EXPIRED, _NOT_YET_VALID):
        state = "has expired" if code == _EXPIRED else "is not valid yet"
        now = datetime.datetime.now(datetime.UTC)
        hint = (
            f"Check the clock of this computer ({now:%Y-%m-%d %H:%M} UTC); if it is right, the fault is the server's."
        )
        return f"the certificate of {host} {state}", hint
    if code in _WRONG_HOST or any(isinstance(item, CertificateError) for item in chain):
        return f"the certificate is for another host than {host}", _HOST_HINT
    text = _ssl_text(chain)
    if code in _UNKNOWN_AUTHORITY:
        return f"the certificate of {host} is of an unknown authority ({text})", AUTHORITIES_HINT
    return text, AUTHORITIES_HINT


def _ssl_text(chain: Sequence[BaseException]) -> str:
    errors = [item for item in chain if isinstance(item, ssl.SSLError)]
    texts = (getattr(item, "verify_message", None) or getattr(item, "reason", None) for item in errors)
    return (next(texts, None) or "no secure connection").rstrip(".")


def expects_tls(chain: Sequence[BaseException], url: str) -> bool:
    """Return whether the port of a plain URL speaks TLS, after an exchange that ended without an HTTP answer.

    Such a server hangs up without a word, so the port is asked with a handshake. Plain URLs are of this machine.
    """
    is_silent = any(isinstance(item, (HTTPException, ConnectionResetError)) for item in chain)
    parts = parse_url(url)
    if parts.scheme != "http" or not is_silent:
        return False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent through it
    address = (str(parts.host).strip("[]"), parts.port or 80)
    with (
        contextlib.suppress(OSError),
        socket.create_connection(address, timeout=_PROBE_SECONDS) as connected,
        context.wrap_socket(connected),
    ):
        return True
    return False


def is_tls_port_answer(body: bytes, url: str) -> bool:
    """Return whether the body of status 400 says that the port is one of https, as nginx, Apache and Go write it."""
    return url.startswith("http:") and _TLS_PORT_ANSWER.search(body) is not None


def tls_port_error(url: str) -> ServerUnreachableError:
    """Return the error of http to a port of https."""
    reason = "The server speaks TLS at this port: it is an https port."
    return ServerUnreachableError(reason, url=url, hint=_PORT_HINT, request_sent=False)
