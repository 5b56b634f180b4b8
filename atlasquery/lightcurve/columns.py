# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The columns that a light curve begins with, whichever section of a record its rows are from.

They are declared as the schema's are; the columns behind them are the schema's own.
"""

import astropy.units as u

from atlasquery.schema import DETECTION, FORCED, LIMIT, Float, Text

__all__ = ["ALL_COLUMNS", "COLUMNS", "SECTIONS"]

# Section of the record: the kind of its rows, and their declaration.
SECTIONS = {
    "lc": ("detection", DETECTION),
    "lcnondets": ("limit", LIMIT),
    "fp": ("forced", FORCED),
}

COLUMNS = {
    field.name: field
    for field in (
        Text("band", "Filter: c (cyan), o (orange), and others.", null="not known"),
        Text("kind", "detection, limit (nothing detected) or forced."),
        Float("flux", "Difference flux; negative is real.", unit=u.uJy, null="not measured, or the fit failed"),
        Float("flux_err", "Uncertainty of the flux.", unit=u.uJy, null="not measured, or the fit failed"),
        Float("mag", "AB magnitude.", unit=u.mag, null="not measured, or the flux is not positive"),
        Float(
            "mag_err",
            "Uncertainty of the magnitude as the server gives it; 2.5 log10(1 + 1 / snr) where kind is forced.",
            unit=u.mag,
            null="no magnitude",
        ),
        Float(
            "limit",
            "Limiting AB magnitude: of the exposure where kind is detection or limit, and of the measurement where a "
            "forced one is not significant.",
            unit=u.mag,
            null="a significant forced measurement, or the fit failed",
        ),
        Float("limit_sigma", "At how many standard deviations the limit is: 5 or 3.", null="no limit"),
        Text("site", "Site and camera, such as 02a: the beginning of expname.", null="expname is not of that form"),
        Float("exptime", "Exposure time.", unit=u.s, null="an older server; 30 s is usual"),
        Float("zp", "Zero point of the exposure: magnitude of one count a second.", unit=u.mag, null="not known"),
        Float("chi_n", "Chi square of the fit per degree of freedom.", null="not fitted"),
        Text("expname", "Name of the exposure: site and camera, night, type, number, filter.", null="not known"),
    )
}

# All that a record may have, whichever section it is in.
ALL_COLUMNS = {name: field for _, record in reversed(SECTIONS.values()) for name, field in record.items()} | COLUMNS
