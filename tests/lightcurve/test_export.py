# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves as other packages want them: sncosmo really fits, pandas keeps ids, lightkurve has one band."""

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

COW = 1161600211221604900


def test_the_table_for_sncosmo(lc):
    data = lc.to_sncosmo()
    assert data.colnames == ["time", "band", "flux", "fluxerr", "zp", "zpsys"]
    assert data["band"].tolist() == ["atlaso", "atlaso", "atlaso", "atlaso", "atlasc"]
    assert set(data["zp"]) == {23.9}
    assert set(data["zpsys"]) == {"ab"}
    assert -30 in data["flux"]
    assert data.meta == {"atlas_id": COW, "name": "ATLAS18qqn", "tns_name": "2018cow"}


def test_an_exposure_is_fitted_once(real):
    assert len(real.to_sncosmo(bands={"t": "x"})) == (real.combined()["flux_err"] > 0 * u.uJy).filled(False).sum()


def test_a_band_that_sncosmo_does_not_have(make):
    lc = LightCurve.from_record(make.record(fp=[make.forced(1.0, filter="w"), make.forced(2.0, filter="H")]))
    with pytest.raises(InvalidInputError, match="no bandpass for 'H', 'w'"):
        lc.to_sncosmo()
    assert lc.to_sncosmo(bands={"w": "ps1::w", "H": "2massh"})["band"].tolist() == ["ps1::w", "2massh"]


def test_limits_alone_are_no_fluxes(lc):
    assert len(lc.limits.to_sncosmo()) == 0


@pytest.mark.filterwarnings("default")
def test_sncosmo_fits_it(make):
    """A source and two bandpasses of the test's own: nothing is downloaded."""
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
        warnings.simplefilter("ignore")  # importing it warns of its own optional parts
        return pytest.importorskip("lightkurve", reason="lightkurve brings a hundred packages")


def test_lightkurve(lc, lightkurve):
    curve = lc.to_lightkurve("o")
    assert isinstance(curve, lightkurve.LightCurve)
    assert len(curve) == 4
    assert curve.flux.unit == u.uJy
    assert curve.time.scale == "utc"
    assert curve.meta["LABEL"] == "ATLAS18qqn"
    assert len(lc[lc["band"] == "c"].to_lightkurve()) == 1


def test_lightkurve_has_one_band(lc):
    with pytest.raises(InvalidInputError, match="here are c, o: choose one"):
        lc.to_lightkurve()
    with pytest.raises(InvalidInputError, match="no flux in the band 'w', but in c, o"):
        lc.to_lightkurve("w")


def test_pandas(lc, make):
    pd = pytest.importorskip("pandas", reason="pandas is optional")
    frame = lc.to_pandas()
    assert isinstance(frame.index, pd.DatetimeIndex)
    assert frame.index.name == "time"
    assert len(frame) == len(lc)
    assert list(frame.columns) == ["mjd", *lc.colnames[1:]]
    assert frame["mjd"].tolist() == lc.time.mjd.tolist()
    assert frame["atlas_id"].dtype == "Int64"
    assert sorted(frame["atlas_id"].dropna().tolist()) == [COW] * 6
    assert frame["atlas_id"].isna().sum() == 2
    assert frame["limiting_mag"].dtype == "boolean"
    assert frame["limiting_mag"].isna().sum() == 5
    assert frame["flux"].isna().sum() == lc["flux"].mask.sum()
    assert frame["band"].tolist() == lc["band"].tolist()
    assert frame["pointing"].isna().sum() == 3
    assert (frame.attrs["units"]["flux"], frame.attrs["meta"]["atlas_id"]) == ("uJy", COW)
    assert lc.to_pandas(index=False).columns[0] == "time"
    assert len(lc[:0].to_pandas()) == 0


def test_dates_in_pandas(make):
    pd = pytest.importorskip("pandas", reason="pandas is optional")
    dates = ["2018-06-17T13:03:29Z", None]
    rows = [make.detection(58285.0 + day, 18.0, date_inserted=date) for day, date in enumerate(dates)]
    frame = LightCurve.from_record(make.record(lc=rows)).to_pandas()
    assert frame["date_inserted"].tolist() == [pd.Timestamp("2018-06-17T13:03:29"), pd.NaT]
    assert frame.index[1] == pd.Timestamp("2018-06-17")


@pytest.mark.parametrize(
    ("name", "column", "why"),
    [
        ("odd", SkyCoord([1] * 8, [2] * 8, unit="deg"), "it is a SkyCoord"),
        ("odd", np.full(8, b"a"), "it is a "),
        ("odd", np.array([2**63] * 8, dtype=np.uint64), "do not fit 64 bits"),
        ("odd", np.zeros((8, 2), dtype=int), "2 dimensions"),
        ("odd", np.zeros((8, 2)), "2 dimensions"),
        ("odd", np.full((8, 2), "a"), "2 dimensions"),
        ("odd", np.zeros((8, 2), dtype=bool), "2 dimensions"),
        ("odd", Time(np.full((8, 2), 61000.0), format="mjd"), "2 dimensions"),
        ("mjd", np.arange(8.0), "its name is that of the time"),
    ],
)
def test_pandas_refuses_what_it_cannot_hold(lc, name, column, why):
    pytest.importorskip("pandas", reason="pandas is optional")
    lc[name] = column
    with pytest.raises(InvalidInputError, match=f"'{name}' cannot be handed to pandas: .*{why}"):
        lc.to_pandas()


def test_pandas_has_integers_exactly(lc):
    pytest.importorskip("pandas", reason="pandas is optional")
    lc["large"] = MaskedColumn(np.array([2**63 - 1] * 7 + [2**63], dtype=np.uint64), mask=[False] * 7 + [True])
    assert lc.to_pandas()["large"].dropna().tolist() == [2**63 - 1] * 7


def test_what_to_pandas_needs(lc, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r'needs pandas: pip install "atlasquery\[export\]"'):
        lc.to_pandas()


def test_what_to_lightkurve_needs(lc, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightkurve", None)
    with pytest.raises(ImportError, match="needs lightkurve: pip install lightkurve"):
        lc.to_lightkurve("o")


@pytest.mark.parametrize(("flux", "flux_err"), [(np.inf, 1.0), (100.0, np.inf), (100.0, 0.0), (np.nan, 1.0)])
def test_what_is_no_flux_is_not_fitted(flux, flux_err):
    data = {"band": ["o", "o"], "flux": [1.0, flux] * u.uJy, "flux_err": [1.0, flux_err] * u.uJy}
    assert LightCurve(time=["2026-11-01", "2026-11-02"], data=data).to_sncosmo()["flux"].tolist() == [1]


def test_several_objects_are_refused(lc):
    lc["atlas_id"] = [COW, COW + 1] * 4
    for export in (lc.to_sncosmo, lc.to_lightkurve):
        with pytest.raises(InvalidInputError, match="of 2 objects"):
            export()


@pytest.fixture
def discovery(make):
    place = {"ra": 244.0009, "dec": 22.268}
    return {
        "lc": [
            make.detection(58284.0, -20.0, **place),
            make.detection(58285.441, 14.739, 0.009, **place),
            make.detection(58287.45, 13.6, filter="c", **place),
        ],
        "lcnondets": [make.limit(58280.0, 19.0), make.limit(58281.49, 19.35, filter="o"), make.limit(58290.0)],
    }


def test_the_report_for_the_transient_name_server(make, discovery):
    report = LightCurve.from_record(make.record(**discovery)).to_tns("A. Astronomer (Belfast)", host_name="Z 137-068")
    assert json.loads(json.dumps(report)) == report
    (one,) = report["at_report"].values()
    assert (one["ra"]["value"], one["dec"]["value"]) == ("244.000900", "22.268000")
    assert (one["reporter"], one["internal_name"]) == ("A. Astronomer (Belfast)", "ATLAS18qqn")
    assert (one["reporting_group_id"], one["discovery_data_source_id"], one["at_type"]) == ("18", "18", "1")
    assert one["discovery_datetime"] == "2018-06-16 10:35:02.400"
    assert one["host_name"] == "Z 137-068"
    seen = one["photometry"]["photometry_group"]["0"]
    assert (seen["flux"], seen["flux_error"], seen["limiting_flux"]) == ("14.739", "0.009", "19.50")
    assert (seen["filter_value"], seen["instrument_value"], seen["exptime"]) == ("72", "159", "30")
    before = one["non_detection"]
    assert (before["obsdate"], before["limiting_flux"]) == ("2018-06-12 11:45:36.000", "19.35")
    assert (before["filter_value"], before["instrument_value"]) == ("72", "160")


def test_the_report_begins_where_it_is_told_to(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    late = lc.to_tns("A", since=Time(58286, format="mjd"), coord=SkyCoord(10, -20, unit="deg"))["at_report"]["0"]
    assert late["photometry"]["photometry_group"]["0"]["filter_value"] == "71"
    assert late["dec"]["value"] == "-20.000000"
    flagged = lc.flag(lc["mag"] > 14 * u.mag).to_tns("A")["at_report"]["0"]
    assert flagged["photometry"]["photometry_group"]["0"]["flux"] == "13.600"


def test_the_order_of_the_rows_does_not_matter(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    assert lc[::-1].to_tns("A") == lc.to_tns("A")


def test_a_flagged_limit_is_not_the_last_one(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    last = (lc["kind"] == "limit") & (lc["limit"] == 19.35 * u.mag).filled(False)
    assert lc.flag(last).to_tns("A")["at_report"]["0"]["non_detection"]["limiting_flux"] == "19.00"


def test_a_limit_that_has_no_code_is_passed_over(make, discovery):
    later = make.limit(58284.9, 18.0, filter="t")
    report = LightCurve.from_record(make.record(**discovery | {"lcnondets": [*discovery["lcnondets"], later]}))
    assert report.to_tns("A")["at_report"]["0"]["non_detection"]["limiting_flux"] == "19.35"
    alone = LightCurve.from_record(make.record(**discovery | {"lcnondets": [later]}))
    with pytest.raises(InvalidInputError, match="no code for band 't'"):
        alone.to_tns("A")  # which must not say that there was no exposure


def test_without_an_earlier_limit(make, discovery):
    report = LightCurve.from_record(make.record(lc=discovery["lc"])).to_tns("A")["at_report"]["0"]
    assert report["non_detection"] == {"archiveid": "0", "archival_remarks": "No earlier ATLAS exposure"}


def test_what_is_not_known_is_left_out_of_the_report(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    report = lc.to_tns("A", host_name=None, host_redshift=0.014, at_type=None)
    assert not {"host_name", "at_type"} & set(report["at_report"]["0"])
    assert report["at_report"]["0"]["host_redshift"] == "0.014"


@pytest.mark.parametrize(
    ("reporter", "options", "message"),
    [
        ("", {}, "needs a reporter"),
        (None, {}, "needs a reporter"),
        ("A", {"since": 58286}, "since"),
        ("A", {"coord": (1, 2)}, "coord is"),
        ("A", {"coord": SkyCoord([1, 2], [3, 4], unit="deg")}, "coord is"),
    ],
)
def test_what_is_no_report_is_refused(make, discovery, reporter, options, message):
    with pytest.raises(InvalidInputError, match=message):
        LightCurve.from_record(make.record(**discovery)).to_tns(reporter, **options)


def test_a_discovery_that_stands_alone_is_warned_of(make, discovery):
    later = [make.detection(58285.9 + night, 15.0) for night in range(10)]
    years_before = make.detection(57000.0, 20.0, ra=10.0, dec=20.0)
    lc = LightCurve.from_record(make.record(lc=[years_before, *discovery["lc"], *later]))
    with pytest.warns(DataQualityWarning, match=r"2014-12-09 .*stands alone.* begin 2018-06-1[56]"):
        assert lc.to_tns("A")["at_report"]["0"]["discovery_datetime"].startswith("2014-12-09")
    assert lc.to_tns("A", since="2018-01-01")["at_report"]["0"]["discovery_datetime"].startswith("2018-06-1")


def test_a_report_is_of_one_object(make, discovery):
    lc = LightCurve.from_record(make.record(**discovery))
    curves = LightCurves({1161600211221604900: lc, 1161600211221604901: lc})
    with pytest.raises(InvalidInputError, match="2 objects"):
        LightCurve(curves.stack()).to_tns("A")


def test_what_cannot_be_reported(make):
    def curve(**values):
        return LightCurve.from_record(make.record(lc=[make.detection(58285.0, 18.0, **values)]))

    with pytest.raises(InvalidInputError, match="no detection"):
        curve().limits.to_tns("A")
    with pytest.raises(InvalidInputError, match="no position"):
        curve().to_tns("A")
    with pytest.raises(InvalidInputError, match="no code for band 'H' at site '02a'"):
        curve(filter="H", ra=1.0, dec=1.0).to_tns("A")
    with pytest.raises(InvalidInputError, match=r"2018-06-16 .*has no magnitude with an uncertainty"):
        curve(magerr=None, ra=1.0, dec=1.0).to_tns("A")
    with pytest.raises(InvalidInputError, match="at site ''"):
        curve(expname="odd", ra=1.0, dec=1.0).to_tns("A")
