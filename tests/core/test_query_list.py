# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Lists with and without filters: the same results from old and new servers, and no silent gaps."""

import warnings

import numpy as np
import pytest
from astropy import units as u
from astropy.table import vstack
from astropy.time import Time
from astropy.utils.masked import Masked

from atlasquery import CustomList, DetectionList, conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, NoResultsWarning, UnreadableAnswerError
from atlasquery.sandbox import Fault


@pytest.fixture(scope="module")
def old_sandbox(sandbox, make_sandbox):
    """An older server with the same sky."""
    return make_sandbox(n_objects=3000, end=sandbox.end, vintage="old", rates={"user": None})


@pytest.fixture(scope="module")
def whole_lists(atlas):
    """Lists without filters."""
    return {name: atlas.query_list(name) for name in ("garbage", "good", "stars", "attic")}


def ids(table):
    return table["atlas_id"].tolist()


def test_a_whole_list_is_one_request(atlas, requested_endpoints):
    result = atlas.query_list("good")
    assert requested_endpoints() == ["objectlist/"]
    assert set(result["detection_list"].tolist()) == {2}
    assert result["ra"].unit == u.deg
    assert result.meta["lists"] == ["good"]


@pytest.mark.parametrize("name", ["good", "Good ", 2, np.int64(2), DetectionList.good])
def test_a_detection_list_by_name_or_number(atlas, whole_lists, name):
    assert ids(atlas.query_list(name)) == ids(whole_lists["good"])


@pytest.mark.parametrize("name", ["cv", CustomList(40), CustomList("cv")])
def test_a_custom_list_by_name_or_object(atlas, name):
    assert set(atlas.query_list(name)["custom_list"].tolist()) == {40}


def test_numbers_of_custom_and_detection_lists_are_distinct(atlas, whole_lists):
    custom = _maybe_empty(atlas, CustomList(2))
    members = atlas._endpoints.memberships._read({"objectgroupid": 2})
    assert ids(custom) == [row["transient_object_id"] for row in members]
    assert set(ids(custom)) != set(ids(whole_lists["good"]))


def test_every_object_is_in_one_detection_list_or_in_none(sandbox, atlas):
    stacked = vstack([_maybe_empty(atlas, to_float) for to_float in DetectionList])
    others = sorted(set(sandbox.truth["atlas_id"].tolist()) - set(ids(stacked)))
    assert len(ids(stacked)) + len(others) == len(sandbox.truth)
    table = atlas.query_object(others)
    assert table["detection_list"].mask.all()
    assert table["followup_flag_date"].mask.all()
    assert stacked.meta["lists"] == [item.name for item in DetectionList]


def test_tables_of_custom_and_detection_lists_can_be_stacked(atlas, whole_lists):
    custom = [_maybe_empty(atlas, CustomList(to_float)) for to_float in (2, 16, 17, 40, 72, 999)]
    stacked = vstack([whole_lists["good"], *custom])
    assert len(stacked) == len(whole_lists["good"]) + sum(map(len, custom))
    assert stacked["custom_list"].mask[: len(whole_lists["good"])].all()


def _maybe_empty(atlas, list_name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoResultsWarning)  # the sky of the sandbox decides which lists are empty
        return atlas.query_list(list_name)


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


def ids_by_brute_force(table, conditions):
    """Return the ids of the rows that fulfil all conditions, tested row by row."""
    return [int(row["atlas_id"]) for row in table if all(TESTS[name](row, value) for name, value in conditions.items())]


def to_float(value):
    return (
        float("nan")
        if np.ma.is_masked(value) or getattr(value, "mask", False)
        else float(getattr(value, "value", value))
    )


def is_in_range(column):
    unit = u.deg if column in ("ra", "dec") else u.one

    def test_row(row, bounds):
        low, high = (bound.to_value(unit) if isinstance(bound, u.Quantity) else bound for bound in bounds)
        value = to_float(row[column])
        low, high = -np.inf if low is None else low, np.inf if high is None else high
        if column == "ra" and low == -60:
            low = 300
        return (value >= low or value <= high) if low > high else low <= value <= high

    return test_row


def is_in_names(column):
    def test_row(row, names):
        names = [names] if isinstance(names, str) else names
        return not np.ma.is_masked(row[column]) and str(row[column]).lower() in [name.lower() for name in names]

    return test_row


TESTS = {name: is_in_range(name) for name in ("vra", "rb_pix", "ra", "dec")}
TESTS |= {"sherlock_class": is_in_names("sherlock_class"), "spec_type": is_in_names("spec_type")}
TESTS["exclude_sherlock_class"] = lambda row, names: not TESTS["sherlock_class"](row, names)
TESTS["since"] = lambda row, since: row["followup_flag_date"].utc.mjd >= Time(since).utc.mjd


@pytest.mark.parametrize("conditions", FILTERS)
def test_filters_equal_brute_force(atlas, whole_lists, conditions):
    table = whole_lists["attic"]
    expected = ids_by_brute_force(table, conditions)
    assert 0 < len(expected) < len(table)
    assert ids(atlas.query_list("attic", **conditions)) == expected


def to_strings(column):
    """Return values as strings, in which NaN equals NaN."""
    return [str(value) for value in (column.isot if isinstance(column, Time) else column)]


@pytest.mark.parametrize("conditions", [filters for filters in FILTERS if "vra" not in filters])
def test_old_and_new_servers_give_identical_tables(old_sandbox, atlas, conditions):
    new_table = atlas.query_list("attic", **conditions)
    old_table = old_sandbox.client().query_list("attic", **conditions)
    assert len(new_table)
    assert old_table.colnames == new_table.colnames
    for name in set(new_table.colnames) - {"vra", "realbogus_factor"}:
        assert to_strings(new_table[name]) == to_strings(old_table[name]), name


def test_a_filter_on_a_column_that_an_old_server_lacks_is_an_error(old_sandbox):
    with pytest.raises(InvalidQueryError, match=r"vra.*does not send"):
        old_sandbox.client().query_list("good", vra=(5, None))


def test_ranges_are_inclusive(atlas, whole_lists):
    table = whole_lists["good"]
    for column in ("ra", "dec", "rb_pix"):
        low, high = sorted([to_float(table[column][3]), to_float(table[column][7])])
        result = ids(atlas.query_list("good", **{column: (low, high)}))
        assert {ids(table)[3], ids(table)[7]} <= set(result), column


def test_since_is_inclusive(atlas, whole_lists):
    dates = whole_lists["good"]["followup_flag_date"]
    for bound in (dates[5], dates[5].tdb):
        assert ids(whole_lists["good"])[5] in ids(atlas.query_list("good", since=bound))


@pytest.mark.parametrize("since", ["0001-01-01", "0900-01-01", 3000 * u.yr, Time(-1e6, format="mjd")])
def test_since_long_ago_gives_all_rows(atlas, whole_lists, since):
    assert atlas.query_list("good", since=since, get_query_payload=True)["datethreshold"] == "1899-12-31T23:59:58Z"
    assert ids(atlas.query_list("good", since=since)) == ids(whole_lists["good"])
    assert len(atlas.query_vra_todo(since=since)) == len(atlas.query_vra_todo())


@pytest.mark.parametrize("since", ["9999-12-31", Time(1e8, format="mjd")])
def test_since_in_the_far_future_gives_no_rows(atlas, since):
    for method, args in (("query_list", ["good"]), ("query_vra_ranks", [])):
        with pytest.warns(NoResultsWarning):
            assert len(getattr(atlas, method)(*args, since=since)) == 0


def test_filters_of_the_server_are_sent(sandbox, atlas):
    atlas.query_list("attic", ra=(10, 300), dec=(-80, None), sherlock_class="SN", since="2020-01-01")
    params = sandbox.requests[-1].params
    assert float(params["ra_gte"]) == pytest.approx(10, abs=1e-4)
    assert float(params["ra_lte"]) == pytest.approx(300, abs=1e-4)
    assert float(params["dec_gte"]) == pytest.approx(-80, abs=1e-4)
    assert params["sherlock_class"] == "SN"
    assert params["datethreshold"] == "2019-12-31T23:59:58Z"
    assert "dec_lte" not in params


def test_a_range_across_ra_0_is_not_sent(atlas):
    assert atlas.query_list("attic", ra=(300, 60), get_query_payload=True) == {"objectlistid": 5}


@pytest.mark.usefixtures("unspent")
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"name": "goood"}, InvalidQueryError, "good"),
        ({"name": "heloize"}, InvalidQueryError, "heloise"),
        ({"name": 14}, InvalidQueryError, "0 to 13"),
        ({"name": -1}, InvalidQueryError, "0 to 13"),
        ({"name": True}, InvalidQueryTypeError, "True"),
        ({"name": 2.0}, InvalidQueryTypeError, "2.0"),
        ({"sherlock_class": "SNN"}, InvalidQueryError, "SN"),
        ({"exclude_sherlock_class": ["SN", "star"]}, InvalidQueryError, "ORPHAN"),
        ({"sherlock_class": []}, InvalidQueryTypeError, "sherlock_class.*list"),
        ({"vra": (8, 5)}, InvalidQueryError, r"vra.*\(8, 5\)"),
        ({"dec": (30 * u.deg, -30 * u.deg)}, InvalidQueryError, "dec.*low <= high"),
        ({"rb_pix": (np.nan, 1)}, InvalidQueryError, "rb_pix.*nan"),
        ({"vra": 5}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"vra": (1, 2, 3)}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"vra": "57"}, InvalidQueryTypeError, r"\(low, high\)"),
        ({"dec": (1 * u.s, None)}, InvalidQueryTypeError, "dec.*angles.*1.0 s"),
        ({"vra": (8 * u.arcsec, None)}, InvalidQueryTypeError, "vra.*dimensionless"),
        ({"dec": (Masked(10 * u.deg, mask=True), None)}, InvalidQueryError, "masked"),
        ({"rb_pix": (np.ma.masked, None)}, InvalidQueryError, "masked"),
        ({"ra": (None, -10)}, InvalidQueryError, r"0 to 360.*\(-10, 10\)"),
        ({"ra": (370 * u.deg, None)}, InvalidQueryError, "0 to 360"),
        ({"since": 60000}, InvalidQueryTypeError, "since"),
    ],
)
def test_invalid_arguments_send_no_request(atlas, arguments, error, message):
    with pytest.raises(error, match=message):
        atlas.query_list(**{"name": "good", **arguments})


def test_no_match_gives_an_empty_typed_table_and_a_warning(atlas, whole_lists):
    with pytest.warns(NoResultsWarning, match="good"):
        empty = atlas.query_list("good", since="2028-01-01")
    assert len(empty) == 0
    assert empty.colnames == whole_lists["good"].colnames
    assert [column.dtype for column in empty.columns.values() if hasattr(column, "dtype")]


def test_a_list_of_the_configuration(sandbox, atlas):
    with conf.set_temp("custom_lists", ["my tidal ones: 81"]):
        assert "my_tidal_ones" in atlas.list_lists()["name"].tolist()
        with pytest.warns(NoResultsWarning):
            atlas.query_list("My tidal ones")
    assert sandbox.requests[-1].params == {"objectlistid": "81", "getcustomlist": "True"}
    with pytest.raises(InvalidQueryError, match="my_tidal_ones"):
        atlas.query_list("my_tidal_ones")


@pytest.mark.usefixtures("unspent")
def test_list_lists_sends_no_request(atlas):
    lists = atlas.list_lists()
    assert lists.colnames == ["name", "number", "kind", "description"]
    assert (lists["kind"] == "detection").sum() == 14
    for row in lists:
        payload = atlas.query_list(str(row["name"]), get_query_payload=True)
        assert payload["objectlistid"] == row["number"]
        assert payload.get("getcustomlist", False) == (row["kind"] == "custom")


def test_an_answer_that_is_not_a_list_is_an_error(small_sandbox):
    small_sandbox.inject(Fault("status", endpoint="objectlist/", status=200, body='{"rows": []}'))
    with pytest.raises(UnreadableAnswerError, match="must be a list, got dict"):
        small_sandbox.client("staff").query_list("good")
