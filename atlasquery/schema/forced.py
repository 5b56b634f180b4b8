# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Section ``fp`` of a record: forced photometry at the position of the object.

A failed fit has null in all measured columns and ``limiting_mag`` false. Recordings of the server show that magnitude
uncertainties are ``2.5 log10(1 + 1 / snr)``, and that 3-sigma limits lack the correction ``apfit`` applied to fluxes
and magnitudes: they are about 0.4 mag fainter than three times ``flux_err``.
"""

import astropy.units as u

from atlasquery.schema.field import Date, Flag, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["FORCED"]

FAILED = "the fit failed"
OLDER = "the fit failed, or an older server"

FORCED = RowSchema(
    "fp",
    "A forced measurement.",
    [
        Float(
            "mjd",
            "Time of the exposure (MJD, UTC), as sent by the server.",
            server_key="mjd_obs",
            unit=u.d,
            required=True,
        ),
        Text("band", "Filter.", server_key="filter"),
        Float(
            "flux", "Flux in the difference image; negative values are valid.", server_key="uJy", unit=u.uJy, null=OLDER
        ),
        Float("flux_err", "Uncertainty of the flux.", server_key="duJy", unit=u.uJy, null=OLDER),
        Float(
            "mag",
            "AB magnitude; where limiting_mag is true, a 3-sigma limit without the correction apfit.",
            unit=u.mag,
            null=FAILED,
        ),
        Float(
            "mag_err",
            "Uncertainty of mag, 2.5 log10(1 + 1 / snr); 0 for a limit.",
            server_key="dm",
            unit=u.mag,
            null=FAILED,
        ),
        Flag("limiting_mag", "Whether mag is a limit."),
        Float("snr", "Signal-to-noise ratio; 3 for a limit.", null=FAILED),
        Float(
            "exptime", "Exposure time.", server_key="texp", unit=u.s, null="an older server; exposures are usually 30 s"
        ),
        Float("zp", "Zero point of the exposure: AB magnitude of one count per second.", unit=u.mag),
        Float("chi_n", "Reduced chi square of the fit.", server_key="chin", null=FAILED),
        Text("expname", "Name of the exposure: site and camera, night, type, number and filter."),
        Float("ra", "Right ascension (ICRS) at which the flux was measured.", unit=u.deg),
        Float("dec", "Declination (ICRS) at which the flux was measured.", unit=u.deg),
        Float("x", "Column on the detector.", unit=u.pix, null=FAILED),
        Float("y", "Row on the detector.", unit=u.pix, null=FAILED),
        Float("major", "Full width at half maximum along the major axis.", unit=u.pix, null=FAILED),
        Float("minor", "Full width at half maximum along the minor axis.", unit=u.pix, null=FAILED),
        Float("peakval", "Counts of the peak pixel.", unit=u.ct, null=FAILED),
        Float("skyval", "Counts of the sky around the peak pixel.", unit=u.ct, null=FAILED),
        Float("peakfit", "Peak counts of the fitted point-spread function.", unit=u.ct, null=FAILED),
        Float("dpeak", "Uncertainty of peakfit.", unit=u.ct, null=FAILED),
        Float("skyfit", "Sky counts of the fit.", unit=u.ct, null=FAILED),
        Float("aperture_flux", "Counts inside the aperture.", server_key="flux", unit=u.ct, null=FAILED),
        Float("aperture_flux_err", "Uncertainty of aperture_flux.", server_key="dflux", unit=u.ct, null=FAILED),
        Float("apfit", "Correction of the fit to a large aperture, in magnitudes.", unit=u.mag, null=FAILED),
        Float("snrdet", "Minimum signal-to-noise ratio of a magnitude; below it, mag is a limit."),
        Float("snrlimit", "Signal-to-noise ratio of the limits."),
        Flag("redo_photometry", "Whether the measurement will be repeated.", null="not known"),
        Integer("atlas_id", "ATLAS id of the object.", server_key="atlas_object_id"),
        Integer("forced_id", "Number of the row in the server's database.", server_key="id"),
        Date("date_inserted", "Date when the row was added to the database (UTC)."),
    ],
)
