# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many light curves: keys, stacked table, summary and plots."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable, Table
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW


@pytest.fixture
def curves(make, lc):
    bright = make.record(
        id=1100023961021200200,
        atlas_designation=None,
        lc=[make.detection(58300.0, 16.0), make.detection(58310.0, 15.0, 0.01), make.detection(58320.0, -17.0)],
        fp=[make.forced(58310.0, 3100.0, 10.0, mag=15.17), make.forced(58311.0, 9000.0, 4000.0, mag=14.0, filter="w")],
    )
    return LightCurves({make.id: lc, 1100023961021200200: LightCurve.from_record(bright)})


@pytest.mark.parametrize("key", [1.1616002112216049e18, "1.1616002112216049e18", None, np.nan, "", "nan"])
def test_keys_must_not_be_missing_or_have_lost_digits(lc, key):
    with pytest.raises(InvalidInputError):
        LightCurves({key: lc})


@pytest.mark.parametrize("key", ["my supernova", "2018cow", 7, ("field", 3), frozenset({1}), 0, True, 2.5])
def test_any_other_hashable_key(lc, key):
    curves = LightCurves({COW: lc, key: lc[:3]})
    assert list(curves) == [COW, key]
    assert len(curves[key]) == 3
    assert key in curves
    assert curves[str(COW)] is lc
    assert len(curves.summary()) == 2
    assert curves.summary()["key"].tolist() == [str(COW), str(key)]
    assert curves.summary()["atlas_id"].tolist() == [COW, None]
    assert curves.stack()["key"].tolist() == [str(COW)] * 8 + [str(key)] * 3
    assert len(curves.plot()) == 2
    assert curves._repr_html_().count("<img") == 1


@pytest.mark.parametrize("spelling", ["SN 2030abc", "2030ABC", " 2030abc"])
def test_a_key_that_is_a_name_has_its_spellings(curve, spelling):
    curves = LightCurves({"2030abc": curve, "mine": curve})
    assert curves[spelling] is curve
    with pytest.raises(KeyError, match="no light curve 'mein'; did you mean 'mine'"):
        curves["mein"]


def test_curves_without_ids_stack_and_are_kept_apart(curve):
    curves = LightCurves({"a": curve, "b": curve})
    table = curves.stack()
    assert "atlas_id" not in table.colnames
    with pytest.raises(InvalidInputError, match=r"rows of 2 objects.*lc\['key'\] == 'a'"):
        LightCurve(table).bin_nightly()
    stacked = LightCurve(table)
    assert len(stacked[stacked["key"] == "a"].bin_nightly()) == len(curve.bin_nightly())
    curve["key"] = ["x", "y", "z", "x"]
    assert len(curve.bin_nightly()) == 3  # a column of the user
    with pytest.raises(InvalidInputError, match=r"'key'.*'a'"):
        curves.stack()


def test_curves_must_be_a_dict(lc):
    with pytest.raises(InvalidInputError, match=r"`curves`.*dict.*list"):
        LightCurves([lc])


def test_an_id_may_be_a_string(make, lc):
    curves = LightCurves({str(make.id): lc})
    assert list(curves) == [make.id]
    assert curves[make.id] is lc


def test_ids_of_names_and_failures_may_be_strings(lc):
    downloaded, failed = str(COW), str(COW + 1)
    curves = LightCurves({downloaded: lc}, names={"2018cow": downloaded}, failed={failed: ValueError("too slow")})
    assert curves["2018cow"] is lc
    with pytest.raises(KeyError, match="too slow"):
        curves[int(failed)]


def test_a_name_that_was_not_looked_up_raises_the_reason():
    curves = LightCurves({}, failed={"SN 2018cow": ValueError("too slow")})
    with pytest.raises(KeyError, match="too slow"):
        curves["SN 2018cow"]


NAMES = ["2018cow", "SN 2018cow", "AT2018COW", "ATLAS18qqn", "ATLAS18QQN", " ATLAS18qqn ", "atlas 18qqn"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_objects_are_keys(curves, make, name):
    """Also if the light curves were requested by id; in any spelling."""
    curves[1100023961021200200].meta["tns_name"] = None
    assert curves[name] is curves[COW]
    assert name in curves
    assert list(curves) == [COW, 1100023961021200200]


def test_name_of_several_light_curves(curves):
    assert [curve.meta["tns_name"] for curve in curves.values()] == ["2018cow"] * 2
    with pytest.raises(KeyError, match=f"2018cow is the name of 2 light curves: {COW}, 1100023961021200200"):
        curves["2018cow"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("2018cwo", "no light curve '2018cwo'; did you mean '2018cow'"),
        ("ATLAS18qqm", "did you mean 'ATLAS18qqn'"),
        (COW + 1, f"no light curve {COW + 1}; did you mean '{COW}'"),
        ("M31", r"keys are ATLAS ids and names, and list\(curves\) has the ids"),
        (0, r"by position it is list\(curves.values\(\)\)"),
        (slice(0, 2), r"by position it is list\(curves.values\(\)\)"),
        (1.1616002112216049e18, "a float has lost digits of the id"),
        (None, "keys are ATLAS ids and names"),
    ],
)
def test_unknown_key_names_the_near_ones(curves, key, message):
    assert key not in curves
    with pytest.raises(KeyError, match=message):
        curves[key]


def test_key_of_a_missing_object(lc):
    with pytest.raises(KeyError, match="2018xyz is in `missing`: the server has no such object"):
        LightCurves({COW: lc}, missing=["2018xyz"])["2018xyz"]


def test_stack_has_all_rows_with_their_ids(curves):
    table = curves.stack()
    assert type(table) is QTable
    assert len(table) == 13
    assert table["atlas_id"].tolist() == [COW] * 8 + [1100023961021200200] * 5
    assert table["flux"].mask.sum() == 3
    assert table["flux"].unit == u.uJy
    assert table.meta == {"magsys": "AB", "images": "difference"}
    for atlas_id, curve in curves.items():
        rows = table[table["atlas_id"] == atlas_id]
        assert rows["time"].mjd.tolist() == curve.time.mjd.tolist()


def test_stack_masks_columns_of_other_curves(curves):
    first, second = curves.values()
    first["first_only"] = np.arange(8)
    second["second_only"] = ["a"] * 5
    table = curves.stack()
    assert table["first_only"].mask.sum() == 5
    assert table["second_only"].mask.sum() == 8


def test_stack_keeps_which_images_were_measured(curves):
    second = list(curves.values())[1]
    second.meta["images"] = "reduced"
    table = curves.stack()
    assert "images" not in table.meta
    assert table["images"].tolist() == ["difference"] * 8 + ["reduced"] * 5
    del second.meta["images"]
    assert curves.stack()["images"].mask.tolist() == [False] * 8 + [True] * 5


def test_stack_of_no_curves_is_an_empty_typed_table():
    table = LightCurves({}).stack()
    assert len(table) == 0
    assert table["flux"].unit == u.uJy


def test_stack_and_summary_do_not_change_the_curves(curves):
    before = [curve["atlas_id"].mask.sum() for curve in curves.values()]
    curves.stack()
    curves.summary()
    assert [curve["atlas_id"].mask.sum() for curve in curves.values()] == before
    assert before == [0, 0]


def test_summary_has_counts_times_and_peaks(curves):
    table = curves.summary()
    assert table["atlas_id"].tolist() == list(curves)
    assert table["name"].tolist() == ["ATLAS18qqn", None]
    assert table["n_detections"].tolist() == [3, 3]
    assert table["n_limits"].tolist() == [2, 0]
    assert table["n_forced"].tolist() == [3, 2]
    assert table["first_mjd"].value.tolist() == [58285.0, 58300.0]
    assert table["last_mjd"].value.tolist() == [58287.0, 58310.0]
    assert table["peak_mag_o"].value.tolist() == [17.0, 15.0]
    assert table["n_stray"].tolist() == [0, 0]
    assert table["rise_o"].value.tolist() == [0.0, 10.0]
    assert table["peak_mjd_c"].mask.tolist() == [False, True]
    assert "peak_mag_w" not in table.colnames  # 2.3 sigma is not significant
    assert table["peak_mag_o"].unit == u.mag


def test_the_summary_fits_on_a_page(curves):
    line = curves.summary().pformat(max_lines=-1, max_width=-1)[-2]
    assert "58285.00" in line
    assert len(line) < 160


def test_flagged_rows_are_not_peaks(make):
    rows = [make.detection(58300.0, 16.0), make.detection(58310.0, 12.0)]
    lc = LightCurve.from_record(make.record(lc=rows))
    table = LightCurves({make.id: lc.flag(lc["mag"] < 13 * u.mag)}).summary()
    assert table["peak_mag_o"].value.tolist() == [16.0]
    assert table["n_detections"].tolist() == [2]


def test_fits_that_the_faq_rejects_are_no_peaks():
    """The fits of clouds and edges are often brighter than the object; nothing has been flagged."""
    nan = np.nan
    data = {
        "flux": [300.0, 200.0, 9e5, 5e4, 400.0, 100.0] * u.uJy,
        "flux_err": [10.0, 10.0, 2e4, 10.0, 10.0, 10.0] * u.uJy,
        "x": [5000.0, 5000.0, 5000.0, 50.0, 5000.0, nan] * u.pix,
        "limit": [19.0, 19.0, 19.0, 19.0, 16.0, nan] * u.mag,
    }
    rows = LightCurve(
        time=Time(61000.0 + np.arange(6), format="mjd"),
        data=data | {"y": data["x"], "band": ["o"] * 6, "limit_sigma": [5.0] * 6},
    )
    table = LightCurves({"A": rows, "only rejected": rows[2:5]}).summary()
    assert table["peak_mjd_o"].value.filled(0).tolist() == [61000.0, 0]
    assert table["first_mjd"].value.filled(0).tolist() == [61000.0, 0]
    assert table["last_mjd"].value.filled(0).tolist() == [61005.0, 0]
    assert table["n_forced"].tolist() == [6, 3]
    rows["x"] = rows["x"].value  # a column of the user without a unit may have another meaning
    assert LightCurves({"A": rows}).summary()["peak_mjd_o"].value.tolist() == [61003.0]


def test_the_peak_of_a_real_file_is_no_artefact(shared_data):
    with pytest.warns(DataQualityWarning, match="The fit failed"):
        rows = LightCurve.read(shared_data / "forced" / "job211831.txt")
    row = LightCurves({"A": rows}).summary()[0]
    assert row["peak_mag_o"].round(2).value == 13.35  # not -8.24, of a fit with duJy of 18 kJy
    assert 57000 < row["first_mjd"].value < row["peak_mjd_o"].value


def test_errors_of_a_sample_name_the_light_curve(lc, curve):
    pytest.importorskip("matplotlib")
    for call in (LightCurves.plot, LightCurves.summary):
        curve["kind"] = ["blah"] * 4
        with pytest.raises(InvalidInputError, match="got 'blah' in row 0") as caught:
            call(LightCurves({COW: lc, "B": curve}))
        assert caught.value.__notes__ == ["It is the light curve 'B'."]


def test_the_summary_counts_isolated_detections(make):
    month = [make.detection(58300.0 + night, 17.0) for night in range(30)]
    other = LightCurve.from_record(
        make.record(lc=[make.detection(57000.0, 20.0), make.detection(57900.0, -16), *month])
    )
    row = LightCurves({COW: other}).summary()[0]
    assert (row["n_stray"], row["n_detections"]) == (1, 32)
    assert row["first_mjd"].value == 57000.0
    assert LightCurves({COW: LightCurve.from_record(make.record(lc=month))}).summary()["n_stray"].tolist() == [0]


def test_peak_magnitudes_are_computed_if_there_are_only_fluxes(lc):
    rows = lc[[name for name in lc.colnames if not name.startswith("mag")]]
    (expected,), (summary,) = (LightCurves({COW: curve}).summary() for curve in (lc, rows))
    assert summary["peak_mag_o"].round(6) == expected["peak_mag_o"].round(6)
    assert summary["peak_mjd_o"] == expected["peak_mjd_o"]


def test_a_name_that_is_a_number_is_converted_to_a_string(lc):
    lc.meta["name"] = 2018
    assert LightCurves({COW: lc}).summary()["name"].tolist() == ["2018"]


def test_summary_of_limits_only(lc, make):
    table = LightCurves({make.id: lc.limits}).summary()
    assert table["first_mjd"].mask.tolist() == [True]
    assert "peak_mag_o" not in table.colnames
    assert len(LightCurves({}).summary()) == 0


def test_plot_draws_a_panel_per_curve_and_a_common_legend(curves):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    axes = curves.plot(y="flux", columns=1)
    assert [ax.get_title() for ax in axes] == ["ATLAS18qqn", "1100023961021200200"]
    axes[0].figure.canvas.draw()
    assert axes[0].get_position().y0 > axes[1].get_position().y1
    assert all(ax.get_legend() is None for ax in axes)
    (common,) = axes[0].figure.legends
    names = [text.get_text() for text in common.get_texts()]
    assert {"o detection", "c limit"} <= set(names)
    assert len(names) == len(set(names))
    assert common.get_window_extent().y1 < axes[1].get_window_extent().y0
    plt.close("all")


def test_plot_of_selected_bands(curves):
    pytest.importorskip("matplotlib").use("agg")

    empty, full = curves.plot(bands="w", y="flux")
    assert [text.get_text() for text in empty.texts] == ["no measurements"]
    assert (len(empty.containers), len(full.containers)) == (0, 1)
    with pytest.raises(InvalidInputError, match=r"`bands`.*'c', 'o', 'w'.*'x'"):
        curves.plot(bands="x")


def test_plot_without_a_legend(curves):
    pytest.importorskip("matplotlib").use("agg")

    axes = curves.plot(legend=False)
    assert all(ax.get_legend() is None for ax in axes)
    assert not axes[0].figure.legends


def test_plot_rejects_ax(curves):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    with pytest.raises(InvalidInputError, match="`ax`"):
        curves.plot(ax=ax)
    assert len(plt.get_fignums()) == 1


def test_a_failed_plot_leaves_no_figure(curves):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    assert len(LightCurves({}).plot()) == 0
    with pytest.raises(InvalidInputError, match=r"`y`.*'bad'"):
        curves.plot(y="bad")
    with pytest.raises(TypeError, match="colour"):
        curves.plot(colour="red")
    for columns in (0, -1, 2.5, "2"):
        with pytest.raises(InvalidInputError, match="`columns`"):
            curves.plot(columns=columns)
    assert plt.get_fignums() == []


def test_html_has_the_summary_and_is_escaped(curves, make):
    html = curves._repr_html_()
    assert "LightCurves: 2 of 2 objects" in html
    assert "1100023961021200200" in html
    evil = LightCurve.from_record(make.record(atlas_designation="<script>"))
    assert "<script>" not in LightCurves({make.id: evil})._repr_html_()
    assert "<table" not in LightCurves({})._repr_html_()


def test_html_has_one_image(curves, make):
    pytest.importorskip("matplotlib")
    html = curves._repr_html_()
    assert html.count('src="data:image/png;base64,iVBOR') == 1
    assert "Only" not in html
    assert "<img" not in LightCurves({})._repr_html_()


def test_html_gives_the_reason_for_a_missing_summary(lc, make):
    time = lc.time.copy()
    time[0] = np.ma.masked
    html = LightCurves({make.id: LightCurve(time=time, data={"flux": lc["flux"]})})._repr_html_()
    assert "No picture: `time` must not be masked." in html
    assert "No summary: `time` must not be masked." in html


def test_html_uses_only_the_curves_it_shows(lc, make):
    many = {make.id + number: lc for number in range(20)} | {make.id + 20: object.__new__(LightCurve)}
    html = LightCurves(many)._repr_html_()  # any access to the last one would fail: it is not initialized
    assert all(f">{make.id + number}<" in html for number in range(20))
    assert "Only the first 3 are drawn and the first 20 are listed." in html


def test_values_must_be_light_curves(lc, make):
    table = {"time": [61000.0], "flux": [1.0]}
    for curves in ({make.id: table}, {make.id: lc, "b": None}, {"a": Table(table)}):
        with pytest.raises(InvalidTypeError, match=r"light curves as values, got .*LightCurve\.from_table"):
            LightCurves(curves)
        with pytest.raises(InvalidTypeError, match="light curves as values"):
            LightCurves().update(curves)


def test_items_are_not_assigned(lc):
    curves = LightCurves()
    with pytest.raises(InvalidTypeError, match=r"curves\.update\(\{'x': curve\}\)"):
        curves["x"] = lc
    with pytest.raises(InvalidTypeError, match=r"LightCurves\(\{key: curves\[key\]"):
        del curves["x"]


@pytest.mark.parametrize("key", [None, np.nan, "", "nan", b"2018cow"])
def test_keys_that_are_none_are_named(lc, key):
    with pytest.raises(InvalidInputError, match=r"`curves` must have (ids or names|strings) as keys"):
        LightCurves({key: lc})


def test_strings_of_numpy_are_keys_that_files_have(lc, tmp_path):
    LightCurves({np.str_("a"): lc}).write(tmp_path / "curves.ecsv")
    assert list(LightCurves.read(tmp_path / "curves.ecsv")) == ["a"]


def test_stack_of_known_and_unknown_images_has_a_neutral_flux(lc, curve):
    """It had the description of the first."""
    lc.meta["images"] = "reduced"
    table = LightCurves({"a": lc, "b": curve}).stack()
    assert "images" not in table.meta
    assert table["flux"].info.description == "Flux; negative is real."
    curve.meta["images"] = "Reduced"
    with pytest.raises(InvalidInputError, match=r"`meta\['images'\]` must be 'difference', 'reduced' or None"):
        LightCurves({"a": lc, "b": curve}).stack()
