# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Section ``lc`` of a record: detections in the difference images."""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["DETECTION"]


def _probability(name, kind):
    """Return the field of the probability that the detection is of some kind."""
    return Integer(name, f"Probability that the detection is {kind}, 0 to 999.")


DETECTION = RowSchema(
    "lc",
    "A detection.",
    [
        Float("mjd", "Time of the exposure (MJD, UTC), as sent by the server.", unit=u.d, required=True),
        Text("band", "Filter.", server_key="filter"),
        Float(
            "mag",
            "AB magnitude; where it is negative, the flux is negative and has the magnitude abs(mag).",
            unit=u.mag,
        ),
        Float("mag_err", "Uncertainty of the magnitude.", server_key="magerr", unit=u.mag),
        Float("limit", "Limiting AB magnitude of the exposure at 5 sigma.", server_key="mag5sig", unit=u.mag),
        Float("exptime", "Exposure time.", unit=u.s),
        Float("zp", "Zero point of the exposure: AB magnitude of one count per second.", unit=u.mag),
        Float("chi_n", "Reduced chi square of the fit.", server_key="chin"),
        Text("expname", "Name of the exposure: site and camera, night, type, number and filter."),
        Float("ra", "Right ascension (ICRS) of this measurement.", unit=u.deg),
        Float("dec", "Declination (ICRS) of this measurement.", unit=u.deg),
        Float("x", "Column on the detector.", unit=u.pix),
        Float("y", "Row on the detector.", unit=u.pix),
        Float("major", "Full width at half maximum along the major axis.", unit=u.pix),
        Float("minor", "Full width at half maximum along the minor axis.", unit=u.pix),
        Float("phi", "Position angle of the major axis on the detector.", unit=u.deg),
        Integer("det", "Type of detection, a number set by the detection software."),
        _probability("pvr", "of a variable star"),
        _probability("ptr", "of a transient"),
        _probability("pmv", "of a moving object"),
        _probability("pkn", "of a known object"),
        _probability("pno", "noise"),
        _probability("pbn", "a burn: a trail left by a bright star in an earlier exposure"),
        _probability("pcr", "a cosmic ray"),
        _probability("pxt", "crosstalk"),
        _probability("psc", "a scar of a bright star"),
        Integer("dup", "Whether the exposure has a duplicate of the detection: -1, 0 or 1."),
        Float("wpflx", "Quantity WPflx of the survey's detection files."),
        Float("dflx", "Quantity dflx of the survey's detection files."),
        Text("pointing", "Name of the survey field, such as TA002N29, or of a special observation."),
        Integer("atlas_id", "ATLAS id of the object.", server_key="id"),
        Integer("exposure_id", "Number of the exposure in the server's database.", server_key="atlas_metadata_id"),
        Date("date_inserted", "Date when the row was added to the database (UTC).", null="an older server"),
    ],
)
