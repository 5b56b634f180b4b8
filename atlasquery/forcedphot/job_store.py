# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`JobStore`: the jobs of a run, in memory, or in a file that is on disk before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from astropy.table import Table
from filelock import FileLock

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_columns import columns_of_jobs, jobs_of_columns
from atlasquery.utils.files import replace_file

__all__ = ["JobStore"]

CONTENT = "jobs of forced photometry"
TEXT_FORMAT = "ascii.ecsv"


class JobStore:
    """Jobs by their keys, shared by the tables that show them.

    Parameters
    ----------
    server : str
        Root URL of the server that they are for.
    jobs : sequence of Job
        The jobs, with a key of its own each.
    path : path-like, optional
        File of the jobs. Other processes may use it too: what is in it counts.
    """

    def __init__(self, server: str, jobs: Sequence[Job] = (), path: str | os.PathLike[str] | None = None) -> None:
        self.server = server
        self.path = None if path is None else Path(path)
        self._jobs = {job.key: job for job in jobs}
        # The lock is that of an open file: it ends with the process, whatever ends it.
        self._lock = None if self.path is None else FileLock(self.path.with_name(f".{self.path.name}.lock"))

    @property
    def jobs(self) -> list[Job]:
        """The jobs, in the order of the file."""
        return list(self._jobs.values())

    def select(self, keys: Sequence[int | str]) -> list[Job]:
        """Return the jobs of some keys."""
        return [self._jobs[key] for key in keys]

    def add(self, jobs: Sequence[Job]) -> None:
        """Add jobs that are not there yet."""
        self._jobs |= {job.key: job for job in jobs if job.key not in self._jobs}

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Context in which the jobs are those of the file, and no other process changes them."""
        if self.path is None or self._lock is None:
            yield
            return
        if not self.path.parent.is_dir():  # it would be made for the lock
            raise FileNotFoundError(f"The folder of the file of jobs {os.fspath(self.path)!r} must exist.")
        with self._lock:
            if self.path.exists():
                self._read()
            yield

    def save_gone(self, jobs: Sequence[Job]) -> None:
        """Write which jobs are gone; what another program has written of the others meanwhile is kept."""
        gone = {job.key: str(job.message) for job in jobs if job.status == "gone"}
        if not gone:
            return
        with self.changes():
            for job in self.select(list(gone)):
                job.set_gone(gone[job.key])
            self.save()

    def save(self) -> None:
        """Write the file, if there is a path, in a context of `changes`; it is on disk when this returns."""
        if self.path is None:
            return
        table = Table(columns_of_jobs(self.jobs), meta={"content": CONTENT, "server": self.server})
        with replace_file(self.path, sync=True) as path:
            table.write(path, format=TEXT_FORMAT, overwrite=True)

    def _read(self) -> None:
        """Take over what another process has written."""
        for job in _read_jobs(self.path, self.server):
            if (held := self._jobs.get(job.key)) is None:
                self._jobs[job.key] = job
            else:
                vars(held).update(vars(job))

    @classmethod
    def open(cls, path: str | os.PathLike[str], server: str) -> JobStore:
        """Return the jobs of a file.

        Raises
        ------
        FileNotFoundError
            If there is no file.
        UnreadableFileError
            If it is no file of jobs.
        InvalidInputError
            If it is of another server.
        """
        return cls(server, _read_jobs(path, server), path)


def _read_jobs(path: str | os.PathLike[str] | None, server: str) -> list[Job]:
    if path is None or not Path(path).exists():
        raise FileNotFoundError(f"There is no file of jobs {os.fspath(path or '')!r}.")
    name = os.fspath(path)
    try:
        table = Table.read(path, format=TEXT_FORMAT)
        jobs = jobs_of_columns(table)
    except (ValueError, TypeError, KeyError) as error:
        reason = f"The file {name} must be one of jobs that this package has written: {error}"
        raise UnreadableFileError(reason, filename=name) from None
    if table.meta.get("server") != server:
        raise InvalidInputError(
            f"The jobs of {name} must be of the server {server}, got those of {table.meta.get('server')}.",
            hint="Use the client of that server, or another file.",
        )
    return jobs
