# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Search around positions: cones, matches, and positions without a match."""

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import MaskedColumn, QTable
from astropy.utils.masked import Masked

from atlasquery.crossmatch.search import Matches, PositionSearch

COORDINATES = SkyCoord([10.0, np.nan, 10.001, 200.0], [20.0, 0.0, 20.0, -50.0], unit="deg")


def return_matches(matches, *, source="server"):
    return matches, source


def make_objects(ra, dec):
    ids = MaskedColumn(np.arange(len(ra)) + 100)
    ra, dec = (Masked(np.array(values), mask=np.isnan(values)) * u.deg for values in (ra, dec))
    return QTable({"atlas_id": ids, "ra": ra, "dec": dec})


@pytest.fixture
def search():
    return PositionSearch(COORDINATES, 5.0, return_matches)


def test_positions_close_together_share_a_cone(search):
    assert sorted(len(cone.members) for cone in search.cones) == [1, 2]
    assert search.n_without_position == 1


def test_unsearched_positions_are_rows_of_the_coordinates(search):
    assert search.unsearched_positions(0) == [0, 2, 3]
    assert search.unsearched_positions(1) == [0, 2]  # cones are made from south to north
    assert search.unsearched_positions(2) == []


def test_matches_are_sorted_by_position_and_separation(search):
    objects = make_objects([10.001, 10.0005, 10.0, np.nan], [20.0, 20.0, 20.0001, np.nan])
    matches, source = search.table(objects)
    assert source == "server"
    assert search.n_matched_positions
    assert matches.position_row.tolist() == [0, 0, 0, 2, 2, 2]
    assert matches.object_row.tolist() == [2, 1, 0, 0, 1, 2]
    separations = [COORDINATES[i].separation(SkyCoord(objects["ra"][j].unmasked, objects["dec"][j].unmasked)).arcsec
                   for i, j in zip(matches.position_row, matches.object_row, strict=True)]  # fmt: skip
    assert np.allclose(matches.separation_arcsec, separations, atol=1e-6)


def test_no_objects_have_no_matches(search):
    matches, source = search.table(make_objects(np.empty(0), np.empty(0)), source="id")
    assert (len(matches.position_row), source, search.n_matched_positions) == (0, "id", 0)


def test_a_cone_gives_the_separation_of_an_object_without_position():
    search = PositionSearch(COORDINATES[3:], 5.0, return_matches)
    objects = make_objects([200.0005], [-50.0])
    cone_rows = QTable({"query_index": [0], "atlas_id": MaskedColumn([100]), "separation": Masked([4.5] * u.arcsec)})
    assert search.table(objects, cones=cone_rows)[0].separation_arcsec.tolist() == [4.5]
    cone_rows["separation"] = Masked([5.0005] * u.arcsec)
    assert len(search.table(objects, cones=cone_rows)[0].position_row) == 0


def test_select():
    matched = (np.array([0, 0, 2]), np.array([7, 8, 7]), np.array([1.0, 2.0, 3.0]))
    matches = Matches(4, matched, "objects")
    position_row, objects, object_row, arcsec = matches.select(nearest=True)
    assert (position_row.tolist(), objects, object_row.tolist(), arcsec.tolist()) == ([0, 2], "objects", [7, 7], [1, 3])
    position_row, _, object_row, arcsec = matches.select(left=True)
    assert (position_row.tolist(), object_row.tolist()) == ([0, 0, 1, 2, 3], [7, 8, -1, 7, -1])
    assert np.isnan(arcsec).tolist() == [False, False, True, False, True]
