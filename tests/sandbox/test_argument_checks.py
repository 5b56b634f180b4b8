# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The arguments of a sandbox: many types are accepted, invalid values are rejected before the server starts."""

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
import requests
from astropy.time import Time

from atlasquery.sandbox import Fault, Sandbox
from atlasquery.sandbox.argument_checks import check_end


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_objects": 0}, ValueError, "n_objects.*1 to .*got 0"),
        ({"vintage": "middle"}, ValueError, "vintage.*'new', 'old'.*got 'middle'"),
        ({"rates": {"users": 5}}, ValueError, "rates.*user, staff, auth.*got users"),
        ({"rates": {"user": "many"}}, ValueError, "rates.*user.*got 'many'"),
        ({"rates": 5}, TypeError, "rates.*dict.*got 5"),
        ({"n_objects": 1.5}, TypeError, "n_objects.*integer.*got 1.5"),
        ({"n_objects": True}, TypeError, "n_objects.*integer.*got True"),
        ({"seed": None}, TypeError, "seed.*integer.*got None"),
        ({"seed": 1.7}, TypeError, "seed.*integer.*got 1.7"),
        ({"seed": -1}, ValueError, "seed.*0 to.*got -1"),
        ({"seed": 2**70}, ValueError, "seed.*0 to"),
        ({"port": 70_000}, ValueError, "port.*0 to 65535.*got 70000"),
        ({"port": -1}, ValueError, "port.*0 to 65535.*got -1"),
        ({"port": "8000"}, TypeError, "port.*integer.*got '8000'"),
        ({"end": float("nan")}, ValueError, "end.*40000 to 70000.*got nan"),
        ({"end": 2461345.5}, ValueError, "end.*40000 to 70000"),
        ({"end": True}, TypeError, "end.*Time.*got True"),
        ({"end": "foo"}, ValueError, "end.*single time.*got 'foo'"),
        ({"end": Time([61345, 61346], format="mjd")}, ValueError, "end.*single time"),
        ({"faults": ["html"]}, TypeError, r"faults.*Fault.*got 'html'; did you mean Fault\('html'\)\?"),
        ({"faults": "stal"}, TypeError, r"faults.*Fault.*got 'stal'; did you mean Fault\('stall'\)\?"),
        ({"faults": "nothing"}, TypeError, r"faults.*Fault.*got 'nothing'\.$"),
        ({"faults": 5}, TypeError, "faults.*Fault.*got 5"),
    ],
)
def test_invalid_arguments_are_rejected_before_the_start(options, error, message, monkeypatch):
    monkeypatch.setattr("atlasquery.sandbox.sandbox.ServerProcess", None)
    with pytest.raises(error, match=f"^`{message}"):
        Sandbox(**options)


@pytest.mark.parametrize(
    "end",
    [
        np.int64(61345),
        np.float32(61345),
        61345,
        "2026-11-01",
        date(2026, 11, 1),
        datetime(2026, 11, 1),
        datetime(2026, 11, 1, 2, tzinfo=timezone(timedelta(hours=2))),
        Time("2026-11-01", scale="utc").tai,
    ],
)
def test_end_may_have_many_types(end):
    assert check_end(end) == pytest.approx(61345.0, abs=1e-9)


def test_numpy_arguments_and_a_single_fault_are_accepted():
    options = {"seed": np.int64(5), "n_objects": np.int32(20), "end": np.float32(61345), "port": np.int64(0)}
    with Sandbox(**options, faults=Fault("html", endpoint="cone/")) as sandbox:
        answers = [requests.post(sandbox.url + "cone/", timeout=60) for _ in range(2)]
    assert sandbox.end == 61345.0
    assert [answer.headers["Content-Type"].partition(";")[0] for answer in answers] == ["text/html", "application/json"]
