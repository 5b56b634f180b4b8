# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which addresses may be spoken to."""

import pytest

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.transport import check_root, endpoint_url, origin
from atlasquery.transport.address import is_loopback


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
def test_good_addresses_pass_unchanged(root):
    assert check_root(root) == root


def test_a_missing_slash_is_mended():
    assert check_root("https://example.org/api") == "https://example.org/api/"
    assert endpoint_url("https://example.org/api", "cone/") == "https://example.org/api/cone/"


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
def test_plain_http_is_for_this_machine_alone(host):
    with pytest.raises(InvalidQueryError, match="Plain http"):
        check_root(f"http://{host}/api/")


@pytest.mark.parametrize(
    "root",
    [
        "",
        "example.org/api/",
        "ftp://example.org/",
        "https://",
        "https:///api/",
        "file:///etc/passwd",
        "https://h:port/",
    ],
)
def test_other_schemes_and_no_scheme_are_refused(root):
    with pytest.raises(InvalidQueryError, match="https://host/path/"):
        check_root(root)


@pytest.mark.parametrize(
    "root", ["https://user:geheim@example.org/api/", "https://user@example.org/api/", "https://:geheim@example.org/"]
)
def test_credentials_are_refused_and_not_repeated(root):
    with pytest.raises(InvalidQueryError, match="user name or a password") as raised:
        check_root(root)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize("root", ["https://example.org/api/?token=geheim", "https://example.org/#geheim"])
def test_queries_are_refused_and_not_repeated(root):
    with pytest.raises(InvalidQueryError, match="query or a fragment") as raised:
        check_root(root)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    "root",
    ["https://example.org\\@evil.org/", "https://exa mple.org/", "https://example.org/\n", "https://ex\u00e4mple.org/"],
)
def test_what_parsers_disagree_on_is_refused(root):
    with pytest.raises(InvalidQueryError, match="backslash"):
        check_root(root)


@pytest.mark.parametrize("root", [None, 5, b"https://example.org/"])
def test_an_address_is_a_text(root):
    with pytest.raises(InvalidQueryTypeError, match="must be a text"):
        check_root(root)


@pytest.mark.parametrize("endpoint", ["cone", "/cone/", "../admin/", "cone/?token=1", "", "cone/x/"])
def test_an_endpoint_is_one_word_and_a_slash(endpoint):
    with pytest.raises(InvalidQueryError, match="endpoint"):
        endpoint_url("https://example.org/", endpoint)


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("https://PSweb.mp.qub.ac.uk/sne/atlas4/api/", "https://psweb.mp.qub.ac.uk"),
        ("https://psweb.mp.qub.ac.uk:443/other/", "https://psweb.mp.qub.ac.uk"),
        ("https://psweb.mp.qub.ac.uk:8443/", "https://psweb.mp.qub.ac.uk:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8000/api/", "http://[::1]:8000"),
    ],
)
def test_an_origin_is_scheme_host_and_port(root, expected):
    assert origin(root) == expected


def test_loopback_is_told_apart():
    assert is_loopback("http://localhost:1/")
    assert not is_loopback("https://example.org/")
