# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Proxies, ``.netrc`` and certificate authorities: as the user set them up, and none gets or replaces the token."""

import contextlib
import socket
import threading

import pytest

from atlasquery.config import conf
from atlasquery.exceptions import ServerTimeoutError, ServerUnreachableError

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Proxy:
    """Tunnels every CONNECT to one place; ``heard`` is what it was told in clear."""

    def __init__(self, target):
        self.target = target
        self.heard = b""
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


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://user:geheim@127.0.0.1:1", "http://", "nonsense://x:1"])
def test_failing_proxy_is_reported_without_its_password(send, monkeypatch, url):
    monkeypatch.setenv("HTTPS_PROXY", url)
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError) as raised:
        send(root="https://atlas.test/api/")
    assert "geheim" not in str(raised.value)
    if "127.0.0.1" in url:
        assert "HTTPS_PROXY" in str(raised.value)


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


def test_unknown_certificate_authority(secure_server, send):
    with pytest.raises(ServerUnreachableError, match=r"TLS verification failed: .*REQUESTS_CA_BUNDLE"):
        send(root=secure_server.url)
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


def test_https_to_an_http_server(server, send):
    with conf.set_temp("retries", 0), pytest.raises(ServerUnreachableError):
        send(root=server.url.replace("http:", "https:"))


def test_cookies_are_not_kept(server, send):
    server.order("status", status=200, body="[]", headers={"Set-Cookie": "sessionid=1; Path=/"})
    answer = send()
    send()
    assert "set-cookie" not in answer.headers
    assert "cookie" not in server.received[1].headers
