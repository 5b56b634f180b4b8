# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views of the files of a task."""

import re

from django.http import HttpResponse
from django.views import View

from atlasquery.sandbox.forced.plot import make_plot
from atlasquery.sandbox.forced.results import parse_rows
from atlasquery.sandbox.server_state import get_state

__all__ = ["ImagesView", "PlotView", "PreviewView", "ResultFileView", "TaskDataView"]

CONTENT_TYPES = {
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".zip": "application/zip",
    ".fits": "application/fits",
}
FILE_NAME = re.compile(r"job(\d+)(\.\w+)")


class TaskFileView(View):
    """A file of a task, through the application."""

    suffix = ""

    def get(self, request, task_id):
        """Answer with the file."""
        task = get_state().forced_queue.find(task_id)
        content = None if task is None else self.make_content(task)
        if content is None:
            return HttpResponse("Page not found", status=404)
        disposition = f'inline; filename="{task.file_name(self.suffix)}"'
        headers = {"Content-Disposition": disposition}
        return HttpResponse(content, content_type=CONTENT_TYPES[self.suffix], headers=headers)

    def make_content(self, task):
        """Return the content of the file; None if the task has none."""
        return task.files.get(self.suffix)


class TaskDataView(TaskFileView):
    """The result of a task as text, also of one that the server calls without data."""

    suffix = ".txt"


class PreviewView(TaskFileView):
    """A small image."""

    suffix = ".jpg"


class PlotView(TaskFileView):
    """A plot of the fluxes, of results with rows."""

    suffix = ".pdf"

    def make_content(self, task):
        """Return the plot."""
        rows = parse_rows(task.result) if task.has_rows else []
        return make_plot(rows) if rows else None


class ImagesView(TaskFileView):
    """The images, by the number of the request or of its parent."""

    suffix = ".zip"

    def make_content(self, task):
        """Return the zip."""
        return task.images


class ResultFileView(View):
    """A file of a task by its name, as the web server of the real one gives it."""

    def get(self, request, name):
        """Answer with the file."""
        content, suffix = _find_file(name)
        if content is None:
            return HttpResponse("<h1>Not Found</h1>", status=404, content_type="text/html; charset=iso-8859-1")
        return HttpResponse(content, content_type=CONTENT_TYPES[suffix])


def _find_file(name):
    """Return the content of a file and the end of its name; (None, None) if there is no such file."""
    match = FILE_NAME.fullmatch(name)
    task = get_state().forced_queue.find(int(match[1])) if match else None
    if task is None or name != task.file_name(match[2]):
        return None, None
    if match[2] == ".zip":  # the images have the number of the parent
        return None if task.parent else task.images, ".zip"
    hidden = match[2] == ".txt" and not task.has_rows
    return None if hidden else task.files.get(match[2]), match[2]
