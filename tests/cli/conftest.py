# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The command, run in this process or in another one, on the sandbox."""

import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from atlasquery import ATLAS
from atlasquery.cli import main


@pytest.fixture(scope="module")
def server(make_sandbox):
    """A sandbox for writes, without throttle."""
    return make_sandbox(shared=False, n_objects=300, rates={"user": None, "auth": None})


@pytest.fixture
def environment(server, monkeypatch):
    """The environment of a shell with the server and the token of a writer; `ATLAS` is as in a new process."""
    server.clear_faults()
    monkeypatch.setattr(ATLAS._authorized, "_credentials", {})
    monkeypatch.setattr(ATLAS._authorized, "_rejected_tokens", set())
    monkeypatch.setenv("ATLASQUERY_SERVER", server.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", server.token("writer"))
    yield
    server.clear_faults()


@pytest.fixture
def run(environment, capsys, monkeypatch):
    """Run the command with these words, and return its exit code, output and errors."""

    def run(*words, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(list(words))
        output, errors = capsys.readouterr()
        assert all(line.startswith("atlasquery: ") for line in errors.splitlines()), errors
        return SimpleNamespace(code=code, output=output, errors=errors, json=lambda: json.loads(output))

    return run


@pytest.fixture
def run_process(environment):
    """Run the command in a shell, and return the completed process."""

    def run_process(line, **options):
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        return subprocess.run(
            line, shell=True, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120, **options
        )

    return run_process
