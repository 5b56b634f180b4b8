# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fixtures for tests, documentation pages and docstrings: a sandbox, and an environment without the user's settings.

The fixtures are registered as a plugin, because the tested package may be installed elsewhere: its docstrings could not
use the fixtures of a conftest file.
"""

import os
import re
import shutil
import tempfile
from contextlib import nullcontext

import pytest

# Modules that need Django can be imported only in the server process, which configures it.
NEEDS_DJANGO = re.compile(r"^(from|import) (django|rest_framework|atlasquery\.sandbox\.(models|views))\b", re.MULTILINE)
# Variables of the user's environment that would change the tests, or be sent to a server.
USER_VARIABLES = re.compile(r"(ATLASQUERY_.*|NETRC|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|.*_PROXY)", re.IGNORECASE)
# Names that examples may use without defining them.
EXAMPLE_NAMES = {name: re.compile(rf"(?<![.\w]){name}\b") for name in ("sandbox", "atlas", "ATLAS")}


class SharedFixtures:
    """A plugin, whose fixtures are available in every test and every example."""

    def pytest_ignore_collect(self, collection_path):
        """Skip the docstrings of modules that need Django, and the hooks that need PyInstaller."""
        if "_pyinstaller" in collection_path.parts and collection_path.suffix == ".py":
            return True
        if collection_path.suffix != ".py" or "sandbox" not in collection_path.parts:
            return None
        return True if NEEDS_DJANGO.search(collection_path.read_text(encoding="utf-8")) else None

    @pytest.fixture(scope="session")
    def sandbox(self):
        """A sandbox for all tests, with a fixed end and without throttles; a test that writes must start another."""
        from atlasquery.sandbox import Sandbox

        with Sandbox(end=61345.0, rates={"user": None, "auth": None}) as running:
            yield running

    @pytest.fixture(autouse=True)
    def _example_names(self, request, doctest_namespace, monkeypatch, tmp_path):
        """Define the names that the examples of a page or docstring use: `sandbox`, `atlas`, a signed-in `ATLAS`."""
        if _is_doctest(request):
            monkeypatch.chdir(tmp_path)  # examples write files
        examples = "".join(example.source for example in request.node.dtest.examples) if _is_doctest(request) else ""
        names = {name for name, pattern in EXAMPLE_NAMES.items() if pattern.search(examples)}
        if names:
            doctest_namespace["sandbox"] = request.getfixturevalue("sandbox")
        if "atlas" in names:
            doctest_namespace["atlas"] = doctest_namespace["sandbox"].client()
        # The shared sandbox has no throttle; a page that starts its own sandbox has one, and shows the quota.
        uses_shared = "Sandbox(" not in examples if _is_doctest(request) else "sandbox" in request.fixturenames
        with (
            _without_quota() if uses_shared else nullcontext(),
            _signed_in(doctest_namespace["sandbox"], monkeypatch) if "ATLAS" in names else nullcontext(),
        ):
            yield


def _is_doctest(request):
    return hasattr(request.node, "dtest")


def _without_quota():
    from atlasquery.config import conf

    return conf.set_temp("hourly_requests", 1_000_000)


def _signed_in(sandbox, monkeypatch):
    """Let `ATLAS` send its requests to the sandbox, with a token from the environment, while an example runs."""
    from atlasquery.config import conf

    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token())
    return conf.set_temp("server", sandbox.url)


def pytest_configure(config):
    """Replace the user's home folder, settings, tokens, proxies and keyring by an empty temporary home folder."""
    config._atlasquery_home = home = tempfile.mkdtemp(prefix="atlasquery-tests-")
    for name in [name for name in os.environ if USER_VARIABLES.fullmatch(name)]:
        del os.environ[name]
    os.environ["HOME"] = os.environ["USERPROFILE"] = home
    for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = os.path.join(home, kind.lower())
        os.mkdir(os.path.join(home, kind.lower()))
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    config.pluginmanager.register(SharedFixtures(), "atlasquery-shared-fixtures")


def pytest_unconfigure(config):
    """Remove the temporary home folder."""
    shutil.rmtree(config._atlasquery_home, ignore_errors=True)
