# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The file of expiries: hashes only, and never a reason to fail."""

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest
from astropy import units as u
from astropy.time import Time

from atlasquery.auth.expiry_record import ExpiryRecord
from atlasquery.transport import Token

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ORIGIN = "https://example.org"
EXPIRES = Time("2027-06-01T00:00:00", scale="utc")


@pytest.fixture
def path():
    return Path(platformdirs.user_state_path("atlasquery", appauthor=False)) / "token_expiry.json"


def test_round_trip_by_token_and_server(path):
    ExpiryRecord(ORIGIN).write(Token(TOKEN), EXPIRES)
    assert ExpiryRecord(ORIGIN).read(Token(TOKEN)) == EXPIRES
    assert ExpiryRecord(ORIGIN).read(Token("b" * 40)) is None
    assert ExpiryRecord("https://example.com").read(Token(TOKEN)) is None
    assert TOKEN not in path.read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_old_entries_are_removed(path):
    ExpiryRecord(ORIGIN).write(Token("b" * 40), Time.now() - 1 * u.day)
    ExpiryRecord(ORIGIN).write(Token(TOKEN), EXPIRES)
    assert path.read_text().count("T") == 1


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": 5}', b"\xff", b"not JSON"])
def test_damaged_file_is_replaced(path, content):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert ExpiryRecord(ORIGIN).read(Token(TOKEN)) is None
    ExpiryRecord(ORIGIN).write(Token(TOKEN), EXPIRES)
    assert ExpiryRecord(ORIGIN).read(Token(TOKEN)) == EXPIRES


def test_invalid_date_is_unknown(path):
    ExpiryRecord(ORIGIN).write(Token(TOKEN), EXPIRES)
    path.write_text(path.read_text().replace("2027", "soon"))
    assert ExpiryRecord(ORIGIN).read(Token(TOKEN)) is None


def test_folder_that_cannot_be_written(path, caplog):
    """Such as that of a container; the sign-in goes on."""
    os.makedirs(path.parent.parent, exist_ok=True)
    path.parent.write_text("a file where the folder should be")
    with caplog.at_level("INFO", logger="atlasquery"):
        ExpiryRecord(ORIGIN).write(Token(TOKEN), EXPIRES)
    assert "The expiry of the token is not recorded" in caplog.text
    assert ExpiryRecord(ORIGIN).read(Token(TOKEN)) is None
