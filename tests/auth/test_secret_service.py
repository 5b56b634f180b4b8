# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A real keyring: gnome-keyring with its own D-Bus session, unlocked and locked."""

import json
import os
import shutil
import subprocess
import sys

import pytest

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@"'

ONE_BY_ONE = """
import json, subprocess, sys
for program in json.loads(sys.argv[1]):
    subprocess.run([sys.executable, "-c", *program], check=True)
"""

# Each runs in a process of its own, like the scripts of a user.
LOGIN = """
import sys
from atlasquery.auth import AuthorizedSession
from atlasquery.auth.exchange import request_token
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.transport import Password
session = AuthorizedSession(ATLAS_SERVICE, sys.argv[1])
credential = request_token(session._transport, session.server, "reader", Password("reader-pw"))
session._store(session.server, credential, store=True)  # as login does, except for the prompt
import keyring
print(type(keyring.get_keyring()).__module__, credential.expires.utc.isot)
"""
USE = """
import sys
from atlasquery.auth import AuthorizedSession
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.transport import Request
session = AuthorizedSession(ATLAS_SERVICE, sys.argv[1])
payload = {"ra": 1.0, "dec": 2.0, "radius": 3.0, "requestType": "count"}
status = session.send(Request("POST", "cone/", payload, idempotent=True)).status
print(session.authenticated(), status, session.token_expires.utc.isot)
"""
LOGOUT = """
import sys
from atlasquery.auth import AuthorizedSession
from atlasquery.core.service import ATLAS_SERVICE
session = AuthorizedSession(ATLAS_SERVICE, sys.argv[1])
session.logout()
print(session.authenticated())
"""
LOCK = """
import secretstorage
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
"""
LOCKED = """
import sys, warnings
from atlasquery import conf
from atlasquery.auth import AuthorizedSession
from atlasquery.core.service import ATLAS_SERVICE
conf.keyring_timeout = 3.0
session = AuthorizedSession(ATLAS_SERVICE, sys.argv[1])
print(session.authenticated())
with warnings.catch_warnings(record=True) as caught:
    session.login(token=sys.argv[2])
print(session.authenticated(), *(w.message for w in caught))
"""


@pytest.fixture
def run_all(tmp_path):
    """Run programs one after another in a session with a keyring, and return their standard output."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"a real Secret Service needs {', '.join(missing)}: apt-get install gnome-keyring dbus")
    pytest.importorskip("secretstorage", reason="keyring reaches the Secret Service through it")

    def run_all(*programs):
        command = ["dbus-run-session", "--", "bash", "-c", UNLOCKED, "bash"]
        command += [sys.executable, "-c", ONE_BY_ONE, json.dumps(programs)]
        done = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run_all


def environment(home):
    """Return the environment, with a home and a runtime directory without a keyring."""
    hidden = {
        "PYTHON_KEYRING_BACKEND",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
    }
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def test_token_is_kept_between_processes_until_logout(run_all, sandbox):
    stored, used, left = run_all((LOGIN, sandbox.url), (USE, sandbox.url), (LOGOUT, sandbox.url))
    module, expires = stored.split()
    assert module == "keyring.backends.SecretService"
    assert used == f"True 200 {expires}"
    assert left == "False"


def test_locked_keyring_is_reported_and_the_token_is_used(run_all, sandbox):
    before, after = run_all((LOGIN, sandbox.url), (LOCK,), (LOCKED, sandbox.url, sandbox.token("reader")))[1:]
    assert before == "False"
    assert after.startswith("True Signed in for this process only; the token is not stored: the keyring")
    assert "locked" in after or "does not answer" in after
