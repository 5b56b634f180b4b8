# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The true parameters of all objects, as a table with units."""

__all__ = ["truth_table"]

# name, key of the sky, type, unit, whether it may be missing, what it is
COLUMNS = (
    ("atlas_id", "id", "i8", None, False, "Id of the object."),
    ("class", "class", "U", None, False, "What the object is."),
    ("ra", "ra", "f8", "deg", False, "Right ascension (ICRS), as every endpoint gives it."),
    ("dec", "dec", "f8", "deg", False, "Declination (ICRS), as every endpoint gives it."),
    ("redshift", "redshift", "f8", None, True, "Redshift; masked where the object has none."),
    ("first_mjd", "first_mjd", "f8", "d", False, "When it was discovered, as MJD (UTC)."),
    ("peak_mjd", "peak_mjd", "f8", "d", True, "When it was brightest, as MJD (UTC); masked where it varies for ever."),
    ("peak_mag", "peak_mag", "f8", "mag", False, "AB magnitude at its brightest, without noise."),
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
