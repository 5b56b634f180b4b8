# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The programs in ``examples`` that teams run from cron, on a sandbox; the other examples have tests of their own."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time

from atlasquery import ATLAS, conf
from atlasquery.sandbox import Fault

EXAMPLES = Path(__file__).parents[1] / "examples"
PROGRAMS = ["follow_up_list", "new_objects", "stuck_objects"]
pytestmark = [
    pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples are not next to the tests"),
    pytest.mark.filterwarnings("ignore::atlasquery.exceptions.NoResultsWarning"),  # an empty list is no error
]


@pytest.fixture(scope="module")
def server(make_sandbox):
    return make_sandbox(shared=False, n_objects=400, rates={"user": None})


@pytest.fixture(autouse=True)
def _environment(server, monkeypatch):
    """The environment of a cron job with write access."""
    server.clear_faults()
    monkeypatch.setattr(ATLAS._authorized, "_credentials", {})
    monkeypatch.setenv("ATLASQUERY_SERVER", server.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("writer"))


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_is_short_and_public(name):
    lines = (EXAMPLES / f"{name}.py").read_text().splitlines()
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 120
    assert not [line for line in lines if "._" in line]


def test_follow_up_list(capsys):
    program = load("follow_up_list")
    classes = ["SN", "NT", "ORPHAN", "VS", "CV"]
    options = ["mookodi", "--vra", "1", "--dec", "-60", "80", "--sherlock-class", *classes]
    eyeball = ATLAS.query_list("eyeball")
    passes = np.ma.filled(eyeball["vra"], -1) >= 1
    passes &= np.isin(eyeball["sherlock_class"].filled(""), classes) & (eyeball["spec_type"].filled("") == "")
    passes &= np.abs(np.ma.filled(eyeball["dec"].unmasked.value, 99) - 10) <= 70
    expected = set(eyeball["atlas_id"][passes].tolist())
    assert 1 < len(expected) < len(eyeball)
    before = set(ATLAS.query_list("mookodi")["atlas_id"].tolist())
    assert program.main([*options, "--dry-run"]) == 0
    assert set(ATLAS.query_list("mookodi")["atlas_id"].tolist()) == before
    capsys.readouterr()
    assert program.main(options) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {int(line[0]) for line in lines if line[1] == "created"} == expected - before
    removed = {int(line[0]) for line in lines if line[1] == "removed"}
    assert set(ATLAS.query_list("mookodi")["atlas_id"].tolist()) == (before | expected) - removed


def test_follow_up_list_is_cleaned(server, capsys):
    program = load("follow_up_list")
    garbage = ATLAS.query_list("garbage")["atlas_id"][:2].tolist()
    classified = [row["atlas_id"] for row in ATLAS.query_list("good") if row["spec_type"]][:2]
    ATLAS.add_to_list([*garbage, *classified], "salt")
    assert program.main(["salt", "--vra", "10"]) == 0
    output = capsys.readouterr().out
    assert all(f"{object_id} removed garbage" in output for object_id in garbage)
    assert all(f"{object_id} removed classified as" in output for object_id in classified)
    assert not {*garbage, *classified} & set(ATLAS.query_list("salt")["atlas_id"].tolist())


def test_faded_objects(server):
    program = load("follow_up_list")
    curve = ATLAS.get_light_curve("2018cow")
    last = curve.detections.time.max()
    assert not program.has_faded(curve[curve.time <= last], 10)
    assert program.has_faded(curve[curve.time <= last + 200 * u.day], 10)
    assert not program.has_faded(curve.forced, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="the programs run from cron")
def test_two_runs_at_once(server):
    """Each object is added by one of them, and none fails."""
    words = [sys.executable, str(EXAMPLES / "follow_up_list.py"), "heloise", "--vra", "1"]
    running = [subprocess.Popen(words, env=dict(os.environ), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    created = [line.split()[0] for output in outputs for line in output.splitlines() if " created " in line]
    assert len(created) == len(set(created)) > 0


def test_new_objects(capsys):
    program = load("new_objects")
    assert program.main(["--hours", "2000", "--rank", "5"]) == 0
    ids = ATLAS.query_list("eyeball", since=2000 * u.hour)["atlas_id"].tolist()
    ranks = {row["atlas_id"]: row["rank"] for row in ATLAS.query_vra_ranks(ids)}
    n_above = sum(rank >= 5 for rank in ranks.values())
    assert f"eyeball: {len(ids)} new objects, {n_above} with a rank of 5 or more" in capsys.readouterr().out


def test_stuck_objects(capsys):
    program = load("stuck_objects")
    todo = ATLAS.query_vra_todo()
    days = float(np.median((Time.now() - todo["timestamp"]).to_value(u.day))) + 0.001
    assert program.main(["--days", str(days)]) == 0
    n_stuck = sum((Time.now() - todo["timestamp"]).to_value(u.day) > days)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{n_stuck} of {len(todo)} objects")
    assert len(lines) == 1 + n_stuck


@pytest.mark.parametrize("name", PROGRAMS)
def test_exit_codes(server, monkeypatch, name, capsys):
    words = ["mookodi"] if name == "follow_up_list" else []
    program = load(name)
    server.inject(Fault("status", status=429, headers={"Retry-After": "60"}))
    assert program.main(words) == 7
    server.inject(Fault("status", status=500))
    assert program.main(words) == 1
    monkeypatch.delenv("ATLASQUERY_TOKEN")
    monkeypatch.setattr(ATLAS._authorized, "_credentials", {})
    assert program.main(words) == 3
    assert "token" in capsys.readouterr().err
    assert conf.max_wait == 0
