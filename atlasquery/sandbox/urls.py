# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The URLs of the server: each endpoint and its view."""

from django.urls import path

from atlasquery.sandbox.settings import ATLAS_ROOT_PATH, FORCED_ROOT_PATH
from atlasquery.sandbox.views import cone, external_crossmatches, lists, objects, tokens, vra, writes
from atlasquery.sandbox.views.forced import files, queue, runner, sign_in, task

__all__ = ["handler404", "handler500", "urlpatterns"]

# Below ATLAS_ROOT_PATH.
ATLAS_VIEWS = {
    "auth-token/": tokens.ObtainTokenView,
    "cone/": cone.ConeView,
    "objects/": objects.ObjectsView,
    "objectlist/": lists.ObjectListView,
    "objectgroupslist/": lists.ObjectGroupsListView,
    "vrascoreslist/": vra.VRAScoresListView,
    "vraranklist/": vra.VRARankListView,
    "vratodolist/": vra.VRATodoListView,
    "externalxmlist/": external_crossmatches.ExternalCrossmatchListView,
    "objectgroups/": writes.ObjectGroupsView,
    "objectgroupsdelete/": writes.ObjectGroupsDeleteView,
    "objectdetectionlist/": writes.ObjectDetectionListView,
    "vrascores/": writes.VRAScoresView,
    "vrarank/": writes.VRARankView,
    "vratodo/": writes.VRATodoView,
}


# Below FORCED_ROOT_PATH.
FORCED_VIEWS = {
    "api-token-auth/": sign_in.TokenView,
    "api-auth/login/": sign_in.LoginView,
    "login/": sign_in.LoginView,
    "queue/": queue.QueueView,
    "queue/<int:task_id>/": task.TaskView,
    "queue/<int:task_id>/requestimages/": task.ImageRequestView,
    "queue/<int:task_id>/data.txt": files.TaskDataView,
    "queue/<int:task_id>/plot.pdf": files.PlotView,
    "queue/<int:task_id>/preview.jpg": files.PreviewView,
    "queue/<int:task_id>/images.zip": files.ImagesView,
    "queuepositions.json": runner.QueuePositionsView,
    "static/results/<str:name>": files.ResultFileView,
    "taskrunnerstatus.json": runner.RunnerStatusView,
}


def _make_patterns(root_path, views):
    return [path(f"{root_path}{endpoint}", view.as_view()) for endpoint, view in views.items()]


urlpatterns = _make_patterns(ATLAS_ROOT_PATH, ATLAS_VIEWS) + _make_patterns(FORCED_ROOT_PATH, FORCED_VIEWS)
handler404 = "atlasquery.sandbox.views.error_pages.not_found"
handler500 = "atlasquery.sandbox.views.error_pages.server_error"
