# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The client itself: what it is, what it does before it is used, and what it does not show."""

import copy
import pickle
import subprocess
import sys

import pytest
from astroquery.query import BaseQuery

import atlasquery
from atlasquery import ATLAS, ATLASClass, conf

TOKEN = "0123456789abcdef0123456789abcdef01234567"
EXPORTED = [
    "ATLAS", "ATLASClass", "Conf", "CustomList", "DetectionList", "LightCurve", "LightCurves", "Transient",
    "__citation__", "__version__", "conf", "exceptions", "photometry", "sandbox",
]  # fmt: skip


def test_what_is_exported():
    assert sorted(atlasquery.__all__) == EXPORTED
    assert set(EXPORTED) <= set(dir(atlasquery))
    for name in EXPORTED:
        assert getattr(atlasquery, name) is not None


def test_what_is_not_exported():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        atlasquery.nothing  # noqa: B018


def test_the_citations():
    for reference in ("2018PASP", "2020PASP", "2026JOSS", "2021TNSAN", "10.5281/zenodo.14331062"):
        assert reference in atlasquery.__citation__


def test_it_is_one_of_astroquerys():
    assert isinstance(ATLAS, BaseQuery)
    assert isinstance(ATLAS, ATLASClass)


def test_the_server_is_read_at_each_call():
    atlas = ATLASClass()
    assert "psweb.mp.qub.ac.uk" in repr(atlas)
    with conf.set_temp("server", "https://elsewhere.example/api/"):
        assert repr(atlas) == "<ATLASClass: https://elsewhere.example/api/>"


def test_nothing_of_astroquerys_wire_is_left():
    assert not hasattr(ATLASClass(), "_session")


def test_a_call_makes_another_with_the_same_server_and_token(sandbox):
    atlas = sandbox.client()
    other = atlas()
    assert other is not atlas
    assert other.count_region("244.000917d 22.268031d", "1 arcsec") == 1


def test_a_call_can_name_another_server():
    other = ATLASClass(server="https://one.example/api/")(server="https://two.example/api/")
    assert "two.example" in repr(other)


def test_what_may_leave_the_process_has_the_server_and_not_the_token(sandbox):
    atlas = pickle.loads(pickle.dumps(sandbox.client()))
    assert repr(atlas) == repr(sandbox.client())
    assert not atlas.authenticated()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda atlas: copy.deepcopy({"atlas": atlas})["atlas"]])
def test_a_copy_has_the_server_and_the_token_but_its_pickle_has_not(sandbox, copied):
    original = sandbox.client()
    atlas = copied(original)
    assert atlas is not original
    assert repr(atlas) == repr(original)
    assert atlas.count_region("244.000917d 22.268031d", "1 arcsec") == 1
    assert not pickle.loads(pickle.dumps(atlas)).authenticated()


def test_a_pickle_holds_no_token():
    assert TOKEN.encode() not in pickle.dumps(ATLASClass(token=TOKEN))


FRESH = """
import socket, sys
def refused(*args): raise AssertionError("a socket was opened")
socket.socket.connect = refused
import atlasquery
heavy = [name for name in ("astropy", "astroquery", "requests", "keyring", "django")
         if name in sys.modules]
assert not heavy, heavy
from atlasquery import ATLAS
heavy = [name for name in ("matplotlib", "django", "atlasquery.lightcurve", "scipy", "pandas")
         if name in sys.modules]
assert not heavy, heavy
print(ATLAS)
"""


def test_importing_it_is_light_and_silent():
    """No connection, no keyring, and nothing that only a picture needs."""
    run = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout == "<ATLASClass: https://psweb.mp.qub.ac.uk/sne/atlas4/api/>\n"
