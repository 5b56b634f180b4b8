# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Login through the client; tests/auth tests each source of a token."""

import pytest
from astropy import units as u

from atlasquery import ATLAS, ATLASClass
from atlasquery.config import DEFAULT_SERVER
from atlasquery.exceptions import InvalidTokenError, LoginError, NoTokenError

PLACE = ("244.000917d 22.268031d", "1 arcsec")


def test_login_and_logout_with_a_token(sandbox):
    atlas = ATLASClass(server=sandbox.url)
    assert not atlas.authenticated()
    assert atlas.token_expires is None
    assert atlas.login(token=sandbox.token(), store=False) is True
    assert atlas.authenticated()
    assert atlas.count_region(*PLACE) == 1
    atlas.logout()
    assert not atlas.authenticated()
    with pytest.raises(NoTokenError):
        atlas.count_region(*PLACE)


def test_wrong_token_is_not_stored(sandbox):
    atlas = ATLASClass(server=sandbox.url)
    with pytest.raises(InvalidTokenError):
        atlas.login(token="0" * 40)
    assert not atlas.authenticated()


@pytest.mark.parametrize("method", ["login", "refresh_token"])
def test_no_prompt_without_a_terminal(sandbox, method):
    before = len(sandbox.requests)
    with pytest.raises(LoginError, match="not a terminal"):
        getattr(ATLASClass(server=sandbox.url), method)("reader")
    assert len(sandbox.requests) == before


def test_login_at_a_terminal_and_after_expiry(sandbox, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: "reader-pw")
    atlas = ATLASClass(server=sandbox.url)
    assert atlas.login("reader", store=False) is True
    days = (atlas.token_expires - type(atlas.token_expires).now()).to(u.day)
    assert 0 * u.day < days < 366 * u.day
    assert atlas.count_region(*PLACE) == 1


def test_server_and_token_from_the_environment(sandbox, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token())
    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    assert ATLAS.count_region(*PLACE) == 1
    assert ATLASClass(server=sandbox.url).count_region(*PLACE) == 1
    with pytest.raises(NoTokenError, match=r"is set, but for http://127\.0\.0\.1"):
        ATLASClass(server=DEFAULT_SERVER).count_region(*PLACE)
