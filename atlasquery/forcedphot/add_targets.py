# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Targets of a call become jobs of a run; those that are in its file already must be the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from atlasquery.exceptions import InvalidQueryError
from atlasquery.forcedphot.job import Job
from atlasquery.forcedphot.job_store import JobStore
from atlasquery.forcedphot.target import ForcedOptions, ForcedTarget

__all__ = ["add_targets"]

TOLERANCE = 1e-8  # degrees, by which a position may differ after it was computed again
MAX_DIFFERENCE_DAYS = 1e-6


def add_targets(
    store: JobStore, targets: Mapping[int | str, ForcedTarget], options: ForcedOptions, *, is_relative: bool
) -> None:
    """Add the targets that are not in a run yet, and write its file.

    Parameters
    ----------
    store : JobStore
        The run.
    targets : mapping
        Targets by their keys.
    options : ForcedOptions
        Time range and images.
    is_relative : bool
        Whether the time range is counted back from now: then that of the file is the one of the first call.

    Raises
    ------
    InvalidQueryError
        If a key of the run has another target or other options.
    """
    held = {job.key: job for job in store.jobs}
    for key, target in targets.items():
        if key in held:
            _check_same(held[key], target, options, is_relative=is_relative)
    store.add([Job(key, target, options) for key, target in targets.items()])
    store.save()


def _check_same(job: Job, target: ForcedTarget, options: ForcedOptions, *, is_relative: bool) -> None:
    if not _is_same_target(job.target, target):
        got, known = target.text, job.target.text
    elif job.options.images != options.images:
        got, known = f"{options.images} images", f"{job.options.images} images"
    elif not is_relative and not _is_same_range(job.options, options):
        got, known = _range_text(options), _range_text(job.options)
    else:
        return
    raise InvalidQueryError(
        f"Target {job.key!r} must be the one in the file of the jobs, {known}, got {got}.",
        hint="Use another file for other targets, another time range or other images.",
    )


def _is_same_target(first: ForcedTarget, second: ForcedTarget) -> bool:
    if first.mpc != second.mpc:
        return False
    return _are_close(_numbers(first), _numbers(second), TOLERANCE)


def _numbers(target: ForcedTarget) -> tuple[float | None, ...]:
    return target.ra, target.dec, target.pm_ra, target.pm_dec, target.epoch


def _is_same_range(first: ForcedOptions, second: ForcedOptions) -> bool:
    return _are_close((first.start, first.end), (second.start, second.end), MAX_DIFFERENCE_DAYS)


def _are_close(first: tuple[float | None, ...], second: tuple[float | None, ...], tolerance: float) -> bool:
    values, others = (np.array(numbers, dtype=float) for numbers in (first, second))  # NaN for None
    return bool(np.allclose(values, others, rtol=0, atol=tolerance, equal_nan=True))


def _range_text(options: ForcedOptions) -> str:
    start, end = ("no limit" if value is None else f"{value:.5f}" for value in (options.start, options.end))
    return f"MJD {start} to {end}"
