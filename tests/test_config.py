# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The configuration: its items, and that they are read at each call."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from astropy.config import set_temp_config
from astropy.config.configuration import _cfgobjs
from astropy.utils.exceptions import AstropyUserWarning

from atlasquery import ATLAS, ATLASClass, CustomList, conf
from atlasquery.config import DEFAULT_SERVER, Conf
from atlasquery.exceptions import AtlasQueryError, InvalidQueryError, InvalidTypeError, UnreadableFileError

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
        ("timeout", float("nan")),
        ("deadline", float("inf")),
    ],
)
def test_invalid_values_are_errors(name, value):
    with pytest.raises(InvalidTypeError, match=rf"conf\.{name}.*got {value!r}\."):
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


@pytest.fixture
def use_file(tmp_path):
    """Return a function that makes ``atlasquery.cfg`` from bytes, for the rest of the test, and returns its path."""
    with set_temp_config(tmp_path) as folder:
        path = Path(folder) / "atlasquery.cfg"

        def use(content):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            _cfgobjs.pop("atlasquery", None)  # what astropy has read
            return path

        yield use


WRONG_VALUES = [
    ("timeout = abc", "`conf.timeout` must be a finite number of at least 0.001, got 'abc'"),
    ("timeout = -4", "`conf.timeout` must be a finite number of at least 0.001, got '-4'"),
    ("timeout = nan", "got 'nan'"),
    ("deadline = inf", "`conf.deadline` must be a finite number"),
    ("timeout =", "got ''"),
    ("timeout = 5, 6", "got ['5', '6']"),
    ("retries = 1.5", "`conf.retries` must be an integer of at least 0, got '1.5'"),
    ("quota_reserve = -1", "`conf.quota_reserve` must be an integer of at least 0, got '-1'"),
    (
        "quota_file = a, b",
        "`conf.quota_file` must be one value; one with a comma needs quotation marks, got ['a', 'b']",
    ),
    ("custom_lists = tidal", "`conf.custom_lists` must be a list of entries such as 'tidal:81', got 'tidal'"),
    ("custom_lists = tidal:81, nuclear:many", "got 'nuclear:many'"),
]


@pytest.mark.parametrize(("line", "message"), WRONG_VALUES, ids=[line for line, _ in WRONG_VALUES])
def test_wrong_value_names_item_and_file(use_file, line, message):
    """At the first use of any item, and at each further one."""
    path = use_file(line.encode())
    for _ in range(2):
        with pytest.raises(InvalidTypeError) as raised:
            conf.max_bytes  # noqa: B018
        assert message in str(raised.value)
        assert f"in {path}. Correct the line `{line.split()[0]} = ...` of the file." in str(raised.value)


@pytest.mark.parametrize(
    ("line", "message", "number"),
    [
        ("timeout 5", "cannot be read at line 2 (timeout)", 2),
        ("retries = 1\nretries = 2", "cannot be read at line 3 (retries)", 3),
        ('server = "https://example.org/', "cannot be read at line 2 (server)", 2),
    ],
)
def test_invalid_line_names_line_and_file(use_file, line, message, number):
    path = use_file(f"# settings\n{line}\n".encode())
    with pytest.raises(UnreadableFileError, match=rf"^The configuration {path} {re.escape(message)}\.") as raised:
        conf.max_bytes  # noqa: B018
    assert (raised.value.filename, raised.value.line) == (str(path), number)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])  # utf-16: of a shell of Windows
def test_file_of_another_encoding(use_file, encoding):
    path = use_file("# délai\ntimeout = 5\nretries = 1\n".encode(encoding))
    with pytest.raises(UnreadableFileError, match=rf"{path} is not UTF-8\. Save it as UTF-8\."):
        conf.max_bytes  # noqa: B018


def test_byte_order_mark(use_file):
    """As editors of Windows write it."""
    use_file("timeout = 5\r\ncustom_lists = tidal:81, nuclear:82\r\n".encode("utf-8-sig"))
    assert (conf.timeout, CustomList("nuclear").number) == (5.0, 82)


def test_right_values_of_all_kinds(use_file):
    lines = [
        "timeout = 7.5  # seconds", "retries = 0", "server = https://example.org/api/", "quota_file = default",
        "quota_reserve = 20", "max_wait = inf",
    ]  # fmt: skip
    use_file("\n".join(lines).encode())
    assert (conf.timeout, conf.retries, conf.server) == (7.5, 0, "https://example.org/api/")
    assert (conf.quota_file, conf.quota_reserve, conf.max_wait) == ("default", 20, float("inf"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("timeot = 5", "has 'timeot', which is not an item of conf; did you mean 'timeout'?"),
        ("Timeout = 5", "has 'Timeout', which is not an item of conf; did you mean 'timeout'?"),
        ("zzz = secret", "has 'zzz', which is not an item of conf; items are backoff, custom_lists"),
        ("[atlasquery]\ntimeout = 5", "has the section [atlasquery], which is not read"),
    ],
)
def test_what_is_not_an_item_gives_one_warning(use_file, line, message):
    path = use_file(line.encode())
    with pytest.warns(AstropyUserWarning) as caught:
        assert conf.timeout == conf.timeout == 60.0
    (warning,) = caught
    assert str(warning.message).startswith(f"{path} {message}")
    assert "secret" not in str(warning.message)
    assert warning.filename == __file__


def test_wrong_value_can_be_replaced_in_the_program(use_file):
    use_file(b"timeout = abc")
    conf.timeout = 5
    assert (conf.timeout, conf.retries) == (5.0, 3)


@pytest.mark.parametrize(
    ("line", "call", "message"),
    [
        ("server = example.org", lambda: ATLAS.server, "`conf.server` must be a URL"),
        ("custom_lists = cv:41", lambda: CustomList(72), "`conf.custom_lists` must not use the name of another list"),
        (
            "quota_reserve = 100",
            lambda: ATLASClass(token="a" * 40).quota.remaining,
            "`conf.quota_reserve` must be less",
        ),
        ("quota_file = /", lambda: ATLASClass(token="a" * 40).quota.remaining, "`conf.quota_file` must be a file"),
    ],
)
def test_value_that_cannot_be_used_names_the_file(use_file, line, call, message):
    path = use_file(line.encode())
    with pytest.raises(AtlasQueryError) as raised:
        call()
    assert message in str(raised.value)
    assert f"It is set in {path}." in str(raised.value)


def test_wrong_value_does_not_break_the_repr(use_file):
    use_file(b"timeout = abc")
    assert repr(ATLASClass()) == "<ATLASClass: invalid address>"


def test_value_of_the_program_is_not_said_to_be_of_the_file():
    with conf.set_temp("custom_lists", ["cv:41"]), pytest.raises(InvalidQueryError) as raised:
        CustomList(72)
    assert "It is set" not in str(raised.value)


def test_the_deadline_is_longer_than_the_time_limit_of_the_server():
    # The server ends a request at 600 s with a message, which a shorter limit would hide.
    assert DEFAULTS["deadline"] > 600
    assert DEFAULT_SERVER.startswith("https://")
    assert DEFAULT_SERVER.endswith("/")
