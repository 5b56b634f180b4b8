# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server's process as its parent sees it: start it, ask it, end it."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

__all__ = ["Child"]

NEEDED = ("cheroot", "django", "rest_framework")
START_SECONDS = 60
ANSWER_SECONDS = 60
STOP_SECONDS = 5


class Child:
    """A running server.

    Parameters
    ----------
    options : dict
        What `atlasquery.sandbox.server.main` is handed, JSON-ready.
    """

    def __init__(self, options):
        _check_extra()
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._asked = 0
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  (closed by stop)
        self._process = _start(options, self._said)
        try:
            hello = self._read(START_SECONDS, "start")
            if "refused" in hello:
                raise OSError(hello["errno"], f"Port {options['port']}: {hello['refused']}")
        except BaseException:
            self._end_process()
            raise
        self.port, self._directory = hello["port"], hello["directory"]

    @property
    def running(self):
        """Whether the process lives."""
        return self._process.poll() is None

    def ask(self, do, **what):
        """Send a command and return what the server answers.

        Parameters
        ----------
        do : str
            The command.
        **what
            Its parameters, JSON-ready.

        Returns
        -------
        object
            As JSON has it.
        """
        with self._lock:
            self._asked += 1
            self._send({"do": do, "number": self._asked, **what})
            answer = self._read(ANSWER_SECONDS, "answer")
            # Ctrl-C may have left an answer unread.
            while answer["number"] != self._asked:
                answer = self._read(ANSWER_SECONDS, "answer")
        if "failed" in answer:
            raise self._broken(f"The sandbox could not carry out {do!r}.", answer["failed"])
        return answer["answer"]

    def stop(self):
        """End the server and remove what it left; without effect in a fork, whose parent still needs it."""
        if os.getpid() != self._owner:
            return
        self._end_process()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _send(self, command):
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
        except ValueError:  # our end of the pipe is closed
            raise self._broken("The sandbox is closed.", "") from None
        except BrokenPipeError:
            raise self._broken("The sandbox has ended.", self._stderr()) from None

    def _read(self, seconds, to_do):
        """Return the next answer; a server that stays silent is killed, which ends the waiting."""
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self._process.wait()
            raise self._broken(f"The sandbox did not {to_do}.", self._stderr())
        return json.loads(line)

    def _stderr(self):
        self._said.seek(0)
        return self._said.read().strip()

    def _broken(self, reason, said):
        # Not at the top: astroquery, which the errors derive from, would cost every user of the sandbox 0.1 s.
        from atlasquery.exceptions import ServerUnreachableError

        return ServerUnreachableError(f"{reason}\n{said}" if said else reason, hint="Start a new Sandbox.")

    def _end_process(self):
        """Close the pipes, which is the sign to end, and insist if it is not obeyed."""
        with contextlib.suppress(OSError):  # what could not be sent to a dead process
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._said.close()


def _check_extra():
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f"The sandbox needs {', '.join(missing)}, which is not installed: "
            'pip install "atlasquery[sandbox]" installs all of it.'
        )


def _start(options, said):
    # Not multiprocessing: its spawn runs a user's script a second time unless that is guarded.
    return subprocess.Popen(
        [sys.executable, "-m", "atlasquery.sandbox.server", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        encoding="utf-8",
        env=_environment(),
        start_new_session=True,  # Ctrl-C is for the parent, which then ends the child in order
    )


def _environment():
    """Return our environment, without what is none of the server's business."""
    secret = ("ATLASQUERY_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(secret)}
    return {**kept, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path), "PYTHONUTF8": "1"}
