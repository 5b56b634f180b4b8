# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The view of the tasks of a user, and of submissions."""

import base64
import binascii

from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from atlasquery.sandbox.forced.older import check_lines
from atlasquery.sandbox.forced.options import check_options
from atlasquery.sandbox.forced.queue import QueueFullError
from atlasquery.sandbox.forced.submission import MAX_LINES, parse_radeclist
from atlasquery.sandbox.views.forced.base import ForcedView

__all__ = ["QueueView"]

DEFAULT_PAGE, MAX_PAGE = 6, 100


class QueueView(ForcedView):
    """The tasks of the user: a list of pages, and submissions."""

    def get(self, request):
        """Answer with a page of tasks, newest first."""
        if not request.user.is_authenticated:
            raise exceptions.PermissionDenied
        return self.tagged(request.user, self._make_page)

    def _make_page(self):
        params = self.request.query_params
        tasks = self.queue.tasks_of(self.request.user)
        if params.get("started") in ("true", "false"):
            tasks = [task for task in tasks if (task.started is not None) == (params["started"] == "true")]
        if params.get("ordering") in ("id", "timestamp"):
            tasks = tasks[::-1]
        size = _page_size(params.get("pagesize"))
        first = _first_index(params.get("cursor"), tasks)
        page = tasks[first : first + size]
        return {
            "next": self._page_url(page[-1].id) if first + size < len(tasks) else None,
            "previous": None if first == 0 else self._page_url(None),
            "pagefirsttaskposition": first,
            "taskcount": len(tasks),
            "results": [self.record_of(task) for task in page],
        }

    def _page_url(self, last_id):
        """Return the URL of the page below a task, or of the first page for None."""
        url = self.request.build_absolute_uri()
        if last_id is None:
            return remove_query_param(url, "cursor")
        return replace_query_param(url, "cursor", base64.b64encode(f"p={last_id}".encode()).decode().rstrip("="))

    def post(self, request):
        """Submit a task, or one for each line of ``radeclist``."""
        self.check_signed_in()
        data = request.data
        if isinstance(data, list):
            text = f"Invalid data. Expected a dictionary, but got {type(data).__name__}."
            raise exceptions.ValidationError({"non_field_errors": [text]})
        is_list = "radeclist" in data
        try:
            tasks = self.queue.submit(request.user, self._list_options(data) if is_list else [self._options(data)])
        except QueueFullError as error:
            return Response({"non_field_errors": str(error)}, status=status.HTTP_400_BAD_REQUEST)
        records = [self.record_of(task, is_submission=True) for task in tasks]
        if is_list:
            return Response(records, status=status.HTTP_201_CREATED)
        return Response(records[0], status=status.HTTP_201_CREATED, headers={"Location": records[0]["url"]})

    def _list_options(self, data):
        """Return the options of each line."""
        common = {name: data[name] for name in data if name not in ("radeclist", "ra", "dec", "mpc_name")}
        text = data["radeclist"]
        if self.is_old and self._is_blank(text):
            return []
        if data.get("ra") not in (None, "") and isinstance(text, str):
            text = f"{data['ra']} {data['dec']}\n{text}"
        try:
            targets = parse_radeclist(text)
        except ValueError as error:
            raise exceptions.ValidationError({"radeclist": error.args[0]}) from None
        return [self._options(common | target, is_form=hasattr(data, "getlist")) for target in targets]

    def _is_blank(self, text):
        try:
            return check_lines(text, MAX_LINES)
        except ValueError as error:
            raise exceptions.ValidationError({"radeclist": error.args[0]}) from None

    def _options(self, data, is_form=None):
        """Return the checked fields of a task."""
        return check_options(data, is_form=hasattr(data, "getlist") if is_form is None else is_form)


def _page_size(text):
    try:
        return min(max(int(text), 1), MAX_PAGE)
    except (TypeError, ValueError):
        return DEFAULT_PAGE


def _first_index(cursor, tasks):
    """Return the index of the first task of a page."""
    if cursor is None:
        return 0
    try:
        last_id = int(base64.b64decode(cursor + "=" * (-len(cursor) % 4)).decode().removeprefix("p="))
    except (binascii.Error, ValueError):
        raise exceptions.NotFound("Invalid cursor") from None
    return next((index + 1 for index, task in enumerate(tasks) if task.id == last_id), len(tasks))
