# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Proxies, ``.netrc`` and certificate authorities: as the user set them up, and none gets or replaces the token."""

import contextlib
import socket
import sys
import threading

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import ServerTimeoutError, ServerUnreachableError

TOKEN = "0123456789abcdef0123456789abcdef01234567"
REMOTE = "https://atlas.test/api/"


class Proxy:
    """Tunnels every CONNECT to one place; ``heard`` is what it was told in clear."""

    def __init__(self, target):
        self.target = target
        self.heard = b""
        self.refusal = None
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                with client, socket.create_connection(self.target) as server:
                    self.heard += client.recv(65536)
                    if self.refusal:
                        client.sendall(f"HTTP/1.1 {self.refusal}\r\n\r\n".encode())
                        continue
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    back = threading.Thread(target=pump, args=(server, client))
                    back.start()
                    pump(client, server)
                    back.join()

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


def pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy(secure_server):
    running = Proxy(("127.0.0.1", secure_server.port))
    yield running
    running.close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxy_is_not_used_for_this_machine(server, other_server, send, monkeypatch, name):
    monkeypatch.setenv(name, f"http://127.0.0.1:{other_server.port}")
    assert send().status == 200
    assert len(server.received) == 1
    assert other_server.received == []


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxy_is_used_and_receives_no_token(proxy, secure_server, authority, send, transport, monkeypatch, name):
    monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    assert send(root="https://atlas.test/sne/atlas4/api/").status == 200
    assert secure_server.received[0].token == f"Token {TOKEN}"
    assert proxy.heard.startswith(b"CONNECT atlas.test:443 ")
    assert TOKEN.encode() not in proxy.heard
    transport.close()


def test_no_proxy_variable(proxy, send, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "atlas.test")
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError):
        send(root="https://atlas.test/api/")
    assert proxy.heard == b""


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://user:geheim@127.0.0.1:1", "127.0.0.1:1"])
def test_failing_proxy_is_reported_without_its_password(send, monkeypatch, url):
    monkeypatch.setenv("HTTPS_PROXY", url)
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError, match=r"refused.*HTTPS_PROXY") as raised:
        send(root=REMOTE)
    assert "geheim" not in str(raised.value)


MALFORMED = [
    "http://", "nonsense://x:1", "http://host:port", "http://[::1", "http://user:geheim@", "http://h ost:1", "://x",
    "http://127.0.0.1:99999", "http://x..y:80", " ",
]  # fmt: skip


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("url", MALFORMED)
def test_malformed_proxy_is_named_without_retries(send, monkeypatch, recorded_waits, name, url):
    monkeypatch.setenv(name, url)
    with pytest.raises(ServerUnreachableError, match=f"`{name}` must be a URL such as http://host:port") as raised:
        send(root=REMOTE)
    assert recorded_waits == []
    assert not raised.value.request_sent
    assert "geheim" not in str(raised.value)


def test_malformed_proxy_does_not_matter_for_this_machine(server, send, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "nonsense")
    assert send().status == 200


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4"])
def test_socks_proxy_needs_a_package(send, monkeypatch, recorded_waits, scheme):
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://reader:geheim@127.0.0.1:1")
    with pytest.raises(ServerUnreachableError, match=r"PySocks.*pip install \"requests\[socks\]\"") as raised:
        send(root=REMOTE)
    assert recorded_waits == []
    assert not raised.value.request_sent
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "message", "n_waits"),
    [(407, "HTTP 407, Proxy Authentication Required.*user:password", 0), (403, "HTTP 403", 0), (502, "HTTP 502", 3)],
)
def test_proxy_that_refuses(proxy, send, monkeypatch, recorded_waits, status, message, n_waits):
    """Repeated only if it may change."""
    proxy.refusal = status
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(ServerUnreachableError, match=message):
        send(root=REMOTE)
    assert len(recorded_waits) == n_waits


def test_proxy_without_tls(server, send, monkeypatch, recorded_waits):
    monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{server.port}")
    with pytest.raises(ServerUnreachableError, match=r"does not speak TLS.*HTTPS_PROXY begin with http://"):
        send(root=REMOTE)
    assert recorded_waits == []


@pytest.mark.parametrize("login", ["login reader password geheim", "password geheim", "login reader"])
def test_netrc_does_not_replace_the_token(server, send, monkeypatch, tmp_path, login):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 {login}\ndefault {login}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    send()
    assert server.received[0].token == f"Token {TOKEN}"


def test_netrc_is_not_sent_without_a_token(server, monkeypatch, tmp_path, send_raw):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login reader password geheim\n")
    monkeypatch.setenv("NETRC", str(netrc))
    send_raw("auth-token/", {"username": "reader"})
    assert server.received[0].token is None


def test_unknown_certificate_authority(secure_server, send, recorded_waits):
    words = r"TLS verification failed: the certificate of 127\.0\.0\.1 is of an unknown authority.*REQUESTS_CA_BUNDLE"
    with pytest.raises(ServerUnreachableError, match=words):
        send(root=secure_server.url)
    assert recorded_waits == []
    assert secure_server.received == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificate_authority_of_the_user(secure_server, send, authority, monkeypatch, name):
    monkeypatch.setenv(name, authority)
    assert send(root=secure_server.url).status == 200


def test_missing_file_of_certificate_authorities(secure_server, send, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authority.pem")
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError, match=r"/nowhere/authority\.pem"):
        send(root=secure_server.url)


@pytest.mark.parametrize("kind", ["drip", "drip_headers", "stall_midbody"])
def test_deadline_over_https(secure_server, send, authority, monkeypatch, kind):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    secure_server.order(kind, seconds=0.05 if "drip" in kind else None, times=None)
    with (
        conf.set_temp("deadline", 0.6),
        conf.set_temp("timeout", 2.0),
        pytest.raises(ServerTimeoutError, match=r"0\.6 s"),
    ):
        send(root=secure_server.url)
    assert len(secure_server.received) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": (-9, -2)}, r"the certificate of 127\.0\.0\.1 has expired\..*Check the clock .*UTC"),
        ({"days": (2, 9)}, r"the certificate of 127\.0\.0\.1 is not valid yet\..*Check the clock .*UTC"),
        ({"address": "127.0.0.9"}, r"the certificate is for another host than 127\.0\.0\.1\..*host name"),
    ],
    ids=["expired", "not valid yet", "another host"],
)
def test_rejected_certificates(serve_certificate, send, recorded_waits, options, message):
    """Each has its own words, is not tried again, and no request is sent."""
    served = serve_certificate(**options)
    with pytest.raises(ServerUnreachableError, match=f"TLS verification failed: {message}") as raised:
        send(root=served.url)
    assert recorded_waits == []
    assert not raised.value.request_sent
    assert served.received == []


def test_certificate_for_another_host_name(secure_server, send, authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    with pytest.raises(ServerUnreachableError, match="for another host than localhost"):
        send(root=secure_server.url.replace("127.0.0.1", "localhost"))


def test_https_to_an_http_server(server, send, recorded_waits):
    with pytest.raises(ServerUnreachableError, match="does not speak TLS at this port: it is an http port") as raised:
        send(root=server.url.replace("http:", "https:"))
    assert recorded_waits == []
    assert not raised.value.request_sent


def test_http_to_an_https_server(secure_server, send, recorded_waits):
    with pytest.raises(ServerUnreachableError, match="speaks TLS at this port: it is an https port") as raised:
        send(root=secure_server.url.replace("https:", "http:"))
    assert recorded_waits == []
    assert not raised.value.request_sent


@pytest.mark.parametrize(
    "body",
    [
        "<title>400 The plain HTTP request was sent to HTTPS port</title>",
        "Client sent an HTTP request to an HTTPS server.",
        "<title>400 Bad Request</title> You're speaking plain HTTP to an SSL-enabled server port.",
    ],
)
def test_http_to_an_https_server_that_says_so(server, send, body):
    """As nginx, Go and Apache do."""
    server.order("status", status=400, body=body, headers={"Content-Type": "text/html"})
    with pytest.raises(ServerUnreachableError, match="it is an https port"):
        send()


def test_invalid_host_name_is_not_tried_again(send, recorded_waits):
    with pytest.raises(ServerUnreachableError, match="host name is invalid"):
        send(root="https://atlas..test/api/")
    assert recorded_waits == []


def test_cookies_are_not_kept(server, send):
    server.order("status", status=200, body="[]", headers={"Set-Cookie": "sessionid=1; Path=/"})
    answer = send()
    send()
    assert "set-cookie" not in answer.headers
    assert "cookie" not in server.received[1].headers
