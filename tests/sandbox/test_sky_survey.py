# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The survey obeys the limits of telescopes: one exposure at a time, at night, above the horizon."""

from collections import Counter

import numpy as np
import pytest

from atlasquery.sandbox.sky import almanac
from atlasquery.sandbox.sky.exposures import FIRST_MODEL_ID
from atlasquery.sandbox.sky.sites import BANDS, SITES
from atlasquery.sandbox.sky.survey import Survey

POSITIONS = [
    (0.0001, 31.8),
    (359.9999, -33.0),
    (150.1, 2.2),
    (80.0, -69.0),
    (207.0, -9.2),
    (10.0, 89.9),
    (200.0, -89.8),
]


@pytest.fixture(scope="module")
def survey():
    return Survey(3, 61400.0)


@pytest.fixture(scope="module")
def all_exposures(survey):
    """Exposures of a hundred positions."""
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, 100), np.degrees(np.arcsin(rng.uniform(-1, 1, 100)))
    return [survey.find_exposures(*position) for position in [*POSITIONS, *zip(ra.tolist(), dec.tolist(), strict=True)]]


def test_name_belongs_to_one_time_and_one_field(all_exposures):
    facts_by_name = {}
    for exposures in all_exposures:
        for name, facts in zip(
            exposures.names, zip(exposures.mjd, exposures.field_names, exposures.mag5sig, strict=True), strict=True
        ):
            assert facts_by_name.setdefault(name, facts) == facts
    assert len(facts_by_name) > 100_000


def test_exposures_of_a_telescope_do_not_overlap(all_exposures):
    starts = {}
    for exposures in all_exposures:
        for site, mjd, row, number in zip(exposures.site, exposures.mjd, exposures.row, exposures.number, strict=True):
            starts[site, row, number] = mjd
    by_night = {}
    assert min(int(exposures.id.min()) for exposures in all_exposures) >= FIRST_MODEL_ID
    for (site, row, number), mjd in sorted(starts.items()):
        by_night.setdefault((site, row), []).append((number, mjd))
    shortest = min(np.diff([mjd for _, mjd in night]).min() * 86400 for night in by_night.values() if len(night) > 1)
    assert shortest > 30.0


def test_exposures_are_at_night_above_the_horizon(all_exposures):
    for exposures in all_exposures:
        longitude, latitude = exposures.nights.longitude[exposures.row], exposures.nights.latitude[exposures.row]
        ra, dec = almanac.sun_position(exposures.mjd)
        assert almanac.altitude(almanac.sidereal_time(exposures.mjd, longitude) - ra, dec, latitude).max() < -8.0
        assert exposures.altitude.min() > 19.0


def test_position_lies_in_the_field(all_exposures):
    for exposures in all_exposures:
        assert np.abs(exposures.x - 5226).max() < 5300
        assert np.abs(exposures.y - 5226).max() < 5300


def test_every_position_is_observed(all_exposures):
    late = [np.count_nonzero(exposures.mjd > 59700) for exposures in all_exposures]
    assert min(late) > 300


def test_far_south_is_observed_by_the_southern_telescopes(survey):
    exposures = survey.find_exposures(80.0, -69.0)
    assert exposures.mjd.min() > 59589
    assert {SITES[site].code for site in exposures.site} == {"03a", "04a"}


def test_night_number_agrees_with_the_time(all_exposures):
    for exposures in all_exposures[:10]:
        night = exposures.nights.number[exposures.row]
        # A night at Sutherland begins on the day before its number.
        assert set((night - np.floor(exposures.mjd)).astype(int).tolist()) <= {0, 1}
        hawaii = exposures.site < 2
        assert np.all(night[hawaii] == np.floor(exposures.mjd[hawaii]))


def test_cyan_is_used_in_dark_time(all_exposures):
    for exposures in all_exposures[:10]:
        lit_fraction = almanac.moon_position(exposures.mjd)[2]
        assert lit_fraction[exposures.band == BANDS.index("c")].max() < 0.5


def test_moonlight_reduces_the_depth(all_exposures):
    exposures = all_exposures[4]
    orange = (exposures.band == BANDS.index("o")) & (exposures.site == 0)
    lit_fraction, limit = almanac.moon_position(exposures.mjd[orange])[2], exposures.mag5sig[orange]
    assert np.median(limit[lit_fraction < 0.2]) - np.median(limit[lit_fraction > 0.8]) > 0.4


def test_close_positions_share_their_exposures(survey):
    exposures, neighbour = survey.find_exposures(150.0, 2.0), survey.find_exposures(150.0002, 2.0002)
    assert exposures.names == neighbour.names
    assert np.array_equal(exposures.mag5sig, neighbour.mag5sig)


def test_some_nights_are_in_the_archive_twice(survey):
    rng = np.random.default_rng(2)
    n_copies = Counter()
    for ra, dec in zip(rng.uniform(0, 360, 60), rng.uniform(-40, 15, 60), strict=True):
        exposures = survey.find_exposures(ra, dec, 59740.0, 60010.0)
        for name, count in Counter(exposures.names).items():
            n_copies[name[:8]] += count == 2
            assert count == 1 or name[:8] in {"04a59748", "02a59998", "03a59844"}
        assert len(set(exposures.id.tolist())) == len(exposures)
    assert sum(n_copies.values()) > 0


def test_time_limits_select_exposures(survey):
    all_of_position = survey.find_exposures(150.0, 2.0)
    in_window = survey.find_exposures(150.0, 2.0, 59000.0, 59500.0)
    inside = all_of_position[(all_of_position.mjd >= 59000.0) & (all_of_position.mjd <= 59500.0)]
    assert np.array_equal(in_window.id, inside.id)
    assert np.array_equal(in_window.zp, inside.zp)


def test_find_first_exposure_agrees_with_find_exposures(survey):
    rng = np.random.default_rng(3)
    ra, dec = rng.uniform(0, 360, 60), rng.uniform(-40, 80, 60)
    after = rng.uniform(59600, 61000, 60)
    has_exposure, first = survey.find_first_exposure(ra, dec, after)
    assert has_exposure.sum() > 30
    for index, position in enumerate(np.flatnonzero(has_exposure)):
        all_of_position = survey.find_exposures(ra[position], dec[position], after[position], after[position] + 80.0)
        deep = all_of_position[(all_of_position.mjd > after[position]) & (all_of_position.mag5sig > 18.9)]
        assert deep.id[0] == first.id[index]
        assert deep.mjd[0] == first.mjd[index]


def test_north_pole_is_observed_from_the_north(survey):
    assert {SITES[site].code for site in survey.find_exposures(10.0, 89.9).site} <= {"01a", "02a", "05r"}


def test_exposure_is_listed_once(all_exposures):
    for exposures in all_exposures:
        assert len(set(exposures.id.tolist())) == len(exposures)
