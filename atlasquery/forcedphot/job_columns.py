# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of the table of jobs, and the jobs of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import astropy.units as u
import numpy as np
from astropy.table import MaskedColumn, Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.target import ForcedOptions, ForcedTarget
from atlasquery.forcedphot.tasks import STATUSES
from atlasquery.inputs.images import IMAGES

__all__ = ["columns_of_jobs", "jobs_of_columns"]

DAYS_KEPT = timedelta(days=31)  # that the server keeps a finished task which was sent with a token
_DEGREE, _DAY, _MOTION = u.deg, u.d, u.mas / u.yr

# Name, type, unit and description of the columns.
_COLUMNS: tuple[tuple[str, type, Any, str], ...] = (
    ("key", str, None, "Key of the light curve."),
    ("job_id", int, None, "Number of the task; masked before it is sent."),
    ("ra", float, _DEGREE, "Right ascension (ICRS) at the epoch; masked for a moving object."),
    ("dec", float, _DEGREE, "Declination (ICRS) at the epoch; masked for a moving object."),
    ("mpc", str, None, "Designation of a moving object; masked for a position."),
    ("start", float, _DAY, "Start of the time range (MJD); masked for the whole archive."),
    ("end", float, _DAY, "End of the time range (MJD); masked without an end."),
    ("images", str, None, "Images that are measured: difference or reduced."),
    ("status", str, None, f"One of {', '.join(STATUSES)}."),
    ("queue_position", int, None, "Place in the queue; masked where it is not known."),
    ("attempts", int, None, "Number of attempts; masked where it is not known."),
    ("message", str, None, "Why there are no rows."),
    ("url", str, None, "Address of the task, which needs no account."),
    ("expires", str, None, "Time (UTC) when the server deletes the task and its result, 31 days after its end."),
    ("pm_ra", float, _MOTION, "Proper motion in RA times cos(Dec)."),
    ("pm_dec", float, _MOTION, "Proper motion in Dec."),
    ("epoch", float, u.yr, "Epoch of the position (Julian year); masked without proper motion."),
    ("comment", str, None, "Comment of the submission at the server; masked before it is sent."),
    ("sent", str, None, "Time (UTC) of the submission; masked before it is sent."),
    ("finished", str, None, "Time (UTC) of the end; masked before it."),
)
_FILL: dict[type, Any] = {int: 0, float: np.nan, str: ""}


def columns_of_jobs(jobs: Sequence[Job]) -> dict[str, MaskedColumn]:
    """Return the columns of a table of jobs, one row a job."""
    rows = [_row_of_job(job) for job in jobs]
    has_numbers = bool(jobs) and all(isinstance(job.key, int) for job in jobs)
    return {
        name: _column([row[name] for row in rows], name, int if name == "key" and has_numbers else kind, unit, text)
        for name, kind, unit, text in _COLUMNS
    }


def _row_of_job(job: Job) -> dict[str, Any]:
    target, options = job.target, job.options
    of_job = {name: getattr(job, name) for name, *_ in _COLUMNS if hasattr(job, name)}
    of_target = {name: getattr(target, name) for name in ("ra", "dec", "mpc", "pm_ra", "pm_dec", "epoch")}
    of_options = {"start": options.start, "end": options.end, "images": options.images}
    return of_job | of_target | of_options | {"expires": _expiry(job.finished)}


def _expiry(finished: str | None) -> str | None:
    """Return the time when a finished task is deleted."""
    if finished is None:
        return None
    return (datetime.fromisoformat(finished).replace(tzinfo=None) + DAYS_KEPT).isoformat(timespec="seconds")


def _column(values: list[Any], name: str, kind: type, unit: Any, description: str) -> MaskedColumn:
    mask = [value is None for value in values]
    data = np.array([_FILL[kind] if value is None else value for value in values], dtype=_dtype(kind))
    return MaskedColumn(data, mask=mask, name=name, unit=unit, description=description)


def _dtype(kind: type) -> Any:
    return np.int64 if kind is int else kind


def jobs_of_columns(table: Table) -> list[Job]:
    """Return the jobs of a table, such as one that was read from a file.

    Raises
    ------
    InvalidInputError
        If a column is missing, or has a value that no job has.
    """
    if missing := [name for name, *_ in _COLUMNS if name not in table.colnames]:
        raise InvalidInputError(f"The table of jobs must have the column {', '.join(map(repr, missing))}, got none.")
    values = {name: _values(table, name, kind) for name, kind, *_ in _COLUMNS}
    return [
        _job_of_row(dict(zip(values, row, strict=True)), number)
        for number, row in enumerate(zip(*values.values(), strict=True))
    ]


def _values(table: Table, name: str, kind: type) -> list[Any]:
    """Return the values of a column as Python has them, None where masked."""
    column = table[name]
    masks = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    data = [None if masked else value for value, masked in zip(np.asarray(column).tolist(), masks, strict=True)]
    if name == "key":
        return data
    try:
        return [None if value is None else kind(value) for value in data]
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"Column {name!r} of the table of jobs must be of type {kind.__name__}: {error}."
        ) from None


def _job_of_row(row: Mapping[str, Any], number: int) -> Job:
    if row["images"] not in IMAGES or row["status"] not in STATUSES or row["key"] is None:
        got = ", ".join(f"{name} {row[name]!r}" for name in ("key", "images", "status"))
        raise InvalidInputError(f"Row {number} of the table of jobs must have a key, images and a status, got {got}.")
    motion = {name: row[name] or 0.0 for name in ("pm_ra", "pm_dec")}
    target = ForcedTarget(row["ra"], row["dec"], epoch=row["epoch"], mpc=row["mpc"], **motion)
    options = ForcedOptions(row["start"], row["end"], row["images"])
    names = ("comment", "sent", "job_id", "url", "status", "queue_position", "attempts", "message", "finished")
    return Job(row["key"], target, options, **{name: row[name] for name in names})
