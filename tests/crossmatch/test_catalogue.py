# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions of catalogues in the formats of other services, and errors of catalogues without positions."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Column, MaskedColumn, QTable, Table
from astropy.timeseries import TimeSeries

from atlasquery import schema
from atlasquery.crossmatch.catalogue import as_extensible_table, catalogue_coordinates, join_matches
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

POSITIONS = SkyCoord([244.000917, 10.5], [22.268031, -45.25], unit="deg")
RA, DEC = POSITIONS.ra.deg, POSITIONS.dec.deg


def gaia_table():
    """Return a table as from astroquery.gaia: masked columns, lower case, degrees."""
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


def simbad_table():
    """Return a table as from astroquery.simbad since 0.4.8."""
    return Table(
        {
            "main_id": np.array(["AT 2018cow", "x"], dtype=object),
            "ra": MaskedColumn(RA, unit="deg"),
            "dec": MaskedColumn(DEC, unit="deg"),
            "coo_err_maj": MaskedColumn([0.0, 0.0], mask=[True, True], unit="mas"),
            "matched_id": np.array(["a", "b"], dtype=object),
        }
    )


def older_simbad_table():
    """Return a table of sexagesimal strings with units that astropy cannot parse."""
    table = Table({"MAIN_ID": ["a", "b"]})
    table["RA"] = POSITIONS.ra.to_string("hour", sep=" ", precision=6, pad=True)
    table["DEC"] = POSITIONS.dec.to_string("deg", sep=" ", precision=5, pad=True, alwayssign=True)
    table["RA"].unit, table["DEC"].unit = (u.Unit(text, parse_strict="silent") for text in ('"h:m:s"', '"d:m:s"'))
    return table


def vizier_table():
    """Return a table with positions computed by VizieR before those of the catalogue."""
    table = older_simbad_table()
    return Table(
        {
            "_RAJ2000": Column(RA, unit="deg"),
            "_DEJ2000": Column(DEC, unit="deg"),
            "RAJ2000": table["RA"],
            "DEJ2000": table["DEC"],
            "Bmag": MaskedColumn([1.0, 2.0], unit="mag"),
        }
    )


def vizier_gaia_table():
    return Table({"RA_ICRS": Column(RA, unit="deg"), "DE_ICRS": Column(DEC, unit="deg"), "Source": [1, 2]})


def tns_table():
    """Return a table of strings with colons and no unit, as in files of the Transient Name Server."""
    texts = [POSITIONS.ra.to_string("hour", sep=":", precision=5), POSITIONS.dec.to_string("deg", sep=":", precision=4)]
    return Table({"Name": ["a", "b"], "RA": texts[0], "DEC": texts[1]})


def fits_table():
    """Return a table with strings as bytes, as from FITS."""
    table = tns_table()
    table.convert_unicode_to_bytestring()
    return table


def skycoord_table():
    return QTable({"coord": POSITIONS.galactic, "ra": [1.0, 2.0]})


def quantity_table():
    return QTable({"RA": POSITIONS.ra.to(u.rad), "Dec": POSITIONS.dec.to(u.arcmin)})


def hour_angle_table():
    return Table({"ra": Column(RA / 15, unit=u.hourangle), "dec": Column(DEC, unit="deg")})


@pytest.mark.parametrize(
    "make_table",
    [
        gaia_table,
        simbad_table,
        older_simbad_table,
        vizier_table,
        vizier_gaia_table,
        tns_table,
        fits_table,
        skycoord_table,
        quantity_table,
        hour_angle_table,
    ],
    ids=lambda make: make.__name__,
)
def test_tables_of_services(make_table):
    coordinates = catalogue_coordinates(make_table())
    assert coordinates.shape == (2,)
    assert (coordinates.separation(POSITIONS) < 2 * u.mas).all()


def test_coordinates():
    assert catalogue_coordinates(POSITIONS.fk5).separation(POSITIONS).max() < 1 * u.uas
    assert catalogue_coordinates(POSITIONS[0]).shape == (1,)


def test_rows_without_a_position_are_nan():
    table = simbad_table()
    table["ra"].mask[1] = True
    assert np.isnan(catalogue_coordinates(table).ra.deg).tolist() == [False, True]
    table = older_simbad_table()
    table["DEC"][0] = ""
    assert np.isnan(catalogue_coordinates(table).dec.deg).tolist() == [True, False]
    table = quantity_table()
    table["RA"][0] = np.nan
    assert np.isnan(catalogue_coordinates(table).ra.deg).tolist() == [True, False]


@pytest.mark.parametrize(
    ("catalogue", "error", "message"),
    [
        (Table({"a": [1]}), InvalidQueryError, "columns of positions, got a"),
        (Table({"ra": [1.0], "dec": [2.0]}), InvalidQueryError, "'ra'.*unit"),
        (Table({"ra": ["1.5"], "dec": ["2.5"]}), InvalidQueryError, "'ra'.*sexagesimal.*'1.5'"),
        (Table({"ra": ["north"], "dec": ["2 3 4"]}), InvalidQueryError, "'ra'.*angles"),
        (QTable({"ra": [1.0] * u.s, "dec": [2.0] * u.deg}), InvalidQueryError, "'ra'.*must be an angle"),
        (QTable({"ra": [1.0] * u.deg, "dec": [92.0] * u.deg}), InvalidQueryError, "dec.*within -90 deg"),
        (QTable({"a": POSITIONS, "b": POSITIONS}), InvalidQueryError, "several: a, b"),
        (gaia_table()[:0], InvalidQueryError, "at least one row"),
        ([(244.0, 22.0)], InvalidQueryTypeError, "SkyCoord"),
        (None, InvalidQueryTypeError, "SkyCoord"),
    ],
)
def test_catalogues_without_valid_positions(catalogue, error, message):
    with pytest.raises(error, match=message):
        catalogue_coordinates(catalogue)


def test_a_time_series_is_extensible_as_a_qtable():
    series = TimeSeries(time=["2018-06-16"])
    assert type(as_extensible_table(series)) is QTable
    table = gaia_table()
    assert as_extensible_table(table) is table
    assert as_extensible_table(POSITIONS) is POSITIONS


def test_join_of_matches():
    row = {field.server_key: None for field in schema.LIST_ROW.values()} | {"id": 1, "ra": 10.5, "dec": -45.25}
    objects = schema.LIST_ROW.table([row])["atlas_id", "name", "ra", "dec"]
    rows = (np.array([0, 1]), objects, np.array([-1, 0]))
    joined = join_matches(hour_angle_table(), *rows, np.array([np.nan, 0.5]), source="id")
    assert joined.colnames == [
        "catalogue_index", "ra_catalogue", "dec_catalogue", "atlas_id", "name", "ra", "dec", "separation",
    ]  # fmt: skip
    assert joined["atlas_id"].tolist() == [None, 1]
    assert joined["name"].mask.tolist() == [True, True]
    assert joined["separation"].mask.tolist() == [True, False]
    assert joined.meta["position_source"] == "id"
