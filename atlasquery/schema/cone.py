# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of ``cone/``: the objects around a position. They have no coordinates."""

import astropy.units as u

from atlasquery.schema.field import Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["CONE"]

CONE = RowSchema(
    "cone",
    "An object inside the cone.",
    [
        Integer("atlas_id", "ATLAS id of the object, 19 digits.", server_key="object", required=True),
        Text(
            "name",
            "ATLAS designation, such as ATLAS18qqn.",
            server_key="objectname",
            null="the object has no designation",
        ),
        Float("separation", "Separation from the centre of the cone.", unit=u.arcsec, required=True),
    ],
)
