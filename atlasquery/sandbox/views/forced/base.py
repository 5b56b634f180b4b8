# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The base class of the views of the queue, which answer in JSON or with pages."""

from hashlib import md5
from http import HTTPStatus

from django.http import HttpResponseRedirect
from rest_framework import exceptions, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from atlasquery.sandbox.forced.authentication import (
    ForcedBasicAuthentication,
    ForcedSessionAuthentication,
    ForcedTokenAuthentication,
)
from atlasquery.sandbox.forced.older import older_record
from atlasquery.sandbox.forced.throttles import ForcedReadThrottle, ForcedWriteThrottle
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.settings import FORCED_ROOT_PATH

__all__ = ["PAGE", "ForcedView", "PageRenderer"]

PAGE = "<!DOCTYPE html><html><head><title>Forced photometry of the sandbox</title></head><body></body></html>"


class PageRenderer(BaseRenderer):
    """Pages for browsers; of an error its name alone."""

    media_type, format, charset = "text/html", "html", "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return the page."""
        code = renderer_context["response"].status_code
        if code in (status.HTTP_204_NO_CONTENT, status.HTTP_304_NOT_MODIFIED):
            return ""
        return f"{code} {HTTPStatus(code).phrase}" if code >= 400 else PAGE


class ForcedView(APIView):
    """A view of the queue."""

    description = ""
    authentication_classes = [ForcedBasicAuthentication, ForcedSessionAuthentication, ForcedTokenAuthentication]
    permission_classes = []
    throttle_classes = [ForcedWriteThrottle, ForcedReadThrottle]
    parser_classes = [JSONParser, FormParser, MultiPartParser]
    renderer_classes = [JSONRenderer, PageRenderer]

    def get_renderers(self):
        """Return JSON and pages; the first is for those who take anything, which in the older server is a page."""
        renderers = super().get_renderers()
        return renderers[::-1] if self.is_old else renderers

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

    def handle_exception(self, exc):
        """Return the answer of an error; a page, or the older server, sends those who are not signed in elsewhere."""
        response = super().handle_exception(exc)
        renderer = getattr(self.request, "accepted_renderer", None)  # none where what is asked for is not made
        if response.status_code in (401, 403) and (self.is_old or isinstance(renderer, PageRenderer)):
            return HttpResponseRedirect(f"/{FORCED_ROOT_PATH}api-auth/login/?next={self.request.path}")
        return response

    def record_of(self, task, *, is_submission=False):
        """Return the JSON of a task."""
        record = task.record(self.request.build_absolute_uri(f"/{FORCED_ROOT_PATH}"), self.queue.position(task))
        return older_record(record, is_submission=is_submission) if self.is_old else record

    def tagged(self, owner, make_content):
        """Answer with an entity tag, or with status 304 if the client has that of the tasks; pages have no tag."""
        if isinstance(self.request.accepted_renderer, PageRenderer):
            return Response(make_content())
        text = f"{self.request.get_full_path()} {self.queue.tag(owner)}"
        tag = f'"{md5(text.encode(), usedforsecurity=False).hexdigest()}"'
        if self.request.headers.get("If-None-Match") == tag:
            return Response(status=status.HTTP_304_NOT_MODIFIED)
        return Response(make_content(), headers={"ETag": tag})

    def check_signed_in(self):
        """Raise the error of a request without credentials."""
        if not self.request.user.is_authenticated:
            raise exceptions.NotAuthenticated
