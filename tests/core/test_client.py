# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The client: exported names, copies and pickles, secrets, import."""

import ast
import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from astroquery.query import BaseQuery

import atlasquery
from atlasquery import ATLAS, ATLASClass, conf

TOKEN = "0123456789abcdef0123456789abcdef01234567"
EXPORTED = [
    "ATLAS", "ATLASClass", "Conf", "CustomList", "DetectionList", "ForcedPhotometry", "ForcedPhotometryClass", "Jobs",
    "LightCurve", "LightCurves", "Transient", "__citation__", "__version__", "conf", "exceptions", "photometry",
    "sandbox", "to_votable",
]  # fmt: skip


def test_exported_names():
    assert sorted(atlasquery.__all__) == EXPORTED
    assert set(EXPORTED) <= set(dir(atlasquery))
    for name in EXPORTED:
        assert getattr(atlasquery, name) is not None


def test_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        atlasquery.nothing  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'Lightcurve'; did you mean 'LightCurve'"):
        atlasquery.Lightcurve  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'get_lightcurve'; did you mean 'get_light_curve'"):
        ATLAS.get_lightcurve  # noqa: B018


def test_citations():
    for reference in ("2018PASP", "2020PASP", "2026JOSS", "2021TNSAN", "10.5281/zenodo.14331062"):
        assert reference in atlasquery.__citation__


def test_lazy_names_and_typed_names_are_the_same():
    """A type checker and a language server read the block that is not run."""
    tree = ast.parse(Path(atlasquery.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    modules = {
        alias.name: node.module.removeprefix("atlasquery").removeprefix(".") for node in imports for alias in node.names
    }
    typed = {**modules, **{node.target.id: "" for node in block.body if isinstance(node, ast.AnnAssign)}}
    assert sorted(typed) == EXPORTED
    assert {name: module for name, module in typed.items() if module} == atlasquery._MODULES


PUBLIC = {
    name
    for cls in ATLASClass.__mro__
    if cls.__module__.startswith("atlasquery")
    for name in vars(cls)
    if not name.startswith("_")
}


def test_dir_lists_the_methods_and_no_unused_names():
    assert {name for name in dir(ATLAS) if not name.startswith("_")} == PUBLIC
    assert {name for name in dir(ATLASClass) if not name.startswith("_")} == PUBLIC
    assert {"query_region", "login", "quota"} <= PUBLIC
    assert not PUBLIC & {"cache_location", "clear_cache", "reset_cache_location", "name"}


def test_a_language_server_completes_every_method():
    jedi = pytest.importorskip("jedi", reason="completes as language servers and notebooks do")
    script = jedi.Script(
        "from atlasquery import ATLAS\nATLAS.", project=jedi.Project(Path(atlasquery.__file__).parents[1])
    )
    assert {completion.name for completion in script.complete(2, 6)} >= PUBLIC


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
