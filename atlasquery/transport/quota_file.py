# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`SharedRequestTimes`: when the requests of one user were made by all processes that share ``conf.quota_file``.

The file is a SQLite database, because its locks work on every platform and end with the process that holds them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.utils.config_item import source_hint
from atlasquery.utils.files import state_folder
from atlasquery.utils.log import log_event

if TYPE_CHECKING:
    import sqlite3

__all__ = ["SharedRequestTimes"]

_APPLICATION_ID = 0x41514C31  # marks a database of this package
_LOCK_TIMEOUT, _LOCK_STEP = 30.0, 0.05
_COMMIT_MILLISECONDS = 5000
# SQLite keeps the state of its locks by process: a child that is forked during a transaction would never get one.
_FORK_LOCK = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_FORK_LOCK.acquire, after_in_parent=_FORK_LOCK.release, after_in_child=_FORK_LOCK.release
    )
_TABLES = (
    # AUTOINCREMENT: the number of a removed row is not used again, as a process may still hold it.
    "CREATE TABLE requests (key INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, time REAL NOT NULL, "
    "until REAL NOT NULL)",
    "CREATE INDEX requests_of_account ON requests (account, time)",
    "CREATE TABLE blocks (account TEXT PRIMARY KEY, until REAL NOT NULL)",
    f"PRAGMA application_id = {_APPLICATION_ID}",
)


class SharedRequestTimes:
    """As `~atlasquery.transport.request_times.RequestTimes`, in a file, by the clock of the computer.

    Each operation is one transaction on a connection of its own, so that threads and forked processes can use it.

    Parameters
    ----------
    path : str
        The file, or ``"default"`` for one in the user's state folder.
    account : str
        Key of the user at a server, from which no token can be found.
    window : float
        Length of the window in seconds.
    """

    def __init__(self, path: str, account: str, window: float) -> None:
        self._path = _find_path(path)
        self._account = account
        self._window = window

    def now(self) -> float:
        """Return the time of the clock."""
        return time.time()

    def add(self, max_requests: int | None = None) -> int | None:
        """Add a request and return its key, or None if ``max_requests`` are in the window or it is blocked."""
        with self._transaction() as database:
            times, blocked_until = self._read(database)
            now = self.now()
            if max_requests is not None and (len(times) >= max_requests or now < blocked_until):
                return None
            row = (self._account, now, now + self._window)
            return database.execute("INSERT INTO requests (account, time, until) VALUES (?, ?, ?)", row).lastrowid

    def confirm(self, key: int) -> None:
        """Set the time of a request to that of its answer: the server counted it before, at an unknown time."""
        now = self.now()
        # Inserted again if it has left the window during the request.
        statement = "INSERT OR REPLACE INTO requests (key, account, time, until) VALUES (?, ?, ?, ?)"
        self._change(statement, key, self._account, now, now + self._window)

    def remove(self, key: int) -> None:
        """Remove a request, which the server does not count."""
        self._change("DELETE FROM requests WHERE key = ?", key)

    def block(self, seconds: float) -> None:
        """Record that nothing is left for some seconds, at most for a window: by then every request has left it."""
        until = self.now() + min(seconds, self._window)
        self._change("INSERT OR REPLACE INTO blocks VALUES (?, ?)", self._account, until)

    def read(self) -> tuple[list[float], float]:
        """Return the times of the requests in the window, the oldest first, and the time until which it is blocked."""
        with self._transaction() as database:
            return self._read(database)

    def _read(self, database: sqlite3.Connection) -> tuple[list[float], float]:
        now = self.now()
        database.execute("DELETE FROM requests WHERE until <= ?", (now,))
        database.execute("DELETE FROM blocks WHERE until <= ?", (now,))
        # The clock was set back: a request of the future counts from now on.
        end = now + self._window
        future = (now, end, self._account, now)
        database.execute("UPDATE requests SET time = ?, until = ? WHERE account = ? AND time > ?", future)
        database.execute("UPDATE blocks SET until = ? WHERE account = ? AND until > ?", (end, self._account, end))
        times = database.execute("SELECT time FROM requests WHERE account = ? ORDER BY time", (self._account,))
        blocks = database.execute("SELECT max(until) FROM blocks WHERE account = ?", (self._account,))
        return [row[0] for row in times], blocks.fetchone()[0] or 0.0

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        import sqlite3  # some builds of Python have none

        try:
            with _FORK_LOCK, contextlib.closing(_connect(self._path)) as database:
                _begin(database)
                # A commit waits for others that look at the file, which takes no time.
                database.execute(f"PRAGMA busy_timeout = {_COMMIT_MILLISECONDS}")
                _check_tables(database)
                yield database
                database.execute("COMMIT")
        except sqlite3.Error as error:
            reason = (
                f"`conf.quota_file` must be a file that can be read, locked and written, got {self._path}: {error}."
            )
            hint = source_hint("quota_file")
            raise UnreadableFileError(reason, filename=str(self._path), hint=hint) from None

    def _change(self, statement: str, *values: object) -> None:
        """Change the file after an answer, which is not lost if the file fails."""
        try:
            with self._transaction() as database:
                database.execute(statement, values)
        except UnreadableFileError as error:
            log_event(logging.WARNING, f"{error.reason} The last request may be counted wrongly.")


def _connect(path: Path) -> sqlite3.Connection:
    import sqlite3

    return sqlite3.connect(path, timeout=0, isolation_level=None)


def _begin(database: sqlite3.Connection) -> None:
    """Begin a transaction; wait for others in Python, which Ctrl-C can end, and not in SQLite."""
    import sqlite3

    for _ in range(round(_LOCK_TIMEOUT / _LOCK_STEP)):
        with contextlib.suppress(sqlite3.OperationalError):
            database.execute("BEGIN IMMEDIATE")
            return
        time.sleep(_LOCK_STEP)
    database.execute("BEGIN IMMEDIATE")


def _check_tables(database: sqlite3.Connection) -> None:
    """Make the tables of a new file; another program's database is not changed."""
    import sqlite3

    (application_id,) = database.execute("PRAGMA application_id").fetchone()
    if application_id == _APPLICATION_ID:
        return
    (n_tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application_id or n_tables:
        raise sqlite3.DatabaseError("it is a database of another program")
    for statement in _TABLES:
        database.execute(statement)


def _find_path(path: str) -> Path:
    """Return the file of ``conf.quota_file``; a relative path would be another file after a change of the folder."""
    if path == "default":
        folder = state_folder()
        with contextlib.suppress(OSError):  # the error of the file itself will tell its name
            folder.mkdir(parents=True, exist_ok=True)
        return folder / "quota.sqlite"
    try:
        found = Path(path).expanduser()
    except RuntimeError as error:  # no such user
        raise InvalidInputError(f"`conf.quota_file` must be a path, got {path!r}: {error}") from None
    if not found.is_absolute() or "\0" in path:
        raise InvalidInputError(f"`conf.quota_file` must be an absolute path or 'default', got {path!r}.")
    return found
