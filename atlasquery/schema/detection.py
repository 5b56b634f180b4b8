# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The section ``lc`` of a record: detections in the difference images."""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["DETECTION"]


def _probability(name, what):
    """Return the field of one of the nine probabilities that the detection is of some kind."""
    return Integer(name, f"Probability that the detection is {what}, 0 to 999.")


DETECTION = RowSchema(
    "lc",
    "A detection.",
    [
        Float("mjd", "Time of the exposure (UTC), as the server gives it.", unit=u.d, required=True),
        Text("band", "Filter.", server_key="filter"),
        Float("mag", "AB magnitude; a negative one encodes a negative flux of that magnitude.", unit=u.mag),
        Float("mag_err", "Uncertainty of the magnitude.", server_key="magerr", unit=u.mag),
        Float("limit", "AB magnitude of a source at 5 sigma in this exposure.", server_key="mag5sig", unit=u.mag),
        Float("exptime", "Exposure time.", unit=u.s),
        Float("zp", "Zero point of the exposure: magnitude of one count a second.", unit=u.mag),
        Float("chi_n", "Chi square of the fit per degree of freedom.", server_key="chin"),
        Text("expname", "Name of the exposure: site and camera, night, type, number, filter."),
        Float("ra", "Right ascension (ICRS) of this measurement.", unit=u.deg),
        Float("dec", "Declination (ICRS) of this measurement.", unit=u.deg),
        Float("x", "Column on the detector.", unit=u.pix),
        Float("y", "Row on the detector.", unit=u.pix),
        Float("major", "Full width at half maximum along the major axis.", unit=u.pix),
        Float("minor", "Full width at half maximum along the minor axis.", unit=u.pix),
        Float("phi", "Position angle of the major axis on the detector.", unit=u.deg),
        Integer("det", "Kind of detection, as the detection software numbers it."),
        _probability("pvr", "of a variable star"),
        _probability("ptr", "of a transient"),
        _probability("pmv", "of a moving object"),
        _probability("pkn", "of a known object"),
        _probability("pno", "noise"),
        _probability("pbn", "a burn: a trail left by a bright star before"),
        _probability("pcr", "a cosmic ray"),
        _probability("pxt", "cross-talk"),
        _probability("psc", "a scar of a bright star"),
        Integer("dup", "Whether the exposure has the same detection again: -1, 0 or 1."),
        Float("wpflx", "The quantity WPflx of the survey's detection files."),
        Float("dflx", "The quantity dflx of the survey's detection files."),
        Text("pointing", "Name of the field, such as TA002N29, or of a special observation."),
        Integer("atlas_id", "ATLAS id of the object.", server_key="id"),
        Integer("exposure_id", "Number of the exposure in the database.", server_key="atlas_metadata_id"),
        Date("date_inserted", "When the row was put into the database.", null="an older server"),
    ],
)
