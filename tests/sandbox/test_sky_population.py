# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The objects: number, positions, ids, classes and lists."""

from collections import Counter

import numpy as np
import pytest

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.sky.almanac import separation
from atlasquery.sandbox.sky.lists import NO_LIST
from atlasquery.sandbox.sky.object_classes import OBJECT_CLASSES
from atlasquery.sandbox.sky.population import FIRST_STREAM_KEY, NIGHTS_MARGIN, _make_objects
from atlasquery.sandbox.sky.survey import Survey
from constants import COW

END = 61367.0
SKY_OPTIONS = {"seed": 1, "n_objects": 3000, "end": END}


def _position_from_id(object_id):
    text = str(object_id)
    hours = int(text[1:3]) + int(text[3:5]) / 60 + int(text[5:9]) / 360000
    degrees = int(text[10:12]) + int(text[12:14]) / 60 + int(text[14:17]) / 36000
    return hours * 15.0, degrees if text[9] == "1" else -degrees


def test_number_of_objects_before_the_reference_date(sky):
    first = np.array(sky.truth["first_mjd"])
    assert np.count_nonzero(first < 61345.0) == 3000
    assert 3000 <= len(sky.ids) < 3100
    assert first.max() <= END


@pytest.mark.parametrize("n_objects", [1, 2, 5, 50])
def test_small_skies_are_complete(n_objects):
    sky = Sky(seed=9, n_objects=n_objects, end=61345.0)
    assert len(sky.ids) == n_objects
    assert sky.catalogue["atlas_designation"][0] == "ATLAS18qqn"
    assert len(sky.make_vra_todo()) <= n_objects


def test_ids_are_unique_and_encode_the_position(sky):
    assert sky.ids.dtype == np.int64
    assert len(set(sky.ids.tolist())) == len(sky.ids)
    ra, dec = np.array([_position_from_id(object_id) for object_id in sky.ids.tolist()]).T
    separations = separation(ra, dec, sky.catalogue["ra"], sky.catalogue["dec"]) * 3600
    assert separations.max() < 2.5
    assert 0.1 < np.median(separations) < 1.0


def test_positions_are_valid_and_rounded(sky):
    ra, dec = sky.catalogue["ra"], sky.catalogue["dec"]
    assert ra.min() >= 0.0
    assert ra.max() < 360.0
    assert np.abs(dec).max() < 90.0
    others = sky.ids != 1161600211221604900
    assert np.array_equal(np.round(ra[others], 5), ra[others])


def test_special_groups_are_present(sky):
    ra, dec = sky.catalogue["ra"], sky.catalogue["dec"]
    assert np.count_nonzero(dec > 89.9) >= 4
    assert np.count_nonzero(dec < -89.9) >= 4
    near_zero = np.minimum(ra, 360 - ra) * np.cos(np.radians(dec)) < 0.001
    assert np.count_nonzero(near_zero & (ra > 180)) >= 3
    assert np.count_nonzero(near_zero & (ra < 180)) >= 3
    separations = separation(ra[:, None], dec[:, None], ra, dec) * 3600
    np.fill_diagonal(separations, np.inf)
    assert np.count_nonzero(separations.min(axis=1) < 1.0) >= 10
    assert np.count_nonzero(separations < 300.0, axis=1).max() >= 8


def test_positions_cover_the_sky_evenly(sky):
    dec = sky.catalogue["dec"]
    south = np.mean(dec < -30.0)
    assert 0.2 < south < 0.3  # a quarter of the sphere
    assert np.histogram(sky.catalogue["ra"], 12, (0, 360))[0].min() > 150


def test_classes_have_their_fractions(sky):
    counts = Counter(sky.truth["class"])
    total_fraction = sum(object_class.fraction for object_class in OBJECT_CLASSES)
    for object_class in OBJECT_CLASSES[:-1]:
        assert counts[object_class.name] == pytest.approx(
            3000 * object_class.fraction / total_fraction, abs=4 * np.sqrt(3000 * object_class.fraction) + 2
        )
    assert counts["AT2018cow"] == 1


def test_every_detection_list_has_objects(sky):
    numbers = Counter(sky.catalogue["detection_list_id"].tolist())
    assert set(numbers) == {NO_LIST, *range(14)}
    assert sum(numbers.values()) == len(sky.ids)


def test_about_one_object_in_25_is_in_no_list(sky):
    is_lost = sky.catalogue["detection_list_id"] == NO_LIST
    assert np.mean(is_lost) == pytest.approx(0.04, abs=0.011)  # three standard deviations
    section = sky.make_object_section(sky.ids[int(np.flatnonzero(is_lost)[0])])
    assert section["detection_list_id"] is None
    assert section["followup_flag_date"] is None
    cow = sky.make_object_section(COW)
    assert cow["detection_list_id"] is not None


def test_lists_agree_with_classes(sky):
    classes_by_list = {}
    for number, object_class in zip(sky.catalogue["detection_list_id"].tolist(), sky.truth["class"], strict=True):
        classes_by_list.setdefault(number, Counter())[object_class] += 1
    for number, object_class in (
        (6, "CV"),
        (7, "AGN"),
        (9, "fast mover"),
        (11, "high proper motion star"),
        (2, "SN Ia"),
    ):
        assert classes_by_list[number].most_common(1)[0][0] == object_class
    assert set(classes_by_list[0]) & {"artefact", "bright star residual"}
    assert set(classes_by_list[8]) <= {"SN Ia", "SN II", "SN Ibc", "SLSN", "TDE"}


def test_eyeball_list_is_recent(sky):
    eyeball = sky.catalogue["detection_list_id"] == 4
    ages = END - np.array(sky.truth["first_mjd"])[eyeball]
    assert np.count_nonzero(eyeball) > 10
    assert ages.max() < 60


def test_custom_lists_have_the_expected_members(sky):
    members = Counter(number for _, number in sky.memberships)
    assert {2, 14, 40, 56, 72, 73} <= set(members) <= {2, 14, 16, 17, 40, 56, 72, 73}
    assert len(sky.memberships) == len(set(sky.memberships))
    kinds = dict(zip(sky.truth["id"], sky.truth["class"], strict=True))
    assert {kinds[object_id] for object_id, number in sky.memberships if number == 40} == {"CV"}
    assert {kinds[object_id] for object_id, number in sky.memberships if number == 56} == {"M dwarf flare"}
    assert 1161600211221604900 not in {object_id for object_id, _ in sky.memberships}


def test_scores_separate_artefacts_from_supernovae(sky):
    scores, kinds = np.array(sky.catalogue["vra"]), np.array(sky.truth["class"])
    assert np.median(scores[kinds == "SN Ia"]) > 7 > 3 > np.median(scores[kinds == "artefact"])
    assert scores.min() >= 0.0
    assert scores.max() <= 10.0


def test_vra_rows_are_of_existing_objects_and_before_the_end(sky):
    ids = set(sky.ids.tolist())
    for rows in (sky.make_vra_scores(), sky.make_vra_ranks(), sky.make_vra_todo()):
        assert {row["transient_object_id"] for row in rows} <= ids
        assert max(row["timestamp"] for row in rows) <= "2026-11-23T00:00:01Z"
    ranks = [row["transient_object_id"] for row in sky.make_vra_ranks()]
    assert len(ranks) == len(set(ranks))


def test_catalogue_columns_have_one_value_an_object(sky):
    assert {len(column) for column in sky.catalogue.values()} == {len(sky.ids)}
    assert {len(column) for column in sky.truth.values()} == {len(sky.ids)}


def test_transients_are_discovered_during_the_rise(sky):
    kinds, first = np.array(sky.truth["class"]), np.array(sky.truth["first_mjd"])
    peak = np.array([np.nan if mjd is None else mjd for mjd in sky.truth["peak_mjd"]])
    rise_days = (peak - first)[kinds == "SN Ia"]
    assert rise_days.min() >= 0
    assert 4 < np.median(rise_days) < 16
    assert np.all(np.isnan(peak[kinds == "AGN"]))


def test_large_sky_has_all_objects_and_rows():
    sky = Sky(seed=1, n_objects=20_000, end=END)
    assert len(sky.catalogue["id"]) >= 20_000
    for object_id in sky.ids[1000:1010].tolist():
        assert sum(map(len, sky.make_photometry(object_id).values())) > 100


def test_object_near_the_pole_is_discovered_outside_its_season():
    key = np.array(
        [FIRST_STREAM_KEY + 1710]
    )  # Dec +80, discovered in a month that is followed by half a year without exposures
    skies = [Survey(1, last) for last in (63205.0 + NIGHTS_MARGIN, 63900.0)]
    early, late = (_make_objects(1, survey, key, 63205.0, 63235.0) for survey in skies)
    assert early.dec[0] > 80.0
    assert 63205.0 + 100 < early.first_mjd[0] < 63205.0 + 400
    assert (early.first_exposure[0], early.first_mjd[0]) == (late.first_exposure[0], late.first_mjd[0])
