# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The last attempt of a task: its files, or its error."""

from atlasquery.sandbox.forced.images import make_cutout, make_stack, make_zip
from atlasquery.sandbox.forced.preview import make_preview
from atlasquery.sandbox.forced.results import damaged_result, has_rows, is_parsable, parse_rows

__all__ = ["run_task"]

PARENT_IS_GONE = "The forced photometry data file for the parent task is no longer available."


def run_task(task, measure, fault):
    """Give a task its files and its error.

    Parameters
    ----------
    task : ForcedTask
        The task.
    measure : callable
        Takes the options of a task and returns the text of its result.
    fault : Fault or None
        What happens to the task.
    """
    if fault is not None and fault.kind == "task_error":
        task.error = str(fault.value or "Error: object not found")
    else:
        RUNS[task.options["request_type"]](task, measure, fault)


def _force_photometry(task, measure, fault):
    text = task.files[".txt"] = damaged_result(measure(task.options), fault)
    if not has_rows(text):
        task.error = "No data returned"
    elif not is_parsable(text):
        task.error = "Could not parse the result file"
    elif fault is None:  # a damaged run makes no picture
        task.files[".jpg"] = make_preview(make_cutout(parse_rows(text)[-1]))


def _stack_images(task, measure, fault):
    if fault is not None:
        task.error = "No image stack was produced."
    else:
        task.files[".fits"] = make_stack(task.options["mpc_name"])


def _collect_images(task, measure, fault):
    if task.parent.result is None:
        task.error = PARENT_IS_GONE
    else:
        task.files[".zip"] = make_zip(parse_rows(task.parent.result))


RUNS = {"FP": _force_photometry, "SSOSTACK": _stack_images, "IMGZIP": _collect_images}
