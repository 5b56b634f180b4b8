# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Kinds of rows, with and without the column ``kind``."""

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn, vstack

from atlasquery import LightCurve, LightCurves
from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.kinds import row_kinds

NAN = np.nan


def make_table(kinds=None, **columns):
    """Return a light curve of these columns, in band o; NaNs are not masked unless astropy does."""
    units = {"flux": u.uJy, "flux_err": u.uJy, "mag": u.mag, "mag_err": u.mag, "limit": u.mag}
    n = len(next(iter(columns.values())))
    data = {name: np.array(values) * units[name] for name, values in columns.items()}
    lc = LightCurve(time=[f"2026-11-{day:02d}" for day in range(1, n + 1)], data={"band": ["o"] * n} | data)
    if kinds is not None:
        lc["kind"] = kinds
    return lc


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        ({"flux": [9.0, NAN], "flux_err": [1.0, NAN]}, ["forced", "forced"]),
        ({"flux": [9.0, NAN, NAN], "mag": [NAN, 18.0, NAN], "limit": [19.0, 19.0, 19.0]}, "forced detection limit"),
        ({"mag": [18.0, NAN, NAN], "limit": [NAN, 19.0, NAN]}, ["detection", "limit", "limit"]),
        ({"mag": [18.0, 18.5]}, ["detection", "detection"]),
        ({"limit": [18.0, NAN]}, ["limit", "limit"]),
    ],
)
def test_kinds_follow_from_the_values(columns, kinds):
    kinds = kinds.split() if isinstance(kinds, str) else kinds
    assert row_kinds(make_table(**columns)).tolist() == kinds


def test_a_table_without_measurements_has_no_kinds(curve):
    assert row_kinds(curve["time", "band"]).tolist() == [""] * 4
    assert len(curve["time", "band"].combined()) == 4


@pytest.mark.parametrize(
    "kinds",
    [
        MaskedColumn(["detection", "?"], mask=[False, True]),
        ["detection", ""],
        np.array(["detection", None]),
        np.array(["detection", NAN], dtype=object),
    ],
)
def test_rows_without_a_kind_in_the_column(kinds):
    assert row_kinds(make_table(kinds, flux=[9.0, 8.0])).tolist() == ["detection", "forced"]
    assert row_kinds(make_table([NAN, NAN], flux=[9.0, 8.0])).tolist() == ["forced", "forced"]


def test_rows_of_a_stack_with_and_without_kinds(curve):
    stacked = vstack([curve, make_table(mag=[18.0], mag_err=[0.1])])
    assert row_kinds(stacked).tolist() == ["forced"] * 4 + ["detection"]
    assert len(stacked.detections) == 1


USES = {
    "detections": lambda lc: lc.detections,
    "combined": lambda lc: lc.combined(),
    "bin_nightly": lambda lc: lc.bin_nightly(),
    "to_sncosmo": lambda lc: lc.to_sncosmo(),
    "write": lambda lc: lc.write("unused.txt", format="atlas.forced"),
    "summary": lambda lc: LightCurves({"A": lc}).summary(),
    "stacked bins": lambda lc: LightCurves({"A": lc}).bin_nightly(),
}


@pytest.mark.parametrize("use", USES)
def test_unknown_kinds_name_the_row_and_the_known_ones(use):
    lc = make_table(["forced", "blah"], flux=[9.0, 8.0], flux_err=[1.0, 1.0])
    message = "'detection', 'limit', 'forced' or 'binned', got 'blah' in row 1"
    with pytest.raises(InvalidInputError, match=message):
        USES[use](lc)


def test_the_summary_of_tables_without_kinds():
    flux = make_table(flux=[5.0, 300.0, -10.0, 200.0], flux_err=[20.0] * 4)
    mag = make_table(mag=[NAN, 18.0, 17.0], mag_err=[NAN, 0.1, 0.1], limit=[19.0, NAN, NAN])
    rows = LightCurves({"flux": flux, "mag": mag}).summary()
    assert [rows[name].tolist() for name in ("n_detections", "n_limits", "n_forced")] == [[0, 2], [0, 1], [4, 0]]
    assert rows["first_mjd"].value.tolist() == [flux.time.mjd[1], mag.time.mjd[1]]
    assert rows["last_mjd"].value.tolist() == [flux.time.mjd[3], mag.time.mjd[2]]
    assert rows["rise_o"].value.filled(-1).tolist() == [0.0, -1]  # a peak needs a flux


def test_forced_files_without_kinds(tmp_path):
    make_table(flux=[9.0, 300.0], flux_err=[20.0, 20.0]).write(tmp_path / "curve.txt", format="atlas.forced")
    assert LightCurve.read(tmp_path / "curve.txt")["flux"].value.tolist() == [9.0, 300.0]
    with pytest.raises(InvalidInputError, match="Cannot write rows of kind 'limit'"):
        make_table(flux=[9.0, NAN], flux_err=[1.0, NAN], limit=[NAN, 19.0]).write(
            tmp_path / "other.txt", format="atlas.forced"
        )
    with pytest.raises(InvalidInputError, match=r"'flux' and 'flux_err', got none\. Make fluxes of the magnitudes"):
        make_table(mag=[18.0]).write(tmp_path / "other.txt", format="atlas.forced")


def test_limits_of_a_real_table_without_kinds(shared_data):
    plt = pytest.importorskip("matplotlib.pyplot")
    lc = LightCurve.read(
        shared_data / "forced" / "ZTFrlh6cyjh_ATLAS.csv",
        time="mjd",
        columns={"magerr": "mag_err", "filter": "band", "limiting_mag": "limit"},
        units={"mag": "mag", "limit": "mag", "ra": "deg", "dec": "deg"},
    )
    n_limits = int(lc["mag"].mask.sum())
    assert (len(lc), n_limits, len(lc.limits), len(lc.detections)) == (384, 149, 149, 235)
    labels = [text.get_text() for text in lc.plot(window="all").get_legend().get_texts()]
    counts = {label.partition(":")[0]: int(label.split()[-1]) for label in labels}
    assert sum(count for name, count in counts.items() if name.endswith("limit")) == 149
    plt.close("all")
