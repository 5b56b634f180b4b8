# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The client: exported names, copies and pickles, secrets, import."""

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


def test_exported_names():
    assert sorted(atlasquery.__all__) == EXPORTED
    assert set(EXPORTED) <= set(dir(atlasquery))
    for name in EXPORTED:
        assert getattr(atlasquery, name) is not None


def test_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        atlasquery.nothing  # noqa: B018


def test_citations():
    for reference in ("2018PASP", "2020PASP", "2026JOSS", "2021TNSAN", "10.5281/zenodo.14331062"):
        assert reference in atlasquery.__citation__


def test_client_is_an_astroquery_class():
    assert isinstance(ATLAS, BaseQuery)
    assert isinstance(ATLAS, ATLASClass)


def test_server_is_read_at_each_call():
    atlas = ATLASClass()
    assert "psweb.mp.qub.ac.uk" in repr(atlas)
    with conf.set_temp("server", "https://elsewhere.example/api/"):
        assert repr(atlas) == "<ATLASClass: https://elsewhere.example/api/>"


def test_session_of_astroquery_is_not_used():
    assert not hasattr(ATLASClass(), "_session")


def test_call_returns_a_client_with_the_same_server_and_token(sandbox):
    atlas = sandbox.client()
    other = atlas()
    assert other is not atlas
    assert other.count_region("244.000917d 22.268031d", "1 arcsec") == 1


def test_call_with_another_server():
    other = ATLASClass(server="https://one.example/api/")(server="https://two.example/api/")
    assert "two.example" in repr(other)


def test_pickle_keeps_the_server_and_drops_the_token(sandbox):
    atlas = pickle.loads(pickle.dumps(sandbox.client()))
    assert repr(atlas) == repr(sandbox.client())
    assert not atlas.authenticated()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda atlas: copy.deepcopy({"atlas": atlas})["atlas"]])
def test_copy_keeps_the_token_but_its_pickle_does_not(sandbox, copied):
    original = sandbox.client()
    atlas = copied(original)
    assert atlas is not original
    assert repr(atlas) == repr(original)
    assert atlas.count_region("244.000917d 22.268031d", "1 arcsec") == 1
    assert not pickle.loads(pickle.dumps(atlas)).authenticated()


def test_pickle_has_no_token():
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


def test_import_is_light_and_silent():
    """No connection, no keyring, and no package that only plots need."""
    run = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout == "<ATLASClass: https://psweb.mp.qub.ac.uk/sne/atlas4/api/>\n"
