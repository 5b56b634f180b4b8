# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The end only truncates: no row, name or position depends on it."""

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


def test_same_seed_gives_the_same_sky(early):
    repeated = Sky(seed=5, n_objects=300, end=EARLY)
    assert np.array_equal(early.ids, repeated.ids)
    for object_id in early.ids[:20].tolist():
        assert early.make_photometry(object_id) == repeated.make_photometry(object_id)
        assert early.make_crossmatches(object_id) == repeated.make_crossmatches(object_id)


def test_another_seed_gives_other_objects(early):
    other = Sky(seed=6, n_objects=300, end=EARLY)
    shared = set(early.ids.tolist()) & set(other.ids.tolist())
    assert shared == {1161600211221604900}


def test_a_later_end_keeps_all_objects(early, late):
    assert set(early.ids.tolist()) < set(late.ids.tolist())


def test_a_later_end_keeps_all_rows(early, late):
    n_compared = 0
    for object_id in early.ids[::5].tolist():
        before, after = early.make_photometry(object_id), late.make_photometry(object_id)
        for name in ("lc", "lcnondets", "fp"):
            assert before[name] == after[name][: len(before[name])]
            n_compared += len(before[name])
        assert all(row["mjd"] > EARLY for row in after["lc"][len(before["lc"]) :])
    assert n_compared > 40_000


def test_a_later_end_keeps_the_limits_of_objects_at_ra_zero():
    skies = [Sky(seed=20180616, n_objects=3000, end=end) for end in (58700.0, 60000.0, 61345.0)]
    has_distant_limits = {}
    for before, after in pairwise(skies):
        ids_near_zero = before.ids[np.abs((before.catalogue["ra"] + 180.0) % 360.0 - 180.0) < 0.01].tolist()
        for object_id in ids_near_zero:
            rows, late_rows = (
                before.make_photometry(object_id)["lcnondets"],
                after.make_photometry(object_id)["lcnondets"],
            )
            assert rows == late_rows[: len(rows)]
            fields = {int(row["pointing"][2:5]) for row in late_rows}
            has_distant_limits[object_id] = not any(field < 20 or field > 340 for field in fields)
    # The test needs such objects; the mean RA of this one moved by many degrees.
    assert has_distant_limits[1000000030102506600]
    assert sum(has_distant_limits.values()) >= 5


def test_a_later_end_keeps_names_and_positions(early, late):
    row_by_id = {object_id: row for row, object_id in enumerate(late.ids.tolist())}
    rows = [row_by_id[object_id] for object_id in early.ids.tolist()]
    for column in ("ra", "dec", "atlas_designation", "other_designation", "date_inserted", "vra", "rb_pix"):
        after = [late.catalogue[column][row] for row in rows]
        assert list(early.catalogue[column]) == after


@pytest.mark.parametrize("end", [57000.0, 58100.0, 59000.3, 61345.0, 61345.1, 61400.0])
def test_sky_is_consistent_at_any_end(end):
    sky = Sky(seed=5, n_objects=40, end=end)
    assert len(sky.catalogue["atlas_designation"]) == len(sky.truth["id"]) == len(sky.ids)
    assert {object_id for object_id, _ in sky.memberships} <= set(sky.ids.tolist())
    assert len(sky.make_vra_scores()) >= len(sky.make_vra_ranks())
    for object_id in sky.ids.tolist():
        sections = sky.make_photometry(object_id)
        # Every object has a detection.
        assert sections["lc"]
        assert max(row["mjd"] for row in sections["lc"] + sections["lcnondets"]) <= end


def test_stream_continues_at_the_same_rate(late):
    rate = 300 / (61345.0 - 58060.0)
    expected = rate * (LATE - 61345.0)
    assert np.count_nonzero(np.array(late.truth["first_mjd"]) < 61345.0) == 300
    assert 0.2 * expected <= len(late.ids) - 300 <= 2.0 * expected


@pytest.mark.parametrize("since", [58900.0, 59800.123, 60050.0])
def test_since_selects_rows(early, since):
    for object_id in early.ids[:30].tolist():
        all_sections, recent = early.make_photometry(object_id), early.make_photometry(object_id, since)
        assert recent["lc"] == [row for row in all_sections["lc"] if row["mjd"] > since]
        assert recent["lcnondets"] == [row for row in all_sections["lcnondets"] if row["mjd"] > since]
        assert recent["fp"] == [row for row in all_sections["fp"] if row["mjd_obs"] >= since]


def test_since_is_exclusive_except_for_forced_photometry(early):
    sections = early.make_photometry(1161600211221604900)
    for name, key in (("lc", "mjd"), ("lcnondets", "mjd"), ("fp", "mjd_obs")):
        since = sections[name][10][key]
        rows = early.make_photometry(1161600211221604900, since)[name]
        times = [row[key] for row in rows]
        assert (since in times) == (name == "fp")
        assert min(times) >= since


def test_unknown_id_raises_key_error(early):
    with pytest.raises(KeyError):
        early.make_photometry(1234567)


def test_no_row_is_later_than_the_end(early):
    for object_id in early.ids[:50].tolist():
        assert early.make_photometry(object_id, 70000.0) == {"lc": [], "lcnondets": [], "fp": []}


def test_published_name_is_not_used_before_its_discovery():
    sky = Sky(seed=5, n_objects=300, end=58200.0)
    assert len(sky.ids) > 3
    assert "ATLAS18qqn" not in sky.catalogue["atlas_designation"]
    assert "2018cow" not in sky.catalogue["other_designation"]
