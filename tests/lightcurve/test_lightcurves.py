# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many light curves: one table, one row an object, one picture."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves

ID = 1161600211221604900


@pytest.fixture
def curves(make, lc):
    bright = make.record(
        id=1100023961021200200,
        atlas_designation=None,
        lc=[make.detection(58300.0, 16.0), make.detection(58310.0, 15.0, 0.01), make.detection(58320.0, -17.0)],
        fp=[make.forced(58310.0, 3100.0, 10.0, mag=15.17), make.forced(58311.0, 9000.0, 4000.0, mag=14.0, filter="w")],
    )
    return LightCurves({make.id: lc, 1100023961021200200: LightCurve.from_record(bright)})


@pytest.mark.parametrize("key", [0, "2018cow", 1.1616002112216049e18])
def test_keys_are_ids(lc, key):
    with pytest.raises(InvalidInputError):
        LightCurves({key: lc})


def test_curves_are_in_a_dict(lc):
    with pytest.raises(InvalidInputError, match="are to be a dict by their ids, not of type list"):
        LightCurves([lc])


def test_an_id_as_text_is_an_id(make, lc):
    curves = LightCurves({str(make.id): lc})
    assert list(curves) == [make.id]
    assert curves[make.id] is lc


def test_all_ids_may_be_text(lc):
    one, other = str(ID), str(ID + 1)
    curves = LightCurves({one: lc}, names={"2018cow": one}, failed={other: ValueError("too slow")})
    assert curves["2018cow"] is lc
    with pytest.raises(KeyError, match="was not obtained: too slow"):
        curves[int(other)]


def test_a_name_that_was_not_looked_up_says_why():
    curves = LightCurves({}, failed={"SN 2018cow": ValueError("too slow")})
    with pytest.raises(KeyError, match="was not obtained: too slow"):
        curves["SN 2018cow"]


def test_stack(curves):
    table = curves.stack()
    assert type(table) is QTable
    assert len(table) == 13
    assert table["atlas_id"].tolist() == [1161600211221604900] * 8 + [1100023961021200200] * 5
    assert table["flux"].mask.sum() == 3
    assert table["flux"].unit == u.uJy
    assert table.meta == {"magsys": "AB"}
    for atlas_id, curve in curves.items():
        rows = table[table["atlas_id"] == atlas_id]
        assert rows["time"].mjd.tolist() == curve.time.mjd.tolist()


def test_stack_of_curves_with_other_columns(curves):
    first, second = curves.values()
    first["mine"] = np.arange(8)
    second["theirs"] = ["a"] * 5
    table = curves.stack()
    assert table["mine"].mask.sum() == 5
    assert table["theirs"].mask.sum() == 8


def test_stack_of_nothing():
    table = LightCurves({}).stack()
    assert len(table) == 0
    assert table["flux"].unit == u.uJy


def test_the_curves_are_not_changed(curves):
    before = [curve["atlas_id"].mask.sum() for curve in curves.values()]
    curves.stack()
    curves.summary()
    assert [curve["atlas_id"].mask.sum() for curve in curves.values()] == before
    assert before[0] > 0


def test_summary(curves):
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
    assert "peak_mag_w" not in table.colnames  # 2.3 sigma are no peak
    assert table["peak_mag_o"].unit == u.mag


def test_the_summary_fits_on_a_page(curves):
    line = curves.summary().pformat(max_lines=-1, max_width=-1)[-2]
    assert "58285.00" in line
    assert len(line) < 160


def test_what_is_flagged_is_no_peak(make):
    rows = [make.detection(58300.0, 16.0), make.detection(58310.0, 12.0)]
    lc = LightCurve.from_record(make.record(lc=rows))
    table = LightCurves({make.id: lc.flag(lc["mag"] < 13 * u.mag)}).summary()
    assert table["peak_mag_o"].value.tolist() == [16.0]
    assert table["n_detections"].tolist() == [2]


def test_the_summary_tells_how_many_detections_stand_alone(make):
    month = [make.detection(58300.0 + night, 17.0) for night in range(30)]
    other = LightCurve.from_record(
        make.record(lc=[make.detection(57000.0, 20.0), make.detection(57900.0, -16), *month])
    )
    row = LightCurves({ID: other}).summary()[0]
    assert (row["n_stray"], row["n_detections"]) == (1, 32)
    assert row["first_mjd"].value == 57000.0
    assert LightCurves({ID: LightCurve.from_record(make.record(lc=month))}).summary()["n_stray"].tolist() == [0]


def test_a_peak_of_fluxes_alone(lc):
    rows = lc[[name for name in lc.colnames if not name.startswith("mag")]]
    (expected,), (found,) = (LightCurves({ID: curve}).summary() for curve in (lc, rows))
    assert found["peak_mag_o"].round(6) == expected["peak_mag_o"].round(6)
    assert found["peak_mjd_o"] == expected["peak_mjd_o"]


def test_a_name_that_is_a_number(lc):
    lc.meta["name"] = 2018
    assert LightCurves({ID: lc}).summary()["name"].tolist() == ["2018"]


def test_summary_of_what_was_never_seen(lc, make):
    table = LightCurves({make.id: lc.limits}).summary()
    assert table["first_mjd"].mask.tolist() == [True]
    assert "peak_mag_o" not in table.colnames
    assert len(LightCurves({}).summary()) == 0


def test_plot(curves):
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


def test_a_grid_of_some_bands(curves):
    pytest.importorskip("matplotlib").use("agg")

    empty, full = curves.plot(bands="w", y="flux")
    assert [text.get_text() for text in empty.texts] == ["no measurements"]
    assert (len(empty.containers), len(full.containers)) == (0, 1)
    with pytest.raises(InvalidInputError, match=r"`bands`.*'c', 'o', 'w'.*'x'"):
        curves.plot(bands="x")


def test_a_grid_without_a_legend(curves):
    pytest.importorskip("matplotlib").use("agg")

    axes = curves.plot(legend=False)
    assert all(ax.get_legend() is None for ax in axes)
    assert not axes[0].figure.legends


def test_a_grid_has_axes_of_its_own(curves):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    with pytest.raises(InvalidInputError, match="no ax for many light curves"):
        curves.plot(ax=ax)
    assert len(plt.get_fignums()) == 1


def test_a_grid_that_cannot_be_drawn_leaves_no_figure(curves):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    assert len(LightCurves({}).plot()) == 0
    with pytest.raises(InvalidInputError, match=r"`y`.*'bad'"):
        curves.plot(y="bad")
    with pytest.raises(TypeError, match="colour"):
        curves.plot(colour="red")
    for columns in (0, -1, 2.5, "2"):
        with pytest.raises(InvalidInputError, match="columns is"):
            curves.plot(columns=columns)
    assert plt.get_fignums() == []


def test_as_html(curves, make):
    html = curves._repr_html_()
    assert "LightCurves: 2 of 2 objects" in html
    assert "1100023961021200200" in html
    evil = LightCurve.from_record(make.record(atlas_designation="<script>"))
    assert "<script>" not in LightCurves({make.id: evil})._repr_html_()
    assert "<table" not in LightCurves({})._repr_html_()


def test_as_html_has_one_picture_of_the_first_ones(curves, make):
    pytest.importorskip("matplotlib")
    html = curves._repr_html_()
    assert html.count('src="data:image/png;base64,iVBOR') == 1
    assert "Only" not in html
    assert "<img" not in LightCurves({})._repr_html_()


def test_as_html_says_why_there_is_no_summary(lc, make):
    time = lc.time.copy()
    time[0] = np.ma.masked
    html = LightCurves({make.id: LightCurve(time=time, data={"flux": lc["flux"]})})._repr_html_()
    assert "No picture: Some of the times are masked." in html
    assert "No summary: Some of the times are masked." in html


def test_as_html_looks_only_at_what_it_shows(lc, make):
    many = {make.id + number: lc for number in range(20)} | {make.id + 20: None}  # of which nothing could be asked
    html = LightCurves(many)._repr_html_()
    assert all(f">{make.id + number}<" in html for number in range(20))
    assert "Only the first 3 are drawn and the first 20 are listed." in html
