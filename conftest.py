# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What tests, documentation pages and docstrings share: a sandbox, and nothing of the user's.

The fixtures are registered as a plugin, because the package under test may be installed elsewhere: a fixture of a
conftest file would not reach its docstrings.
"""

import os
import re
import shutil
import tempfile
from contextlib import nullcontext

import pytest

# Modules of Django's can be imported in the server's process only, where its settings are made.
NEEDS_DJANGO = re.compile(r"^(from|import) (django|rest_framework|atlasquery\.sandbox\.(models|views))\b", re.MULTILINE)
# What of the user's environment would change what is tested, or be handed to a server.
FOREIGN = re.compile(r"(ATLASQUERY_.*|NETRC|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|.*_PROXY)", re.IGNORECASE)
NAMES = {name: re.compile(rf"(?<![.\w]){name}\b") for name in ("sandbox", "atlas", "ATLAS")}


class Everywhere:
    """The plugin; its fixtures are seen by every item."""

    def pytest_ignore_collect(self, collection_path):
        """Look for no docstrings where Django is needed."""
        if collection_path.suffix != ".py" or "sandbox" not in collection_path.parts:
            return None
        return True if NEEDS_DJANGO.search(collection_path.read_text(encoding="utf-8")) else None

    @pytest.fixture(scope="session")
    def sandbox(self):
        """A sandbox for all: pinned in time, without throttles. A test that writes takes one of its own."""
        from atlasquery.sandbox import Sandbox

        with Sandbox(end=61345.0, rates={"user": None, "auth": None}) as running:
            yield running

    @pytest.fixture(autouse=True)
    def _documented_names(self, request, doctest_namespace, monkeypatch):
        """Give the examples of a page or docstring what they name: `sandbox`, `atlas`, or a signed-in `ATLAS`."""
        examples = "".join(example.source for example in request.node.dtest.examples) if _is_doctest(request) else ""
        named = {name for name, pattern in NAMES.items() if pattern.search(examples)}
        if named:
            doctest_namespace["sandbox"] = request.getfixturevalue("sandbox")
        if "atlas" in named:
            doctest_namespace["atlas"] = doctest_namespace["sandbox"].client()
        # The common sandbox has no throttle; a page that makes a sandbox of its own has one, and shows the quota.
        shared = "Sandbox(" not in examples if _is_doctest(request) else "sandbox" in request.fixturenames
        with (
            _unlimited() if shared else nullcontext(),
            _signed_in(doctest_namespace["sandbox"], monkeypatch) if "ATLAS" in named else nullcontext(),
        ):
            yield


def _is_doctest(request):
    return hasattr(request.node, "dtest")


def _unlimited():
    from atlasquery.config import conf

    return conf.set_temp("hourly_requests", 1_000_000)


def _signed_in(sandbox, monkeypatch):
    """Let `ATLAS` mean the sandbox, with a token from the environment, while an example runs."""
    from atlasquery.config import conf

    monkeypatch.setenv("ATLASQUERY_SERVER", sandbox.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", sandbox.token())
    return conf.set_temp("server", sandbox.url)


def pytest_configure(config):
    """Leave the user's home, settings, tokens, proxies and keyring behind."""
    config._atlasquery_home = home = tempfile.mkdtemp(prefix="atlasquery-tests-")
    for name in [name for name in os.environ if FOREIGN.fullmatch(name)]:
        del os.environ[name]
    os.environ["HOME"] = os.environ["USERPROFILE"] = home
    for kind in ("CONFIG", "CACHE", "DATA"):
        os.environ[f"XDG_{kind}_HOME"] = os.path.join(home, kind.lower())
        os.mkdir(os.path.join(home, kind.lower()))
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    config.pluginmanager.register(Everywhere(), "atlasquery-everywhere")


def pytest_unconfigure(config):
    """Remove the home that was lent."""
    shutil.rmtree(config._atlasquery_home, ignore_errors=True)
