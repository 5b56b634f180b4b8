# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The tables that queries return, used with other tools."""

import io

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.io.votable import parse_single_table
from astropy.table import QTable, Table

from atlasquery import to_votable
from constants import COW

POSITION = SkyCoord(244.000917, 22.268031, unit="deg")


@pytest.fixture(scope="module")
def results(atlas):
    """Each kind of table."""
    transient = atlas.get_transient(COW, since="2018-06-01")
    curves = atlas.get_light_curves([COW], since="2018-06-01")
    catalogue = QTable({"source": [7, 8], "coord": SkyCoord([POSITION.ra.deg, 1], [POSITION.dec.deg, 1], unit="deg")})
    return {
        "region": atlas.query_region(POSITION, "1 arcmin"),
        "details": atlas.query_region(POSITION, "1 arcmin", details=True),
        "regions": atlas.query_region(SkyCoord([POSITION]), "1 arcmin"),
        "objects": atlas.query_object(COW),
        "matches": atlas.crossmatch(SkyCoord([POSITION]), "2 arcsec"),
        "list": atlas.query_list("good"),
        "joined": atlas.crossmatch(catalogue, "2 arcsec", join="left"),
        "names": atlas.query_external_crossmatches("2018cow"),
        "lists": atlas.list_lists(),
        "info": transient.info,
        "sherlock": transient.sherlock_crossmatches,
        "external": transient.external_crossmatches,
        "tns": transient.tns_crossmatches,
        "light curve": transient.light_curve,
        "detections": transient.light_curve.detections,
        "bins": transient.light_curve.bin_nightly(),
        "stack": curves.stack(),
        "summary": curves.summary(),
    }


@pytest.mark.parametrize(
    "name",
    ["region", "details", "regions", "objects", "matches", "info", "sherlock", "light curve", "detections", "stack"],
)
def test_astropy_finds_the_positions(results, name):
    table = results[name]
    assert len(table)
    coordinates = SkyCoord.guess_from_table(table)
    assert coordinates.shape == (len(table),)
    separations = coordinates.separation(POSITION).arcmin  # masked where there is no position
    assert np.nanmax(np.ma.filled(getattr(separations, "filled", lambda _: separations)(np.nan), np.nan)) < 1


@pytest.mark.parametrize("time_format", ["iso", "mjd"])
def test_every_result_is_a_votable(results, time_format):
    for name, table in results.items():
        stream = io.BytesIO()
        to_votable(table, time_format=time_format).to_xml(stream)
        stream.seek(0)
        back = parse_single_table(stream).to_table(use_names_over_ids=True)
        assert len(back) == len(table), name
        if "atlas_id" in table.colnames:
            assert back["atlas_id"].tolist() == table["atlas_id"].tolist(), name


def test_left_join_through_pandas_and_back(results, atlas):
    pandas = pytest.importorskip("pandas")
    joined = results["joined"].copy()
    joined.remove_column("coord")
    frame = joined.to_pandas()
    assert str(frame["atlas_id"].dtype) == "Int64"
    assert frame["atlas_id"].isna().tolist() == [False, True]
    back = Table.from_pandas(frame)
    assert back["atlas_id"].dtype == np.int64
    assert back["atlas_id"].tolist() == [COW, None]
    assert atlas.query_object(frame["atlas_id"].dropna())["atlas_id"].tolist() == [COW]
    text = frame.to_csv(index=False)
    again = pandas.read_csv(io.StringIO(text), dtype={"atlas_id": "Int64"})
    assert again["atlas_id"].dropna().tolist() == [COW]
    rematched = atlas.crossmatch(frame.dropna(subset=["atlas_id"])[["source", "ra", "dec"]], 2 * u.arcsec, unit="deg")
    assert (rematched["source"].tolist(), rematched["atlas_id"].tolist()) == ([7], [COW])
