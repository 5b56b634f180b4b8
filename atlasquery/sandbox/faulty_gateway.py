# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Misbehaviour to order: what a server, or the network before it, can do to a client.

A `Fault` says what goes wrong, a `FaultPlan` holds those that are still to happen, and `FaultyGateway` sits between
the web server and the application and lets them happen: on the socket (`reset`, `stall`, `drip` ...) or in the answer
(`truncate`, `nan`, `wrong_type` ...).
"""

import contextlib
import json
import select
import socket
import struct
import time
from http import HTTPStatus

from cheroot.wsgi import Gateway_10

from atlasquery.sandbox.answer_damage import cut, damaged
from atlasquery.sandbox.fault import KINDS, Fault, FaultPlan

__all__ = ["KINDS", "Fault", "FaultPlan", "FaultyGateway"]

ANSWERED_ANYWAY = {
    "reset_midbody",
    "stall_midbody",
    "drip",
    "drip_headers",
    "truncate",
    "nan",
    "wrong_shape",
    "wrong_type",
}
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n<title>{title}</title>\n</head>\n'
    "<body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
)


class FaultyGateway(Gateway_10):
    """A WSGI gateway that lets the faults of its server's ``fault_plan`` happen; without one it is the usual gateway.

    The server is a `cheroot.wsgi.Server` with the attribute ``fault_plan``, a `FaultPlan`. A subclass may override
    `skipped` to learn of requests that the application never sees.
    """

    def respond(self):
        """Answer the request, or misbehave."""
        plan = getattr(self.req.server, "fault_plan", None)
        fault = plan.take(self.env["PATH_INFO"]) if plan else None
        if fault is None:
            return super().respond()
        if fault.handled or fault.kind in ANSWERED_ANYWAY:
            answer = self._run_application()
        else:
            answer = None
            self.skipped(fault, self.env["wsgi.input"].read())
        return getattr(self, f"_do_{fault.kind}", self._do_rewrite)(fault, answer)

    def skipped(self, fault, body):
        """Called with the request's body when a fault keeps the request from the application."""

    def _run_application(self):
        """The application's answer: status, header pairs, body."""
        start = {}

        def start_response(status, headers, exc_info=None):
            start.update(status=status, headers=headers)

        parts = self.req.server.wsgi_app(self.env, start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        self.env["wsgi.input"].read()  # what the application left unread would spoil the next request
        return start["status"], start["headers"], body

    def _head(self, status, headers, length):
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        self.start_response(status, [*kept, ("Content-Length", str(length))])

    def _send(self, status, headers, body):
        self._head(status, headers, len(body))
        if body:
            self.write(body)
        self.req.ensure_headers_sent()

    # The answer is replaced.

    def _do_rewrite(self, fault, answer):
        status, headers, body = answer
        self._send(status, headers, damaged(body, fault))

    def _do_truncate(self, fault, answer):
        status, headers, body = answer
        self._send(status, headers, cut(body, fault.size))

    def _do_html(self, fault, answer):
        self._send_page(fault, "200 OK", "Maintenance", "The service will be back soon.")

    def _do_html500(self, fault, answer):
        self._send_page(fault, "500 Internal Server Error", "Server Error (500)", "Something is broken.")

    def _send_page(self, fault, status, title, text):
        page = fault.body or PAGE.format(title=title, text=text)
        self._send(status, [("Content-Type", "text/html; charset=utf-8"), *fault.headers.items()], page.encode())

    def _do_empty(self, fault, answer):
        self._send("200 OK", [("Content-Type", "application/json"), *fault.headers.items()], b"")

    def _do_status(self, fault, answer):
        headers = {"Content-Type": "application/json", **fault.headers}
        body = fault.body if fault.body is not None else json.dumps({"detail": "A fault made to order."})
        self._send(status_line(fault.status), list(headers.items()), body.encode())

    def _do_redirect(self, fault, answer):
        headers = {"Content-Type": "text/html; charset=utf-8", "Location": fault.location, **fault.headers}
        self._send(status_line(fault.status or 302), list(headers.items()), b"")

    # The socket misbehaves.

    def _do_reset(self, fault, answer):
        self._abort()

    def _do_reset_midbody(self, fault, answer):
        self._send_part(fault, answer)
        time.sleep(0.05)  # else the reset may overtake what was sent
        self._abort()

    def _do_stall(self, fault, answer):
        self._pause(3600 if fault.seconds is None else fault.seconds)
        self._abort()

    def _do_stall_midbody(self, fault, answer):
        self._send_part(fault, answer)
        self._do_stall(fault, answer)

    def _send_part(self, fault, answer):
        status, headers, body = answer
        self._head(status, headers, len(body))
        self.write(cut(body, fault.size))

    def _do_drip(self, fault, answer):
        status, headers, body = answer
        self._head(status, headers, len(body))
        self.req.ensure_headers_sent()
        self._drip(body, fault)

    def _do_drip_headers(self, fault, answer):
        status, headers, body = answer
        lines = [f"{name}: {value}\r\n" for name, value in headers if name.lower() != "content-length"]
        head = f"HTTP/1.1 {status}\r\n{''.join(lines)}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        self._hold()
        self._drip(head.encode("latin-1"), fault)
        self.req.conn.wfile.write(body)

    def _drip(self, data, fault):
        size = fault.size or 1
        for begin in range(0, len(data), size):
            self.req.conn.wfile.write(data[begin : begin + size])
            if self._pause(0.05 if fault.seconds is None else fault.seconds):
                return self._abort()
        return None

    def _pause(self, seconds):
        """Wait; end early, and say so, when the plan is cleared or the client is gone."""
        plan, end = self.req.server.fault_plan, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if plan.wait(min(left, 0.05)) or self._client_is_gone():
                return True
        return False

    def _client_is_gone(self):
        connection = self.req.conn.socket
        if not select.select([connection], [], [], 0)[0]:
            return False
        try:
            # The plain socket's way, for TLS knows no peeking.
            return not socket.socket.recv(connection, 1, socket.MSG_PEEK)
        except OSError:
            return True

    def _hold(self):
        """Keep the web server from adding to, or reusing, this connection."""
        self.req.sent_headers = True
        self.req.chunked_write = False
        self.req.close_connection = True

    def _abort(self):
        """Let the closing of the socket send RST instead of FIN."""
        self._hold()
        with contextlib.suppress(OSError):  # it may be gone already
            self.req.conn.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A shutdown before the close would send FIN first.
        self.req.conn._close_kernel_socket = lambda: None


def status_line(code):
    """The status as WSGI wants it, such as ``"503 Service Unavailable"``."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return f"{code} Unknown"
