# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The session of docs/cli.rst, run in a shell: each output is as printed there."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "cli.rst"


@pytest.fixture
def session():
    """List of (command, output) of the page."""
    if not PAGE.exists():
        pytest.skip("the documentation is not next to the tests")
    text = PAGE.read_text(encoding="utf-8").partition("A session\n")[2]
    block = re.search(r"\.\. code-block:: console\n\n((?:   .*\n|\n)+)", text)[1]
    parts = re.split(r"^\$ ", textwrap.dedent(block), flags=re.MULTILINE)[1:]
    return [part.rstrip("\n").partition("\n")[::2] for part in parts]


@pytest.mark.skipif(sys.platform == "win32", reason="the page shows a POSIX shell")
def test_session(session, environment, tmp_path):
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    commands = "\n".join(f"{command}\nstatus=$?; echo '<end>'; (exit $status)" for command, _ in session)
    result = subprocess.run(
        ["sh", "-c", f"exec 2>&1\n{commands}"], env={**os.environ, "PATH": path}, cwd=tmp_path, timeout=300,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    outputs = result.stdout.split("<end>\n")
    assert len(session) > 7
    for (command, expected), output in zip(session, outputs, strict=False):
        lines, printed = expected.splitlines(), output.splitlines()
        assert len(lines) == len(printed), f"{command}: {output}"
        for line, shown in zip(lines, printed, strict=True):
            pattern = re.escape(line.rstrip()).replace(r"\.\.\.", ".*")
            assert re.fullmatch(pattern, shown.rstrip()), f"{command}: {shown}"
    assert {path.name for path in tmp_path.iterdir()} == {"cow.ecsv", "cow.png", "follow_up.csv"}
