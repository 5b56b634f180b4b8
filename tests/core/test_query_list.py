# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whole lists and parts of them: the same from every age of server, and nothing left out in silence."""

import warnings

import numpy as np
import pytest
from astropy import units as u
from astropy.table import vstack
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery import CustomList, DetectionList, conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, NoResultsWarning
from atlasquery.sandbox import Fault, Sandbox


@pytest.fixture(scope="module")
def old(sandbox):
    """An older server over the same sky."""
    with Sandbox(end=sandbox.end, vintage="old", rates={"user": None}) as running:
        yield running


@pytest.fixture(scope="module")
def whole(atlas):
    """Lists as they are, without conditions."""
    return {name: atlas.query_list(name) for name in ("garbage", "good", "stars", "attic")}


def ids(table):
    return table["atlas_id"].tolist()


def test_a_whole_list_is_one_request(sandbox, atlas):
    before = len(sandbox.requests)
    found = atlas.query_list("good")
    assert [seen.endpoint for seen in sandbox.requests[before:]] == ["objectlist/"]
    assert set(found["detection_list"].tolist()) == {2}
    assert found["ra"].unit == u.deg
    assert found.meta["lists"] == ["good"]


@pytest.mark.parametrize("name", ["good", "Good ", 2, np.int64(2), DetectionList.good])
def test_the_ways_to_name_a_detection_list(atlas, whole, name):
    assert ids(atlas.query_list(name)) == ids(whole["good"])


@pytest.mark.parametrize("name", ["cv", CustomList(40), CustomList("cv")])
def test_the_ways_to_name_a_custom_list(atlas, name):
    assert set(atlas.query_list(name)["custom_list"].tolist()) == {40}


def test_the_number_spaces_are_not_mixed_up(atlas, whole):
    custom = _maybe_empty(atlas, CustomList(2))
    members = atlas._endpoints._read("objectgroupslist/", {"objectgroupid": 2})
    assert ids(custom) == [row["transient_object_id"] for row in members]
    assert set(ids(custom)) != set(ids(whole["good"]))


def test_every_object_is_in_exactly_one_detection_list(sandbox, atlas):
    together = vstack([_maybe_empty(atlas, number) for number in DetectionList])
    assert sorted(ids(together)) == sorted(sandbox.truth["atlas_id"].tolist())
    assert together.meta["lists"] == [one.name for one in DetectionList]


def test_tables_of_custom_lists_stack_with_those_of_detection_lists(atlas, whole):
    custom = [_maybe_empty(atlas, CustomList(number)) for number in (2, 16, 17, 40, 72, 999)]
    together = vstack([whole["good"], *custom])
    assert len(together) == len(whole["good"]) + sum(map(len, custom))
    assert together["custom_list"].mask[: len(whole["good"])].all()


def _maybe_empty(atlas, which):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoResultsWarning)  # which lists are empty is the sky's business
        return atlas.query_list(which)


FILTERS = [
    {"vra": (5, None)},
    {"rb_pix": (None, 0.5)},
    {"dec": (-30, 30)},
    {"dec": (-30 * u.deg, 1800 * u.arcmin)},
    {"ra": (100, 200)},
    {"ra": (300, 60)},
    {"ra": (-60, 60)},
    {"ra": (None, 60 * u.deg)},
    {"ra": (20 * u.hourangle, None)},
    {"rb_pix": (0.5 * u.one, None)},
    {"sherlock_class": "SN"},
    {"sherlock_class": ["sn", "NT"]},
    {"exclude_sherlock_class": "SN"},
    {"exclude_sherlock_class": ("SN", "VS"), "dec": (0, None)},
    {"spec_type": "sn ia"},
    {"spec_type": ["SN Ia", "SN II"]},
    {"since": "2024-01-01"},
    {"since": "2024-01-01", "sherlock_class": "SN", "ra": (350, 200), "dec": (None, 45)},
]


def by_hand(table, conditions):
    """The same conditions once more, written down row by row."""
    return [int(row["atlas_id"]) for row in table if all(HOLDS[name](row, value) for name, value in conditions.items())]


def number(value):
    return (
        float("nan")
        if np.ma.is_masked(value) or getattr(value, "mask", False)
        else float(getattr(value, "value", value))
    )


def in_range(column):
    unit = u.deg if column in ("ra", "dec") else u.one

    def holds(row, ends):
        low, high = (end.to_value(unit) if isinstance(end, u.Quantity) else end for end in ends)
        value = number(row[column])
        low, high = -np.inf if low is None else low, np.inf if high is None else high
        if column == "ra" and low == -60:
            low = 300
        return (value >= low or value <= high) if low > high else low <= value <= high

    return holds


def in_words(column):
    def holds(row, words):
        words = [words] if isinstance(words, str) else words
        return not np.ma.is_masked(row[column]) and str(row[column]).lower() in [word.lower() for word in words]

    return holds


HOLDS = {name: in_range(name) for name in ("vra", "rb_pix", "ra", "dec")}
HOLDS |= {"sherlock_class": in_words("sherlock_class"), "spec_type": in_words("spec_type")}
HOLDS["exclude_sherlock_class"] = lambda row, words: not HOLDS["sherlock_class"](row, words)
HOLDS["since"] = lambda row, since: row["followup_flag_date"].utc.mjd >= Time(since).utc.mjd


@pytest.mark.parametrize("conditions", FILTERS)
def test_filters_against_brute_force(atlas, whole, conditions):
    table = whole["attic"]
    expected = by_hand(table, conditions)
    assert 0 < len(expected) < len(table)
    assert ids(atlas.query_list("attic", **conditions)) == expected


def plain(column):
    """Values as texts: a NaN under a mask is then equal to another one."""
    return [str(value) for value in (column.isot if isinstance(column, Time) else column)]


@pytest.mark.parametrize("conditions", [one for one in FILTERS if "vra" not in one])
def test_old_and_new_servers_give_identical_tables(old, atlas, conditions):
    new_table = atlas.query_list("attic", **conditions)
    old_table = old.client().query_list("attic", **conditions)
    assert len(new_table)
    assert old_table.colnames == new_table.colnames
    for name in set(new_table.colnames) - {"vra", "realbogus_factor"}:
        assert plain(new_table[name]) == plain(old_table[name]), name


def test_an_older_server_cannot_be_asked_for_a_score_it_does_not_have(old):
    with pytest.raises(InvalidQueryError, match="no vra"):
        old.client().query_list("good", vra=(5, None))


def test_ranges_include_both_ends(atlas, whole):
    table = whole["good"]
    for column in ("ra", "dec", "rb_pix"):
        low, high = sorted([number(table[column][3]), number(table[column][7])])
        found = ids(atlas.query_list("good", **{column: (low, high)}))
        assert {ids(table)[3], ids(table)[7]} <= set(found), column


def test_since_includes_the_moment_itself(atlas, whole):
    dates = whole["good"]["followup_flag_date"]
    for moment in (dates[5], dates[5].tdb):
        assert ids(whole["good"])[5] in ids(atlas.query_list("good", since=moment))


@pytest.mark.parametrize("since", ["0001-01-01", "0900-01-01", 3000 * u.yr, Time(-1e6, format="mjd")])
def test_since_long_ago_is_everything(atlas, whole, since):
    assert atlas.query_list("good", since=since, get_query_payload=True)["datethreshold"] == "1899-12-31T23:59:58Z"
    assert ids(atlas.query_list("good", since=since)) == ids(whole["good"])
    assert len(atlas.query_vra_todo(since=since)) == len(atlas.query_vra_todo())


@pytest.mark.parametrize("since", ["9999-12-31", Time(1e8, format="mjd")])
def test_since_the_far_future_is_nothing(atlas, since):
    for method, args in (("query_list", ["good"]), ("query_vra_ranks", [])):
        with pytest.warns(NoResultsWarning):
            assert len(getattr(atlas, method)(*args, since=since)) == 0


def test_what_the_server_can_filter_is_sent(sandbox, atlas):
    atlas.query_list("attic", ra=(10, 300), dec=(-80, None), sherlock_class="SN", since="2020-01-01")
    params = sandbox.requests[-1].params
    assert float(params["ra_gte"]) == pytest.approx(10, abs=1e-4)
    assert float(params["ra_lte"]) == pytest.approx(300, abs=1e-4)
    assert float(params["dec_gte"]) == pytest.approx(-80, abs=1e-4)
    assert params["sherlock_class"] == "SN"
    assert params["datethreshold"] == "2019-12-31T23:59:58Z"
    assert "dec_lte" not in params


def test_a_range_across_zero_is_not_sent_as_an_empty_one(atlas):
    assert atlas.query_list("attic", ra=(300, 60), get_query_payload=True) == {"objectlistid": 5}


@pytest.mark.usefixtures("unspent")
@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"name": "goood"}, InvalidQueryError, "good"),
        ({"name": "heloize"}, InvalidQueryError, "heloise"),
        ({"name": 14}, InvalidQueryError, "0 to 13"),
        ({"name": -1}, InvalidQueryError, "0 to 13"),
        ({"name": True}, InvalidQueryTypeError, "True"),
        ({"name": 2.0}, InvalidQueryTypeError, "2.0"),
        ({"sherlock_class": "SNN"}, InvalidQueryError, "SN"),
        ({"exclude_sherlock_class": ["SN", "star"]}, InvalidQueryError, "ORPHAN"),
        ({"sherlock_class": []}, InvalidQueryTypeError, "a text or several"),
        ({"vra": (8, 5)}, InvalidQueryError, "wrong way round"),
        ({"dec": (30 * u.deg, -30 * u.deg)}, InvalidQueryError, "wrong way round"),
        ({"rb_pix": (np.nan, 1)}, InvalidQueryError, "None for an open one"),
        ({"vra": 5}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"vra": (1, 2, 3)}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"vra": "57"}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"dec": (1 * u.s, None)}, InvalidQueryTypeError, "not an angle"),
        ({"vra": (8 * u.arcsec, None)}, InvalidQueryTypeError, "not a plain number"),
        ({"dec": (Masked(10 * u.deg, mask=True), None)}, InvalidQueryError, "masked"),
        ({"rb_pix": (np.ma.masked, None)}, InvalidQueryError, "masked"),
        ({"ra": (None, -10)}, InvalidQueryError, r"0 to 360.*\(-10, 10\)"),
        ({"ra": (370 * u.deg, None)}, InvalidQueryError, "0 to 360"),
        ({"since": 60000}, InvalidQueryTypeError, "since"),
    ],
)
def test_what_is_wrong_spends_no_request(atlas, arguments, error, said):
    with pytest.raises(error, match=said):
        atlas.query_list(**{"name": "good", **arguments})


def test_nothing_is_an_empty_typed_table_and_a_warning(atlas, whole):
    with pytest.warns(NoResultsWarning, match="good"):
        empty = atlas.query_list("good", since="2028-01-01")
    assert len(empty) == 0
    assert empty.colnames == whole["good"].colnames
    assert [one.dtype for one in empty.columns.values() if hasattr(one, "dtype")]


def test_a_list_named_in_the_configuration(sandbox, atlas):
    with conf.set_temp("custom_lists", ["my tidal ones: 81"]):
        assert "my_tidal_ones" in atlas.list_lists()["name"].tolist()
        with pytest.warns(NoResultsWarning):
            atlas.query_list("My tidal ones")
    assert sandbox.requests[-1].params == {"objectlistid": "81", "getcustomlist": "True"}
    with pytest.raises(InvalidQueryError, match="my_tidal_ones"):
        atlas.query_list("my_tidal_ones")


@pytest.mark.usefixtures("unspent")
def test_list_lists_needs_no_request(atlas):
    lists = atlas.list_lists()
    assert lists.colnames == ["name", "number", "kind", "description"]
    assert (lists["kind"] == "detection").sum() == 14
    for row in lists:
        payload = atlas.query_list(str(row["name"]), get_query_payload=True)
        assert payload["objectlistid"] == row["number"]
        assert payload.get("getcustomlist", False) == (row["kind"] == "custom")


def test_rows_that_are_none_are_told():
    from atlasquery.exceptions import UnreadableAnswerError

    with Sandbox(n_objects=5, end="2026-11-01") as small:
        small.inject(Fault("status", endpoint="objectlist/", status=200, body='{"rows": []}'))
        with pytest.raises(UnreadableAnswerError, match="a list of rows was expected"):
            small.client().query_list("good")
