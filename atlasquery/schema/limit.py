# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The section ``lcnondets`` of a record: exposures of the place in which the object was not detected."""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["LIMIT"]

LIMIT = RowSchema(
    "lcnondets",
    "An exposure without a detection.",
    [
        Float("mjd", "Time of the exposure (UTC), as the server gives it.", unit=u.d, required=True),
        Text("band", "Filter.", server_key="filter"),
        Float("limit", "AB magnitude of a source at 5 sigma in this exposure.", server_key="mag5sig", unit=u.mag),
        Float("exptime", "Exposure time.", unit=u.s),
        Float("zp", "Zero point of the exposure: magnitude of one count a second.", unit=u.mag),
        Text("expname", "Name of the exposure: site and camera, night, type, number, filter."),
        Text("pointing", "Name of the field, such as TA002N29, or of a special observation."),
        Text("filename", "Name of the file of the exposure's detections."),
        Text("input", "Name of the input image.", null="not kept", type_confirmed=False),
        Text("reference", "Name of the reference image.", null="not kept", type_confirmed=False),
        Integer("exposure_id", "Number of the exposure in the database.", server_key="id"),
        Date("date_inserted", "When the row was put into the database.", null="an older server"),
    ],
)
