# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Section ``lcnondets`` of a record: exposures of the position without a detection of the object."""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["LIMIT"]

LIMIT = RowSchema(
    "lcnondets",
    "An exposure without a detection.",
    [
        Float("mjd", "Time of the exposure (MJD, UTC), as sent by the server.", unit=u.d, required=True),
        Text("band", "Filter.", server_key="filter"),
        Float("limit", "Limiting AB magnitude of the exposure at 5 sigma.", server_key="mag5sig", unit=u.mag),
        Float("exptime", "Exposure time.", unit=u.s),
        Float("zp", "Zero point of the exposure: AB magnitude of one count per second.", unit=u.mag),
        Text("expname", "Name of the exposure: site and camera, night, type, number and filter."),
        Text("pointing", "Name of the survey field, such as TA002N29, or of a special observation."),
        Text("filename", "Name of the file with the detections of the exposure."),
        Text("input", "Name of the input image.", null="not kept", type_confirmed=False),
        Text("reference", "Name of the reference image.", null="not kept", type_confirmed=False),
        Integer("exposure_id", "Number of the exposure in the server's database.", server_key="id"),
        Date("date_inserted", "Date when the row was added to the database (UTC).", null="an older server"),
    ],
)
