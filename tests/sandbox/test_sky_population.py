# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The objects: how many, where, with which ids, of which kinds, on which lists; and how fast they are made."""

import time
from collections import Counter

import numpy as np
import pytest

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.sky.almanac import separation
from atlasquery.sandbox.sky.object_classes import OBJECT_CLASSES
from atlasquery.sandbox.sky.population import NIGHTS_MARGIN, FIRST_STREAM_KEY, _found
from atlasquery.sandbox.sky.survey import Survey

END = 61367.0


@pytest.fixture(scope="module")
def sky():
    return Sky(seed=1, n_objects=3000, end=END)


def _decoded(object_id):
    text = str(object_id)
    hours = int(text[1:3]) + int(text[3:5]) / 60 + int(text[5:9]) / 360000
    degrees = int(text[10:12]) + int(text[12:14]) / 60 + int(text[14:17]) / 36000
    return hours * 15.0, degrees if text[9] == "1" else -degrees


def test_number_of_objects(sky):
    first = np.array(sky.truth["first_mjd"])
    assert np.count_nonzero(first < 61345.0) == 3000
    assert 3000 <= len(sky.ids) < 3100
    assert first.max() <= END


@pytest.mark.parametrize("n_objects", [1, 2, 5, 50])
def test_small_skies(n_objects):
    sky = Sky(seed=9, n_objects=n_objects, end=61345.0)
    assert len(sky.ids) == n_objects
    assert sky.catalogue["atlas_designation"][0] == "ATLAS18qqn"
    assert len(sky.vra_todo()) <= n_objects


def test_ids_are_unique_and_tell_the_position(sky):
    assert sky.ids.dtype == np.int64
    assert len(set(sky.ids.tolist())) == len(sky.ids)
    ra, dec = np.array([_decoded(object_id) for object_id in sky.ids.tolist()]).T
    apart = separation(ra, dec, sky.catalogue["ra"], sky.catalogue["dec"]) * 3600
    assert apart.max() < 2.5
    assert 0.1 < np.median(apart) < 1.0


def test_positions_are_valid_and_rounded(sky):
    ra, dec = sky.catalogue["ra"], sky.catalogue["dec"]
    assert ra.min() >= 0.0
    assert ra.max() < 360.0
    assert np.abs(dec).max() < 90.0
    others = sky.ids != 1161600211221604900
    assert np.array_equal(np.round(ra[others], 5), ra[others])


def test_special_places(sky):
    ra, dec = sky.catalogue["ra"], sky.catalogue["dec"]
    assert np.count_nonzero(dec > 89.9) >= 4
    assert np.count_nonzero(dec < -89.9) >= 4
    near_zero = np.minimum(ra, 360 - ra) * np.cos(np.radians(dec)) < 0.001
    assert np.count_nonzero(near_zero & (ra > 180)) >= 3
    assert np.count_nonzero(near_zero & (ra < 180)) >= 3
    apart = separation(ra[:, None], dec[:, None], ra, dec) * 3600
    np.fill_diagonal(apart, np.inf)
    assert np.count_nonzero(apart.min(axis=1) < 1.0) >= 10
    assert np.count_nonzero(apart < 300.0, axis=1).max() >= 8


def test_sky_is_covered_evenly(sky):
    dec = sky.catalogue["dec"]
    south = np.mean(dec < -30.0)
    assert 0.2 < south < 0.3  # a quarter of the sphere
    assert np.histogram(sky.catalogue["ra"], 12, (0, 360))[0].min() > 150


def test_kinds_have_their_shares(sky):
    counts = Counter(sky.truth["class"])
    total = sum(kind.share for kind in OBJECT_CLASSES)
    for kind in OBJECT_CLASSES[:-1]:
        assert counts[kind.name] == pytest.approx(3000 * kind.share / total, abs=4 * np.sqrt(3000 * kind.share) + 2)
    assert counts["AT2018cow"] == 1


def test_every_detection_list_has_objects(sky):
    numbers = Counter(sky.catalogue["detection_list_id"].tolist())
    assert set(numbers) == set(range(14))
    assert sum(numbers.values()) == len(sky.ids)


def test_lists_suit_what_objects_are(sky):
    content = {}
    for number, kind in zip(sky.catalogue["detection_list_id"].tolist(), sky.truth["class"], strict=True):
        content.setdefault(number, Counter())[kind] += 1
    for number, kind in ((6, "CV"), (7, "AGN"), (9, "fast mover"), (11, "high proper motion star"), (2, "SN Ia")):
        assert content[number].most_common(1)[0][0] == kind
    assert set(content[0]) & {"artefact", "bright star residual"}
    assert set(content[8]) <= {"SN Ia", "SN II", "SN Ibc", "SLSN", "TDE"}


def test_eyeball_list_is_recent(sky):
    eyeball = sky.catalogue["detection_list_id"] == 4
    ages = END - np.array(sky.truth["first_mjd"])[eyeball]
    assert np.count_nonzero(eyeball) > 10
    assert ages.max() < 60


def test_custom_lists(sky):
    members = Counter(number for _, number in sky.groups)
    assert {2, 14, 40, 56, 72, 73} <= set(members) <= {2, 14, 16, 17, 40, 56, 72, 73}
    assert len(sky.groups) == len(set(sky.groups))
    kinds = dict(zip(sky.truth["id"], sky.truth["class"], strict=True))
    assert {kinds[object_id] for object_id, number in sky.groups if number == 40} == {"CV"}
    assert {kinds[object_id] for object_id, number in sky.groups if number == 56} == {"M dwarf flare"}
    assert 1161600211221604900 not in {object_id for object_id, _ in sky.groups}


def test_scores_tell_junk_from_supernovae(sky):
    scores, kinds = np.array(sky.catalogue["vra"]), np.array(sky.truth["class"])
    assert np.median(scores[kinds == "SN Ia"]) > 7 > 3 > np.median(scores[kinds == "artefact"])
    assert scores.min() >= 0.0
    assert scores.max() <= 10.0


def test_judgements_are_of_known_objects_and_not_of_the_future(sky):
    known = set(sky.ids.tolist())
    for rows in (sky.vra_scores(), sky.vra_ranks(), sky.vra_todo()):
        assert {row["transient_object_id"] for row in rows} <= known
        assert max(row["timestamp"] for row in rows) <= "2026-11-23T00:00:01Z"
    ranks = [row["transient_object_id"] for row in sky.vra_ranks()]
    assert len(ranks) == len(set(ranks))


def test_catalogue_columns_have_one_entry_an_object(sky):
    assert {len(column) for column in sky.catalogue.values()} == {len(sky.ids)}
    assert {len(column) for column in sky.truth.values()} == {len(sky.ids)}


def test_transients_are_found_on_the_rise(sky):
    kinds, first = np.array(sky.truth["class"]), np.array(sky.truth["first_mjd"])
    peak = np.array([np.nan if one is None else one for one in sky.truth["peak_mjd"]])
    wait = (peak - first)[kinds == "SN Ia"]
    assert wait.min() >= 0
    assert 4 < np.median(wait) < 16
    assert np.all(np.isnan(peak[kinds == "AGN"]))


def test_is_made_quickly():
    begin = time.perf_counter()
    sky = Sky(seed=1, n_objects=20_000, end=END)
    assert len(sky.catalogue["id"]) >= 20_000
    made = time.perf_counter() - begin
    begin = time.perf_counter()
    rows = [sum(map(len, sky.sections(object_id).values())) for object_id in sky.ids[1000:1050].tolist()]
    each = (time.perf_counter() - begin) / 50
    print(f"20,000 objects in {made:.2f} s; sections of {np.mean(rows):.0f} rows in {1e3 * each:.1f} ms")
    assert made < 4.0  # about 0.6 s on an idle machine
    assert each < 0.1  # about 12 ms


def test_an_object_near_the_pole_is_found_although_it_is_far_from_the_sun_when_it_is_not_observed():
    key = np.array([FIRST_STREAM_KEY + 1710])  # at declination +80, in a month after which it stays unobserved for half a year
    skies = [Survey(1, last) for last in (63205.0 + NIGHTS_MARGIN, 63900.0)]
    early, late = (_found(1, survey, key, 63205.0, 63235.0) for survey in skies)
    assert early.dec[0] > 80.0
    assert 63205.0 + 100 < early.first_mjd[0] < 63205.0 + 400
    assert (early.first_exposure[0], early.first_mjd[0]) == (late.first_exposure[0], late.first_mjd[0])
