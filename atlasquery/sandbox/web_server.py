# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The web server: cheroot with a request log, faults on request and the header limit of Apache."""

from cheroot.wsgi import Server

from atlasquery.sandbox.fault_plan import FaultPlan
from atlasquery.sandbox.request_log import LoggingGateway, RequestLog

__all__ = ["WebServer"]

N_THREADS = 10
# Limit of Apache on the request line and each header line; a longer GET is answered with status 414.
MAX_HEADER_BYTES = 8190


class SandboxGateway(LoggingGateway):
    """A gateway that sends no body in answer to HEAD: Django leaves that to the web server."""

    def write(self, chunk):
        """Send a part of the answer."""
        if self.env["REQUEST_METHOD"] == "HEAD":
            self.req.ensure_headers_sent()
        else:
            super().write(chunk)


class WebServer(Server):
    """A server on loopback, whose ``wsgi_app`` is set later; port 0 takes any free port."""

    max_request_header_size = MAX_HEADER_BYTES
    # Seconds between two checks for the end of the server, and so the time that stopping takes.
    expiration_interval = 0.05

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), None, numthreads=N_THREADS, max=4 * N_THREADS, shutdown_timeout=1)
        self.server_name = self.software = "atlasquery-sandbox"
        self.gateway = SandboxGateway
        self.fault_plan = FaultPlan()
        self.request_log = RequestLog()
        self.bind_error = None

    def bind(self, family, type, proto=0):
        """Bind the port; keep the error of the system, because cheroot raises one with the message alone."""
        try:
            return super().bind(family, type, proto)
        except OSError as error:
            self.bind_error = error
            raise
