# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Messages name commands and options, not Python calls."""

import re

import pytest

from atlasquery.cli.wording import for_command_line
from constants import COW

PYTHON = re.compile(
    r"\b(?:ATLAS|ForcedPhotometry)\.(?!set_detection_list)\w+|\b\w+\(\)|\bconf\.|`(?:name|coordinates|radius|catalogue)`|<\w+"
)


@pytest.mark.parametrize(
    "words",
    [
        ["object", "ATLAS26zzz"],
        ["lc", "ATLAS26zzz"],
        ["object", "2099zzz"],
        ["lc", "2099zzz"],
        ["list", "73"],
        ["list", "nolist"],
        ["add", "eyeball", str(COW)],
        ["add", "4711", str(COW)],
        ["add", "nolist", str(COW)],
        ["remove", "good", str(COW)],
        ["add", "vra", "12"],
        ["region", "2018cow", "1arcmin"],
        ["region", "244.0009 22.2680", "1"],
        ["region", "244.0009 22.2680", "1deg"],
        ["region", "-10", "-20", "1arcmin"],
        ["lc", "2018cow", "--since", "later"],
        ["lc", "2018cow", "-o", "cow.txt"],
        ["login"],
    ],
    ids=" ".join,
)
def test_no_message_names_a_python_call(run, words):
    result = run(*words)
    assert result.code not in (0, 1)
    (line,) = result.errors.splitlines()
    assert not PYTHON.search(line), line


@pytest.mark.parametrize("variables", [{"ATLASQUERY_TOKEN": None}, {"ATLASQUERY_TOKEN": "0" * 40}])
def test_no_message_of_the_sign_in_names_a_python_call(run, monkeypatch, variables):
    monkeypatch.delenv("ATLASQUERY_TOKEN")
    for name, value in variables.items():
        if value:
            monkeypatch.setenv(name, value)
    result = run("object", str(COW))
    assert result.code in (3, 5)
    assert "`atlasquery login`" in result.errors or result.code == 5
    assert not PYTHON.search(result.errors), result.errors


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("`conf.quota_file` must be a path.", "`quota_file` in atlasquery.cfg must be a path."),
        (
            "`name` must be an object name or an ATLAS id, got ','.",
            "A name must be an object name or an ATLAS id, got ','.",
        ),
        ("Call ATLAS.login() to go on.", "Run `atlasquery login` to go on."),
        ("Set conf.max_wait\nto wait.", "Set max_wait in atlasquery.cfg to wait."),
        ("`name` must be a known list, got <DetectionList.eyeball: 4>.", "LIST must be a known list, got eyeball."),
        (
            "The custom list of this number is CustomList(73).",
            "The custom list of this number is read with --custom 73.",
        ),
    ],
)
def test_wording(message, shown):
    assert for_command_line(message) == shown
