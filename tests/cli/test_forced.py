# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The commands of forced photometry, on the sandbox."""

import pytest
from astropy.table import Table

from atlasquery import ForcedPhotometry, LightCurve

POSITION = ["16h16m00.22s", "+22d16m04.9s"]
WEEK = ["--start", "2018-06-16", "--end", "2018-06-23"]


@pytest.fixture
def forced(server, environment, monkeypatch):
    """The environment of a shell with the forced-photometry server; the client is as in a new process."""
    monkeypatch.setattr(ForcedPhotometry._authorized, "_credentials", {})
    monkeypatch.setattr(ForcedPhotometry._authorized, "_rejected_tokens", set())
    monkeypatch.setenv("ATLASQUERY_FORCED_SERVER", server.forced_url)
    monkeypatch.setenv("ATLASQUERY_FORCED_TOKEN", server.forced_token("user"))


def test_light_curve(run, forced, tmp_path):
    output, plot = tmp_path / "cow.ecsv", tmp_path / "cow.png"
    result = run("forced", *POSITION, *WEEK, "-o", str(output), "--plot", str(plot))
    assert (result.code, result.output, result.errors) == (0, "", "")
    light_curve = LightCurve.read(output)
    assert len(light_curve) > 5
    assert set(light_curve["service"].tolist()) == {"forcedphot"}
    assert plot.read_bytes().startswith(b"\x89PNG")
    result = run("forced", " ".join(POSITION), *WEEK, "--reduced", "-f", "csv")
    assert len(result.output.splitlines()) == len(light_curve) + 1


def test_no_data_is_a_success(run, forced):
    result = run("forced", "--mpc", "(12267)", "-f", "csv")
    assert result.code == 0
    assert "no data for job" in result.errors


def test_jobs(run, forced, tmp_path):
    assert run("forced", *POSITION, *WEEK).code == 0
    (newest, *_) = run("forced-jobs", "--status", "done", "--since", "1d", "-f", "json").json()
    assert newest["status"] == "done"
    number = str(newest["job_id"])
    result = run("forced-jobs", number, "--results", str(tmp_path / "results"), "-o", str(tmp_path / "jobs.ecsv"))
    assert result.code == 0
    assert len(LightCurve.read(tmp_path / "results" / f"job{number}.txt")) > 5
    assert Table.read(tmp_path / "jobs.ecsv")["job_id"].tolist() == [newest["job_id"]]
    assert run("forced-jobs", number, "--delete", "-f", "json").json()[0]["status"] == "gone"
    assert run("forced-jobs", number).code == 10
    assert run("forced-jobs", "--delete").code == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["10 100"], "POSITION must"),
        ([], "POSITION or --mpc must be given, got neither"),
        (["10 10", "--start", "58000"], "--start must be an ISO date"),
        (["10 10", "--start", "2019-01-01", "--end", "2018-01-01"], "--start must be before --end"),
        (["10 10", "--timeout", "-3"], "--timeout must be finite and above 0"),
    ],
)
def test_wrong_usage_sends_nothing(run, forced, server, words, message):
    n_requests = len(server.requests)
    result = run("forced", *words)
    assert result.code == 2
    assert message in result.errors
    assert len(server.requests) == n_requests


def test_an_unknown_status(run, forced, server):
    n_requests = len(server.requests)
    result = run("forced-jobs", "--status", "ready")
    assert result.code == 2
    assert "--status must be one of held, waiting, running" in result.errors
    assert len(server.requests) == n_requests


def test_a_rehearsal_does_not_reach_production(run, environment):
    result = run("forced", *POSITION)
    assert result.code == 2
    assert "ATLASQUERY_FORCED_SERVER must be set" in result.errors.replace("`", "")


def test_status_and_login(run, forced, server, monkeypatch, tmp_path):
    result = run("status", "--forced")
    assert result.output.split() == ["server", server.forced_url, "token", "environment", "expires", "never"]
    assert result.code == 0
    monkeypatch.delenv("ATLASQUERY_FORCED_TOKEN")
    assert run("status", "--forced").code == 3
    token = server.forced_token("user")
    result = run("login", "--forced", "--token-stdin", "--output", str(tmp_path / "token.txt"), stdin=token)
    assert result.output.startswith(f"Signed in to {server.forced_url}. The token is in")
    assert (tmp_path / "token.txt").read_text().strip() == token
