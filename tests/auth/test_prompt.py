# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The prompt, at a real terminal and at none."""

import getpass
import os
import subprocess
import sys
import time
import warnings

import pytest

from atlasquery.auth.prompt import ask_password, ask_username, is_terminal
from atlasquery.exceptions import LoginError

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

SCRIPT = """
import sys
from atlasquery.auth import SignIn
signin = SignIn(sys.argv[1])
signin.login(store=False)
payload = {"ra": 1.0, "dec": 2.0, "radius": 3.0, "requestType": "count"}
print("answer", signin.send("cone/", payload, retry=True).status)
"""


def test_a_real_terminal(sandbox, asked):
    shown = converse(
        [sys.executable, "-c", SCRIPT, sandbox.url],
        [("User name at ", "reader"), ("Password of reader at ", "reader-pw")],
    )
    assert "answer 200" in shown
    assert "reader-pw" not in shown
    assert asked() == ["auth-token/", "cone/"]


def converse(command, lines):
    """What a program shows at a terminal where somebody answers its prompts."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown, end = "", time.monotonic() + 20
    while time.monotonic() < end:
        try:
            shown += os.read(ours, 4096).decode()
        except OSError:  # the other side is closed
            break
        if lines and lines[0][0] in shown:
            time.sleep(0.1)  # getpass drops what is typed before it has switched the echo off
            os.write(ours, f"{lines.pop(0)[1]}\n".encode())
    os.close(ours)
    assert process.wait(10) == 0, shown
    return shown


def test_a_pipe_is_no_terminal(sandbox, asked):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, sandbox.url],
        input="reader\nreader-pw\n",
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 1
    assert "standard input is not a terminal" in done.stderr
    assert asked() == []


def test_no_standard_input_is_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert not is_terminal()


@pytest.mark.parametrize("typed", ["", "   "])
def test_no_name(terminal, typed):
    terminal.types(typed, "x")
    with pytest.raises(LoginError, match="No user name was given"):
        ask_username("https://example.org")


def test_no_password(terminal):
    terminal.types("reader", "")
    with pytest.raises(LoginError, match="No password was given"):
        ask_password("reader", "https://example.org")


def test_a_terminal_that_is_closed(monkeypatch):
    def closed(prompt):
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", closed)
    with pytest.raises(LoginError, match="closed before a password") as raised:
        ask_password("reader", "https://example.org")
    assert raised.value.__context__ is None


def test_a_terminal_that_would_show_it_is_not_asked(monkeypatch):
    def fallback(prompt):
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        raise AssertionError("it went on and asked")

    monkeypatch.setattr(getpass, "getpass", fallback)
    with pytest.raises(LoginError, match="would show the password"):
        ask_password("reader", "https://example.org")


def test_a_password_is_wrapped_at_once(terminal):
    assert repr(ask_password("reader", "https://example.org")) == "Password([secure])"
