# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``add`` and ``remove``: outcomes on standard output, failures as exit codes."""

import pytest

from atlasquery import ATLAS
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


def test_comments_on_standard_input(run, ids):
    text = f"# tonight\n{ids[0]}\n\n  # not this: {ids[2]}\n{ids[1]}\n"
    result = run("add", "vra", "-", "--dry-run", "-f", "json", stdin=text)
    assert [str(row["atlas_id"]) for row in result.json()] == ids[:2]


@pytest.mark.parametrize("text", ["[1", '[{"name": "2018cow"}]', "[3]", "name,ra\n2018cow,3\n", "atlas_id,ra\n,3\n"])
def test_text_on_standard_input_that_is_no_list_of_ids(run, server, text):
    n_before = len(server.requests)
    assert run("add", "vra", "-", stdin=text).code == 2
    assert len(server.requests) == n_before
