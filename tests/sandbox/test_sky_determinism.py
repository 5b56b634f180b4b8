# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The present only truncates: no row, name or place depends on where the history ends."""

from itertools import pairwise

import numpy as np
import pytest

from atlasquery.sandbox.sky import Sky

EARLY, LATE = 60100.5, 61420.0


@pytest.fixture(scope="module")
def early():
    return Sky(seed=5, n_objects=300, end=EARLY)


@pytest.fixture(scope="module")
def late():
    return Sky(seed=5, n_objects=300, end=LATE)


def test_same_seed_same_sky(early):
    again = Sky(seed=5, n_objects=300, end=EARLY)
    assert np.array_equal(early.ids, again.ids)
    for object_id in early.ids[:20].tolist():
        assert early.sections(object_id) == again.sections(object_id)
        assert early.crossmatches(object_id) == again.crossmatches(object_id)


def test_other_seed_other_sky(early):
    other = Sky(seed=6, n_objects=300, end=EARLY)
    shared = set(early.ids.tolist()) & set(other.ids.tolist())
    assert shared == {1161600211221604900}


def test_known_objects_stay_known(early, late):
    assert set(early.ids.tolist()) < set(late.ids.tolist())


def test_rows_do_not_change_when_the_end_moves(early, late):
    compared = 0
    for object_id in early.ids[::5].tolist():
        before, after = early.sections(object_id), late.sections(object_id)
        for name in ("lc", "lcnondets", "fp"):
            assert before[name] == after[name][: len(before[name])]
            compared += len(before[name])
        assert all(row["mjd"] > EARLY for row in after["lc"][len(before["lc"]) :])
    assert compared > 40_000


def test_limits_of_objects_at_right_ascension_zero_stay_where_they_are():
    skies = [Sky(seed=20180616, n_objects=3000, end=end) for end in (58700.0, 60000.0, 61345.0)]
    elsewhere = {}
    for before, after in pairwise(skies):
        near = before.ids[np.abs((before.catalogue["ra"] + 180.0) % 360.0 - 180.0) < 0.01].tolist()
        for object_id in near:
            rows, later = before.sections(object_id)["lcnondets"], after.sections(object_id)["lcnondets"]
            assert rows == later[: len(rows)]
            fields = {int(row["pointing"][2:5]) for row in later}
            elsewhere[object_id] = not any(field < 20 or field > 340 for field in fields)
    # Else nothing was tested; the object is one whose mean moved by many degrees.
    assert elsewhere[1000000030102506600]
    assert sum(elsewhere.values()) >= 5


def test_names_and_places_do_not_change_when_the_end_moves(early, late):
    where = {object_id: row for row, object_id in enumerate(late.ids.tolist())}
    rows = [where[object_id] for object_id in early.ids.tolist()]
    for column in ("ra", "dec", "atlas_designation", "other_designation", "date_inserted", "vra", "rb_pix"):
        after = [late.catalogue[column][row] for row in rows]
        assert list(early.catalogue[column]) == after


@pytest.mark.parametrize("end", [57000.0, 58100.0, 59000.3, 61345.0, 61345.1, 61400.0])
def test_any_end_is_possible(end):
    sky = Sky(seed=5, n_objects=40, end=end)
    assert len(sky.catalogue["atlas_designation"]) == len(sky.truth["id"]) == len(sky.ids)
    assert {one for one, _ in sky.groups} <= set(sky.ids.tolist())
    assert len(sky.vra_scores()) >= len(sky.vra_ranks())
    for object_id in sky.ids.tolist():
        sections = sky.sections(object_id)
        # Whatever is known was seen; only AT2018cow is there before it.
        assert sections["lc"]
        assert max(row["mjd"] for row in sections["lc"] + sections["lcnondets"]) <= end


def test_stream_goes_on_at_the_same_rate(late):
    rate = 300 / (61345.0 - 58060.0)
    expected = rate * (LATE - 61345.0)
    assert np.count_nonzero(np.array(late.truth["first_mjd"]) < 61345.0) == 300
    assert 0.2 * expected <= len(late.ids) - 300 <= 2.0 * expected


@pytest.mark.parametrize("since", [58900.0, 59800.123, 60050.0])
def test_since_selects_rows(early, since):
    for object_id in early.ids[:30].tolist():
        whole, recent = early.sections(object_id), early.sections(object_id, since)
        assert recent["lc"] == [row for row in whole["lc"] if row["mjd"] > since]
        assert recent["lcnondets"] == [row for row in whole["lcnondets"] if row["mjd"] > since]
        assert recent["fp"] == [row for row in whole["fp"] if row["mjd_obs"] >= since]


def test_since_is_exclusive_but_for_forced_photometry(early):
    found = early.sections(1161600211221604900)
    for name, key in (("lc", "mjd"), ("lcnondets", "mjd"), ("fp", "mjd_obs")):
        moment = found[name][10][key]
        rows = early.sections(1161600211221604900, moment)[name]
        times = [row[key] for row in rows]
        assert (moment in times) == (name == "fp")
        assert min(times) >= moment


def test_unknown_id_is_an_error(early):
    with pytest.raises(KeyError):
        early.sections(1234567)


def test_nothing_is_known_of_the_future(early):
    for object_id in early.ids[:50].tolist():
        assert early.sections(object_id, 70000.0) == {"lc": [], "lcnondets": [], "fp": []}


def test_published_name_is_not_given_away_before_its_discovery():
    sky = Sky(seed=5, n_objects=300, end=58200.0)
    assert len(sky.ids) > 3
    assert "ATLAS18qqn" not in sky.catalogue["atlas_designation"]
    assert "2018cow" not in sky.catalogue["other_designation"]
