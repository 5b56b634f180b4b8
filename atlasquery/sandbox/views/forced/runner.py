# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views of the whole queue: the state of its runner, and the places of the tasks of a user."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.views import View

from atlasquery.sandbox.forced.authentication import find_session_user
from atlasquery.sandbox.forced.queue import N_SLOTS
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.settings import FORCED_ROOT_PATH

__all__ = ["QueuePositionsView", "RunnerStatusView"]

# What the server answers where its runner has written nothing.
NO_STATUS = {
    "running": False,
    "stale": True,
    "typical_runtime_seconds": {},
    "user_queued_task_count": 0,
    "detail": "no usable status file (FileNotFoundError)",
}


class NewerView(View):
    """A view that the older server does not have."""

    def get(self, request):
        """Answer, or not."""
        if get_state().forced_vintage == "old":
            return HttpResponse("<h1>Not Found</h1>", status=404)
        return self.answer(request)

    def answer(self, request):
        """Answer the request."""
        raise NotImplementedError


class QueuePositionsView(NewerView):
    """The places of the tasks of a user, for a browser session only."""

    def answer(self, request):
        """Answer with the places, by the numbers of the tasks; send others to the log-in page."""
        user = find_session_user(request)
        if user is None:
            return HttpResponseRedirect(f"/{FORCED_ROOT_PATH}login/?next={request.path}")
        queue = get_state().forced_queue
        places = {task: queue.position(task) for task in reversed(queue.tasks_of(user))}
        tasks = {str(task.id): task for task, place in places.items() if place is not None}
        return JsonResponse(
            {
                "queuepositions": {number: places[task] for number, task in tasks.items()},
                "queuedtypes": {number: task.options["request_type"] for number, task in tasks.items()},
                "queueoffset": 0,
            }
        )


class RunnerStatusView(NewerView):
    """The state of the runner, for anyone."""

    def answer(self, request):
        """Answer with the state."""
        is_down = get_state().forced_queue.is_runner_down
        status = NO_STATUS if is_down else _make_status()
        headers = {"Cache-Control": "private, max-age=15"} | ({} if is_down else {"ETag": f'"{status["written"]}"'})
        return JsonResponse(status, headers=headers)


def _make_status():
    state = get_state()
    queue = state.forced_queue
    running, queued = queue.running(), queue.queued()
    by_type = {}
    for task in queued:
        by_type[task.options["request_type"]] = by_type.get(task.options["request_type"], 0) + 1
    written = datetime.fromtimestamp(state.clock(), UTC).isoformat()
    oldest = min((task.submitted for task in queued), default=None)
    return {
        "written": written,
        "pid": 1,
        "numslots": N_SLOTS,
        "slots_busy": len(running),
        "running_taskids": [task.id for task in running],
        "maintenance": False,
        "queued_task_count": len(queued),
        "distinct_queued_users": len({task.owner.pk for task in queued}),
        "queued_by_request_type": by_type,
        "oldest_queued_task_time": None
        if oldest is None
        else datetime.fromtimestamp(oldest, UTC).isoformat(timespec="seconds"),
        "running": True,
        "stale": False,
        "status_age_seconds": 0.0,
        "typical_runtime_seconds": {"FP": state.task_seconds},
        "user_queued_task_count": 0,
    }
