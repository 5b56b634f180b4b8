# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`LightCurve` is a `TimeSeries`, and slices, copies and groups of it are light curves."""

import copy
import pickle
import re

import astropy.units as u
import numpy as np
import pytest
from astropy.table import Column, MaskedColumn, QTable, unique, vstack
from astropy.time import Time
from astropy.timeseries import BinnedTimeSeries, TimeSeries, aggregate_downsample

from atlasquery.exceptions import InvalidInputError, InvalidTypeError, UnreadableAnswerError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW


def to_list(column):
    """Return the values of a column as a list, None where masked."""
    if isinstance(column, Time):
        column = column.jd
    mask = np.broadcast_to(getattr(column, "mask", False), len(column)).tolist()
    values = getattr(getattr(column, "unmasked", column), "value", column)
    return [None if null else value for value, null in zip(np.asarray(values).tolist(), mask, strict=True)]


def assert_same(curve, expected):
    """Assert that two curves have the same rows, masks, types, units and descriptions."""
    assert type(curve) is type(expected) is LightCurve
    assert curve.colnames == expected.colnames
    for name in curve.colnames:
        column, expected_column = curve[name], expected[name]
        assert type(column) is type(expected_column)
        assert column.info.description == expected_column.info.description
        assert getattr(column, "unit", None) == getattr(expected_column, "unit", None)
        assert to_list(column) == to_list(expected_column)


def test_a_light_curve_is_a_time_series(lc):
    assert isinstance(lc, TimeSeries)
    assert isinstance(lc.time, Time)


def test_rows_of_each_kind(lc):
    assert [len(rows) for rows in (lc.detections, lc.limits, lc.forced)] == [3, 2, 3]
    for rows, kind in ((lc.detections, "detection"), (lc.limits, "limit"), (lc.forced, "forced")):
        assert type(rows) is LightCurve
        assert set(rows["kind"]) == {kind}
        assert rows.meta == lc.meta


def test_rows_of_a_kind_without_the_column_kind(lc):
    rows = lc["time", "flux", "mag", "limit"]
    is_limit = lc["kind"] == "limit"
    assert len(rows.detections) == 0
    assert rows.limits.time.mjd.tolist() == lc.time.mjd[is_limit].tolist()
    assert rows.forced.time.mjd.tolist() == lc.time.mjd[~is_limit].tolist()  # also the failed fit


@pytest.mark.parametrize(
    "item",
    [slice(2, 5), slice(None, None, -1), [1, 3], np.array([1, 3]), np.arange(8) > 3, [], ["time", "flux"], ("time",)],
)
def test_selections_with_times_are_light_curves(lc, item):
    assert type(lc[item]) is LightCurve
    assert lc[item].meta == lc.meta


def test_columns_without_time_are_a_table(lc):
    assert type(lc["flux", "band"]) is QTable


@pytest.mark.parametrize(
    ("select", "count"),
    [
        (lambda lc: lc["flux"] > 0 * u.uJy, 3),
        (lambda lc: lc["flux"] < 0 * u.uJy, 2),
        (lambda lc: ~(lc["flux"] > 0 * u.uJy), 2),
        (lambda lc: lc["mag"] < 30 * u.mag, 2),
        (lambda lc: lc["limiting_mag"], 1),
        (lambda lc: ~lc["limiting_mag"], 2),
        (lambda lc: lc["band"] == "o", 5),
        (lambda lc: (lc["band"] == "o") & (lc["flux"] > 0 * u.uJy), 2),
        (lambda lc: lc["flux"] > 3 * lc["flux_err"], 3),
    ],
)
def test_a_masked_condition_selects_no_row(lc, select, count):
    selected = lc[select(lc)]
    assert type(selected) is LightCurve
    assert len(selected) == count


def test_masked_integers_select_rows_by_index(lc):
    assert lc[np.ma.array([1, 2])].time.mjd.tolist() == lc.time.mjd[1:3].tolist()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, LightCurve.copy, lambda lc: pickle.loads(pickle.dumps(lc))]
)
def test_copies_and_pickles_are_equal(lc, duplicate):
    duplicated = duplicate(lc)
    assert_same(duplicated, lc)
    assert duplicated.meta == lc.meta


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda lc: pickle.loads(pickle.dumps(lc)), LightCurve.copy])
def test_copies_and_pickles_have_the_time_index(lc, duplicate):
    duplicated = duplicate(duplicate(lc))
    assert duplicated.primary_key == ("time",)
    assert len(duplicated.indices) == 1
    assert duplicated.iloc[1:3].time.mjd.tolist() == lc.time.mjd[1:3].tolist()
    first = duplicated.loc[duplicated.time[0]]
    assert (first["kind"], first["band"], first["limit"]) == ("limit", "c", 19.5 * u.mag)
    assert len(aggregate_downsample(duplicated["time", "exptime"], time_bin_size=20 * u.d)) == 1


def test_a_copy_is_independent(lc):
    duplicated = lc.copy()
    duplicated["flux"][0] = 5 * u.uJy
    assert lc["flux"].mask[0]


def test_an_empty_curve_can_be_pickled(lc):
    assert_same(pickle.loads(pickle.dumps(lc[:0])), lc[:0])


@pytest.mark.parametrize("keys", ["band", ["band"], ("kind", "band")])
def test_group_by_names(lc, keys):
    grouped = lc.group_by(keys)
    assert type(grouped) is LightCurve
    assert sum(len(group) for group in grouped.groups) == len(lc)
    for group in grouped.groups:
        assert type(group) is LightCurve
        assert all(len(set(group[key])) == 1 for key in ([keys] if isinstance(keys, str) else keys))
    assert grouped.groups.keys.colnames == ([keys] if isinstance(keys, str) else list(keys))
    assert grouped.groups.keys.meta["grouped_by_table_cols"]


def test_group_by_values(lc):
    assert len(lc.group_by(np.floor(lc.time.mjd)).groups) == 6


def test_group_by_a_missing_column_is_rejected(lc):
    with pytest.raises(KeyError, match="nonsense"):
        lc.group_by("nonsense")


def test_groups_can_be_aggregated(lc):
    means = lc["time", "band", "exptime"].group_by("band").groups.aggregate(np.mean)
    assert means["band"].tolist() == ["c", "o"]


@pytest.mark.parametrize(("keep", "count"), [("first", 3), ("last", 3), ("none", 0)])
def test_unique_gives_a_light_curve(lc, keep, count):
    rows = unique(lc, "kind", keep=keep)
    assert type(rows) is LightCurve
    assert len(rows) == count


def test_an_index_is_kept_when_columns_are_selected(lc):
    lc.add_index("time")
    selected = lc["time", "flux"]
    assert selected.primary_key == ("time",)
    assert len(selected.loc[lc.time[5] : lc.time[7]]) == 3
    assert selected[2:4].primary_key == ("time",)


def test_an_index_is_dropped_with_its_column(lc):
    assert lc["flux", "band"].primary_key is None


def test_vstack_gives_a_light_curve(lc):
    stacked = vstack([lc, lc[:0], lc])
    assert type(stacked) is LightCurve
    assert len(stacked) == 16
    assert_same(stacked[8:], lc)


def test_vstack_of_two_objects(real, lc):
    stacked = vstack([real, lc], metadata_conflicts="silent")
    assert len(stacked) == len(real) + len(lc)
    assert stacked["flux"].mask.sum() == real["flux"].mask.sum() + lc["flux"].mask.sum()


def test_aggregate_downsample_ignores_masked_values(make):
    rows = [
        make.forced(58285.1, 10.0),
        make.forced(58285.2, None),
        make.forced(58285.3, 20.0),
        make.forced(58287.1, 5.0),
    ]
    lc = LightCurve.from_record(make.record(lcnondets=[make.limit(58285.25)], fp=rows))
    binned = aggregate_downsample(lc["time", "flux"], time_bin_size=1 * u.day)
    assert isinstance(binned, BinnedTimeSeries)
    assert to_list(binned["flux"])[0] == 15.0
    assert binned["flux"].unit == u.uJy


def test_aggregate_downsample_of_recorded_answers(real):
    binned = aggregate_downsample(real["time", "flux"], time_bin_size=30 * u.day)
    assert 50 < len(binned) < 100


def test_sort_by_another_column(lc):
    lc.sort("flux")
    assert lc["flux"].unmasked.value[0] == np.nanmin(lc["flux"].unmasked.value)


def test_a_curve_can_be_made_from_arrays():
    lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"flux": [1.0, 2.0] * u.uJy})
    assert repr(lc).startswith("<LightCurve: 2 rows; MJD 61345.00 to 61346.00>")


def test_repr_has_counts_and_a_table(lc):
    first, second, *table = repr(lc).splitlines()
    assert first == "<LightCurve of ATLAS18qqn (1161600211221604900):"
    assert second == " 3 detections (1 c, 2 o), 2 limits (2 c), 3 forced (3 o); MJD 58280.00 to 58290.00>"
    assert str(lc) == repr(lc)
    assert table[0].split() == ["time", "kind", "band", "flux", "flux_err", "mag", "mag_err", "limit"]
    assert max(map(len, table)) < 100


def test_repr_shows_the_selected_columns(lc):
    head, names, _units, *_rows = repr(lc["time", "band", "mag", "site"][:2]).splitlines()
    assert head == "<LightCurve of ATLAS18qqn (1161600211221604900): 2 rows; MJD 58280.00 to 58285.00>"
    assert names.split() == ["time", "band", "mag", "site"]


def test_repr_of_a_long_curve_is_short(real):
    assert len(repr(real).splitlines()) < 20
    assert len(repr(real)) < 1500


@pytest.mark.parametrize(("rows", "text"), [(slice(0, 0), "0 rows"), (slice(0, 1), "1 limit (1 c)")])
def test_repr_of_few_rows(lc, rows, text):
    assert f"ATLAS18qqn (1161600211221604900): {text}" in repr(lc[rows])


@pytest.mark.parametrize(
    ("meta", "label"),
    [
        ({"name": "SN X"}, " of SN X"),
        ({"atlas_id": COW}, " of 1161600211221604900"),
        ({"name": "ATLAS18qqn", "atlas_id": COW}, " of ATLAS18qqn (1161600211221604900)"),
        ({}, ""),
    ],
)
def test_repr_names_the_object(meta, label):
    assert repr(LightCurve(time=["2026-11-01"], meta=meta)).startswith(f"<LightCurve{label}: 1 rows")


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (u.uJy, ["100.1", "-5.2"]),
        (u.mJy, ["0.1001", "-0.0052"]),
        (u.Jy, ["0.0001001", "-0.0000052"]),
        (u.nJy, ["100123", "-5200"]),
        (u.erg / u.s / u.cm**2 / u.Hz, ["1.001e-27", "-5.2e-29"]),
    ],
)
def test_fluxes_are_shown_with_the_digits_of_their_unit(unit, shown):
    flux = ([100.123, -5.2] * u.uJy).to(unit)
    lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"flux": flux})
    assert [line.split()[1] for line in repr(lc).splitlines()[-2:]] == shown


def test_repr_counts_rows_of_unknown_kinds():
    curve = LightCurve(time=Time(58285 + np.arange(4.0), format="mjd"), data={"band": ["o"] * 4})
    curve["kind"] = MaskedColumn(["stack", "forced", "stack", "forced"], mask=[False, False, False, True])
    assert repr(curve).startswith("<LightCurve: 1 forced (1 o), 1 ? (1 o), 2 stack (2 o);")


def test_repr_of_rows_of_several_objects(lc):
    table = LightCurves({COW: lc, COW + 1: lc}).stack()
    assert repr(LightCurve(table)).startswith("<LightCurve of 2 objects: 6 detections")


@pytest.mark.parametrize("mjd", [1e8, -1e7])
def test_repr_of_times_without_a_date(lc, mjd):
    lc["time"] = Time(mjd + np.arange(len(lc)), format="mjd")
    assert f"MJD {mjd:.2f}" in repr(lc)
    assert f"got MJD {mjd:g}" in lc._repr_html_().partition("No picture: ")[2]


@pytest.mark.parametrize("ids", [["x", "y"] * 4, [COW, COW + 1] * 4])
def test_repr_of_ids_of_any_type(lc, ids):
    lc["atlas_id"] = ids
    assert repr(lc).startswith("<LightCurve of 2 objects:")
    with pytest.raises(InvalidInputError, match=rf"2 objects.*lc\['atlas_id'\] == {ids[0]!r}\]"):
        lc.combined()


def test_repr_of_columns_that_are_not_numbers(lc):
    lc["mag"] = ["bright"] * len(lc)
    lc["limit"] = np.array([None] * len(lc), dtype=object)
    assert "bright" in repr(lc)
    assert "must hold numbers" in lc._repr_html_()


def test_repr_of_local_times():
    curve = LightCurve(time=Time([58285.5, 58286.5], format="mjd", scale="local"), data={"flux": [1.0, 2.0] * u.uJy})
    assert "MJD 58285.50 to 58286.50" in repr(curve)
    assert "No picture: `time` must have a scale that converts to UTC" in curve._repr_html_()


def test_repr_of_a_curve_without_columns():
    assert repr(LightCurve()) == "<LightCurve: 0 rows>"
    assert "0 rows" in LightCurve()._repr_html_()


def test_repr_of_an_unnamed_object(make):
    lc = LightCurve.from_record(make.record(atlas_designation=None))
    assert repr(lc) == "<LightCurve of 1161600211221604900: 0 rows>"


def test_html_is_escaped(make):
    evil = "<script>alert(1)</script>"
    lc = LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0, filter=evil)], atlas_designation="<b>"))
    html = lc._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<table" in html
    assert "<table" not in lc[:0]._repr_html_()
    assert "<script" not in html


def test_html_has_an_embedded_image(lc):
    pytest.importorskip("matplotlib")
    from matplotlib import pyplot as plt

    before = plt.get_fignums()
    html = lc._repr_html_()
    assert 'src="data:image/png;base64,iVBOR' in html
    assert "http" not in html
    assert plt.get_fignums() == before
    assert "<img" not in lc[:0]._repr_html_()
    assert "<img" in lc["time", "flux"]._repr_html_()


def test_html_without_matplotlib_has_only_the_table(lc, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    html = lc._repr_html_()
    assert "<img" not in html
    assert "<table" in html


def test_html_gives_the_reason_for_a_missing_image(lc):
    without_unit = LightCurve(time=lc.time, data={"flux": np.arange(8.0)})
    html = without_unit._repr_html_()
    assert "No picture: Column &#x27;flux&#x27; must have a unit" in html
    assert "<table" in html


def test_repr_of_masked_times(lc):
    time = lc.time.copy()
    time[0] = np.ma.masked
    masked = LightCurve(time=time, data={"flux": lc["flux"]})
    assert "MJD 58285.00 to 58290.00" in repr(masked)
    assert "No picture: `time` must not be masked." in masked._repr_html_()
    time[:] = np.ma.masked
    assert "MJD" not in repr(LightCurve(time=time, data={"flux": lc["flux"]}))


@pytest.mark.parametrize("text", ["$\\x$", "$\\frac$", "$5 and $6", "a_b^c%&#"])
def test_html_of_bands_with_mathematical_characters(lc, text):
    pytest.importorskip("matplotlib")
    lc["band"] = [text] * 8
    assert "<img" in lc._repr_html_()


@pytest.mark.parametrize(
    ("normalize", "span", "unit"), [(False, "phase in days -0.90 to 1.10", "d"), (True, "phase -0.39 to 0.48", "")]
)
def test_repr_of_a_folded_curve_shows_phases(lc, normalize, span, unit):
    folded = lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"), normalize_phase=normalize)
    head, names, units, *_rows = repr(folded)[repr(folded).index(" 3 det") :].splitlines()
    assert head == f" 3 detections (1 c, 2 o), 2 limits (2 c), 3 forced (3 o); {span}>"
    assert names.split()[0] == "time"
    assert units[:8].strip() == unit
    assert "<table" in folded._repr_html_()


@pytest.mark.parametrize("names", [("kind", "band"), ("kind",), ("band",)])
def test_repr_of_columns_without_a_mask(lc, names):
    plain_columns = QTable(lc)
    for name in names:
        plain_columns[name] = Column(lc[name].filled("?"))
    assert repr(LightCurve(plain_columns)).splitlines()[1] == repr(lc).splitlines()[1]


@pytest.mark.parametrize("suffix", ["ecsv", "fits"])
def test_repr_of_a_curve_from_a_file(lc, tmp_path, suffix):
    path = tmp_path / f"curve.{suffix}"
    lc.write(path)
    assert repr(LightCurve.read(path)).splitlines()[1] == repr(lc).splitlines()[1]


@pytest.mark.parametrize("value", ["AtlasDiffObjects matching query does not exist.", None, []])
def test_a_record_without_an_object_is_rejected(make, value):
    with pytest.raises(UnreadableAnswerError, match="object"):
        LightCurve.from_record(make.record() | {"object": value}, url="https://example.org/")


@pytest.mark.parametrize("invalid", [{"ra": "1"}, {"id": "abc"}, {"atlas_designation": 5}])
def test_a_record_of_an_invalid_object_is_rejected(make, invalid):
    record = make.record(lc=[make.detection(58285.0, 18.0)])
    record["object"] |= invalid
    with pytest.raises(UnreadableAnswerError, match=f"'{next(iter(invalid))}'"):
        LightCurve.from_record(record)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("magnitude", "did you mean 'mag'"),
        ("Flux", "did you mean 'flux'"),
        ("flux_error", "did you mean 'flux_err'"),
        ("filter", "did you mean 'band'"),
        ("mjd", "did you mean 'time'"),
        ("uJy", "did you mean 'flux'"),
        ("zzz", "the columns are time, band, kind, service, .*, ...$"),
    ],
)
@pytest.mark.parametrize("ask", [lambda lc, name: lc[name], lambda lc, name: lc["time", name]], ids=["one", "two"])
def test_unknown_column_names_the_near_ones(lc, ask, name, message):
    with pytest.raises(KeyError) as raised:
        ask(lc, name)
    assert re.search(message, raised.value.args[0])
    assert raised.value.args[0].startswith(f"there is no column {name!r}; ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mag", r"no attribute 'mag'; it is a column: lc\['mag'\]"),
        ("detection", "did you mean 'detections'"),
        ("bin_nightlly", "did you mean 'bin_nightly'"),
        ("nothing_like_it", "no attribute 'nothing_like_it'$"),
        ("_private", "no attribute '_private'$"),
    ],
)
def test_unknown_attribute_names_the_near_ones(lc, name, message):
    with pytest.raises(AttributeError, match=message):
        getattr(lc, name)


def test_unknown_attribute_of_an_unfinished_object():
    """As while a pickle is read."""
    with pytest.raises(AttributeError, match="no attribute 'columns'"):
        LightCurve.__new__(LightCurve).columns  # noqa: B018


def test_columns_without_a_value_are_not_shown(make):
    lc = LightCurve.from_record(make.record(lcnondets=[make.limit(58281.0)]))
    shown = lc._shown_table().colnames
    assert shown == ["time", "kind", "band", "limit"]
    assert "flux" not in lc._repr_html_()
    assert "flux" in lc.colnames


def test_a_data_frame_is_referred_to_from_table():
    pandas = pytest.importorskip("pandas", reason="a DataFrame needs pandas")
    with pytest.raises(InvalidTypeError, match=r"got a DataFrame.*LightCurve\.from_table"):
        LightCurve(pandas.DataFrame({"time": [61000.0]}))
