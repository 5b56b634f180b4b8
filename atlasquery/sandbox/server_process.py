# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Start the server process, send it commands and stop it: the parent's side."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

__all__ = ["ServerProcess"]

REQUIRED_PACKAGES = ("cheroot", "django", "rest_framework")
# Time limits in seconds.
START_TIMEOUT = 60
RESULT_TIMEOUT = 60
STOP_TIMEOUT = 5
# Variables of the user's environment that the server must not see; a prefix each.
PRIVATE_VARIABLES = ("ATLASQUERY_", "DJANGO_SETTINGS_MODULE")


class ServerProcess:
    """A running server; ``options`` are those of `atlasquery.sandbox.server.main`, JSON-ready."""

    def __init__(self, options):
        _check_packages()
        self._lock = threading.Lock()
        self._owner_pid = os.getpid()
        self._last_call_id = 0
        self._stderr_file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  (closed by stop)
        self._process = _start_process(options, self._stderr_file)
        try:
            startup = self._read_line(START_TIMEOUT, "start")
            if "port_error" in startup:
                message = f"Cannot listen on port {options['port']}: {startup['port_error']}."
                raise OSError(startup["errno"], message)
        except BaseException:
            self._end_process()
            raise
        self.port, self._directory = startup["port"], startup["directory"]

    @property
    def running(self):
        """Whether the process is alive."""
        return self._process.poll() is None

    def call(self, command, **parameters):
        """Run a command of `atlasquery.sandbox.server_commands` in the server and return its result."""
        with self._lock:
            self._last_call_id += 1
            self._write_line({"command": command, "call_id": self._last_call_id, "parameters": parameters})
            reply = self._read_line(RESULT_TIMEOUT, "answer")
            # Ctrl-C during an earlier call may have left its reply unread.
            while reply["call_id"] != self._last_call_id:
                reply = self._read_line(RESULT_TIMEOUT, "answer")
        if "traceback" in reply:
            raise self._make_error(f"The sandbox failed to run the command {command!r}.", reply["traceback"])
        return reply["result"]

    def stop(self):
        """Stop the server and remove its files; do nothing in a forked child, whose parent still uses the server."""
        if os.getpid() != self._owner_pid:
            return
        self._end_process()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _write_line(self, document):
        try:
            self._process.stdin.write(json.dumps(document) + "\n")
            self._process.stdin.flush()
        except ValueError:  # this end of the pipe is closed
            raise self._make_error("The sandbox is closed.", "") from None
        except BrokenPipeError:
            raise self._make_error("The sandbox has stopped.", self._read_stderr()) from None

    def _read_line(self, timeout, verb):
        """Return the next line of the server as JSON; kill a server that sends none within the time limit."""
        timer = threading.Timer(timeout, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self._process.wait()
            raise self._make_error(f"The sandbox did not {verb}.", self._read_stderr())
        return json.loads(line)

    def _read_stderr(self):
        self._stderr_file.seek(0)
        return self._stderr_file.read().strip()

    def _make_error(self, reason, details):
        # Imported here: astroquery, the base of the errors, would add 0.1 s to the import of the sandbox.
        from atlasquery.exceptions import ServerUnreachableError

        return ServerUnreachableError(f"{reason}\n{details}" if details else reason, hint="Start a new Sandbox.")

    def _end_process(self):
        """Close the input of the process, which makes it stop, and kill it if it does not stop in time."""
        with contextlib.suppress(OSError):  # unsent data of a dead process
            self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._stderr_file.close()


def _check_packages():
    missing = [name for name in REQUIRED_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f"The sandbox needs {', '.join(missing)}, which is not installed: "
            'install the extra with pip install "atlasquery[sandbox]".'
        )


def _start_process(options, stderr_file):
    # Not multiprocessing: its spawn method would run an unguarded user script a second time.
    return subprocess.Popen(
        [sys.executable, "-m", "atlasquery.sandbox.server", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr_file,
        encoding="utf-8",
        env=_make_environment(),
        start_new_session=True,  # Ctrl-C reaches only the parent, which then stops the server
    )


def _make_environment():
    """Return the environment of the server: that of the user without private variables, with the same import path."""
    public = {name: value for name, value in os.environ.items() if not name.startswith(PRIVATE_VARIABLES)}
    return {**public, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path), "PYTHONUTF8": "1"}
