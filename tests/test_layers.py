# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rooms of the package, and who may import whom: the table of CONTRIBUTING.rst, checked."""

import ast
from pathlib import Path

import pytest

import atlasquery

ROOT = Path(atlasquery.__file__).parent
COMMON = {"exceptions", "config", "utils"}  # may be imported everywhere, and import none of the rooms below

# Each room and the rooms it may import; "room.file" allows a single file of a room.
ROOMS = {
    "core": {"endpoints", "crossmatch", "auth", "transport", "inputs", "batches", "schema", "lightcurve", "transient"},
    "transient": {"endpoints.objects", "lightcurve", "schema"},
    "endpoints": {"batches", "crossmatch", "inputs", "schema"},
    "auth": {"transport"},
    "batches": {"transport.cancellation"},
    "crossmatch": {"inputs", "schema.columns"},
    "lightcurve": {"inputs", "schema", "photometry"},
    "transport": set(),
    "schema": set(),
    "inputs": set(),
    "photometry": set(),
    "sandbox": {"core", "forcedphot"},
    "utils": set(),
    "config": {"utils"},
    "exceptions": set(),
    "_pyinstaller": set(),
}
# Rooms that are planned; each has its rule before it has its first file.
ROOMS |= {
    "cli": {
        "__version__",
        "ATLAS",
        "ATLASClass",
        "CustomList",
        "ForcedPhotometry",
        "LightCurve",
        "conf",
        "to_votable",
        "archive",
        "sandbox",
    },
    "archive": {"core", "lightcurve", "inputs", "schema"},
    "forcedphot": {
        *("auth", "transport", "inputs", "batches", "schema", "lightcurve"),
        *("crossmatch.catalogue", "crossmatch.positions"),  # tables with positions
    },
}
PLANNED = {"archive"}
# Imported inside functions only: a query that needs no light curve is fast.
LAZY = {"core": {"lightcurve", "transient"}, "forcedphot": {"lightcurve"}}
ONLY_IN = {("sandbox", "core"): "sandbox.py", ("sandbox", "forcedphot"): "sandbox.py"}

# Inside lightcurve: small files and mixins, then plotting and io (which ignore each other), then what uses all.
TOP_OF_LIGHTCURVE = {"display", "summary", "lightcurve", "lightcurves"}


def files_in(room):
    path = ROOT / f"{room}.py"
    return [path] if path.exists() else sorted((ROOT / room).rglob("*.py"))


def imported_modules(path, *, in_functions=True):
    """Yield the dotted names below the package that a file imports, wherever in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if in_functions else _walk_outside_functions(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (a.name.removeprefix("atlasquery.") for a in node.names if a.name.startswith("atlasquery."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "atlasquery":
            module = node.module.removeprefix("atlasquery").removeprefix(".")
            yield from (f"{module}.{alias.name}".strip(".") for alias in node.names)


def _walk_outside_functions(node):
    for child in ast.iter_child_nodes(node):
        is_typing = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not is_typing and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield child
            yield from _walk_outside_functions(child)


def is_allowed(module, allowed):
    return any(f"{module}.".startswith(f"{name}.") for name in allowed)


def test_every_room_is_in_the_table():
    rooms = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__main__", "__pycache__", "_version"} | PLANNED == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_table_allows(room):
    allowed = ROOMS[room] | {room} | (set() if room in COMMON - {"utils"} else COMMON)
    for path in files_in(room):
        wrong = [module for module in imported_modules(path) if not is_allowed(module, allowed)]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("room", LAZY)
def test_heavy_rooms_are_imported_inside_functions(room):
    for path in files_in(room):
        wrong = [m for m in imported_modules(path, in_functions=False) if is_allowed(m, LAZY[room])]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong} when it is loaded"


@pytest.mark.parametrize(("room", "used"), ONLY_IN)
def test_some_rooms_are_imported_in_one_file_only(room, used):
    users = {
        path.name for path in files_in(room) if used in {module.split(".")[0] for module in imported_modules(path)}
    }
    assert users <= {ONLY_IN[room, used]}


def test_plotting_and_io_ignore_each_other_and_what_uses_them():
    above = {f"lightcurve.{name}" for name in TOP_OF_LIGHTCURVE}
    for below, other in (("plotting", "io"), ("io", "plotting")):
        for path in sorted((ROOT / "lightcurve" / below).rglob("*.py")):
            wrong = [m for m in imported_modules(path) if is_allowed(m, above | {f"lightcurve.{other}"})]
            assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_small_files_of_lightcurve_use_none_of_its_upper_floors():
    above = {f"lightcurve.{name}" for name in (*TOP_OF_LIGHTCURVE, "plotting", "io")}
    for path in sorted((ROOT / "lightcurve").glob("*.py")):
        if path.stem not in {"__init__", *TOP_OF_LIGHTCURVE}:
            wrong = [m for m in imported_modules(path, in_functions=False) if is_allowed(m, above)]
            assert not wrong, f"{path.relative_to(ROOT)} imports {wrong} when it is loaded"
