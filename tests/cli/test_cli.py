# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The command itself: help, version, completion, and what is imported for help."""

import subprocess
import sys

import pytest

import atlasquery
from atlasquery.cli import _COMMANDS

LOADED = """
import sys
from atlasquery.cli import main
code = main({words})
print(code, sorted({{"astropy", "numpy", "requests", "django", "matplotlib"}} & set(sys.modules)), file=sys.stderr)
"""


def test_version(run):
    assert run("--version").output == f"atlasquery {atlasquery.__version__}\n"


@pytest.mark.parametrize("name", _COMMANDS)
def test_help_has_an_example(run, name):
    result = run(name, "--help")
    assert result.code == 0
    assert f"atlasquery {name}" in result.output.partition("Example")[2]


@pytest.mark.parametrize("words", [["--help"], ["region", "--help"], ["lc", "-h"], ["nonsense"], ["demo", "--help"]])
def test_help_loads_nothing_heavy(words):
    result = subprocess.run(
        [sys.executable, "-c", LOADED.format(words=words)], capture_output=True, text=True, timeout=60
    )
    code = 2 if words == ["nonsense"] else 0
    assert result.stderr.splitlines()[-1] == f"{code} []"


def test_module_and_script_are_the_same(run_process, tmp_path):
    # In another folder: the checkout may hold the metadata of an earlier build.
    script = run_process("atlasquery --version", cwd=tmp_path)
    module = run_process(f"{sys.executable} -m atlasquery --version", cwd=tmp_path)
    assert script.stdout == module.stdout != ""


def test_completion(run_process, monkeypatch):
    monkeypatch.setenv("_ATLASQUERY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "atlasquery li")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert [line.partition(",")[2] for line in run_process("atlasquery").stdout.splitlines()] == ["lists", "list"]


def test_demo(run, tmp_path):
    path = tmp_path / "cow.png"
    result = run("demo", "-o", str(path))
    assert (result.code, result.errors) == (0, "")
    assert "ATLAS18qqn" in result.output
    assert path.read_bytes().startswith(b"\x89PNG")
