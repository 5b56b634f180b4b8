# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Catalogues as other services give them: their positions are found, or it is said why not."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Column, MaskedColumn, QTable, Table

from atlasquery.crossmatch.catalogue import catalogue_coordinates
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

HERE = SkyCoord([244.000917, 10.5], [22.268031, -45.25], unit="deg")
RA, DEC = HERE.ra.deg, HERE.dec.deg


def gaia():
    """As astroquery.gaia gives it: many columns, masked ones, lower case, degrees."""
    return Table(
        {
            "solution_id": [1, 1],
            "designation": ["Gaia DR3 1", "Gaia DR3 2"],
            "source_id": [1207520126124161024, 1207520126124161025],
            "ref_epoch": MaskedColumn([2016.0, 2016.0], unit="yr"),
            "ra": MaskedColumn(RA, unit="deg"),
            "ra_error": MaskedColumn([0.1, 0.1], unit="mas"),
            "dec": MaskedColumn(DEC, unit="deg"),
            "parallax": MaskedColumn([1.0, 0.0], mask=[False, True], unit="mas"),
        }
    )


def simbad():
    """As astroquery.simbad gives it since 0.4.8."""
    return Table(
        {
            "main_id": np.array(["AT 2018cow", "x"], dtype=object),
            "ra": MaskedColumn(RA, unit="deg"),
            "dec": MaskedColumn(DEC, unit="deg"),
            "coo_err_maj": MaskedColumn([0.0, 0.0], mask=[True, True], unit="mas"),
            "matched_id": np.array(["a", "b"], dtype=object),
        }
    )


def older_simbad():
    """Sexagesimal texts, with units that astropy does not know."""
    table = Table({"MAIN_ID": ["a", "b"]})
    table["RA"] = HERE.ra.to_string("hour", sep=" ", precision=6, pad=True)
    table["DEC"] = HERE.dec.to_string("deg", sep=" ", precision=5, pad=True, alwayssign=True)
    table["RA"].unit, table["DEC"].unit = (u.Unit(text, parse_strict="silent") for text in ('"h:m:s"', '"d:m:s"'))
    return table


def vizier():
    """With positions computed by the service, in front of those of the catalogue."""
    table = older_simbad()
    return Table(
        {
            "_RAJ2000": Column(RA, unit="deg"),
            "_DEJ2000": Column(DEC, unit="deg"),
            "RAJ2000": table["RA"],
            "DEJ2000": table["DEC"],
            "Bmag": MaskedColumn([1.0, 2.0], unit="mag"),
        }
    )


def vizier_gaia():
    return Table({"RA_ICRS": Column(RA, unit="deg"), "DE_ICRS": Column(DEC, unit="deg"), "Source": [1, 2]})


def tns():
    """Texts with colons and no unit, as in the Transient Name Server's files."""
    texts = [HERE.ra.to_string("hour", sep=":", precision=5), HERE.dec.to_string("deg", sep=":", precision=4)]
    return Table({"Name": ["a", "b"], "RA": texts[0], "DEC": texts[1]})


def fits():
    """Texts of FITS are bytes."""
    table = tns()
    table.convert_unicode_to_bytestring()
    return table


def mixin():
    return QTable({"coord": HERE.galactic, "ra": [1.0, 2.0]})


def quantities():
    return QTable({"RA": HERE.ra.to(u.rad), "Dec": HERE.dec.to(u.arcmin)})


def hours():
    return Table({"ra": Column(RA / 15, unit=u.hourangle), "dec": Column(DEC, unit="deg")})


@pytest.mark.parametrize(
    "make",
    [gaia, simbad, older_simbad, vizier, vizier_gaia, tns, fits, mixin, quantities, hours],
    ids=lambda make: make.__name__,
)
def test_tables_shaped_like_those_of_services(make):
    found = catalogue_coordinates(make())
    assert found.shape == (2,)
    assert (found.separation(HERE) < 2 * u.mas).all()


def test_coordinates_themselves():
    assert catalogue_coordinates(HERE.fk5).separation(HERE).max() < 1 * u.uas
    assert catalogue_coordinates(HERE[0]).shape == (1,)


def test_rows_without_a_position_are_nan():
    table = simbad()
    table["ra"].mask[1] = True
    assert np.isnan(catalogue_coordinates(table).ra.deg).tolist() == [False, True]
    table = older_simbad()
    table["DEC"][0] = ""
    assert np.isnan(catalogue_coordinates(table).dec.deg).tolist() == [True, False]
    table = quantities()
    table["RA"][0] = np.nan
    assert np.isnan(catalogue_coordinates(table).ra.deg).tolist() == [True, False]


@pytest.mark.parametrize(
    ("catalogue", "error", "said"),
    [
        (Table({"a": [1]}), InvalidQueryError, "No positions"),
        (Table({"ra": [1.0], "dec": [2.0]}), InvalidQueryError, "'ra' has no unit"),
        (Table({"ra": ["1.5"], "dec": ["2.5"]}), InvalidQueryError, "numbers as texts"),
        (Table({"ra": ["north"], "dec": ["2 3 4"]}), InvalidQueryError, "cannot be read"),
        (QTable({"ra": [1.0] * u.s, "dec": [2.0] * u.deg}), InvalidQueryError, "no angle"),
        (QTable({"ra": [1.0] * u.deg, "dec": [92.0] * u.deg}), InvalidQueryError, "dec.*within -90 deg"),
        (QTable({"a": HERE, "b": HERE}), InvalidQueryError, "several columns of coordinates: a, b"),
        (gaia()[:0], InvalidQueryError, "empty"),
        ([(244.0, 22.0)], InvalidQueryTypeError, "SkyCoord"),
        (None, InvalidQueryTypeError, "SkyCoord"),
    ],
)
def test_what_has_no_positions_says_why(catalogue, error, said):
    with pytest.raises(error, match=said):
        catalogue_coordinates(catalogue)
