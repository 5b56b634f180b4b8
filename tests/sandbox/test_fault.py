# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A fault accepts values of numpy and tables, and rejects what cannot be sent to the server."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from astropy.table import Column

from atlasquery.sandbox import Fault

COW = 1161600211221604900


@pytest.mark.parametrize(
    "objects", [[COW], (COW,), np.array([COW]), Column([COW]), np.int64(COW), COW, {COW}, str(COW), [np.int64(COW)]]
)
def test_objects_may_have_many_types(objects):
    fault = Fault("damaged", objects=objects)
    assert fault.objects == [COW]
    assert json.loads(json.dumps(asdict(fault))) == asdict(fault)


@pytest.mark.parametrize(
    ("value", "json_value"),
    [(np.float32(1.5), 1.5), (np.int64(3), 3), (np.array([1, 2]), [1, 2]), ({"a": np.bool_(True)}, {"a": True})],
)
def test_numpy_values_become_json_types(value, json_value):
    fault = Fault("wrong_type", value=value, times=np.int64(2), skip=np.int8(1))
    assert json.loads(json.dumps(asdict(fault))) == asdict(fault)
    assert (fault.value, fault.times, fault.skip) == (json_value, 2, 1)


def test_header_values_become_strings():
    assert Fault("status", status=np.int64(503), headers={"Retry-After": 5}).headers == {"Retry-After": "5"}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kind": "damaged", "objects": [float(COW)]}, TypeError, "objects.*got 1.16"),
        ({"kind": "damaged", "objects": [True]}, TypeError, "objects.*got True"),
        ({"kind": "html", "times": 1.5}, TypeError, "times.*got 1.5"),
        ({"kind": "wrong_type", "value": object()}, TypeError, "JSON"),
        ({"kind": "damaged", "objects": np.array([], dtype=int)}, ValueError, "objects.*damaged"),
        ({"kind": "html", "times": 0}, ValueError, "times.*got 0"),
        ({"kind": "sneeze"}, ValueError, "kind.*got 'sneeze'"),
    ],
)
def test_invalid_options_are_rejected(options, error, message):
    with pytest.raises(error, match=message):
        Fault(**options)


def test_fault_with_an_array_reaches_the_server(make_sender):
    send = make_sender()
    ids = send.sandbox.truth["atlas_id"][:2]
    send.sandbox.inject(Fault("damaged", objects=ids, times=None))
    assert send("objects/", {"objects": str(ids[0])}).status_code == 500


def test_only_faults_can_be_injected(sandbox):
    with pytest.raises(TypeError, match=r"faults.*Fault"):
        sandbox.inject("html")


@pytest.mark.parametrize(
    ("kind", "near"), [("stal", "'stall'"), ("reset_mid_body", "'reset_midbody'"), ("HTML", "'html'")]
)
def test_unknown_kind_names_the_near_ones(kind, near):
    with pytest.raises(ValueError, match=rf"got '{kind}'; did you mean {near}"):
        Fault(kind)
