# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A web server on loopback with faults to order, which records the requests that it receives."""

import contextlib
import datetime
import ipaddress
import json
import logging
import threading
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.sandbox.fault import Fault
from atlasquery.sandbox.fault_plan import FaultPlan
from atlasquery.sandbox.faulty_gateway import FaultyGateway
from atlasquery.transport import Request, ServerURL, Token, Transport
from atlasquery.transport import cancellation as cancellation_module

CONE = [{"object": 1161600211221604900, "separation": 0.25, "objectname": "ATLAS18qqn"}]


@dataclass
class ReceivedRequest:
    """A request as received."""

    method: str
    path: str
    headers: dict
    form: dict

    @property
    def token(self):
        return self.headers.get("authorization")


class RecordingGateway(FaultyGateway):
    def respond(self):
        server = self.req.server
        server.note(self.env)
        server.count_active(1)
        try:
            super().respond()
        finally:
            server.count_active(-1)


class FaultyServer(Server):
    """Serves ``answer`` for every request; ``received`` lists the requests."""

    def __init__(self, ssl_adapter=None):
        super().__init__(("127.0.0.1", 0), self.application, numthreads=4)
        self.ssl_adapter = ssl_adapter
        self.gateway = RecordingGateway
        self.fault_plan = FaultPlan()
        self.shutdown_timeout = 1
        self._arrival = threading.Condition()
        self.reset()
        self.prepare()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.bind_addr[1]

    @property
    def url(self):
        return f"http{'s' if self.ssl_adapter else ''}://127.0.0.1:{self.port}/sne/atlas4/api/"

    def reset(self):
        """Remove faults and recorded requests."""
        self.fault_plan.clear()
        self.wsgi_app = self.application
        self.answer = CONE
        self.received = []
        self._n_active = 0
        return self

    def order(self, kind, **options):
        """Add a fault."""
        self.fault_plan.add(Fault(kind, **options))

    def note(self, env):
        headers = {k[5:].replace("_", "-").lower(): v for k, v in env.items() if k.startswith("HTTP_")}
        headers["content-type"] = env.get("CONTENT_TYPE")
        request = ReceivedRequest(env["REQUEST_METHOD"], env["PATH_INFO"], headers, {})
        env["received"] = request
        with self._arrival:
            self.received.append(request)
            self._arrival.notify_all()

    def wait_for_request(self):
        """Wait until a request has arrived."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: self.received, 10)

    def wait_until_idle(self):
        """Wait until no request is being answered."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: not self._n_active, 10)

    def count_active(self, change):
        with self._arrival:
            self._n_active += change
            self._arrival.notify_all()

    def application(self, env, start_response):
        form = parse_qs(env["wsgi.input"].read().decode(), keep_blank_values=True)
        env["received"].form.update({name: values[0] for name, values in form.items()})
        body = json.dumps(self.answer).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def close(self):
        self.fault_plan.clear()
        self.stop()
        self.thread.join()


@pytest.fixture(scope="session")
def _servers():
    # Stopping one takes half a second: two are shared by all tests.
    running = [FaultyServer(), FaultyServer()]
    yield running
    for one in running:
        one.close()


@pytest.fixture
def server(_servers):
    """A server with faults: add them with ``server.order``."""
    return _servers[0].reset()


@pytest.fixture
def other_server(_servers):
    """A second host, which must never receive a token of the first."""
    return _servers[1].reset()


def write_certificate(path, name="atlas.test", address="127.0.0.1", days=(-1, 1)):
    """Write a self-signed certificate with its key, valid from and to days from now, and return its path."""
    pytest.importorskip("cryptography", reason="makes the certificate of the https tests")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address(address))]
    start, end = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=day) for day in days)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(pem) + plain)
    return str(path)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Path of a self-signed certificate with its key, for 127.0.0.1 and atlas.test."""
    return write_certificate(tmp_path_factory.mktemp("authority") / "authority.pem")


@pytest.fixture
def serve_certificate(tmp_path, monkeypatch):
    """Return a function that serves a trusted certificate with options of `write_certificate`."""
    with contextlib.ExitStack() as running:

        def serve(**options):
            path = write_certificate(tmp_path / "served.pem", **options)
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", path)
            served = FaultyServer(BuiltinSSLAdapter(path, path))
            running.callback(served.close)
            return served

        yield serve


@pytest.fixture(scope="session")
def _secure_server(authority):
    running = FaultyServer(BuiltinSSLAdapter(authority, authority))
    yield running
    running.close()


@pytest.fixture
def secure_server(_secure_server):
    """A server with faults over https."""
    return _secure_server.reset()


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Remove the network settings of the user."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no.netrc"))


@pytest.fixture(autouse=True)
def short_timeouts():
    """Set time limits for tests."""
    with (
        conf.set_temp("timeout", 0.5),
        conf.set_temp("deadline", 5.0),
        conf.set_temp("backoff", 0.01),
        conf.set_temp("retries", 3),
    ):
        yield


@pytest.fixture
def token():
    """A token of the usual form."""
    return Token("0123456789abcdef0123456789abcdef01234567")


@pytest.fixture
def transport():
    """A transport of the ATLAS service."""
    made = Transport(ATLAS_SERVICE)
    yield made
    made.close()


@pytest.fixture
def send_raw(transport, server):
    """Send a payload to a path, by default without a token and not idempotent."""

    def send(path, payload, *, token=None, idempotent=False, root=None, via=transport):
        request = Request("POST", path, payload, idempotent=idempotent)
        return via.send(ServerURL.parse(root or server.url), request, token=token)

    return send


@pytest.fixture
def send(send_raw, token):
    """Send a signed request, by default an idempotent one."""

    def send(path="cone/", payload=None, *, idempotent=True, root=None):
        return send_raw(path, payload or {"ra": 1.5}, token=token, idempotent=idempotent, root=root)

    return send


@pytest.fixture
def log_messages(caplog):
    """Return the messages of the package of a level, without the number of the call, when called."""
    caplog.set_level(logging.DEBUG, logger="atlasquery")

    def messages(level="INFO"):
        records = [record for record in caplog.records if record.name == "atlasquery" and record.levelname == level]
        return [record.getMessage().partition("] ")[2] for record in records]

    return messages


@pytest.fixture
def recorded_waits(monkeypatch):
    """Record the waits between attempts, in seconds, without sleeping until a cancellation of a test ends them."""
    waits = RecordedWaits()

    def wait(cancellation, seconds):
        waits.add(seconds)
        if cancellation is not cancellation_module._NEVER:
            cancellation._event.wait(10)

    monkeypatch.setattr(cancellation_module.Cancellation, "wait", wait)
    return waits


class RecordedWaits(list):
    """Seconds of each wait."""

    def __init__(self):
        super().__init__()
        self._first = threading.Event()

    def add(self, seconds):
        self.append(seconds)
        self._first.set()

    def wait_for_first(self):
        assert self._first.wait(10)
