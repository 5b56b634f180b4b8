# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Conversion to other packages: a fit by sncosmo, exact ids in pandas, one band in lightkurve, and TNS reports."""

import json
import sys
import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import MaskedColumn
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning, InvalidInputError
from atlasquery.lightcurve import LightCurve, LightCurves
from constants import COW


def test_columns_of_the_sncosmo_table(lc):
    data = lc.to_sncosmo()
    assert data.colnames == ["time", "band", "flux", "fluxerr", "zp", "zpsys"]
    assert data["band"].tolist() == ["atlaso", "atlaso", "atlaso", "atlaso", "atlasc"]
    assert set(data["zp"]) == {23.9}
    assert set(data["zpsys"]) == {"ab"}
    assert -30 in data["flux"]
    assert data.meta == {"atlas_id": COW, "name": "ATLAS18qqn", "tns_name": "2018cow"}


def test_the_sncosmo_table_has_one_row_per_exposure(real):
    assert len(real.to_sncosmo(bands={"t": "x"})) == (real.combined()["flux_err"] > 0 * u.uJy).filled(False).sum()


def test_a_band_without_a_bandpass_is_rejected(make):
    lc = LightCurve.from_record(make.record(fp=[make.forced(1.0, filter="w"), make.forced(2.0, filter="H")]))
    with pytest.raises(InvalidInputError, match=r"`bands`.*'H', 'w'"):
        lc.to_sncosmo()
    assert lc.to_sncosmo(bands={"w": "ps1::w", "H": "2massh"})["band"].tolist() == ["ps1::w", "2massh"]


def test_limits_are_not_in_the_sncosmo_table(lc):
    assert len(lc.limits.to_sncosmo()) == 0


@pytest.mark.filterwarnings("default")
def test_sncosmo_recovers_the_parameters_of_a_model(make):
    """Source and bandpasses are made here: nothing is downloaded."""
    sncosmo = pytest.importorskip("sncosmo", reason="sncosmo has to be compiled")
    pytest.importorskip("iminuit", reason="sncosmo fits with iminuit")
    wave = np.linspace(3000, 10000, 200)
    for name, low, high in (("atlasc", 4200, 6500), ("atlaso", 5600, 8200)):
        transmission = ((wave > low) & (wave < high)).astype(float)
        sncosmo.register(sncosmo.Bandpass(wave, transmission, name=name), force=True)
    phase = np.linspace(-20, 50, 71)
    shape = np.exp(-0.5 * (phase / np.where(phase < 0, 6, 15)) ** 2)
    source = sncosmo.TimeSeriesSource(phase, wave, shape[:, None] * np.ones(len(wave)), zero_before=True, name="hump")
    truth = sncosmo.Model(source)
    truth.set(z=0.01, t0=58300.0, amplitude=3e-15)
    rng = np.random.default_rng(1)
    mjd = np.sort(58270 + rng.uniform(0, 80, 120))
    band = rng.choice(["c", "o"], 120)
    flux = truth.bandflux([f"atlas{name}" for name in band], mjd, zp=23.9, zpsys="ab")
    rows = [
        make.forced(float(t), float(f + rng.normal(0, 20)), 20.0, filter=str(b))
        for t, f, b in zip(mjd, flux, band, strict=True)
    ]
    data = LightCurve.from_record(make.record(fp=rows)).to_sncosmo()
    model = sncosmo.Model(source)
    model.set(z=0.01)
    result, fitted = sncosmo.fit_lc(data, model, ["t0", "amplitude"], bounds={"t0": (58280, 58320)})
    assert result.success
    assert result.ndof == 118
    assert abs(fitted["t0"] - 58300) < 5 * result.errors["t0"] < 3
    assert abs(fitted["amplitude"] / 3e-15 - 1) < 5 * result.errors["amplitude"] / 3e-15 < 0.3
    assert 0.6 < result.chisq / result.ndof < 1.5


@pytest.fixture
def lightkurve():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the import warns about optional dependencies
        return pytest.importorskip("lightkurve", reason="lightkurve brings a hundred packages")


def test_lightkurve_of_one_band(lc, lightkurve):
    curve = lc.to_lightkurve("o")
    assert isinstance(curve, lightkurve.LightCurve)
    assert len(curve) == 4
    assert curve.flux.unit == u.uJy
    assert curve.time.scale == "utc"
    assert curve.meta["LABEL"] == "ATLAS18qqn"
    assert len(lc[lc["band"] == "c"].to_lightkurve()) == 1


def test_lightkurve_needs_one_band(lc):
    with pytest.raises(InvalidInputError, match=r"`band`.*'c', 'o'.*None"):
        lc.to_lightkurve()
    with pytest.raises(InvalidInputError, match=r"`band`.*'c', 'o'.*'w'"):
        lc.to_lightkurve("w")


def test_pandas_has_all_columns_with_their_types(lc, make):
    pd = pytest.importorskip("pandas", reason="pandas is optional")
    frame = lc.to_pandas()
    assert isinstance(frame.index, pd.DatetimeIndex)
    assert frame.index.name == "time"
    assert len(frame) == len(lc)
    assert list(frame.columns) == ["mjd", *lc.colnames[1:]]
    assert frame["mjd"].tolist() == lc.time.mjd.tolist()
    assert frame["atlas_id"].dtype == "Int64"
    assert frame["atlas_id"].tolist() == [COW] * 8
    assert frame["limiting_mag"].dtype == "boolean"
    assert frame["limiting_mag"].isna().sum() == 5
    assert frame["flux"].isna().sum() == lc["flux"].mask.sum()
    assert frame["band"].tolist() == lc["band"].tolist()
    assert frame["pointing"].isna().sum() == 3
    assert (frame.attrs["units"]["flux"], frame.attrs["meta"]["atlas_id"]) == ("uJy", COW)
    assert lc.to_pandas(index=False).columns[0] == "time"
    assert len(lc[:0].to_pandas()) == 0


def test_pandas_has_dates_with_nulls(make):
    pd = pytest.importorskip("pandas", reason="pandas is optional")
    dates = ["2018-06-17T13:03:29Z", None]
    rows = [make.detection(58285.0 + day, 18.0, date_inserted=date) for day, date in enumerate(dates)]
    frame = LightCurve.from_record(make.record(lc=rows)).to_pandas()
    assert frame["date_inserted"].tolist() == [pd.Timestamp("2018-06-17T13:03:29"), pd.NaT]
    assert frame.index[1] == pd.Timestamp("2018-06-17")


@pytest.mark.parametrize(
    ("name", "column", "reason"),
    [
        ("odd", SkyCoord([1] * 8, [2] * 8, unit="deg"), "SkyCoord"),
        ("odd", np.full(8, b"a"), "dtype"),
        ("odd", np.array([2**63] * 8, dtype=np.uint64), "64 bits"),
        ("odd", np.zeros((8, 2), dtype=int), "2 dimensions"),
        ("odd", np.zeros((8, 2)), "2 dimensions"),
        ("odd", np.full((8, 2), "a"), "2 dimensions"),
        ("odd", np.zeros((8, 2), dtype=bool), "2 dimensions"),
        ("odd", Time(np.full((8, 2), 61000.0), format="mjd"), "2 dimensions"),
        ("mjd", np.arange(8.0), "the time"),
    ],
)
def test_columns_that_pandas_cannot_hold_are_rejected(lc, name, column, reason):
    pytest.importorskip("pandas", reason="pandas is optional")
    lc[name] = column
    with pytest.raises(InvalidInputError, match=f"'{name}'.*{reason}"):
        lc.to_pandas()


def test_pandas_has_exact_integers(lc):
    pytest.importorskip("pandas", reason="pandas is optional")
    lc["large"] = MaskedColumn(np.array([2**63 - 1] * 7 + [2**63], dtype=np.uint64), mask=[False] * 7 + [True])
    assert lc.to_pandas()["large"].dropna().tolist() == [2**63 - 1] * 7


def test_to_pandas_names_its_missing_package(lc, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r'pip install "atlasquery\[export\]"'):
        lc.to_pandas()


def test_to_lightkurve_names_its_missing_package(lc, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightkurve", None)
    with pytest.raises(ImportError, match="pip install lightkurve"):
        lc.to_lightkurve("o")


@pytest.mark.parametrize(("flux", "flux_err"), [(np.inf, 1.0), (100.0, np.inf), (100.0, 0.0), (np.nan, 1.0)])
def test_rows_without_a_valid_flux_are_left_out(flux, flux_err):
    data = {"band": ["o", "o"], "flux": [1.0, flux] * u.uJy, "flux_err": [1.0, flux_err] * u.uJy}
    assert LightCurve(time=["2026-11-01", "2026-11-02"], data=data).to_sncosmo()["flux"].tolist() == [1]


def test_rows_of_several_objects_are_rejected(lc):
    lc["atlas_id"] = [COW, COW + 1] * 4
    for export in (lc.to_sncosmo, lc.to_lightkurve):
        with pytest.raises(InvalidInputError, match="2 objects"):
            export()


@pytest.fixture
def discovery(make):
    position = {"ra": 244.0009, "dec": 22.268}
    return {
        "lc": [
            make.detection(58284.0, -20.0, **position),
            make.detection(58285.441, 14.739, 0.009, **position),
            make.detection(58287.45, 13.6, filter="c", **position),
        ],
        "lcnondets": [make.limit(58280.0, 19.0), make.limit(58281.49, 19.35, filter="o"), make.limit(58290.0)],
    }


def test_fields_of_the_tns_report(make, discovery):
    report = LightCurve.from_record(make.record(**discovery)).to_tns(
        "A. Astronomer (Belfast)", reporting_group_id=42, host_name="Z 137-068"
    )
    assert json.loads(json.dumps(report)) == report
    (fields,) = report["at_report"].values()
    assert (fields["ra"]["value"], fields["dec"]["value"]) == ("244.000900", "22.268000")
    assert (fields["reporter"], fields["internal_name"]) == ("A. Astronomer (Belfast)", "ATLAS18qqn")
    assert (fields["reporting_group_id"], fields["discovery_data_source_id"], fields["at_type"]) == ("42", "18", "1")
    assert fields["discovery_datetime"] == "2018-06-16 10:35:02.400"
    assert fields["host_name"] == "Z 137-068"
    discovery_fields = fields["photometry"]["photometry_group"]["0"]
    assert tuple(discovery_fields[key] for key in ("flux", "flux_error", "limiting_flux")) == (
        "14.739",
        "0.009",
        "19.50",
    )
    assert tuple(discovery_fields[key] for key in ("filter_value", "instrument_value", "exptime")) == (
        "72",
        "159",
        "30",
    )
    limit = fields["non_detection"]
    assert (limit["obsdate"], limit["limiting_flux"]) == ("2018-06-12 11:45:36.000", "19.35")
    assert (limit["filter_value"], limit["instrument_value"]) == ("72", "160")


def test_the_tns_report_starts_at_since_and_skips_flagged_rows(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    late = lc.to_tns("A", reporting_group_id=18, since=Time(58286, format="mjd"), coord=SkyCoord(10, -20, unit="deg"))[
        "at_report"
    ]["0"]
    assert late["photometry"]["photometry_group"]["0"]["filter_value"] == "71"
    assert late["dec"]["value"] == "-20.000000"
    flagged = lc.flag(lc["mag"] > 14 * u.mag).to_tns("A", reporting_group_id=18)["at_report"]["0"]
    assert flagged["photometry"]["photometry_group"]["0"]["flux"] == "13.600"


def test_to_tns_has_no_default_reporting_group(make, discovery):
    with pytest.raises(TypeError, match="reporting_group_id"):
        LightCurve.from_record(make.record(**discovery)).to_tns("A")


def test_the_tns_report_does_not_depend_on_the_order_of_rows(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    assert lc[::-1].to_tns("A", reporting_group_id=18) == lc.to_tns("A", reporting_group_id=18)


def test_the_tns_report_skips_flagged_limits(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    last = (lc["kind"] == "limit") & (lc["limit"] == 19.35 * u.mag).filled(False)
    assert (
        lc.flag(last).to_tns("A", reporting_group_id=18)["at_report"]["0"]["non_detection"]["limiting_flux"] == "19.00"
    )


def test_the_tns_report_skips_limits_without_a_code(make, discovery):
    later = make.limit(58284.9, 18.0, filter="t")
    report = LightCurve.from_record(make.record(**discovery | {"lcnondets": [*discovery["lcnondets"], later]}))
    assert report.to_tns("A", reporting_group_id=18)["at_report"]["0"]["non_detection"]["limiting_flux"] == "19.35"
    alone = LightCurve.from_record(make.record(**discovery | {"lcnondets": [later]}))
    with pytest.raises(InvalidInputError, match="band 't'"):
        alone.to_tns("A", reporting_group_id=18)  # it must not report that there was no exposure


def test_the_tns_report_without_an_earlier_limit(make, discovery):
    report = LightCurve.from_record(make.record(lc=discovery["lc"])).to_tns("A", reporting_group_id=18)["at_report"][
        "0"
    ]
    assert report["non_detection"] == {"archiveid": "0", "archival_remarks": "No earlier ATLAS exposure"}


def test_fields_that_are_none_are_left_out_of_the_tns_report(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    report = lc.to_tns("A", reporting_group_id=18, host_name=None, host_redshift=0.014, at_type=None)
    assert not {"host_name", "at_type"} & set(report["at_report"]["0"])
    assert report["at_report"]["0"]["host_redshift"] == "0.014"


@pytest.mark.parametrize(
    ("reporter", "options", "match"),
    [
        ("", {}, "`reporter`"),
        (None, {}, "`reporter`"),
        ("A", {"since": 58286}, "`since`"),
        ("A", {"reporting_group_id": None}, "`reporting_group_id`.*None"),
        ("A", {"reporting_group_id": True}, "`reporting_group_id`.*True"),
        ("A", {"reporting_group_id": "ATLAS"}, "`reporting_group_id`.*'ATLAS'"),
        ("A", {"coord": (1, 2)}, "`coord`.*SkyCoord"),
        ("A", {"coord": SkyCoord([1, 2], [3, 4], unit="deg")}, "`coord`.*SkyCoord"),
    ],
)
def test_invalid_arguments_of_to_tns_are_rejected(make, discovery, reporter, options, match):
    with pytest.raises(InvalidInputError, match=match):
        LightCurve.from_record(make.record(**discovery)).to_tns(reporter, **{"reporting_group_id": 18} | options)


def test_an_isolated_discovery_gives_a_warning(make, discovery):
    later = [make.detection(58285.9 + night, 15.0) for night in range(10)]
    years_before = make.detection(57000.0, 20.0, ra=10.0, dec=20.0)
    lc = LightCurve.from_record(make.record(lc=[years_before, *discovery["lc"], *later]))
    with pytest.warns(DataQualityWarning, match=r"2014-12-09 .*isolated.*2018-06-1[56]"):
        assert lc.to_tns("A", reporting_group_id=18)["at_report"]["0"]["discovery_datetime"].startswith("2014-12-09")
    assert lc.to_tns("A", reporting_group_id=18, since="2018-01-01")["at_report"]["0"]["discovery_datetime"].startswith(
        "2018-06-1"
    )


def test_the_tns_report_rejects_rows_of_several_objects(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    curves = LightCurves({COW: lc, COW + 1: lc})
    with pytest.raises(InvalidInputError, match="2 objects"):
        LightCurve(curves.stack()).to_tns("A", reporting_group_id=18)


def test_a_discovery_without_the_required_values_is_rejected(make):
    def make_curve(**values):
        return LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0, **values)]))

    with pytest.raises(InvalidInputError, match="detection"):
        make_curve().limits.to_tns("A", reporting_group_id=18)
    with pytest.raises(InvalidInputError, match="`ra` and `dec`"):
        make_curve().to_tns("A", reporting_group_id=18)
    with pytest.raises(InvalidInputError, match="band 'H' at site '02a'"):
        make_curve(filter="H", ra=1.0, dec=1.0).to_tns("A", reporting_group_id=18)
    with pytest.raises(InvalidInputError, match=r"2018-06-16.*`mag_err`"):
        make_curve(magerr=None, ra=1.0, dec=1.0).to_tns("A", reporting_group_id=18)
    with pytest.raises(InvalidInputError, match="at site ''"):
        make_curve(expname="odd", ra=1.0, dec=1.0).to_tns("A", reporting_group_id=18)


def test_bands_with_the_names_of_sncosmo(curve):
    curve["band"] = ["atlaso", "o", "atlasc", "c"]
    assert curve.to_sncosmo()["band"].tolist() == ["atlaso", "atlaso", "atlasc", "atlasc"]
    assert curve.to_sncosmo({"o": "ps1::r", "atlasc": "atlasc"})["band"].tolist()[:2] == ["atlaso", "ps1::r"]
    with pytest.raises(InvalidInputError, match="`bands` must leave 'atlaso' as it is, got 'ps1::r'"):
        curve.to_sncosmo({"atlaso": "ps1::r"})
