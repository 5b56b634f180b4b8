# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows have the keys, JSON types, nulls, dates, ids and names of the server's rows."""

import json
import re
from collections import defaultdict
from datetime import datetime

import numpy as np
import pytest

SKY_OPTIONS = {"seed": 2, "n_objects": 600, "end": 61400.0}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def records(sky):
    """All rows of every fourth object."""
    return {
        object_id: {
            "object": sky.make_object_section(object_id),
            **sky.make_photometry(object_id),
            **sky.make_crossmatches(object_id),
        }
        for object_id in sky.ids[::4].tolist()
    }


@pytest.fixture(scope="module")
def recorded_types(shared_data):
    return json.loads((shared_data / "recorded_types.json").read_text())


def _types_by_column(rows):
    types = defaultdict(set)
    for row in rows:
        for name, value in row.items():
            types[name].add(type(value).__name__)
    return types


def _rows_of(records, name):
    sections = [record[name] for record in records.values()]
    return sections if name == "object" else [row for rows in sections for row in rows]


@pytest.mark.parametrize(
    "name",
    [
        "object",
        "lc",
        "lcnondets",
        "fp",
        "sherlock_crossmatches",
        "sherlock_classifications",
        "tns_crossmatches",
        "external_crossmatches",
    ],
)
def test_keys_and_types_of_sections(records, recorded_types, name):
    rows = _rows_of(records, name)
    assert len(rows) > 20
    for row in rows:
        assert list(row) == list(recorded_types[name])
    for column, types in _types_by_column(rows).items():
        assert types <= set(recorded_types[name][column]), column


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("vrascoreslist", "make_vra_scores"),
        ("vraranklist", "make_vra_ranks"),
        ("vratodolist", "make_vra_todo"),
    ],
)
def test_keys_and_types_of_vra_rows(sky, recorded_types, name, method):
    rows = getattr(sky, method)()
    assert len(rows) > 5
    assert all(list(row) == list(recorded_types[name]) for row in rows)
    for column, types in _types_by_column(rows).items():
        assert types <= set(recorded_types[name][column]), column


def test_keys_and_types_of_list_rows(sky, recorded_types):
    rows = [sky.make_list_row(object_id) for object_id in sky.ids[:200].tolist()]
    rows = [row for row in rows if row["detection_list_id"] is not None]  # none was recorded
    assert all(list(row) == list(recorded_types["objectlist"]) for row in rows)
    for column, types in _types_by_column(rows).items():
        assert types <= set(recorded_types["objectlist"][column]), column


def test_all_rows_are_strict_json(sky, records):
    json.dumps(list(records.values()), allow_nan=False)
    json.dumps(
        [sky.make_vra_scores(), sky.make_vra_ranks(), sky.make_vra_todo(), sky.make_external_crossmatches()],
        allow_nan=False,
    )
    json.dumps(sky.truth, allow_nan=False)


def test_list_row_agrees_with_the_record(sky, records):
    for object_id, record in records.items():
        row, lc = sky.make_list_row(object_id), record["lc"]
        assert (row["earliest_mjd"], row["earliest_mag"], row["earliest_filter"]) == (
            lc[0]["mjd"],
            lc[0]["mag"],
            lc[0]["filter"],
        )
        assert (row["latest_mjd"], row["latest_mag"], row["latest_filter"]) == (
            lc[-1]["mjd"],
            lc[-1]["mag"],
            lc[-1]["filter"],
        )
        assert row["ra_avg"] == pytest.approx(np.mean([detection["ra"] for detection in lc]))
        assert row["discovery_target"] == lc[0]["pointing"]
        for name in ("ra", "dec", "atlas_designation", "vra", "detection_list_id", "sherlockClassification"):
            assert row[name] == record["object"][name]
        if record["sherlock_crossmatches"]:
            best_match = record["sherlock_crossmatches"][0]
            assert (row["catalogue"], row["catalogue_object_id"]) == (
                best_match["catalogue_table_name"],
                best_match["catalogue_object_id"],
            )
            assert row["separation"] == pytest.approx(best_match["separationarcsec"], abs=0.5)
        else:
            assert row["catalogue"] is None


def test_list_row_is_a_copy(sky):
    object_id = int(sky.ids[3])
    sky.make_list_row(object_id)["ra"] = "changed"
    assert sky.make_list_row(object_id)["ra"] != "changed"


def test_rows_belong_to_their_object_and_are_sorted(records):
    for object_id, record in records.items():
        assert {row["id"] for row in record["lc"]} == {object_id}
        assert {row["atlas_object_id"] for row in record["fp"]} <= {object_id}
        for name, key in (("lc", "mjd"), ("lcnondets", "mjd"), ("fp", "mjd_obs")):
            times = [row[key] for row in record[name]]
            assert times == sorted(times)
        limits = {row["id"] for row in record["lcnondets"]}
        assert len(limits) == len(record["lcnondets"])
        if 0.01 < record["object"]["ra"] < 359.99:
            assert not limits & {row["atlas_metadata_id"] for row in record["lc"]}


def test_forced_rows_have_unique_ids(records):
    ids = [row["id"] for record in records.values() for row in record["fp"]]
    assert len(ids) == len(set(ids)) > 5_000


def test_dates_have_the_format_of_the_server(records):
    for record in records.values():
        for name in ("date_inserted", "date_modified"):
            assert DATE.fullmatch(record["object"][name])
        inserted, flagged = record["object"]["date_inserted"], record["object"]["followup_flag_date"]
        assert (flagged is None) == (record["object"]["detection_list_id"] is None)
        assert flagged is None or datetime.fromisoformat(inserted) <= datetime.fromisoformat(flagged)
        assert all(DATE.fullmatch(row["date_inserted"]) for name in ("lc", "fp") for row in record[name])


def test_names_are_unique_and_well_formed(sky):
    for column, pattern in (("atlas_designation", r"ATLAS\d\d[a-z]{3,4}"), ("other_designation", r"20\d\d[a-z]{3,4}")):
        names = [name for name in sky.catalogue[column] if name]
        assert len(names) == len(set(names)) > 200
        assert all(re.fullmatch(pattern, name) for name in names)


def test_name_contains_the_year_of_the_discovery(sky):
    for name, mjd in zip(sky.catalogue["atlas_designation"], sky.truth["first_mjd"], strict=True):
        year = np.datetime64(int(np.floor(mjd)) - 40587, "D").astype(object).year
        assert name is None or name[5:7] == str(year)[2:]


def test_external_names_agree_with_the_records(sky, records):
    rows = sky.make_external_crossmatches()
    by_object = defaultdict(list)
    for row in rows:
        by_object[row["transient_object_id"]].append(row)
    for object_id, record in records.items():
        assert by_object.get(object_id, []) == record["tns_crossmatches"] + record["external_crossmatches"]
        names = [row["external_designation"] for row in record["tns_crossmatches"]]
        assert names == ([record["object"]["other_designation"]] if record["object"]["other_designation"] else [])
    assert len({row["external_designation"] for row in rows}) == len(rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_spectral_type_is_the_same_in_all_rows(records):
    n_spectra = 0
    for record in records.values():
        for row in record["tns_crossmatches"]:
            assert (row["type"] or None) == (record["object"]["observation_status"] or None)
            n_spectra += row["type"] is not None
    assert n_spectra > 5


def test_sherlock_rows_are_consistent(records):
    for record in records.values():
        (classification,) = record["sherlock_classifications"]
        assert classification["classification"] == record["object"]["sherlockClassification"]
        assert bool(record["sherlock_crossmatches"]) == (classification["classification"] != "ORPHAN")
        for number, row in enumerate(record["sherlock_crossmatches"]):
            assert (row["rank"] == 1) == (number == 0)
            assert row["separationarcsec"] == pytest.approx(
                np.hypot(row["northseparationarcsec"], row["eastseparationarcsec"]), abs=1e-3
            )
