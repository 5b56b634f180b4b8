# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The URLs of the server: each endpoint and its view."""

from django.urls import path

from atlasquery.sandbox.settings import ATLAS_ROOT_PATH, FORCED_ROOT_PATH
from atlasquery.sandbox.views import cone, external_crossmatches, forced, lists, objects, tokens, vra, writes

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
    "api-token-auth/": forced.TokenView,
    "api-auth/login/": forced.LoginPageView,
    "queue/": forced.QueueView,
    "queue/<int:task_id>/": forced.TaskView,
    "queue/<int:task_id>/data.txt": forced.TaskDataView,
    "static/results/job<str:task_id>.txt": forced.ResultView,
    "taskrunnerstatus.json": forced.RunnerStatusView,
}


def _make_patterns(root_path, views):
    return [path(f"{root_path}{endpoint}", view.as_view()) for endpoint, view in views.items()]


urlpatterns = _make_patterns(ATLAS_ROOT_PATH, ATLAS_VIEWS) + _make_patterns(FORCED_ROOT_PATH, FORCED_VIEWS)
handler404 = "atlasquery.sandbox.views.error_pages.not_found"
handler500 = "atlasquery.sandbox.views.error_pages.server_error"
