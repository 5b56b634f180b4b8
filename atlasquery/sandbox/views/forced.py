# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views of the forced-photometry server: token, queue, tasks, results and the state of its runner."""

import base64
import binascii
from datetime import UTC, datetime
from hashlib import md5

from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from rest_framework import exceptions, status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from atlasquery.sandbox.forced.accounts import FORCED_ROLES, make_forced_token
from atlasquery.sandbox.forced.authentication import ForcedBasicAuthentication, ForcedTokenAuthentication
from atlasquery.sandbox.forced.older import check_lines, older_fields, older_record
from atlasquery.sandbox.forced.queue import N_SLOTS, QueueFullError
from atlasquery.sandbox.forced.submission import MAX_LINES, SubmissionSerializer, parse_radeclist
from atlasquery.sandbox.forced.throttles import ForcedReadThrottle, ForcedWriteThrottle
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.settings import FORCED_ROOT_PATH

__all__ = ["LoginPageView", "QueueView", "ResultView", "RunnerStatusView", "TaskDataView", "TaskView", "TokenView"]

DEFAULT_PAGE, MAX_PAGE = 6, 100
ORDERINGS = ("id", "-id", "timestamp", "-timestamp")
MJD_1970 = 40587.0
PAGE = "<!DOCTYPE html><html><head><title>Forced photometry of the sandbox</title></head><body></body></html>"


class TokenView(APIView):
    """The token of a name and a password; it never expires."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = [JSONRenderer]

    def post(self, request):
        """Answer with the token."""
        serializer = ForcedAuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        return Response({"token": make_forced_token(serializer.validated_data["user"].username, get_state().sky.seed)})


class ForcedAuthTokenSerializer(AuthTokenSerializer):
    """Name and password of an account of this server."""

    def validate(self, attrs):
        """Return the account, or raise one error for all that can be wrong."""
        user = FORCED_ROLES.get(attrs["username"])
        if user is None or not user.has_password(attrs["password"]):
            raise exceptions.ValidationError("Unable to log in with provided credentials.", code="authorization")
        return attrs | {"user": user}


class JSONNegotiation(DefaultContentNegotiation):
    """JSON for whatever is asked; `ForcedView.finalize_response` makes pages of it."""

    def select_renderer(self, request, renderers, format_suffix=None):
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class ForcedView(APIView):
    """A view of the queue."""

    description = ""
    authentication_classes = [ForcedBasicAuthentication, ForcedTokenAuthentication]
    permission_classes = []
    throttle_classes = [ForcedWriteThrottle, ForcedReadThrottle]
    parser_classes = [JSONParser, FormParser, MultiPartParser]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = JSONNegotiation

    def get_authenticate_header(self, request):
        """Return the challenge of the first way to sign in."""
        return 'Basic realm="api"'

    @property
    def queue(self):
        """The queue of this server process."""
        return get_state().forced_queue

    @property
    def is_old(self):
        """Whether the server is the older one."""
        return get_state().forced_vintage == "old"

    @property
    def wants_page(self):
        """Whether the answer is a page: a browser asks for one, and the older server sends one to all but programs."""
        accept = self.request.headers.get("Accept", "*/*")
        return accept.startswith("text/html") or (self.is_old and accept == "*/*")

    def handle_exception(self, exc):
        """Return the answer of an error; a page, or the older server, sends those who are not signed in elsewhere."""
        response = super().handle_exception(exc)
        if response.status_code in (401, 403) and (self.is_old or self.wants_page):
            return HttpResponseRedirect(f"/{FORCED_ROOT_PATH}api-auth/login/?next={self.request.path}")
        return response

    def finalize_response(self, request, response, *args, **kwargs):
        """Return the answer, or a page in its place."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if not isinstance(response, Response) or not self.wants_page:
            return response
        if response.status_code == 400:
            return HttpResponse("400 Bad Request", status=400)
        page = HttpResponse(PAGE, status=response.status_code)
        if location := response.headers.get("Location"):
            page["Location"] = location
        return page

    def record_of(self, task, *, is_submission=False):
        """Return the JSON of a task."""
        record = task.record(self.request.build_absolute_uri(f"/{FORCED_ROOT_PATH}"), self.queue.position(task))
        return older_record(record, is_submission=is_submission) if self.is_old else record

    def tagged(self, owner, make_content):
        """Answer with an entity tag, or with status 304 if the client has that of the tasks of this user."""
        text = f"{self.request.get_full_path()} {self.queue.tag(owner)}"
        tag = f'"{md5(text.encode(), usedforsecurity=False).hexdigest()}"'
        if self.request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified()
        return Response(make_content(), headers={"ETag": tag})

    def check_signed_in(self):
        """Raise the error of a request without credentials."""
        if not self.request.user.is_authenticated:
            raise exceptions.NotAuthenticated


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
        params = self.request.query_params.copy()
        params.pop("cursor", None)
        if last_id is not None:
            params["cursor"] = base64.b64encode(f"p={last_id}".encode()).decode().rstrip("=")
        query = params.urlencode()
        return self.request.build_absolute_uri(f"/{FORCED_ROOT_PATH}queue/{f'?{query}' if query else ''}")

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


def check_options(data, *, is_form):
    """Return the checked fields; in a form a bool that is left out is false, and an empty number null."""
    fields = {name: data[name] for name in data}
    if is_form:
        fields = {name: None if value == "" else value for name, value in fields.items()}
        fields.setdefault("send_email", False)
    is_old = get_state().forced_vintage == "old"
    fields = older_fields(fields) if is_old else fields
    if is_old and "mpc_name" in fields and fields["mpc_name"] is None and not is_form:
        raise TypeError("null has no letters")  # the server fails
    context = {"is_old": is_old, "now_mjd": get_state().clock() / 86400 + MJD_1970}
    serializer = SubmissionSerializer(data=fields, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


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


class TaskView(ForcedView):
    """One task, which anyone may read."""

    def get(self, request, task_id):
        """Answer with the task."""
        task = self._find(task_id)
        if task.is_archived:
            return HttpResponse("Page not found", status=404)
        return self.tagged(task.owner, lambda: self.record_of(task))

    def patch(self, request, task_id):
        """Change fields; those of the target do not change a result that is there."""
        task = self._find_own(task_id)
        self.queue.change(task, self._changed(task, request.data))
        if self.is_old:
            task.owner = request.user  # also staff
        return Response(self.record_of(task))

    put = patch

    def delete(self, request, task_id):
        """Delete the task; that of a deleted finished one is a success too."""
        self.queue.delete(self._find_own(task_id))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _changed(self, task, data):
        if self.is_old:
            return check_options(data, is_form=hasattr(data, "getlist")) | {"comment": data.get("comment")}
        is_form = hasattr(data, "getlist")
        current = {name: value for name, value in task.options.items() if value is not None}
        return check_options(current | {name: data[name] for name in data}, is_form=is_form)

    def _find(self, task_id):
        task = self.queue.find(task_id)
        if task is None:
            raise exceptions.NotFound("No Task matches the given query.")
        return task

    def _find_own(self, task_id):
        self.check_signed_in()
        task, user = self._find(task_id), self.request.user
        if task.owner.pk != user.pk and not user.is_staff:
            raise exceptions.PermissionDenied("You must be the owner of this object.")
        return task


class TaskDataView(APIView):
    """The result of a task as text, also of one that the server calls without data."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request, task_id):
        """Answer with the file."""
        task = get_state().forced_queue.find(task_id)
        if task is None or task.result is None:
            return HttpResponse("Page not found", status=404)
        disposition = f'inline; filename="job{task_id:05d}.txt"'
        return HttpResponse(task.result, content_type="text/plain", headers={"Content-Disposition": disposition})


class ResultView(APIView):
    """The result file of a task, as the web server of the real one gives it."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request, task_id):
        """Answer with the file."""
        task = get_state().forced_queue.find(int(task_id))
        if task is None or not task.has_rows:
            return HttpResponse("<h1>Not Found</h1>", status=404)
        return HttpResponse(task.result, content_type="text/plain")


class LoginPageView(APIView):
    """The page to which those who are not signed in are sent."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request):
        """Answer with the page."""
        return HttpResponse(PAGE)


class RunnerStatusView(APIView):
    """The state of the runner, for anyone."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = [JSONRenderer]

    def get(self, request):
        """Answer with the state."""
        state = get_state()
        if state.forced_vintage == "old":
            return HttpResponse("<h1>Not Found</h1>", status=404)
        queue = state.forced_queue
        running, queued = queue.running(), queue.queued()
        by_type = {}
        for task in queued:
            by_type[task.options["request_type"]] = by_type.get(task.options["request_type"], 0) + 1
        written = datetime.fromtimestamp(state.clock(), UTC).isoformat()
        oldest = min((task.submitted for task in queued), default=None)
        return Response(
            {
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
        )
