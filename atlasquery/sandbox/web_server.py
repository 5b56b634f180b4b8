# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The web server: cheroot, with requests noted, faults to order, and Apache's limits."""

from cheroot.wsgi import Server

from atlasquery.sandbox.fault import FaultPlan
from atlasquery.sandbox.request_log import LoggingGateway, RequestLog

__all__ = ["WebServer"]

THREADS = 10
# Apache's limit, beyond which a GET is refused with 414.
MAX_HEADER_BYTES = 8190


class Gateway(LoggingGateway):
    """Leaves the body of an answer to HEAD away, which is left to the web server by the application."""

    def write(self, chunk):
        """Send a part of the answer."""
        if self.env["REQUEST_METHOD"] == "HEAD":
            self.req.ensure_headers_sent()
        else:
            super().write(chunk)


class WebServer(Server):
    """A server on loopback, for which an application is still to be found.

    Parameters
    ----------
    port : int
        The port, or 0 for any that is free.
    """

    max_request_header_size = MAX_HEADER_BYTES
    # How often the server looks up from its sockets, and so how long its end takes.
    expiration_interval = 0.05

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), None, numthreads=THREADS, max=4 * THREADS, shutdown_timeout=1)
        self.server_name = self.software = "atlasquery-sandbox"
        self.gateway = Gateway
        self.fault_plan = FaultPlan()
        self.request_log = RequestLog()
        self.refusal = None

    def bind(self, family, type, proto=0):
        """Take the port; keep the system's error, of which cheroot hands on the words only."""
        try:
            return super().bind(family, type, proto)
        except OSError as error:
            self.refusal = error
            raise
