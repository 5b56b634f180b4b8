# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns that rows of every section of a record have; they come first, and the schema's other columns follow."""

import astropy.units as u

from atlasquery.schema import DETECTION, FORCED, LIMIT, Float, Text

__all__ = ["ALL_COLUMNS", "COLUMNS", "SECTIONS", "SERVER_COLUMNS", "TIME_DESCRIPTION"]

TIME_DESCRIPTION = "Time of the exposure (UTC) as the server gives it: not shifted to mid-exposure, not barycentred."

# Section of the record: the kind of its rows, and their row schema.
SECTIONS = {
    "lc": ("detection", DETECTION),
    "lcnondets": ("limit", LIMIT),
    "fp": ("forced", FORCED),
}

COLUMNS = {
    field.name: field
    for field in (
        Text("band", "Filter: c (cyan), o (orange), and others.", null="unknown"),
        Text("kind", "detection, limit (nothing detected) or forced."),
        Text("service", "Service that measured it: transient or forcedphot."),
        Float("flux", "Flux; negative is real.", unit=u.uJy, null="not measured, or the fit failed"),
        Float("flux_err", "Uncertainty of the flux.", unit=u.uJy, null="not measured, or the fit failed"),
        Float(
            "mag",
            "AB magnitude of fluxes of at least 3 sigma (conf.mag_sigma).",
            unit=u.mag,
            null="not measured, or the flux is not significant",
        ),
        Float(
            "mag_err",
            "Uncertainty of the magnitude as the server gives it: 2.5 log10(1 + 1 / snr) for forced photometry, "
            "flux_err / flux in text files of it.",
            unit=u.mag,
            null="no magnitude",
        ),
        Float(
            "limit",
            "Limiting AB magnitude: of the measurement where its flux is not significant, else of the exposure, as the "
            "server gives it.",
            unit=u.mag,
            null="a significant forced measurement, or the fit failed",
        ),
        Float("limit_sigma", "Number of standard deviations of the limit: 5 or 3.", null="no limit"),
        Text("site", "Site and camera, such as 02a: the beginning of expname.", null="expname has another form"),
        Float("exptime", "Exposure time.", unit=u.s, null="an older server; 30 s is usual"),
        Float("zp", "Zero point of the exposure: magnitude of one count a second.", unit=u.mag, null="unknown"),
        Float("chi_n", "Chi square of the fit per degree of freedom.", null="not fitted"),
        Text("expname", "Name of the exposure: site and camera, night, type, number, filter.", null="unknown"),
    )
}

# Values of the server that are masked in ``mag``, ``mag_err`` and ``limit``, as the flux is not significant.
SERVER_COLUMNS = {
    field.name: field
    for field in (
        Float(
            "mag_server",
            "Magnitude of the server where mag is masked as not significant; negative where the flux is.",
            unit=u.mag,
            null="mag is not masked, or the server has no magnitude",
        ),
        Float("mag_err_server", "Uncertainty of mag_server.", unit=u.mag, null="as mag_server"),
        Float(
            "limit_server",
            "Limit of the exposure at 5 sigma, where limit is that of the measurement instead, or the fit failed.",
            unit=u.mag,
            null="limit is that of the server, or the server has none",
        ),
    )
}

# All columns of all sections; the common ones replace those of a section.
ALL_COLUMNS = {name: field for _, rows in reversed(SECTIONS.values()) for name, field in rows.items()} | COLUMNS
ALL_COLUMNS |= SERVER_COLUMNS
