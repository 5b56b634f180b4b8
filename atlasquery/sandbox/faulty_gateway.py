# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Produce faults between the web server and the application, on the socket or in the answer."""

import contextlib
import json
import select
import socket
import struct
import time
from http import HTTPStatus

from cheroot.wsgi import Gateway_10

from atlasquery.sandbox.answer_damage import damage_body, truncate_body

__all__ = ["FaultyGateway"]

# These kinds change the answer of the application, so the request is always processed.
KINDS_WITH_ANSWER = {
    "reset_midbody",
    "stall_midbody",
    "drip",
    "drip_headers",
    "truncate",
    "nan",
    "wrong_shape",
    "wrong_type",
}
DEFAULT_STALL = 3600  # seconds
DEFAULT_DRIP_PAUSE = 0.05  # seconds
POLL_INTERVAL = 0.05  # seconds
PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n<title>{title}</title>\n</head>\n'
    "<body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
)


class FaultyGateway(Gateway_10):
    """A WSGI gateway that produces the faults in the ``fault_plan`` of its server, a `FaultPlan`.

    Without that attribute it is the normal gateway of cheroot.
    """

    def respond(self):
        """Answer the request, or produce a fault."""
        plan = getattr(self.req.server, "fault_plan", None)
        fault = plan.take(self.env["PATH_INFO"]) if plan else None
        if fault is None:
            return super().respond()
        if fault.handled or fault.kind in KINDS_WITH_ANSWER:
            answer = self._run_application()
        else:
            answer = None
            self._read_rest_of_request()
        return getattr(self, f"_respond_{fault.kind}", self._respond_damaged_body)(fault, answer)

    def _run_application(self):
        """Return the answer of the application: status, header pairs, body."""
        start = {}

        def start_response(status, headers, exc_info=None):
            start.update(status=status, headers=headers)

        chunks = self.req.server.wsgi_app(self.env, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        self._read_rest_of_request()
        return start["status"], start["headers"], body

    def _read_rest_of_request(self):
        """Read the unread part of the request; otherwise it would be taken for the next request."""
        self.env["wsgi.input"].read()

    def _start_answer(self, status, headers, length):
        other_headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        self.start_response(status, [*other_headers, ("Content-Length", str(length))])

    def _send_answer(self, status, headers, body):
        self._start_answer(status, headers, len(body))
        if body:
            self.write(body)
        self.req.ensure_headers_sent()

    # Faults that replace the answer.

    def _respond_damaged_body(self, fault, answer):
        status, headers, body = answer
        self._send_answer(status, headers, damage_body(body, fault))

    def _respond_truncate(self, fault, answer):
        status, headers, body = answer
        self._send_answer(status, headers, truncate_body(body, fault.size))

    def _respond_html(self, fault, answer):
        self._send_page(fault, "200 OK", "Maintenance", "The service will be back soon.")

    def _respond_html500(self, fault, answer):
        self._send_page(fault, "500 Internal Server Error", "Server Error (500)", "Something is broken.")

    def _send_page(self, fault, status, title, text):
        page = fault.body or PAGE.format(title=title, text=text)
        headers = [("Content-Type", "text/html; charset=utf-8"), *fault.headers.items()]
        self._send_answer(status, headers, page.encode())

    def _respond_empty(self, fault, answer):
        self._send_answer("200 OK", [("Content-Type", "application/json"), *fault.headers.items()], b"")

    def _respond_status(self, fault, answer):
        headers = {"Content-Type": "application/json", **fault.headers}
        body = fault.body if fault.body is not None else json.dumps({"detail": "A fault made to order."})
        self._send_answer(format_status(fault.status), list(headers.items()), body.encode())

    def _respond_redirect(self, fault, answer):
        headers = {"Content-Type": "text/html; charset=utf-8", "Location": fault.location, **fault.headers}
        self._send_answer(format_status(fault.status or 302), list(headers.items()), b"")

    # Faults of the connection.

    def _respond_reset(self, fault, answer):
        self._reset_connection()

    def _respond_reset_midbody(self, fault, answer):
        self._send_part(fault, answer)
        time.sleep(0.05)  # an immediate reset could overtake the sent bytes
        self._reset_connection()

    def _respond_stall(self, fault, answer):
        self._wait(DEFAULT_STALL if fault.seconds is None else fault.seconds)
        self._reset_connection()

    def _respond_stall_midbody(self, fault, answer):
        self._send_part(fault, answer)
        self._respond_stall(fault, answer)

    def _send_part(self, fault, answer):
        """Send the header and a part of the body."""
        status, headers, body = answer
        self._start_answer(status, headers, len(body))
        self.write(truncate_body(body, fault.size))

    def _respond_drip(self, fault, answer):
        status, headers, body = answer
        self._start_answer(status, headers, len(body))
        self.req.ensure_headers_sent()
        self._send_slowly(body, fault)

    def _respond_drip_headers(self, fault, answer):
        status, headers, body = answer
        lines = [f"{name}: {value}\r\n" for name, value in headers if name.lower() != "content-length"]
        head = f"HTTP/1.1 {status}\r\n{''.join(lines)}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        self._take_over_connection()
        self._send_slowly(head.encode("latin-1"), fault)
        self.req.conn.wfile.write(body)

    def _send_slowly(self, data, fault):
        size = fault.size or 1
        for start in range(0, len(data), size):
            self.req.conn.wfile.write(data[start : start + size])
            if self._wait(DEFAULT_DRIP_PAUSE if fault.seconds is None else fault.seconds):
                return self._reset_connection()
        return None

    def _wait(self, seconds):
        """Wait; return `True` early if the plan is cleared or the client has disconnected."""
        plan, end = self.req.server.fault_plan, time.monotonic() + seconds
        while (remaining := end - time.monotonic()) > 0:
            if plan.wait(min(remaining, POLL_INTERVAL)) or self._is_client_gone():
                return True
        return False

    def _is_client_gone(self):
        connection = self.req.conn.socket
        if not select.select([connection], [], [], 0)[0]:
            return False
        try:
            # The method of the plain socket, because TLS sockets have no MSG_PEEK.
            return not socket.socket.recv(connection, 1, socket.MSG_PEEK)
        except OSError:
            return True

    def _take_over_connection(self):
        """Keep the web server from sending more on this connection and from reusing it."""
        self.req.sent_headers = True
        self.req.chunked_write = False
        self.req.close_connection = True

    def _reset_connection(self):
        """Close the socket with RST, where a normal close would send FIN."""
        self._take_over_connection()
        with contextlib.suppress(OSError):  # the client may already have closed it
            self.req.conn.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A shutdown before the close would send FIN first.
        self.req.conn._close_kernel_socket = lambda: None


def format_status(code):
    """Return a status as WSGI requires it, such as ``"503 Service Unavailable"``."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return f"{code} Unknown"
