# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``add`` and ``remove``: outcomes on standard output, failures as exit codes."""

import os
import subprocess
import sys
import time

import pytest

from atlasquery import ATLAS, conf
from atlasquery.sandbox import Fault
from constants import COW

UNKNOWN_ID = "1132507360113744501"


@pytest.fixture(scope="module")
def ids(server):
    used = set(server.client("staff").query_list("vra")["atlas_id"].tolist())
    return [str(object_id) for object_id in server.truth["atlas_id"].tolist() if object_id not in {*used, COW}]


def statuses(result):
    return [row["status"] for row in result.json()]


def test_add_and_remove(run, ids):
    added = run("add", "vra", *ids[:2], "-f", "json")
    assert (added.code, statuses(added), added.errors) == (0, ["created", "created"], "")
    again = run("add", "vra", *ids[:2], "--verify", "-f", "json")
    assert (again.code, statuses(again)) == (0, ["duplicate", "duplicate"])
    assert [row["verified"] for row in again.json()] == [True, True]
    removed = run("remove", "73", "-", "-f", "json", stdin=f"{ids[0]}\n\n {ids[1]}\n")
    assert (removed.code, statuses(removed)) == (0, ["removed", "removed"])
    absent = run("remove", "vra", ids[0])
    assert absent.code == 0
    assert "absent" in absent.output


@pytest.mark.parametrize("command", ["add", "remove"])
def test_dry_run(run, server, command):
    n_before = len(server.requests)
    result = run(command, "vra", str(COW), "--dry-run")
    assert result.code == 0
    assert f"objectid={COW}, objectgroupid=73" in result.output
    assert len(server.requests) == n_before


def test_partly_failed(run, ids):
    result = run("add", "vra", ids[3], UNKNOWN_ID, ids[4], "-f", "csv")
    assert result.code == 11
    assert [line.split(",")[1] for line in result.output.splitlines()[1:]] == ["created", "missing object", "created"]
    assert result.errors.startswith("atlasquery: error: 1 of 3 writes failed")


def test_server_that_fails_before_anything_is_written(run, server):
    server.inject(Fault("status", endpoint="externalxmlist/", status=500))
    assert run("add", "vra", "2018cow").code == 9


def test_no_write_access(run, server, monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("reader"))
    result = run("add", "vra", str(COW))
    assert result.code == 6
    assert "not done" in result.output


@pytest.mark.parametrize("words", [["add", "good", str(COW)], ["add", "vra"], ["remove", "vra", "5"]])
def test_invalid_input(run, server, words):
    n_before = len(server.requests)
    assert run(*words).code == 2
    assert len(server.requests) == n_before
    assert ATLAS.server == server.url


@pytest.mark.parametrize("table_format", ["csv", "ecsv", "json"])
def test_ids_of_a_table_on_standard_input(run, ids, table_format):
    """The output of one command is the input of another."""
    table = run("object", *ids[:3], "-f", table_format).output
    result = run("add", "vra", "-", "--dry-run", "-f", "json", stdin=table)
    assert result.code == 0
    assert [str(row["atlas_id"]) for row in result.json()] == ids[:3]
    outcomes = run("add", "vra", "-", "--dry-run", "-f", table_format, stdin=table).output
    again = run("remove", "vra", "-", "--dry-run", "-f", "json", stdin=outcomes)
    assert [str(row["atlas_id"]) for row in again.json()] == ids[:3]


@pytest.mark.parametrize("text", ["", "\n", "# none\n", "atlas_id,name\n", "[]"])
def test_no_ids_on_standard_input(run, server, text):
    """A pipeline that finds nothing tonight is no failure."""
    n_before = len(server.requests)
    result = run("add", "vra", "-", stdin=text)
    assert (result.code, result.output) == (0, "")
    assert "no ids" in result.errors
    assert len(server.requests) == n_before


@pytest.mark.parametrize(
    "form",
    ['"atlas_id","name"\n"{0}","a, b"\n"{1}","c"', "name, atlas_id\na, {0}\nb, {1}", "atlas_id;name\n{0};a\n{1};b",
     "atlas_id\tname\n{0}\ta\n{1}\tb", "\ufeffatlas_id,name\r\n{0},a\r\n{1},b\r\n", "\ufeff{0}\n{1}\n",
     '[{{"atlas_id": {0}}}, {{"atlas_id": "{1}"}}]'],
)  # fmt: skip
def test_forms_of_a_table_on_standard_input(run, ids, form):
    result = run("add", "vra", "-", "--dry-run", "-f", "json", stdin=form.format(*ids))
    assert result.code == 0
    assert [str(row["atlas_id"]) for row in result.json()] == ids[:2]


def test_comments_on_standard_input(run, ids):
    text = f"# tonight\n{ids[0]}\n\n  # not this: {ids[2]}\n{ids[1]}\n"
    result = run("add", "vra", "-", "--dry-run", "-f", "json", stdin=text)
    assert [str(row["atlas_id"]) for row in result.json()] == ids[:2]


WRONG_INPUTS = [
    "[1", '[{"name": "2018cow"}]', "[3]", '{"atlas_id": 1}', '[{"atlas_id": null}]', '[{"atlas_id": true}]',
    '[{"atlas_id": 1.5}]', "[" * 100_000, "name,ra\n2018cow,3\n", "atlas_id,ra\n,3\n", 'atlas_id\n"1\n2\n',
    "name;objid\na;3\n", "<?xml version='1.0'?>\n<VOTABLE/>\n", "atlas_id,name\n" + "1" * 200_000 + ",a\n",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG_INPUTS, ids=lambda text: text[:20])
def test_text_on_standard_input_that_is_no_list_of_ids(run, server, text):
    n_before = len(server.requests)
    assert run("add", "vra", "-", stdin=text).code == 2
    assert len(server.requests) == n_before


def test_settings_that_cannot_be_used(run, server, tmp_path):
    n_before = len(server.requests)
    for name, value in (("quota_file", tmp_path), ("quota_file", "relative"), ("quota_reserve", 100)):
        with conf.set_temp(name, value):
            assert run("add", "vra", str(COW)).code == 2
    assert len(server.requests) == n_before


def test_outcomes_that_cannot_be_written_are_counted(run_process, ids):
    """The writes were done: their numbers are on standard error, and the exit code is theirs."""
    if not os.path.exists("/dev/full"):
        pytest.skip("needs a full device")
    result = run_process(f"atlasquery add vra {ids[10]} {UNKNOWN_ID} > /dev/full")
    assert result.returncode == 11
    assert "the outcomes (1 created, 1 missing object) cannot be written: No space left" in result.stderr
    result = run_process(f"atlasquery remove vra {ids[10]} > /dev/full")
    assert result.returncode == 0
    assert "(1 removed) cannot be written" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGTERM")
def test_termination_prints_the_outcomes_so_far(server, environment, ids):
    """As of a scheduler; the second write is not answered."""
    server.inject(Fault("stall", endpoint="objectgroups/", skip=1, times=None))
    command = [sys.executable, "-m", "atlasquery", "add", "vra", *ids[12:15], "-f", "csv"]
    n_before = len(server.requests)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(server.requests) < n_before + 2:
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    output, errors = process.communicate(timeout=60)
    assert [line.split(",")[1] for line in output.splitlines()[1:]] == ["created", "unknown", "not done"]
    assert errors.splitlines()[-1] == "atlasquery: error: Terminated."
    assert process.returncode == 143
