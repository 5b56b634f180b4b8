# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A fault to order takes what numpy and tables hold, and is refused at once if it cannot be sent to the server."""

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
def test_objects_in_many_forms(objects):
    fault = Fault("damaged", objects=objects)
    assert fault.objects == [COW]
    assert json.loads(json.dumps(asdict(fault))) == asdict(fault)


@pytest.mark.parametrize(
    ("value", "sent"),
    [(np.float32(1.5), 1.5), (np.int64(3), 3), (np.array([1, 2]), [1, 2]), ({"a": np.bool_(True)}, {"a": True})],
)
def test_values_of_numpy(value, sent):
    fault = Fault("wrong_type", value=value, times=np.int64(2), skip=np.int8(1))
    assert json.loads(json.dumps(asdict(fault))) == asdict(fault)
    assert (fault.value, fault.times, fault.skip) == (sent, 2, 1)


def test_header_lines_are_text():
    assert Fault("status", status=np.int64(503), headers={"Retry-After": 5}).headers == {"Retry-After": "5"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "damaged", "objects": [float(COW)]}, "objects: expected whole numbers"),
        ({"kind": "damaged", "objects": [True]}, "objects: expected whole numbers, found True"),
        ({"kind": "html", "times": 1.5}, "times: expected whole numbers, found 1.5"),
        ({"kind": "wrong_type", "value": object()}, "as JSON, and this one cannot be"),
        ({"kind": "damaged", "objects": np.array([], dtype=int)}, "needs objects="),
        ({"kind": "html", "times": 0}, "times must be positive"),
        ({"kind": "sneeze"}, "unknown kind of fault 'sneeze'"),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Fault(**options)


def test_a_fault_with_an_array_reaches_the_server(make_asker):
    ask = make_asker()
    ids = ask.sandbox.truth["atlas_id"][:2]
    ask.sandbox.inject(Fault("damaged", objects=ids, times=None))
    assert ask("objects/", {"objects": str(ids[0])}).status_code == 500


def test_only_faults_can_be_injected(sandbox):
    with pytest.raises(TypeError, match="expected Fault"):
        sandbox.inject("html")
