# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Results as files, exactly as received."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from atlasquery.exceptions import InvalidInputError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_results import read_result
from atlasquery.forcedphot.queue_pages import Send
from atlasquery.utils.files import replace_file

__all__ = ["write_result_files"]

_UNSAFE = re.compile(r"[^\w.+-]+")  # in the name of a file


def write_result_files(send: Send, jobs: Sequence[Job], folder: Path, *, overwrite: bool) -> list[Path]:
    """Write the result of each job into a folder, and return the files; a file that is there already is kept.

    Raises
    ------
    InvalidInputError
        If two jobs would have the same file.
    FileExistsError
        If a file has another content, and must not be overwritten.
    """
    paths = [folder / f"{_file_stem(job)}.txt" for job in jobs]
    _check_names(paths, jobs)
    folder.mkdir(parents=True, exist_ok=True)
    for job, path in zip(jobs, paths, strict=True):
        content = read_result(send, job).body
        if path.exists() and path.read_bytes() == content:
            continue
        if path.exists() and not overwrite:
            raise FileExistsError(f"The file {str(path)!r} exists with another content; `overwrite=True` replaces it.")
        with replace_file(path, sync=True) as new:
            new.write_bytes(content)
    return paths


def _check_names(paths: Sequence[Path], jobs: Sequence[Job]) -> None:
    """Raise an error if a file would have the results of two jobs; equal targets share one."""
    owners: dict[str, int | None] = {}
    for path, job in zip(paths, jobs, strict=True):
        # Some file systems do not distinguish cases.
        if owners.setdefault(path.name.lower(), job.job_id) != job.job_id:
            raise InvalidInputError(
                f"The keys of the jobs must make different names of files, got {path.name} for two jobs."
            )


def _file_stem(job: Job) -> str:
    """Return the name of a file without its suffix: that of the target, or the number of the job."""
    if isinstance(job.key, str):
        return _UNSAFE.sub("_", job.key).strip("._") or f"job{job.job_id}"
    return f"job{job.job_id}"
