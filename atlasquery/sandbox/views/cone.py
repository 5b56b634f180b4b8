# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``cone/``: the objects around a position."""

import math

import numpy as np
from rest_framework import status
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject
from atlasquery.sandbox.serializers import ConeQuery
from atlasquery.sandbox.views.base import ReadEndpoint
from atlasquery.sandbox.views.values import require_finite

__all__ = ["ConeView", "angular_separation", "search_cone"]

MAX_RADIUS = 300.0  # arcsec
ARCSEC_PER_DEGREE = 3600.0
# Degrees added to the declination band: rounding must not lose an object exactly north or south of the centre.
BAND_MARGIN = 1e-9


class ConeView(ReadEndpoint):
    """Cone search: all objects, the nearest, or their number."""

    params_serializer = ConeQuery

    def answer(self, request, params):
        """Search; the answer has separations, but no coordinates."""
        if params["radius"] > MAX_RADIUS:
            return Response({"error": "Max radius is 300 arcsec."}, status=status.HTTP_400_BAD_REQUEST)
        rows = search_cone(params["ra"], params["dec"], params["radius"])
        if params["requestType"] == "count":
            return Response({"count": len(rows)})
        if params["requestType"] == "nearest":
            return Response(rows[0] if rows else {})
        return Response(rows)


def search_cone(ra, dec, radius):
    """Return the objects within ``radius`` arcsec, sorted by separation.

    The database selects a band in declination, great circles decide within it; so the poles and RA 0 need no special
    case.
    """
    require_finite(ra, dec, radius)
    if abs(dec) > 90:
        return []
    half_width = radius / ARCSEC_PER_DEGREE + BAND_MARGIN
    band = AtlasObject.objects.filter(dec__range=(dec - half_width, dec + half_width))
    candidates = list(band.values_list("id", "ra", "dec", "atlas_designation"))
    if not candidates:
        return []
    ids, ras, decs, names = zip(*candidates, strict=True)
    separations = angular_separation(ra % 360.0, dec, np.array(ras), np.array(decs))
    inside = np.flatnonzero(separations < radius)
    order = inside[np.argsort(separations[inside], kind="stable")]
    return [{"object": ids[i], "separation": float(separations[i]), "objectname": names[i]} for i in order]


def angular_separation(ra, dec, ras, decs):
    """Return the separations (arcsec) of positions from one position (degrees), by the haversine formula."""
    half_dec, half_ra = np.radians(decs - dec) / 2, np.radians(ras - ra) / 2
    cosines = math.cos(math.radians(dec)) * np.cos(np.radians(decs))
    haversine = np.sin(half_dec) ** 2 + cosines * np.sin(half_ra) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))) * ARCSEC_PER_DEGREE
