# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The true parameters of all objects, as a table with units."""

__all__ = ["truth_table"]

_PEAK_MJD = (
    "When it was brightest in the band o, as MJD (UTC), of a CV in its highest outburst; for what has no peak, such as "
    "movers and artefacts, the discovery; masked where it varies for ever."
)
_PEAK_MAG = (
    "AB magnitude in the band o without noise, at the peak; for what has no peak the mean, or the size of what is "
    "wrongly subtracted."
)
_STRETCH = "Factor on all times of the light curve, before and after the peak; masked for what has no peak."

# name, key of the sky, type, unit, whether it may be missing, what it is
COLUMNS = (
    ("atlas_id", "id", "i8", None, False, "Id of the object."),
    ("class", "class", "U", None, False, "What the object is."),
    ("ra", "ra", "f8", "deg", False, "Right ascension (ICRS), as every endpoint gives it."),
    ("dec", "dec", "f8", "deg", False, "Declination (ICRS), as every endpoint gives it."),
    ("redshift", "redshift", "f8", None, True, "Redshift; masked where the object has none."),
    ("first_mjd", "first_mjd", "f8", "d", False, "When it was discovered, as MJD (UTC)."),
    ("peak_mjd", "peak_mjd", "f8", "d", True, _PEAK_MJD),
    ("peak_mag", "peak_mag", "f8", "mag", False, _PEAK_MAG),
    ("stretch", "stretch", "f8", None, True, _STRETCH),
    ("colour", "colour", "f8", "mag", True, "Magnitude in c minus that in o at the peak; masked as stretch is."),
    ("period", "period", "f8", "d", True, "Period, or time scale of recurrence; masked where there is none."),
)


def truth_table(truth):
    """Make the table of the true parameters.

    Parameters
    ----------
    truth : dict of list
        As `atlasquery.sandbox.sky.Sky.truth` has it, `None` where a parameter has no meaning.

    Returns
    -------
    `~astropy.table.Table`
        One row an object. Columns that may miss a value are masked, with NaN under the mask.

    Examples
    --------
    >>> from atlasquery.sandbox.sky import Sky
    >>> from atlasquery.sandbox.truth import truth_table
    >>> truth = truth_table(Sky(seed=1, n_objects=50, end=59000.0).truth)
    >>> truth["atlas_id", "class", "ra", "redshift", "peak_mag"][:1].pprint()
          atlas_id        class       ra     redshift peak_mag
                                     deg                mag
    ------------------- --------- ---------- -------- --------
    1161600211221604900 AT2018cow 244.000917  0.01414   13.489
    """
    # Not at the top: astropy would cost every user of the sandbox half a second.
    from astropy.table import Table

    return Table([_column(truth[key], *rest, name=name) for name, key, *rest in COLUMNS])


def _column(values, dtype, unit, may_miss, description, *, name):
    import numpy as np
    from astropy.table import Column, MaskedColumn

    about = {"name": name, "unit": unit, "description": description}
    if not may_miss:
        return Column(np.array(values, dtype=dtype), **about)
    floats = np.array(values, dtype=float)  # None becomes NaN
    return MaskedColumn(floats, mask=np.isnan(floats), **about)
