# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views of one task: reading, changing, deleting it, and asking for its images."""

from django.http import HttpResponse, HttpResponseRedirect
from rest_framework import exceptions, status
from rest_framework.response import Response

from atlasquery.sandbox.forced.options import check_options
from atlasquery.sandbox.forced.queue import ImagesRefusedError
from atlasquery.sandbox.settings import FORCED_ROOT_PATH
from atlasquery.sandbox.views.forced.base import ForcedView

__all__ = ["ImageRequestView", "TaskView"]


class OneTaskView(ForcedView):
    """A view of one task."""

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


class TaskView(OneTaskView):
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
        is_form = hasattr(data, "getlist")
        if self.is_old:
            checked = check_options(data, is_form=is_form)  # the target must be given
            return {name: value for name, value in checked.items() if name in data}
        stored = dict(task.options)
        if is_form and self.request.method == "PUT":  # a bool that a form leaves out is false
            stored |= {"use_reduced": False, "send_email": False}
        changes = {name: data[name] for name in data}
        return check_options(stored | changes, is_form=is_form, has_parent=task.parent is not None)


class ImageRequestView(OneTaskView):
    """A request for the images of a task, which is a task too."""

    throttle_classes = []

    def setup(self, request, *args, **kwargs):
        """Choose the methods; in the older server the request is a GET."""
        super().setup(request, *args, **kwargs)
        self.http_method_names = ["get", "head", "options"] if self.is_old else ["post", "options"]

    def get(self, request, task_id):
        """Add the request, and send the client to the list of tasks."""
        try:
            added = self.queue.request_images(request.user, self._find_own(task_id))
        except ImagesRefusedError as error:
            return Response({"non_field_errors": str(error)}, status=status.HTTP_429_TOO_MANY_REQUESTS)
        return HttpResponseRedirect(f"/{FORCED_ROOT_PATH}queue/{f'?newids={added.id}' if added else ''}")

    post = get
