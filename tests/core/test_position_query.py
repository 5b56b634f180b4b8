# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Positions of many forms in the queries: epochs, radii, rows without a position, no positions."""

import threading

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import MaskedColumn, QTable, Table
from astropy.time import Time

from atlasquery import conf
from atlasquery.exceptions import (
    DataQualityWarning,
    InvalidQueryError,
    InvalidQueryTypeError,
    LargeQueryWarning,
    NoResultsWarning,
)
from constants import COW

POSITION = SkyCoord(244.000917, 22.268031, unit="deg")
BARNARD = (-801.551, 10362.394)  # mas/yr, Gaia DR3


@pytest.fixture
def unspent(sandbox):
    """Assert that no request is sent."""
    n_before = len(sandbox.requests)
    yield
    assert len(sandbox.requests) == n_before


@pytest.fixture(scope="module")
def ids(sandbox):
    return sandbox.truth["atlas_id"].tolist()


def star_at(epoch, *, target=POSITION, motion=BARNARD):
    """Return a star at an epoch that passes by the target in the year 2018.5."""
    there = SkyCoord(
        target.ra, target.dec, pm_ra_cosdec=motion[0] * u.mas / u.yr, pm_dec=motion[1] * u.mas / u.yr,
        distance=1 * u.pc, obstime=Time(2018.5, format="jyear"),
    )  # fmt: skip
    now = there.apply_space_motion(new_obstime=Time(epoch, format="jyear"))
    return SkyCoord(
        now.ra, now.dec, pm_ra_cosdec=now.pm_ra_cosdec, pm_dec=now.pm_dec, obstime=Time(epoch, format="jyear")
    )


def star_table(epoch, **columns):
    star = star_at(epoch)
    return QTable(
        {"ra": [star.ra], "dec": [star.dec], "pmra": [star.pm_ra_cosdec], "pmdec": [star.pm_dec], "ref_epoch": [epoch]}
        | columns
    )


@pytest.mark.parametrize("epoch", [Time(2018.5, format="jyear"), "2018-07-02T14:54:00", Time("2018-07-02T14:54:00")])
@pytest.mark.parametrize("make_star", [star_at, star_table])
def test_proper_motions_are_applied(atlas, make_star, epoch):
    """The star is 78 arcsec away in 2026, and at the target in 2018.5."""
    star = make_star(2026.0)
    assert COW in atlas.query_region(star, 2 * u.arcsec, epoch=epoch)["atlas_id"].tolist()
    assert atlas.crossmatch(star, 2 * u.arcsec, epoch=epoch)["atlas_id"].tolist() == [COW]


def test_count_at_an_epoch(atlas):
    assert atlas.count_region(star_at(2026.0), 2 * u.arcsec, epoch="2018-07-02") == 1
    with pytest.raises(InvalidQueryError, match="got 'observation'"):
        atlas.count_region(star_at(2026.0), 2 * u.arcsec, epoch="observation")


@pytest.mark.parametrize("make_star", [star_at, star_table])
@pytest.mark.parametrize("method", ["query_region", "crossmatch"])
def test_a_star_that_moved_by_more_than_the_radius_is_warned_of(atlas, method, make_star):
    with (
        pytest.warns(
            DataQualityWarning, match=r"1 of 1 positions have moved.*at most 1\d\d\.\d arcsec \(row 0\)"
        ) as caught,
        pytest.warns(NoResultsWarning),
    ):
        getattr(atlas, method)(make_star(2016.0), 2 * u.arcsec)
    assert caught[0].filename == __file__


def test_slow_stars_are_not_warned_of(atlas):
    slow = star_at(2016.0, motion=(5.0, -5.0))
    assert len(atlas.query_region(slow, 2 * u.arcsec)) == 1
    assert (
        len(
            atlas.query_region(
                SkyCoord(POSITION, pm_ra_cosdec=1 * u.arcsec / u.yr, pm_dec=0 * u.mas / u.yr), 2 * u.arcmin
            )
        )
        == 1
    )


def test_motion_from_another_frame(atlas):
    star = star_at(2026.0).transform_to("galactic")
    galactic = SkyCoord(star, obstime=Time(2026.0, format="jyear"))
    assert atlas.crossmatch(galactic, 2 * u.arcsec, epoch="2018-07-02")["atlas_id"].tolist() == [COW]


@pytest.mark.parametrize("lists", [None, range(14)])
def test_each_object_has_its_own_date(atlas, sandbox, lists):
    """Two stars, each of which passed by its object at the time of the object's first detections."""
    table = atlas.query_object(sandbox.truth["atlas_id"][5:60].tolist())
    table = table[~table["detection_list"].mask]
    listed = {}
    if lists is not None:
        for number in set(np.array(table["detection_list"]).tolist()):
            for row in atlas.query_list(number):
                listed[row["atlas_id"]] = (row["earliest_mjd"] + row["latest_mjd"]) / 2
    stars, expected = [], []
    for row in table[:2]:
        mjd = listed[row["atlas_id"]].to_value(u.day) if listed else row["date_inserted"].mjd
        date = Time(mjd, format="mjd")
        target = SkyCoord(row["ra"], row["dec"])
        moved = SkyCoord(
            target.ra, target.dec, pm_ra_cosdec=3 * u.arcsec / u.yr, pm_dec=4 * u.arcsec / u.yr, distance=1 * u.pc,
            obstime=date,
        ).apply_space_motion(new_obstime=Time(2016.0, format="jyear"))  # fmt: skip
        stars.append([moved.ra.deg, moved.dec.deg, moved.pm_ra_cosdec.value, moved.pm_dec.value])
        expected.append(row["atlas_id"])
    ra, dec, pmra, pmdec = np.array(stars).T
    catalogue = QTable(
        {"ra": ra * u.deg, "dec": dec * u.deg, "pmra": pmra * u.mas / u.yr, "pmdec": pmdec * u.mas / u.yr}
        | {"ref_epoch": [2016.0] * len(ra)}
    )
    matches = atlas.crossmatch(catalogue, 1 * u.arcsec, epoch="observation", lists=lists)
    assert matches["atlas_id"].tolist() == expected
    assert (matches["separation"] < 0.2 * u.arcsec).all()


def test_region_at_the_dates_of_the_objects(atlas):
    date = atlas.query_object(COW)["date_inserted"][0].jyear
    shift = date - 2018.5
    target = POSITION.spherical_offsets_by(0 * u.arcsec, -BARNARD[1] * shift * u.mas)
    star = star_at(2016.0, target=target, motion=(0.0, BARNARD[1]))
    table = atlas.query_region(star, 2 * u.arcsec, epoch="observation")
    assert table["atlas_id"].tolist() == [COW]
    assert "query_index" not in table.colnames
    vector = atlas.query_region(
        SkyCoord([star.ra], [star.dec], pm_ra_cosdec=[0] * u.mas / u.yr, pm_dec=[star.pm_dec], obstime=star.obstime),
        2 * u.arcsec,
        epoch="observation",
        details=True,
    )
    assert vector["query_index"].tolist() == [0]
    assert "date_inserted" in vector.colnames


@pytest.mark.usefixtures("unspent")
@pytest.mark.parametrize(
    ("coordinates", "radius", "epoch", "error", "message"),
    [
        (star_at(2016.0), 2 * u.arcsec, 2018.5, InvalidQueryTypeError, "`epoch` must be a Time"),
        (star_at(2016.0), 2 * u.arcsec, "then", InvalidQueryError, "`epoch` must be an ISO 8601"),
        (star_at(2016.0), 300 * u.arcsec, "observation", InvalidQueryError, "within 300 arcsec"),
        (
            SkyCoord(1 * u.deg, 2 * u.deg, pm_ra_cosdec=1 * u.mas / u.yr, pm_dec=0 * u.mas / u.yr), 2 * u.arcsec,
            "2018-07-02", InvalidQueryError, "must have an epoch to be moved, got none in row 0",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["query_region", "crossmatch"])
def test_invalid_epochs(atlas, method, coordinates, radius, epoch, error, message):
    with pytest.raises(error, match=message):
        getattr(atlas, method)(coordinates, radius, epoch=epoch)


@pytest.mark.parametrize("epoch", ["2018-07-02", "observation"])
def test_an_epoch_without_proper_motion_has_no_effect(atlas, epoch):
    """As for a star whose motion is unknown."""
    with pytest.warns(DataQualityWarning, match="no proper motion"):
        assert len(atlas.query_region(POSITION, 2 * u.arcsec, epoch=epoch)) == 1


@pytest.mark.parametrize("epoch", ["2018-07-02", "observation"])
def test_stars_with_masked_motion_stay(atlas, epoch):
    """Gaia has two-parameter solutions; no warning of erfa that a distance is overridden."""
    table = Table({"ra": [POSITION.ra.deg] * 2, "dec": [POSITION.dec.deg] * 2, "ref_epoch": [2016.0] * 2})
    table["pmra"] = MaskedColumn([0.0, 5.0], mask=[True, False], unit="mas/yr")
    table["pmdec"] = MaskedColumn([0.0, 5.0], mask=[True, False], unit="mas/yr")
    assert len(atlas.crossmatch(table, 2 * u.arcsec, epoch=epoch, unit="deg")) == 2


def test_a_radius_for_each_source(atlas):
    offsets = POSITION.directional_offset_by(90 * u.deg, [1, 20, 20, 100, 200] * u.arcsec)
    for method in (atlas.query_region, atlas.crossmatch):
        matches = method(offsets, [2, 10, 30, 90, 250] * u.arcsec)
        index = matches.colnames[0]
        assert matches[matches["atlas_id"] == COW][index].tolist() == [0, 2, 4]
    far = SkyCoord([POSITION.ra.deg, 10.0], [POSITION.dec.deg, -60.0], unit="deg")
    table = atlas.query_region(far, [1, 300] * u.arcsec)  # separate cones
    assert table[table["atlas_id"] == COW]["query_index"].tolist() == [0]


def test_many_radii_give_the_pairs_of_single_queries(atlas, sandbox):
    rng = np.random.default_rng(5)
    truth = sandbox.truth
    centres = SkyCoord(truth["ra"], truth["dec"], unit="deg")[rng.choice(len(truth), 25)]
    near = centres.directional_offset_by(rng.uniform(0, 360, 25) * u.deg, rng.uniform(0, 150, 25) * u.arcsec)
    positions = SkyCoord([*near, *centres.directional_offset_by(0 * u.deg, 20 * u.arcsec)])
    radii = rng.uniform(1, 200, len(positions)) * u.arcsec
    matches = atlas.crossmatch(positions, radii)
    sky = atlas.query_object(truth["atlas_id"].tolist())
    coordinates = SkyCoord(sky["ra"], sky["dec"])
    expected = {
        (index, object_id)
        for index, (position, radius) in enumerate(zip(positions, radii, strict=True))
        for object_id in sky["atlas_id"][coordinates.separation(position) <= radius].tolist()
    }
    assert set(zip(matches["catalogue_index"].tolist(), matches["atlas_id"].tolist(), strict=True)) == expected


def catalogue_with_bad_rows(n=40):
    ra, dec = np.full(n, POSITION.ra.deg), np.full(n, POSITION.dec.deg)
    dec[[3, 5, 8]], ra[9], ra[20], ra[21] = -999.0, -999.0, np.nan, 1e30
    table = Table({"ra": MaskedColumn(ra, unit="deg"), "dec": MaskedColumn(dec, unit="deg")})
    table["ra"].mask[30] = True
    return table


@pytest.mark.usefixtures("unspent")
def test_bad_rows_are_named(atlas):
    with pytest.raises(
        InvalidQueryError, match=r"5 bad of 40: row 3 \(dec = -999\), row 5 .*row 21 .*on_bad_rows='skip'"
    ) as caught:
        atlas.crossmatch(catalogue_with_bad_rows(), 2 * u.arcsec)
    assert caught.value.rows == (3, 5, 8, 9, 21)
    with pytest.raises(
        InvalidQueryError, match=r"7 bad of 40: .*row 20 \(no position\).* and 2 more|7 bad of 40"
    ) as caught:
        atlas.query_region(catalogue_with_bad_rows(), 2 * u.arcsec)
    assert caught.value.rows == (3, 5, 8, 9, 20, 21, 30)
    with pytest.raises(InvalidQueryError, match="`on_bad_rows` must be 'raise' or 'skip'"):
        atlas.query_region(POSITION, 2 * u.arcsec, on_bad_rows="ignore")


@pytest.mark.parametrize("join", ["inner", "left"])
def test_bad_rows_are_left_out_on_request(atlas, join):
    bad = [3, 5, 8, 9, 20, 21, 30]
    matches = atlas.crossmatch(catalogue_with_bad_rows(), 2 * u.arcsec, join=join, on_bad_rows="skip")
    good = [row for row in range(40) if row not in bad]
    assert matches["catalogue_index"].tolist() == good
    assert matches.meta["bad_rows"] == bad
    region = atlas.query_region(catalogue_with_bad_rows(), 2 * u.arcsec, on_bad_rows="skip")
    assert region["query_index"].tolist() == good
    assert region.meta["bad_rows"] == bad


def test_separate_cones_keep_the_numbers_of_the_rows(atlas):
    vector = SkyCoord([np.nan, POSITION.ra.deg], [np.nan, POSITION.dec.deg], unit="deg")
    table = atlas.query_region(vector, 2 * u.arcsec, on_bad_rows="skip")
    assert (table["query_index"].tolist(), table.meta["bad_rows"]) == ([1], [0])
    payload = atlas.query_region(vector, 2 * u.arcsec, on_bad_rows="skip", get_query_payload=True)
    assert [item["ra"] for item in payload] == [POSITION.ra.deg]


def test_rows_without_a_position_are_named_in_the_warning(atlas):
    table = catalogue_with_bad_rows()[[0, 20, 30]]
    with pytest.warns(NoResultsWarning, match="2 of 3 rows have no position and no match: 1, 2"):
        assert len(atlas.crossmatch(table, 2 * u.arcsec)) == 1


EMPTY = [
    SkyCoord([], [], unit="deg"), [], (), Table(), QTable({"ra": [] * u.deg, "dec": [] * u.deg}), {},
    Table({"ra": np.array([]), "dec": np.array([])}), np.array([], dtype=[("ra", float), ("dec", float)]),
]  # fmt: skip


@pytest.mark.usefixtures("unspent")
@pytest.mark.parametrize("empty", EMPTY, ids=lambda value: type(value).__name__)
def test_no_positions_give_empty_tables_without_a_request(atlas, empty):
    region = atlas.query_region(empty, 2 * u.arcsec)
    assert region.colnames == ["query_index", "atlas_id", "name", "separation", "ra", "dec"]
    assert (len(region), region["atlas_id"].dtype, region["ra"].unit) == (0, np.int64, u.deg)
    detailed = atlas.query_region(empty, 2 * u.arcsec, details=True)
    assert (len(detailed), "sherlock_class" in detailed.colnames) == (0, True)
    for lists in (None, ["good"]):
        matches = atlas.crossmatch(empty, 2 * u.arcsec, lists=lists, join="left")
        assert len(matches) == 0
        assert matches.colnames[-5:] == ["atlas_id", "name", "ra", "dec", "separation"]
        assert matches["separation"].unit == u.arcsec
    assert atlas.query_region(empty, 2 * u.arcsec, get_query_payload=True) == []


def test_a_scattered_catalogue_is_told_what_lists_cost(make_sandbox):
    rng = np.random.default_rng(3)
    scattered = SkyCoord(rng.uniform(0, 360, 150), np.degrees(np.arcsin(rng.uniform(-1, 1, 150))), unit="deg")
    with make_sandbox(n_objects=20, shared=False) as sandbox, conf.set_temp("hourly_requests", 100):
        atlas = sandbox.client()
        for method in (atlas.crossmatch, atlas.query_region):
            with pytest.raises(LargeQueryWarning, match=r"15[01] requests.*lists=range\(14\).*14 requests.*on no list"):
                method(scattered, 2 * u.arcsec)
        assert sandbox.requests == []


def test_a_row_of_a_result_is_a_position(atlas):
    row = atlas.query_object(COW)[0]
    for value in (row, dict(zip(row.colnames, row.values(), strict=True))):
        assert COW in atlas.query_region(value, 2 * u.arcsec)["atlas_id"].tolist()
    assert atlas.query_region([POSITION], 2 * u.arcsec)["query_index"].tolist() == [0]


def test_threads_share_no_state(atlas):
    """Epochs of the future need no leap seconds, and no warning filter is changed."""
    results = []
    threads = [
        threading.Thread(
            target=lambda: results.append(atlas.count_region(star_at(2026.0), 2 * u.arcsec, epoch="2018-07-02"))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 4
