# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The survey keeps to what telescopes can do: one exposure at a time, at night, above the horizon."""

from collections import Counter

import numpy as np
import pytest

from atlasquery.sandbox.sky import almanac
from atlasquery.sandbox.sky.exposures import FIRST_MODEL_ID
from atlasquery.sandbox.sky.sites import BANDS, SITES
from atlasquery.sandbox.sky.survey import Survey

PLACES = [(0.0001, 31.8), (359.9999, -33.0), (150.1, 2.2), (80.0, -69.0), (207.0, -9.2), (10.0, 89.9), (200.0, -89.8)]


@pytest.fixture(scope="module")
def survey():
    return Survey(3, 61400.0)


@pytest.fixture(scope="module")
def everything(survey):
    """Exposures of a hundred places."""
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, 100), np.degrees(np.arcsin(rng.uniform(-1, 1, 100)))
    return [survey.exposures(*place) for place in [*PLACES, *zip(ra.tolist(), dec.tolist(), strict=True)]]


def test_name_belongs_to_one_moment_and_one_field(everything):
    known = {}
    for exposures in everything:
        for name, facts in zip(
            exposures.names, zip(exposures.mjd, exposures.pointings, exposures.mag5sig, strict=True), strict=True
        ):
            assert known.setdefault(name, facts) == facts
    assert len(known) > 100_000


def test_telescope_makes_one_exposure_at_a_time(everything):
    starts = {}
    for exposures in everything:
        for site, mjd, row, number in zip(exposures.site, exposures.mjd, exposures.row, exposures.number, strict=True):
            starts[site, row, number] = mjd
    by_night = {}
    assert min(int(exposures.id.min()) for exposures in everything) >= FIRST_MODEL_ID
    for (site, row, number), mjd in sorted(starts.items()):
        by_night.setdefault((site, row), []).append((number, mjd))
    shortest = min(np.diff([mjd for _, mjd in night]).min() * 86400 for night in by_night.values() if len(night) > 1)
    assert shortest > 30.0


def test_is_observed_at_night_above_the_horizon(everything):
    for exposures in everything:
        longitude, latitude = exposures.nights.longitude[exposures.row], exposures.nights.latitude[exposures.row]
        ra, dec = almanac.sun_position(exposures.mjd)
        assert almanac.altitude(almanac.sidereal_time(exposures.mjd, longitude) - ra, dec, latitude).max() < -8.0
        assert exposures.altitude.min() > 19.0


def test_position_lies_in_the_field(everything):
    for exposures in everything:
        assert np.abs(exposures.x - 5226).max() < 5300
        assert np.abs(exposures.y - 5226).max() < 5300


def test_every_place_is_observed(everything):
    late = [np.count_nonzero(exposures.mjd > 59700) for exposures in everything]
    assert min(late) > 300


def test_south_begins_with_the_southern_telescopes(survey):
    exposures = survey.exposures(80.0, -69.0)
    assert exposures.mjd.min() > 59589
    assert {SITES[site].code for site in exposures.site} == {"03a", "04a"}


def test_night_is_that_of_the_name(everything):
    for exposures in everything[:10]:
        night = exposures.nights.number[exposures.row]
        # A night at Sutherland begins on the day before its number.
        assert set((night - np.floor(exposures.mjd)).astype(int).tolist()) <= {0, 1}
        hawaii = exposures.site < 2
        assert np.all(night[hawaii] == np.floor(exposures.mjd[hawaii]))


def test_cyan_is_for_dark_time(everything):
    for exposures in everything[:10]:
        lit = almanac.moon_position(exposures.mjd)[2]
        assert lit[exposures.band == BANDS.index("c")].max() < 0.5


def test_moonlight_costs_depth(everything):
    exposures = everything[4]
    orange = (exposures.band == BANDS.index("o")) & (exposures.site == 0)
    lit, limit = almanac.moon_position(exposures.mjd[orange])[2], exposures.mag5sig[orange]
    assert np.median(limit[lit < 0.2]) - np.median(limit[lit > 0.8]) > 0.4


def test_close_places_share_their_exposures(survey):
    one, other = survey.exposures(150.0, 2.0), survey.exposures(150.0002, 2.0002)
    assert one.names == other.names
    assert np.array_equal(one.mag5sig, other.mag5sig)


def test_some_nights_are_in_the_archive_twice(survey):
    rng = np.random.default_rng(2)
    seen = Counter()
    for ra, dec in zip(rng.uniform(0, 360, 60), rng.uniform(-40, 15, 60), strict=True):
        exposures = survey.exposures(ra, dec, 59740.0, 60010.0)
        for name, count in Counter(exposures.names).items():
            seen[name[:8]] += count == 2
            assert count == 1 or name[:8] in {"04a59748", "02a59998", "03a59844"}
        assert len(set(exposures.id.tolist())) == len(exposures)
    assert sum(seen.values()) > 0


def test_window_selects_exposures(survey):
    whole = survey.exposures(150.0, 2.0)
    part = survey.exposures(150.0, 2.0, 59000.0, 59500.0)
    inside = whole[(whole.mjd >= 59000.0) & (whole.mjd <= 59500.0)]
    assert np.array_equal(part.id, inside.id)
    assert np.array_equal(part.zp, inside.zp)


def test_first_agrees_with_the_whole_list(survey):
    rng = np.random.default_rng(3)
    ra, dec = rng.uniform(0, 360, 60), rng.uniform(-40, 80, 60)
    after = rng.uniform(59600, 61000, 60)
    found, first = survey.first(ra, dec, after)
    assert found.sum() > 30
    for index, place in enumerate(np.flatnonzero(found)):
        whole = survey.exposures(ra[place], dec[place], after[place], after[place] + 80.0)
        good = whole[(whole.mjd > after[place]) & (whole.mag5sig > 18.9)]
        assert good.id[0] == first.id[index]
        assert good.mjd[0] == first.mjd[index]


def test_pole_is_observed_from_the_north(survey):
    assert {SITES[site].code for site in survey.exposures(10.0, 89.9).site} <= {"01a", "02a", "05r"}


def test_exposure_is_listed_once(everything):
    for exposures in everything:
        assert len(set(exposures.id.tolist())) == len(exposures)
