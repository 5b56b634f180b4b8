# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server process: it starts, leaves no files behind and stops with its parent."""

import errno
import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from atlasquery import exceptions
from atlasquery.sandbox import Sandbox, server_process

HANG_GUARD = 60  # seconds; longer than anything here takes on a busy machine


def run_python(*arguments, **options):
    path = os.pathsep.join(filter(None, sys.path))
    # Processes in the background of a shell ignore SIGINT, and so would their children.
    old_handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
            **options,
        )
    finally:
        signal.signal(signal.SIGINT, old_handler)


def is_serving(url):
    try:
        return requests.get(url, timeout=HANG_GUARD).status_code == 404
    except requests.ConnectionError:
        return False


def wait_until_stopped(url):
    for _ in range(20 * HANG_GUARD):
        if not is_serving(url):
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} is still served")


def wait_for_url(process):
    for line in process.stdout:
        if line.strip().startswith("URL"):
            return line.split()[1]
    raise AssertionError(process.stderr.read())


@pytest.mark.parametrize("n_objects", [3000, 20_000])
def test_sky_has_the_requested_size(n_objects):
    with Sandbox(n_objects=n_objects, end=61345.0) as sandbox:
        assert is_serving(sandbox.url)
        assert len(sandbox.truth) >= n_objects


def test_import_loads_no_slow_package():
    slow = ("django", "rest_framework", "cheroot", "astropy", "numpy", "requests")
    process = run_python(
        "-c", f"import sys, atlasquery.sandbox; print([name for name in {slow} if name in sys.modules])"
    )
    output, error_output = process.communicate(timeout=HANG_GUARD)
    assert (output.strip(), error_output) == ("[]", "")


def test_close_stops_the_server_and_can_be_repeated():
    sandbox = Sandbox(n_objects=20, end=61345.0)
    assert is_serving(sandbox.url)
    assert "running" in repr(sandbox)
    sandbox.close()
    sandbox.close()
    assert not is_serving(sandbox.url)
    assert "closed" in repr(sandbox)
    with pytest.raises(exceptions.ServerUnreachableError, match="closed"):
        sandbox.token("reader")


def test_close_removes_the_database():
    sandbox = Sandbox(n_objects=20, end=61345.0)
    directory = sandbox._process._directory
    assert os.path.exists(os.path.join(directory, "atlas.sqlite3"))
    sandbox.close()
    assert not os.path.exists(directory)


def test_killed_server_is_reported_and_its_files_are_removed():
    with Sandbox(n_objects=20, end=61345.0) as sandbox:
        sandbox._process._process.kill()
        sandbox._process._process.wait()
        assert not sandbox.running
        with pytest.raises(exceptions.ServerUnreachableError, match=r"stopped|answer"):
            sandbox.token("reader")
    assert not os.path.exists(sandbox._process._directory)


PARENT = (
    "from atlasquery.sandbox import Sandbox; import time; s = Sandbox(n_objects=20, end=61345.0); print('URL', s.url)"
)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_server_stops_when_its_parent_is_signalled(number):
    process = run_python("-c", f"{PARENT}; time.sleep(600)")
    url = wait_for_url(process)
    assert is_serving(url)
    process.send_signal(number)
    process.communicate(timeout=HANG_GUARD)
    wait_until_stopped(url)


def test_server_stops_with_a_parent_that_does_not_close_it():
    process = run_python("-W", "error", "-c", PARENT)
    output, error_output = process.communicate(timeout=HANG_GUARD)
    assert process.returncode == 0
    assert error_output == ""
    wait_until_stopped(output.split()[1])


def test_end_of_a_forked_child_does_not_stop_the_server():
    fork = f"{PARENT}; import os\nif os.fork() == 0: raise SystemExit\nos.wait(); print(s.running, len(s.token()))"
    process = run_python("-c", fork)
    output, error_output = process.communicate(timeout=HANG_GUARD)
    assert (output.splitlines()[-1], error_output) == ("True 40", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_line_serves_until_a_signal(number):
    process = run_python("-m", "atlasquery.sandbox", "--n-objects", "20", "--end", "2026-11-01", start_new_session=True)
    url = wait_for_url(process)
    line = next(line for line in process.stdout if "reader" in line)
    password, token = line.split()[2], line.split()[4]
    answer = requests.post(
        url + "auth-token/", data={"username": "reader", "password": password}, timeout=HANG_GUARD
    ).json()
    assert answer["token"] == token
    # A terminal sends Ctrl-C to the whole foreground group.
    os.killpg(process.pid, number)
    output, error_output = process.communicate(timeout=HANG_GUARD)
    assert process.returncode == 0
    assert "has stopped" in output
    assert error_output == ""
    wait_until_stopped(url)


def test_port_in_use_is_reported():
    with Sandbox(n_objects=20, end=61345.0) as sandbox:
        port = sandbox.url.split(":")[2].split("/")[0]
        with pytest.raises(OSError, match=f"port {port}") as caught:
            Sandbox(n_objects=20, end=61345.0, port=int(port))
        assert caught.value.errno == errno.EADDRINUSE
        process = run_python("-m", "atlasquery.sandbox", "--port", port, "--n-objects", "20")
        output, error_output = process.communicate(timeout=HANG_GUARD)
    assert process.returncode == 2
    assert output == ""
    assert error_output.count("\n") == 1
    assert f"port {port} is in use" in error_output


def test_crash_at_start_is_reported():
    with pytest.raises(exceptions.ServerUnreachableError, match="KeyError: 'seed'"):
        server_process.ServerProcess({"port": 0})


def test_unread_result_of_an_interrupted_call_is_skipped(sandbox):
    # As after Ctrl-C between a command and its result.
    sandbox._process._write_line({"command": "list_requests", "call_id": -1, "parameters": {}})
    assert sandbox.token("reader") == sandbox.token("reader")
    assert len(sandbox.token("staff")) == 40


def test_failed_command_is_reported_with_its_traceback(sandbox):
    with pytest.raises(exceptions.ServerUnreachableError, match="KeyError: 'dance'"):
        sandbox._process.call("dance")
    assert sandbox.running


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(server_process, "REQUIRED_PACKAGES", (*server_process.REQUIRED_PACKAGES, "no_such_package"))
    with pytest.raises(ImportError, match=r'no_such_package.*pip install "atlasquery\[sandbox\]"'):
        Sandbox()


@pytest.mark.parametrize(("option", "value"), [("--port", "99999"), ("--end", "foo")])
def test_command_line_reports_invalid_options_in_one_line(option, value):
    process = run_python("-m", "atlasquery.sandbox", option, value)
    output, error_output = process.communicate(timeout=HANG_GUARD)
    assert (process.returncode, output) == (2, "")
    assert error_output.startswith(f"atlasquery.sandbox: `{option.strip('-')}` must be")
    assert value in error_output
    assert error_output.count("\n") == 1


def test_server_does_not_get_private_variables(monkeypatch):
    monkeypatch.setenv("ATLASQUERY_TOKEN", "f" * 40)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mine")
    environment = server_process._make_environment()
    assert not {"ATLASQUERY_TOKEN", "DJANGO_SETTINGS_MODULE"} & set(environment)
    assert environment["HOME"] == os.environ["HOME"]


def test_server_listens_on_loopback_only(sandbox):
    import socket

    address = socket.gethostbyname(socket.gethostname())
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    port = int(sandbox.url.split(":")[2].split("/")[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, port), timeout=5).close()
