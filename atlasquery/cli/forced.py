# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery forced`` and ``forced-jobs``: forced photometry of any position."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from atlasquery.cli.arguments import parse_since
from atlasquery.cli.command import command
from atlasquery.cli.exit_codes import ExitCode
from atlasquery.cli.light_curve import parse_plot, save_plot, write_light_curve
from atlasquery.cli.output import output_options, write_table

__all__ = ["forced_command", "forced_jobs_command"]

_COLUMNS = ("job_id", "ra", "dec", "mpc", "images", "status", "queue_position", "attempts", "message", "expires")


@command("forced")
@click.argument("position", nargs=-1)
@click.option("--mpc", help="Designation of a moving object, such as '(12267)', in place of a position.")
@click.option("--start", help="Start: an ISO date, or a time span before now such as 30d. By default all data.")
@click.option("--end", help="End: an ISO date, or a time span before now.")
@click.option("--reduced", is_flag=True, help="Measure on reduced images, with the light of the host.")
@click.option("--timeout", type=float, help="Maximum seconds to wait; the job goes on at the server.")
@click.option(
    "--plot", type=click.Path(dir_okay=False), callback=parse_plot, help="File for a plot, such as cow.png or cow.pdf."
)
@output_options
def forced_command(
    position: tuple[str, ...],
    mpc: str | None,
    start: str | None,
    end: str | None,
    reduced: bool,
    timeout: float | None,
    plot: str | None,
    output: str | None,
    table_format: str | None,
) -> None:
    """Measure the flux at POSITION on all images, wait, and print or save the light curve.

    POSITION is right ascension and declination: two numbers in degrees, or hours and degrees such as 16h16m00.2s
    +22d16m05s. Put it in quotes if the declination is negative. It needs an account of the public forced-photometry
    server: `atlasquery login --forced`. One job of a user runs at a time, and takes minutes.

    \b
    Example:
      atlasquery forced "16h16m00.2s +22d16m05s" --start 2018-01-01 -o cow.ecsv
    """
    from atlasquery import ForcedPhotometry

    light_curve = ForcedPhotometry.get_light_curve(
        " ".join(position) or None,
        mpc=mpc,
        start=parse_since(start, "--start"),
        end=parse_since(end, "--end"),
        images="reduced" if reduced else "difference",
        timeout=timeout,
    )
    if plot is not None:
        save_plot(light_curve, plot)
    write_light_curve(light_curve, output, table_format, is_plotted=plot is not None)


@command("forced-jobs")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--status", help="Only jobs of this status, such as done or waiting.")
@click.option("--since", help="Only jobs submitted since: an ISO date, or a time span before now such as 7d.")
@click.option("--results", type=click.Path(file_okay=False), help="Write the results into this folder, as received.")
@click.option("--cancel", is_flag=True, help="Delete those of NUMBERS that are not finished.")
@click.option("--delete", is_flag=True, help="Delete those of NUMBERS that are finished, with their results.")
@output_options
def forced_jobs_command(
    numbers: tuple[int, ...],
    status: str | None,
    since: str | None,
    results: str | None,
    cancel: bool,
    delete: bool,
    output: str | None,
    table_format: str | None,
) -> None:
    """Print the jobs of forced photometry of the account, or those of NUMBERS.

    The server deletes a job and its result 31 days after its end.

    \b
    Examples:
      atlasquery forced-jobs --status done
      atlasquery forced-jobs 3141592 --results folder/
      atlasquery forced-jobs 3141592 --delete
    """
    from atlasquery import ForcedPhotometry

    if (cancel or delete) and not numbers:
        raise click.UsageError("--cancel and --delete need the numbers of jobs.")
    jobs = _select(ForcedPhotometry.list_jobs(status, parse_since(since)), numbers)
    if results is not None:
        jobs.write_results(Path(results))
    if cancel:
        jobs.cancel()
    if delete:
        jobs.delete()
    write_table(jobs if output else jobs[list(_COLUMNS)], output, table_format)


def _select(jobs: Any, numbers: tuple[int, ...]) -> Any:
    """Return the jobs of these numbers; all without numbers."""
    if not numbers:
        return jobs
    rows = {number: row for row, number in enumerate(jobs["job_id"].tolist())}
    if missing := [number for number in numbers if number not in rows]:
        raise ExitCode(10, f"The account has no job {', '.join(map(str, missing))}, or another status or time.")
    return jobs[[rows[number] for number in numbers]]
