# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which address leads to which endpoint."""

from django.urls import path

from atlasquery.sandbox.settings import ROOT_PATH
from atlasquery.sandbox.views import cone, external_crossmatches, lists, objects, tokens, vra, writes

__all__ = ["handler404", "handler500", "urlpatterns"]

ENDPOINTS = {
    "auth-token": tokens.ObtainTokenView,
    "cone": cone.ConeView,
    "objects": objects.ObjectsView,
    "objectlist": lists.ObjectListView,
    "objectgroupslist": lists.ObjectGroupsListView,
    "vrascoreslist": vra.VRAScoresListView,
    "vraranklist": vra.VRARankListView,
    "vratodolist": vra.VRATodoListView,
    "externalxmlist": external_crossmatches.ExternalCrossmatchListView,
    "objectgroups": writes.ObjectGroupsView,
    "objectgroupsdelete": writes.ObjectGroupsDeleteView,
    "objectdetectionlist": writes.ObjectDetectionListView,
    "vrascores": writes.VRAScoresView,
    "vrarank": writes.VRARankView,
    "vratodo": writes.VRATodoView,
}

urlpatterns = [path(f"{ROOT_PATH}{name}/", view.as_view()) for name, view in ENDPOINTS.items()]
handler404 = "atlasquery.sandbox.views.error_pages.not_found"
handler500 = "atlasquery.sandbox.views.error_pages.fault"
