# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Each exit code, with one line on standard error."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from atlasquery import exceptions
from atlasquery.cli.exit_codes import _CODES, EXIT_CODES
from atlasquery.sandbox import Fault
from constants import COW

OBJECT = ["object", str(COW)]


def test_every_exception_has_a_code():
    classes = tuple(getattr(exceptions, name) for name, _ in _CODES)
    leaves = [
        getattr(exceptions, name) for name in exceptions.__all__ if name.endswith("Error") and name != "AtlasQueryError"
    ]
    assert all(issubclass(one, classes) for one in leaves)
    assert {code for _, code in _CODES} <= set(EXIT_CODES)


def test_success(run):
    assert run(*OBJECT).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["region", "10 10"], ["region", "x", "1arcsec"], ["region", "10 10", "10"], ["object", "1234"],
        ["list", "no list"], ["lc", "2018cow", "--since", "soon"], ["nonsense"], ["lists", "--format", "doc"],
        ["crossmatch", "no.fits", "1arcsec"],
    ],
)  # fmt: skip
def test_wrong_usage_or_input(run, words):
    result = run(*words)
    assert result.code == 2
    assert result.errors.count("\n") == 1


def test_file_that_cannot_be_written(run, tmp_path):
    result = run("lists", "-o", str(tmp_path / "no folder" / "lists.csv"))
    assert result.code == 2
    assert "no folder" in result.errors


@pytest.mark.parametrize(
    ("role", "code"), [(None, 3), ("expired", 4), ("0" * 40, 5), ("inactive", 6), ("noprofile", 6), ("throttled", 7)]
)
def test_tokens(run, server, monkeypatch, role, code):
    if role is None:
        monkeypatch.delenv("ATLASQUERY_TOKEN")
    else:
        monkeypatch.setenv("ATLASQUERY_TOKEN", role if role.startswith("0") else server.token(role))
    if role == "throttled":
        server.inject(Fault("status", status=429, headers={"Retry-After": "60"}))
    result = run(*OBJECT)
    assert result.code == code
    assert result.errors.count("\n") == 1


def test_server_that_cannot_be_reached(run, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("ATLASQUERY_SERVER", f"http://127.0.0.1:{port}/api/")
    from atlasquery import conf

    with conf.set_temp("retries", 0):
        assert run(*OBJECT).code == 8


@pytest.mark.parametrize(
    "fault", [Fault("status", status=500), Fault("html"), Fault("truncate"), Fault("status", status=404)]
)
def test_server_fault(run, server, fault):
    server.inject(fault)
    assert run(*OBJECT).code == 9


@pytest.mark.parametrize(
    "words",
    [["object", "2099zzz"], ["lc", "2099zzz"], ["lc", "1132507360113744501"], ["object", "1132507360113744501"]],
)
def test_not_found(run, words):
    result = run(*words)
    assert (result.code, result.output) == (10, "")
    assert result.errors.count("\n") == 1


def test_partly_found(run):
    result = run("object", "2018cow", "2099zzz", "-f", "json")
    assert result.code == 11
    assert [row["atlas_id"] for row in result.json()] == [COW]
    assert "2099zzz" in result.errors


def test_a_fault_of_the_program(run, monkeypatch):
    def fail(*arguments, **options):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("atlasquery.core.ATLASClass.query_object", fail)
    result = run(*OBJECT)
    assert result.code == 1
    assert "a bug" in result.errors
    assert "--debug" in result.errors


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process")
def test_ctrl_c(environment, server):
    server.inject(Fault("stall", endpoint="objects/"))
    n_before = len(server.requests)
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"from atlasquery.cli import main; sys.exit(main({OBJECT}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], env=dict(os.environ), stderr=subprocess.PIPE, text=True
    ) as process:
        while len(server.requests) == n_before:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "atlasquery: error: Interrupted.\n"


def test_codes_are_in_the_help(run):
    result = run("--help")
    text = " ".join(result.output.split())
    assert all(f"{code} {meaning}" in text for code, meaning in EXIT_CODES.items())


@pytest.mark.skipif(sys.platform == "win32", reason="uses a POSIX shell")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("atlasquery region x 1arcmin 2>&-", 2),
        ("atlasquery region x 1arcmin 2>/dev/full", 2),
        ("atlasquery lists >&-", 0),
        ("atlasquery lists -f csv >&-", 0),
        ("atlasquery --help >&-", 0),
        ("atlasquery lists -f csv <&- 2>&- | head -1", 0),
        ("atlasquery add vra - <&-", 0),
        ("atlasquery object - <&-", 0),
        ("atlasquery login --token-stdin <&-", 5),
    ],
)
def test_streams_that_are_closed_or_full(run_process, line, code):
    result = run_process(line)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert "fault of this program" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="uses a POSIX shell")
def test_an_error_that_nothing_reads_keeps_its_code(run_process):
    """Standard error is a pipe whose reader has ended."""
    result = run_process("bash -c 'exec 3> >(true); sleep 0.5; atlasquery region x 1arcmin 2>&3'")
    assert result.returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ["list", "9" * 5000], ["list", "9" * 5000, "--custom"], ["add", "9" * 5000, "1"],
        ["region", "1,2", "1" * 400 + "arcsec"], ["region", "1" * 400 + "h,2", "1arcsec"],
    ],
    ids=lambda words: " ".join(words)[:20],
)  # fmt: skip
def test_numbers_of_any_length(run, words):
    assert run(*words).code == 2
