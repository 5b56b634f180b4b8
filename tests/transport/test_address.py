# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ServerURL`: which addresses are accepted, and to which origin a token belongs."""

import pytest

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.transport import ServerURL


@pytest.mark.parametrize(
    "root",
    [
        "https://psweb.mp.qub.ac.uk/sne/atlas4/api/",
        "https://psweb.mp.qub.ac.uk:8443/",
        "https://[2001:db8::1]/api/",
        "http://127.0.0.1:8000/api/",
        "http://127.255.3.4/api/",
        "http://[::1]:8000/api/",
        "http://localhost:8000/api/",
        "HTTP://LOCALHOST/api/",
    ],
)
def test_valid_root_is_unchanged(root):
    assert ServerURL.parse(root).root == root


def test_missing_slash_is_added():
    server = ServerURL.parse("https://example.org/api")
    assert server.root == "https://example.org/api/"
    assert server.join("cone/") == "https://example.org/api/cone/"


@pytest.mark.parametrize(
    "host",
    [
        "psweb.mp.qub.ac.uk",
        "127.0.0.1.example.org",
        "localhost.example.org",
        "128.0.0.1",
        "0.0.0.0",
        "[2001:db8::1]",
        "127.1",
    ],
)
def test_http_is_rejected_for_other_machines(host):
    with pytest.raises(InvalidQueryError, match="`server` must be https") as raised:
        ServerURL.parse(f"http://{host}/api/")
    assert f"http://{host}" in str(raised.value)


@pytest.mark.parametrize(
    "root", ["example.org/api/", "ftp://example.org/", "https://", "https:///api/", "file:///etc/passwd", "https://h:port/"]
)  # fmt: skip
def test_other_schemes_are_rejected(root):
    with pytest.raises(InvalidQueryError, match="https://host/path/"):
        ServerURL.parse(root)


def test_an_empty_address_is_rejected():
    with pytest.raises(InvalidQueryError, match=r"`conf\.server` must be a URL, got an empty string"):
        ServerURL.parse("", "conf.server")


@pytest.mark.parametrize(
    "root",
    [
        "https://user:geheim@example.org/api/",
        "https://user@example.org/api/",
        "https://:geheim@example.org/",
        "https://example.org/api/?token=geheim",
        "https://example.org/#geheim",
    ],
)
def test_secrets_are_rejected_and_not_repeated(root):
    with pytest.raises(InvalidQueryError, match="`server`") as raised:
        ServerURL.parse(root)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    "root",
    ["https://example.org\\@evil.org/", "https://exa mple.org/", "https://example.org/\n", "https://ex\u00e4mple.org/"],
)
def test_ambiguous_characters_are_rejected(root):
    with pytest.raises(InvalidQueryError, match="backslash"):
        ServerURL.parse(root)


@pytest.mark.parametrize("root", [None, 5, b"https://example.org/"])
def test_other_types_are_rejected(root):
    with pytest.raises(InvalidQueryTypeError, match=rf"`server`.*{type(root).__name__}"):
        ServerURL.parse(root)


@pytest.mark.parametrize("path", ["cone/", "queue/17/data.txt", "queue/", "queue/17/", "api-token-auth/", "x.json"])
def test_relative_paths_are_joined(path):
    assert ServerURL.parse("https://example.org/api/").join(path) == f"https://example.org/api/{path}"


@pytest.mark.parametrize(
    "path", ["/cone/", "../admin/", "cone/../admin/", "cone//x", "cone/?token=1", "", "//evil.org/", "a b/", "x/.."]
)  # fmt: skip
def test_other_paths_are_rejected(path):
    with pytest.raises(InvalidQueryError, match="`path`"):
        ServerURL.parse("https://example.org/").join(path)


@pytest.mark.parametrize(
    ("root", "origin"),
    [
        ("https://PSweb.mp.qub.ac.uk/sne/atlas4/api/", "https://psweb.mp.qub.ac.uk"),
        ("https://psweb.mp.qub.ac.uk:443/other/", "https://psweb.mp.qub.ac.uk"),
        ("https://psweb.mp.qub.ac.uk:8443/", "https://psweb.mp.qub.ac.uk:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8000/api/", "http://[::1]:8000"),
    ],
)
def test_origin_is_scheme_host_and_port(root, origin):
    assert ServerURL.parse(root).origin == origin


def test_is_local():
    assert ServerURL.parse("http://localhost:1/").is_local
    assert not ServerURL.parse("https://example.org/").is_local
