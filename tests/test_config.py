# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The configuration: its items, and that they are read at each call."""

import os
import subprocess
import sys

import pytest

from atlasquery import conf
from atlasquery.config import DEFAULT_SERVER, Conf

DEFAULTS = {
    "server": DEFAULT_SERVER,
    "timeout": 60.0,
    "deadline": 660.0,
    "max_bytes": 1_000_000_000,
    "max_wait": 0.0,
    "retries": 3,
    "backoff": 1.0,
    "keyring_timeout": 30.0,
    "hourly_requests": 100,
}


def test_default_values():
    for name, value in DEFAULTS.items():
        assert getattr(Conf, name).defaultvalue == value


@pytest.mark.parametrize("name", DEFAULTS)
def test_descriptions_are_sentences(name):
    assert getattr(Conf, name).description.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout", 0),
        ("timeout", -1.0),
        ("deadline", 0),
        ("max_bytes", 0),
        ("max_wait", -1.0),
        ("retries", -1),
        ("retries", 1.5),
        ("backoff", -0.1),
        ("keyring_timeout", 0),
        ("hourly_requests", 0),
        ("timeout", "soon"),
    ],
)
def test_invalid_values_are_errors(name, value):
    with pytest.raises(TypeError, match=name):
        setattr(conf, name, value)
    assert getattr(conf, name) == getattr(Conf, name)()


def test_set_temp_is_temporary():
    before = conf.timeout
    with conf.set_temp("timeout", 5.0):
        assert conf.timeout == 5.0
    assert conf.timeout == before


def test_the_file_of_the_user_is_read(tmp_path):
    (tmp_path / "astropy").mkdir()
    lines = ["server = https://example.org/api/", "timeout = 7.5", "max_wait = 3600", "retries = 0"]
    (tmp_path / "astropy" / "atlasquery.cfg").write_text("\n".join(lines))
    script = "from atlasquery import conf; print(conf.server, conf.timeout, conf.max_wait, conf.retries, conf.deadline)"
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["https://example.org/api/", "7.5", "3600.0", "0", "660.0"]


def test_the_deadline_is_longer_than_the_time_limit_of_the_server():
    # The server ends a request at 600 s with a message, which a shorter limit would hide.
    assert DEFAULTS["deadline"] > 600
    assert DEFAULT_SERVER.startswith("https://")
    assert DEFAULT_SERVER.endswith("/")
