# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``cone/``: the objects around a position."""

import math

import numpy as np
from rest_framework import status
from rest_framework.response import Response

from atlasquery.sandbox.models import AtlasObject
from atlasquery.sandbox.serializers import ConeQuery
from atlasquery.sandbox.views.base import ReadEndpoint, finite

__all__ = ["ConeView", "separation"]

MAX_RADIUS = 300.0
ARCSEC_PER_DEGREE = 3600.0


class ConeView(ReadEndpoint):
    """Cone search: all, the nearest, or their number."""

    query = ConeQuery

    def answer(self, request, asked):
        """Search; the answer has separations, but no coordinates."""
        if asked["radius"] > MAX_RADIUS:
            return Response({"error": "Max radius is 300 arcsec."}, status=status.HTTP_400_BAD_REQUEST)
        found = search(asked["ra"], asked["dec"], asked["radius"])
        if asked["requestType"] == "count":
            return Response({"count": len(found)})
        if asked["requestType"] == "nearest":
            return Response(found[0] if found else {})
        return Response(found)


def search(ra, dec, radius):
    """Return the objects nearer than ``radius`` arcsec, sorted by their separation.

    The index on the declination leaves a band, in which great circles decide: neither the poles nor RA 0 are special.
    """
    finite(ra, dec, radius)
    if abs(dec) > 90:
        return []
    width = radius / ARCSEC_PER_DEGREE
    # A little wider than the cone: rounding must not cost an object that lies exactly north or south.
    band = AtlasObject.objects.filter(dec__range=(dec - width - 1e-9, dec + width + 1e-9))
    rows = list(band.values_list("id", "ra", "dec", "atlas_designation"))
    if not rows:
        return []
    ids, ras, decs, names = zip(*rows, strict=True)
    distances = separation(ra % 360.0, dec, np.array(ras), np.array(decs))
    inside = np.flatnonzero(distances < radius)
    order = inside[np.argsort(distances[inside], kind="stable")]
    return [{"object": ids[i], "separation": float(distances[i]), "objectname": names[i]} for i in order]


def separation(ra, dec, ras, decs):
    """Return the great-circle distances of positions (degrees) from one, in arcsec, by the haversine formula."""
    half_dec, half_ra = np.radians(decs - dec) / 2, np.radians(ras - ra) / 2
    flattening = math.cos(math.radians(dec)) * np.cos(np.radians(decs))
    square = np.sin(half_dec) ** 2 + flattening * np.sin(half_ra) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.minimum(square, 1.0)))) * ARCSEC_PER_DEGREE
