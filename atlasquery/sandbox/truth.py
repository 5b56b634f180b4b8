# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The true parameters of all objects, as a table with units."""

__all__ = ["make_truth_table"]

_PEAK_MJD = (
    "Time of the peak in the o band, as MJD (UTC); of a CV the peak of its brightest outburst; of classes without a "
    "peak, such as movers and artefacts, the discovery; masked for persistent variables."
)
_PEAK_MAG = (
    "AB magnitude in the o band at the peak, without noise; of classes without a peak the mean magnitude, of artefacts "
    "that of the subtraction error."
)
_STRETCH = "Factor on all times of the light curve, before and after the peak; masked for classes without a peak."

# Column name, key in the truth of the sky, dtype, unit, whether values may be missing, description.
COLUMNS = (
    ("atlas_id", "id", "i8", None, False, "ATLAS id of the object."),
    ("class", "class", "U", None, False, "True class of the object."),
    ("ra", "ra", "f8", "deg", False, "Right ascension (ICRS), as in the answers of the server."),
    ("dec", "dec", "f8", "deg", False, "Declination (ICRS), as in the answers of the server."),
    ("redshift", "redshift", "f8", None, True, "Redshift; masked where the object has none."),
    ("first_mjd", "first_mjd", "f8", "d", False, "Time of the discovery, as MJD (UTC)."),
    ("peak_mjd", "peak_mjd", "f8", "d", True, _PEAK_MJD),
    ("peak_mag", "peak_mag", "f8", "mag", False, _PEAK_MAG),
    ("stretch", "stretch", "f8", None, True, _STRETCH),
    ("colour", "colour", "f8", "mag", True, "Magnitude in c minus magnitude in o at the peak; masked like stretch."),
    ("period", "period", "f8", "d", True, "Period or recurrence time; masked where the object has none."),
)


def make_truth_table(truth):
    """Return the true parameters, a dict of lists as in `Sky.truth`, as a table with one row an object.

    Columns with missing values are masked, with NaN under the mask.
    """
    # Imported here: astropy would add half a second to the import of the sandbox.
    from astropy.table import Table

    return Table([_make_column(truth[key], *options, name=name) for name, key, *options in COLUMNS])


def _make_column(values, dtype, unit, may_be_missing, description, *, name):
    import numpy as np
    from astropy.table import Column, MaskedColumn

    attributes = {"name": name, "unit": unit, "description": description}
    if not may_be_missing:
        return Column(np.array(values, dtype=dtype), **attributes)
    floats = np.array(values, dtype=float)  # None becomes NaN
    return MaskedColumn(floats, mask=np.isnan(floats), **attributes)
