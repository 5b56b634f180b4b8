# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rooms of the code: who may import whom. See docs/design.rst."""

import ast
from pathlib import Path

import pytest

import atlasquery

ROOT = Path(atlasquery.__file__).parent

# From the objects down to what stands alone; a room may import from those below it in this list.
ROOMS = [
    "core",
    "reader",
    "crossmatch",
    "transient",
    "lightcurve",
    "tables",
    "payloads",
    "batches",
    "auth",
    "transport",
    "schema",
    "photometry",
    "inputs",
    "config",
    "utils",
    "exceptions",
]


def imported_rooms(path):
    """The rooms that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "atlasquery":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("atlasquery."):
            yield node.module.split(".")[1]


def files_of(room):
    return [ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else sorted((ROOT / room).rglob("*.py"))


def test_every_room_is_known():
    rooms = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__pycache__", "sandbox"} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_is_below(room):
    below = {room, *ROOMS[ROOMS.index(room) + 1 :]}
    for path in files_of(room):
        assert set(imported_rooms(path)) <= below, path


def test_the_sandbox_stands_apart():
    """It stands in for the server: it must not share the client's view of what the server sends."""
    shared = {room for path in files_of("sandbox") for room in imported_rooms(path)} - {"sandbox"}
    assert shared <= {"exceptions", "identifiers", "core"}


def test_nothing_but_the_face_and_the_sandboxs_client_imports_core():
    users = {path for path in ROOT.rglob("*.py") if "core" in set(imported_rooms(path))}
    assert {path for path in users if path.parent != ROOT / "core"} <= {ROOT / "sandbox" / "process.py"}
