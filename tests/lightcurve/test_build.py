# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of a light curve for each kind of row."""

import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.table import MaskedColumn, vstack
from astropy.time import Time
from astropy.utils.masked import Masked
from numpy.testing import assert_allclose

from atlasquery import conf, photometry, schema
from atlasquery.exceptions import InvalidInputError, SchemaWarning, UnreadableAnswerError
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.build import sites_from_expnames
from atlasquery.lightcurve.columns import COLUMNS, SECTIONS


def build_row(make, **sections):
    """Return the only row of a curve as a dict, None where masked."""
    (row,) = LightCurve.from_record(make.record(**sections))
    return {name: None if np.all(getattr(row[name], "mask", False)) else row[name] for name in row.colnames}


def test_columns_of_a_detection(make):
    row = build_row(make, lc=[make.detection(58285.4, 18.9, 0.1, chin=1.5, zp=22.1, dup=-1)])
    assert (row["kind"], row["band"], row["site"], row["chi_n"]) == ("detection", "o", "02a", 1.5)
    assert (row["mag"], row["mag_err"], row["zp"]) == (18.9 * u.mag, 0.1 * u.mag, 22.1 * u.mag)
    assert_allclose(row["flux"].to_value(u.uJy), 100)
    assert_allclose(row["flux_err"].to_value(u.uJy), 9.21034, rtol=1e-5)
    assert (row["limit"], row["limit_sigma"], row["exptime"]) == (19.5 * u.mag, 5, 30 * u.s)
    assert row["time"].mjd == 58285.4
    assert row["snr"] is None


def test_a_negative_magnitude_becomes_a_negative_flux(make):
    row = build_row(make, lc=[make.detection(58285.4, -18.9, 0.1)])
    assert_allclose(row["flux"].to_value(u.uJy), -100)
    assert row["flux_err"] > 0 * u.uJy
    assert row["mag"] is row["mag_err"] is None


def test_columns_of_a_limit(make):
    row = build_row(make, lcnondets=[make.limit(58285.4, 19.35)])
    assert (row["kind"], row["band"], row["site"]) == ("limit", "c", "01a")
    assert (row["limit"], row["limit_sigma"]) == (19.35 * u.mag, 5)
    assert row["flux"] is row["flux_err"] is row["mag"] is row["mag_err"] is row["x"] is None


def test_columns_of_a_forced_measurement(make):
    row = build_row(make, fp=[make.forced(58285.4, 80.0, 10.0, mag=19.14, dm=0.13, snr=8.0, texp=110.0)])
    assert (row["kind"], row["site"], row["snr"], row["exptime"]) == ("forced", "03a", 8.0, 110 * u.s)
    assert (row["flux"], row["flux_err"]) == (80 * u.uJy, 10 * u.uJy)
    assert (row["mag"], row["mag_err"]) == (19.14 * u.mag, 0.13 * u.mag)
    assert row["limit"] is row["limit_sigma"] is None


@pytest.mark.parametrize("uJy", [25.0, -30.0])
def test_a_forced_limit_keeps_its_signed_flux(make, uJy):
    row = build_row(make, fp=[make.forced(58285.4, uJy, 10.0, mag=19.9, dm=0.0, snr=3.0, limiting_mag=True)])
    assert (row["flux"], row["flux_err"]) == (uJy * u.uJy, 10 * u.uJy)
    assert row["mag"] is row["mag_err"] is None
    assert (row["limit"], row["limit_sigma"]) == (19.9 * u.mag, 3)


def test_snrlimit_is_the_significance_of_a_forced_limit(make):
    row = build_row(make, fp=[make.forced(58285.4, mag=19.9, limiting_mag=True, snrlimit=5.0)])
    assert row["limit_sigma"] == 5


def test_a_failed_fit_has_no_flux_magnitude_or_limit(make):
    row = build_row(make, fp=[make.forced(58285.4, None, None)])
    assert row["kind"] == "forced"
    assert {row[name] for name in ("flux", "flux_err", "mag", "mag_err", "limit", "limit_sigma")} == {None}


def test_flux_is_computed_from_the_fit_of_an_older_server(make):
    fit = {"peakfit": 1437.1, "dpeak": 27.7, "major": 1.92, "minor": 1.89, "zp": 22.148, "apfit": -0.4065}
    row = make.forced(58285.4, mag=16.14, dm=0.02, **fit)
    for key in ("uJy", "duJy", "texp"):
        del row[key]
    built = build_row(make, fp=[row])
    assert_allclose(built["flux"].to_value(u.uJy), 1269.1962128541193)
    assert_allclose(built["flux_err"].to_value(u.uJy), 24.463666478365532)
    assert built["exptime"] is None  # the default is used for the flux only


def test_a_sent_exposure_time_is_used_for_the_flux(make):
    fit = {"peakfit": 100.0, "dpeak": 3.0, "major": 2.0, "minor": 2.0, "zp": 22.0, "apfit": -0.4}
    short, usual = (build_row(make, fp=[make.forced(1.0, None, None, texp=t, **fit)])["flux"] for t in (10.0, 30.0))
    assert_allclose(short / usual, 3)


@pytest.mark.parametrize("section", ["lc", "lcnondets"])
def test_a_missing_exposure_time_is_taken_from_another_section(make, section):
    """Older servers send it with the detection or limit of an exposure, but not with forced photometry."""
    fit = {"peakfit": 100.0, "dpeak": 10.0, "major": 2.5, "minor": 2.0, "zp": 22.0, "apfit": -0.4}
    exposure = {"expname": "02a58285o0001o"}
    row = make.detection(58285.0, 18.0, **exposure) if section == "lc" else make.limit(58285.0, **exposure)
    forced = [make.forced(58285.0, None, None, **fit, **exposure | {"texp": texp}) for texp in (None, 110.0)]
    (filled,) = LightCurve.from_record(make.record(**{section: [row | {"exptime": 110.0}]}, fp=forced[:1])).forced
    (sent,) = LightCurve.from_record(make.record(fp=forced[1:])).forced
    (assumed,) = LightCurve.from_record(make.record(**{section: [row | {"exptime": None}]}, fp=forced[:1])).forced
    assert filled["flux"] == sent["flux"]
    assert_allclose(assumed["flux"] / sent["flux"], 110 / 30)
    assert filled["exptime"].mask  # the row itself has none


def test_all_rows_are_kept_and_sorted_by_time(lc):
    assert len(lc) == 8
    assert lc.time.mjd.tolist() == sorted(lc.time.mjd.tolist())
    assert lc["kind"].tolist()[:3] == ["limit", "detection", "forced"]


def test_rows_at_the_same_time_keep_their_order_and_duplicates_are_kept(make):
    rows = [make.detection(58285.4, 18.0 + i / 10, det=i) for i in range(5)]
    lc = LightCurve.from_record(make.record(lc=[*rows, rows[0]], lcnondets=[make.limit(58285.4)]))
    assert lc["det"].tolist() == [0, 1, 2, 3, 4, 0, None]


@pytest.mark.parametrize(
    ("expname", "site"),
    [
        ("02a57604o0375c", "02a"),
        ("05r60012o0001w", "05r"),
        ("", None),
        ("nonsense", None),
        (None, None),
        ("02a5", None),
    ],
)
def test_the_site_is_parsed_from_the_exposure_name(make, expname, site):
    assert build_row(make, lcnondets=[make.limit(58285.4, expname=expname)])["site"] == site


@pytest.mark.parametrize("band", ["c", "o", "t", "w", "H", "new"])
def test_any_band_is_kept(make, band):
    assert build_row(make, lc=[make.detection(58285.4, 18.0, filter=band)])["band"] == band


def test_columns_have_declared_types_and_nan_under_masks(lc):
    for name in lc.colnames:
        column = lc[name]
        assert column.info.description
        if isinstance(column, Time):
            assert column.scale == "utc"
            continue
        assert column.dtype.kind in "fiUb"
        if getattr(column, "unit", None) is None:
            assert type(column) is MaskedColumn
        else:
            assert type(column) is Masked(u.Quantity)
        if column.dtype.kind == "f":
            data = column.unmasked.value if isinstance(column, u.Quantity) else column.data.data
            assert np.array_equal(np.isnan(data), column.mask)


def test_common_columns_come_first_and_all_declared_columns_exist(lc):
    assert lc.colnames[: len(COLUMNS) + 1] == ["time", *COLUMNS]
    declared = {name for _, record in SECTIONS.values() for name in record}
    assert declared - {"mjd"} <= set(lc.colnames)


def test_a_column_name_has_the_same_type_and_unit_in_all_sections():
    for name in {name for _, record in SECTIONS.values() for name in record}:
        fields = [record[name] for _, record in SECTIONS.values() if name in record]
        fields += [COLUMNS[name]] if name in COLUMNS else []
        assert len({(type(field), field.unit) for field in fields}) == 1, name


def test_an_empty_record_gives_an_empty_typed_curve(make, lc):
    empty = LightCurve.from_record(make.record())
    assert len(empty) == 0
    assert empty.colnames == lc.colnames
    for name in lc.colnames:
        assert type(empty[name]) is type(lc[name])
        assert getattr(empty[name], "unit", None) == getattr(lc[name], "unit", None)


def test_meta_identifies_the_object(lc, make):
    assert lc.meta == {
        "atlas_id": make.id,
        "name": "ATLAS18qqn",
        "tns_name": "2018cow",
        "magsys": "AB",
        "images": "difference",
        "url": "https://example.org/objects/",
    }


@pytest.mark.parametrize(
    ("section", "column", "value"), [("lc", "mag", "18.5"), ("lcnondets", "filter", 3), ("fp", "limiting_mag", 1)]
)
def test_an_invalid_type_error_locates_the_value(make, section, column, value):
    maker = {"lc": make.detection, "lcnondets": make.limit, "fp": make.forced}[section]
    rows = [maker(1.0, 18.0), maker(2.0, 18.0) | {column: value}]
    with pytest.raises(UnreadableAnswerError) as caught:
        LightCurve.from_record(make.record(**{section: rows}), url="https://example.org/")
    error = caught.value
    assert (error.record, error.column, error.row, error.value) == (section, column, 1, value)
    assert error.url == "https://example.org/"


@pytest.mark.parametrize("mjd", [None, "58285.4"])
def test_a_row_without_a_time_is_rejected(make, mjd):
    with pytest.raises(UnreadableAnswerError, match="mjd"):
        LightCurve.from_record(make.record(lc=[make.detection(mjd, 18.0)]))


def test_undeclared_columns_are_kept(make):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.0, new=3)], lcnondets=[make.limit(2.0)]))
    assert lc["new"].tolist() == [3, None]


def test_undeclared_columns_of_different_types_are_separate(make):
    lc = LightCurve.from_record(
        make.record(
            lc=[make.detection(1.0, 18.0, new=3)], lcnondets=[make.limit(2.0, new="x")], fp=[make.forced(3.0, new=4)]
        )
    )
    assert lc["new"].tolist() == [3, None, 4]
    assert lc["new_lcnondets"].tolist() == [None, "x", None]


@pytest.mark.parametrize("name", ["flux", "kind", "time", "site", "snr"])
def test_undeclared_columns_do_not_replace_declared_ones(make, name):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.9, **{name: 5})]))
    assert lc[f"server_{name}"].tolist() == [5]
    assert_allclose(lc["flux"].unmasked.value, 100)
    assert lc["kind"].tolist() == ["detection"]


@pytest.mark.parametrize("name", ["quality", "service", "n_rows", "n_points", "n_clipped", "chi2_dof", "atlas_id"])
@pytest.mark.parametrize("value", [7, "good"])
def test_undeclared_columns_do_not_use_names_that_methods_read(make, name, value):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 18.9, **{name: value})]))
    assert lc[f"server_{name}"].tolist() == [value]
    assert "quality" not in lc.colnames
    assert lc.combined()["n_rows"].tolist() == [1]
    assert lc.bin_nightly()["n_points"].tolist() == [1]


def test_a_column_that_the_server_no_longer_sends_is_masked(make):
    row = make.detection(1.0, 18.0)
    del row["mag"], row["magerr"]
    with pytest.warns(SchemaWarning, match="mag, magerr"):
        lc = LightCurve.from_record(make.record(lc=[row]))
    assert lc["flux"].mask.tolist() == [True]


def test_recorded_answers_have_all_rows(real, real_record, real_counts):
    assert (len(real.detections), len(real.limits), len(real.forced)) == real_counts
    assert len(real) == sum(real_counts)
    assert "new_columns" not in real.meta
    sent = sorted(row["mjd"] for row in real_record["lc"] + real_record["lcnondets"])
    assert sorted(real[real["kind"] != "forced"].time.mjd.tolist()) == sent
    assert not real["site"].mask.any()
    assert not real["band"].mask.any()


def test_recorded_negative_magnitudes_are_negative_fluxes(real, real_record):
    sent = np.array([row["mag"] for row in sorted(real_record["lc"], key=lambda row: row["mjd"])])
    kept = real.detections
    assert np.array_equal(kept["flux"].unmasked.value < 0, sent < 0)
    flux, flux_err = kept["flux"].unmasked.value, kept["flux_err"].unmasked.value
    is_low = flux < 3 * flux_err
    assert is_low[sent < 0].all()
    assert np.array_equal(kept["mag"].mask, is_low)
    assert np.array_equal(kept["mag_server"].mask, ~is_low)
    assert kept["mag_server"].unmasked.value[is_low].tolist() == sent[is_low].tolist()
    assert_allclose(photometry.flux_to_mag(np.abs(kept["flux"])).unmasked.value, np.abs(sent), rtol=1e-12)


def test_recorded_forced_magnitudes_agree_with_fluxes(real_record):
    with conf.set_temp("mag_sigma", None):
        lc = LightCurve.from_record(real_record)
    forced = lc.forced[~lc.forced["mag"].mask]
    difference = photometry.flux_to_mag(forced["flux"]) - forced["mag"]
    assert len(forced) > 20
    assert np.abs(difference.unmasked.value).max() < 0.01


def test_recorded_failed_fits_and_limits_are_masked(real, real_record):
    failed = sum(row["mag"] is None for row in real_record["fp"])
    assert real.forced["flux"].mask.sum() == failed > 0
    is_limit = ~real.forced["limit"].mask
    assert is_limit.sum() > sum(row["limiting_mag"] for row in real_record["fp"])
    assert np.array_equal(is_limit, real.forced["limiting_mag"] | ~real.forced["mag_server"].mask)
    assert real.forced["mag"].mask[is_limit].all()
    assert not real.forced["flux"].mask[is_limit].any()
    assert set(real.forced["limit_sigma"][is_limit]) == {3}
    assert set(real.limits["limit_sigma"]) == {5}


def test_recorded_answers_are_built_without_warnings(shared_data):
    built = 0
    for path in sorted((shared_data / "recorded").glob("objects_*.json")):
        document = schema.decode_json(path.read_bytes())["body"]
        for record in document if isinstance(document, list) and "straddle" not in path.name else []:
            if not schema.is_missing_object(record):
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    lc = LightCurve.from_record(record)
                assert len(lc) == sum(len(record[section]) for section in SECTIONS)
                built += 1
    assert built > 20


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("02a57604o0375c", "02a"),
        ("05r60000o1234w", "05r"),
        ("02a57604o03751", "02a"),  # any character of a word for the filter
        ("02a57604o0375C", "02a"),
        ("02a57604o0375cc", "02a"),
        ("02A57604o0375c", ""),
        ("0xa57604o0375c", ""),
        ("02a5760xo0375c", ""),
        ("02a57604o0375-", ""),
        ("02a57604o037c", ""),
        ("", ""),
    ],
)
def test_sites_from_names_of_exposures(name, site):
    assert sites_from_expnames(np.array([name])).tolist() == [site]
    assert sites_from_expnames(np.array(["02a57604o0375c", name])).tolist() == ["02a", site]


def test_limits_have_the_id_of_the_object(make):
    """Without it they would be lost where rows are selected by it, and mixed with those of another object."""
    records = [
        make.record(lc=[make.detection(58285.0, 17.0)], lcnondets=[make.limit(58280.0)]),
        make.record(id=1100023961021200200, lcnondets=[make.limit(58290.0)]),
    ]
    first, second = map(LightCurve.from_record, records)
    assert first["atlas_id"].tolist() == [make.id, make.id]
    assert len(first[first["atlas_id"] == make.id].limits) == 1
    for pair in ([first, second], [second, first]):
        both = vstack(pair, metadata_conflicts="silent")
        with pytest.raises(InvalidInputError, match="rows of 2 objects"):
            both.combined()
