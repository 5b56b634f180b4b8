# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Download of one object and of its light curve over HTTP."""

import json
import pickle

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time
from astropy.timeseries import TimeSeries

from atlasquery import LightCurve, Transient
from atlasquery.exceptions import (
    InvalidQueryError,
    InvalidQueryTypeError,
    NoResultsWarning,
    ObjectNotFoundError,
    UnreadableAnswerError,
)
from atlasquery.sandbox import Fault
from constants import COW

UNKNOWN = 1000000000000000000


def test_published_measurements_of_at2018cow(atlas):
    """Measurements of the TNS discovery report, and of ATel 11727 and 11742."""
    light_curve = atlas.get_light_curve(COW)
    detections = light_curve.detections
    first, second = detections[0], detections[detections["band"] == "c"][0]
    assert (first["time"].mjd, first["band"]) == (58285.4409954, "o")
    assert (first["mag"], first["mag_err"]) == (14.739 * u.mag, 0.009 * u.mag)
    assert (second["time"].mjd, second["mag"], second["mag_err"]) == (58287.45, 13.60 * u.mag, 0.02 * u.mag)
    earlier = light_curve.limits[light_curve.limits.time.mjd < 58285]
    last = earlier[-1]
    assert (last["time"].mjd, last["band"], last["limit"]) == (58281.49, "o", 19.35 * u.mag)
    assert last["limit_sigma"] == 5


def test_the_light_curve_is_a_time_series_with_units(atlas):
    light_curve = atlas.get_light_curve(COW)
    assert type(light_curve) is LightCurve
    assert isinstance(light_curve, TimeSeries)
    assert (np.diff(light_curve.time.mjd) >= 0).all()
    assert light_curve["flux"].unit == u.uJy
    assert light_curve.meta["atlas_id"] == COW
    assert set(light_curve["kind"].tolist()) == {"detection", "limit", "forced"}


def test_attributes_of_a_transient(atlas):
    cow = atlas.get_transient(COW)
    assert type(cow) is Transient
    assert (cow.atlas_id, cow.name) == (COW, "ATLAS18qqn")
    assert cow.coord.separation(SkyCoord(244.000917, 22.268031, unit="deg")) < 1e-6 * u.arcsec
    assert len(cow.light_curve) == len(atlas.get_light_curve(COW))
    assert cow.info["tns_name"] == "2018cow"
    assert cow.tns_crossmatches["external_designation"].tolist() == ["2018cow"]
    assert cow.raw["object"]["id"] == COW


def test_info_has_the_columns_of_query_object(atlas):
    assert atlas.get_transient(COW, since="2026-01-01").info.colnames == atlas.query_object(COW).colnames


def test_one_request_per_object(sandbox, atlas):
    for method in (atlas.get_transient, atlas.get_light_curve):
        n_before = len(sandbox.requests)
        method(COW, since="2018-06-01")
        assert len(sandbox.requests) - n_before == 1


def test_since_is_inclusive(atlas):
    """The server drops rows exactly at the bound in two of three sections."""
    whole_curve = atlas.get_light_curve(COW)
    for kind in ("detection", "limit", "forced"):
        rows = whole_curve[whole_curve["kind"] == kind]
        bound = rows.time[len(rows) // 2]
        for since in (bound, bound.tdb, bound.tai):
            part = atlas.get_light_curve(COW, since=since)
            assert len(part) == (whole_curve.time.mjd >= bound.mjd).sum()
            assert part.time.mjd.min() == bound.mjd


@pytest.mark.parametrize("since", ["2018-06-16", Time("2018-06-16"), "2018-06-16T00:00:00Z"])
def test_since_bounds_all_three_sections(atlas, since):
    cow = atlas.get_transient(COW, since=since)
    assert cow.light_curve.time.mjd.min() >= 58285
    assert len(cow.light_curve.detections)
    assert len(cow.light_curve.limits)
    assert len(cow.light_curve.forced)


def test_since_in_the_future_is_an_empty_light_curve_with_all_columns(atlas):
    with pytest.warns(NoResultsWarning, match="since 2028-01-01T00:00:00Z"):
        empty = atlas.get_light_curve(COW, since="2028-01-01")
    assert len(empty) == 0
    assert empty.colnames == atlas.get_light_curve(COW).colnames


@pytest.mark.parametrize("method", ["get_transient", "get_light_curve"])
class TestBothMethods:
    def test_an_unknown_id_is_an_error(self, atlas, method):
        with pytest.raises(ObjectNotFoundError, match=f"no object {UNKNOWN}") as caught:
            getattr(atlas, method)(UNKNOWN)
        assert caught.value.object_id == UNKNOWN
        assert caught.value.url.endswith("/objects/")
        assert pickle.loads(pickle.dumps(caught.value)).object_id == UNKNOWN

    @pytest.mark.parametrize("invalid", [{"ra": "16h"}, {"dec": True}, {"atlas_designation": 18}])
    def test_an_unreadable_object_is_an_error(self, sandbox, atlas, method, invalid):
        record = atlas.get_transient(COW, since="2018-06-01").raw
        body = json.dumps([record | {"object": record["object"] | invalid}])
        sandbox.inject(Fault("status", endpoint="objects/", status=200, body=body))
        with pytest.raises(UnreadableAnswerError, match=f"{next(iter(invalid))}.*row 0") as caught:
            getattr(atlas, method)(COW)
        assert caught.value.url.endswith("/objects/")

    @pytest.mark.usefixtures("unspent")
    @pytest.mark.parametrize(
        ("object_id", "since", "error"),
        [
            (float(COW), None, InvalidQueryTypeError),
            ("1161600211221604", None, InvalidQueryError),
            ([COW, COW], None, InvalidQueryTypeError),
            (COW, 58285, InvalidQueryTypeError),
            (COW, "last week", InvalidQueryError),
            (COW, -3 * u.day, InvalidQueryError),
        ],
    )
    def test_invalid_arguments_send_no_request(self, atlas, method, object_id, since, error):
        with pytest.raises(error):
            getattr(atlas, method)(object_id, since=since)

    @pytest.mark.usefixtures("unspent")
    def test_query_payload_sends_no_request(self, atlas, method):
        assert getattr(atlas, method)(str(COW), get_query_payload=True) == {"objects": str(COW)}
        payload = getattr(atlas, method)(COW, since="2018-06-16", get_query_payload=True)
        assert payload == {"objects": str(COW), "mjd": pytest.approx(58285, abs=1e-8)}
        assert payload["mjd"] < 58285


def test_a_recording_over_http(shared_data, small_sandbox):
    """A recorded answer of the production server is decoded without loss of a row."""
    path = shared_data / "recordings" / "objects_1000005291314656200.json"
    recorded = json.loads(path.read_text())[0]
    small_sandbox.inject(Fault("status", endpoint="objects/", status=200, body=path.read_text()))
    transient = small_sandbox.client("staff").get_transient(1000005291314656200)
    light_curve = transient.light_curve
    assert [len(rows) for rows in (light_curve.detections, light_curve.limits, light_curve.forced)] == [21, 2991, 305]
    assert transient.raw == recorded
    assert transient.info["tns_name"] == "2020tjh"
    assert len(transient.sherlock_crossmatches) == 4


LATE = "2026-10-31T23:59:00"


@pytest.mark.parametrize(
    "ask",
    [
        lambda atlas: atlas.get_light_curve(COW, since=LATE),
        lambda atlas: atlas.get_transient(COW, since=LATE).light_curve,
        lambda atlas: atlas.get_light_curves([COW], since=LATE)[COW],
        lambda atlas: next(iter(list(atlas.iter_transients([COW], since=LATE)))).light_curve,
    ],
    ids=["get_light_curve", "get_transient", "get_light_curves", "iter_transients"],
)
def test_since_that_leaves_no_rows_warns(make_sandbox, ask):
    atlas = make_sandbox().client()
    with pytest.warns(NoResultsWarning, match=rf"No measurement is since {LATE}Z \(`since`\) of {COW}\.") as caught:
        assert len(ask(atlas)) == 0
    assert len(caught) == 1


def test_since_that_leaves_rows_of_some_objects_is_ordinary(make_sandbox):
    """A bot asks each night; warnings are errors here."""
    sandbox = make_sandbox()
    curves = sandbox.client().get_light_curves(sandbox.truth["atlas_id"][:12].tolist())
    ends = {object_id: curve.time.mjd.max() for object_id, curve in curves.items() if len(curve)}
    last = max(ends, key=ends.get)
    kept = sandbox.client().get_light_curves(list(curves), since=Time(ends[last], format="mjd"))
    assert len(kept[last]) > 0
    assert min(len(curve) for curve in kept.values()) == 0


def test_since_that_leaves_no_rows_of_all_objects_names_them(make_sandbox):
    ids = make_sandbox().truth["atlas_id"][:12].tolist()
    with pytest.warns(NoResultsWarning, match=f"since 2026-11-01.* of {ids[0]}, {ids[1]}, .* and 2 more"):
        curves = make_sandbox().client().get_light_curves(ids, since="2026-11-01T00:00:00")
    assert list(curves) == ids


def test_lists_and_scores_since_a_time_say_so(make_sandbox):
    atlas = make_sandbox().client()
    with pytest.warns(NoResultsWarning, match=f"DetectionList.good.*since {LATE}Z"):
        atlas.query_list("good", since=LATE)
    with pytest.warns(NoResultsWarning, match=f"no such row since {LATE}Z"):
        atlas.query_vra_scores(since=LATE)
    with pytest.warns(NoResultsWarning, match=f"no such row since {LATE}Z for {COW}"):
        atlas.query_vra_scores(COW, since=LATE)


def test_unknown_names_are_named(make_sandbox):
    atlas = make_sandbox().client()
    with pytest.warns(NoResultsWarning, match="no match for 2 of 3 names: 2018xyz, nonsense; meta"):
        atlas.query_external_crossmatches(["2018xyz", "2018cow", "nonsense"])
    with pytest.warns(NoResultsWarning, match=f"no record of 1 of 2 objects: {COW + 1}; meta"):
        atlas.query_object([COW, COW + 1])


@pytest.mark.parametrize("name", ["ATLAS18qqn", "ATLAS18QQN", " ATLAS18qqn ", "atlas18qqn\n", "ATLAS 18qqn"])
def test_designation_is_found_once_seen_in_any_spelling(make_sandbox, name):
    atlas = make_sandbox().client()
    with pytest.raises(ObjectNotFoundError, match="No answer has contained"):
        atlas.resolve_name(name)
    atlas.query_object(COW)
    assert atlas.resolve_name(name) == COW
    assert atlas.get_light_curves([name])[name].meta["name"] == "ATLAS18qqn"
