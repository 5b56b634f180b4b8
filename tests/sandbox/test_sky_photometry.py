# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the columns of the light curve encode: signs, limits, errors, the formulas of forced photometry."""

import numpy as np
import pytest

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.sky.almanac import separation


@pytest.fixture(scope="module")
def sky():
    return Sky(seed=4, n_objects=150, end=61345.0)


@pytest.fixture(scope="module")
def sections(sky):
    return {object_id: sky.sections(object_id) for object_id in sky.ids.tolist()}


@pytest.fixture(scope="module")
def forced(sections):
    """All fitted rows of forced photometry, column by column."""
    rows = [row for found in sections.values() for row in found["fp"] if row["peakfit"] is not None]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def detections(sections):
    rows = [row for found in sections.values() for row in found["lc"]]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def test_flux_follows_from_the_fit(forced):
    scale = forced["major"] * forced["minor"] / forced["texp"] * 10 ** (-0.4 * (forced["zp"] + forced["apfit"] - 23.9))
    assert np.allclose(forced["uJy"], forced["peakfit"] * scale, rtol=1e-9)
    assert np.allclose(forced["duJy"], forced["dpeak"] * scale, rtol=1e-9)


def test_measured_magnitude_is_the_flux(forced):
    measured = ~forced["limiting_mag"]
    magnitude = 23.9 - 2.5 * np.log10(forced["uJy"][measured])
    assert np.abs(magnitude - forced["mag"][measured]).max() < 0.0051


def test_limit_is_three_sigma_without_aperture_correction(forced):
    limiting = forced["limiting_mag"]
    counts = 3.0 * forced["dpeak"] * forced["major"] * forced["minor"] / forced["texp"]
    limit = forced["zp"] - 2.5 * np.log10(counts)
    assert np.abs(limit - forced["mag"])[limiting].max() < 0.0051
    assert set(forced["dm"][limiting]) == {0.0}
    assert set(forced["snr"][limiting]) == {3.0}


def test_limits_are_what_is_below_one_sigma(forced):
    ratio = forced["peakfit"] / forced["dpeak"]
    assert np.array_equal(ratio < 1.0, forced["limiting_mag"])
    measured = ~forced["limiting_mag"]
    assert np.abs(forced["snr"] - ratio)[measured].max() < 0.0051
    error = 2.5 * np.log10(1.0 + 1.0 / ratio[measured])
    assert np.abs(forced["dm"][measured] - error).max() < 0.0051


def test_failed_fits_are_null(sections):
    rows = [row for found in sections.values() for row in found["fp"]]
    failed = [row for row in rows if row["peakfit"] is None]
    assert 0.02 < len(failed) / len(rows) < 0.05
    for row in failed:
        assert row["limiting_mag"] is False
        nulls = {name for name, value in row.items() if value is None}
        assert {"mag", "dm", "snr", "uJy", "duJy", "major", "minor", "apfit", "dpeak"} <= nulls
        assert not nulls & {"id", "expname", "mjd_obs", "filter", "zp", "texp", "ra", "dec"}


def test_negative_magnitude_is_a_negative_flux(detections):
    negative = detections["mag"] < 0
    assert 50 < negative.sum() < len(negative) / 2
    assert set(detections["det"][negative]) == {5}
    assert detections["ptr"][negative].max() == 0
    assert 10.0 < np.abs(detections["mag"]).min() < np.abs(detections["mag"]).max() < 22.5


def test_probabilities_are_permille(detections):
    for name in ("pvr", "ptr", "pmv", "pkn", "pno", "pbn", "pcr", "pxt", "psc"):
        assert detections[name].min() >= 0
        assert detections[name].max() <= 999


def test_sources_found_twice_say_so(detections):
    seen = {}
    keys = zip(detections["id"].tolist(), detections["atlas_metadata_id"].tolist(), strict=True)
    for key, dup, mag in zip(keys, detections["dup"].tolist(), detections["mag"].tolist(), strict=True):
        seen.setdefault(key, []).append((dup, mag))
    several = [rows for rows in seen.values() if len(rows) > 1]
    assert len(several) > 20
    for rows in seen.values():
        flags = sorted(dup for dup, _ in rows)
        assert flags == ([0] if len(rows) == 1 else [-1] * (len(rows) - 1) + [1])


def test_forced_and_detected_flux_agree(sections):
    differences = []
    for found in sections.values():
        forced = {(row["expname"], row["mjd_obs"]): row for row in found["fp"] if row["uJy"] is not None}
        for row in found["lc"]:
            same = forced.get((row["expname"], row["mjd"]))
            if same and row["mag"] > 0 and same["snr"] > 5 and not same["limiting_mag"] and row["psc"] < 500:
                differences.append((row["mag"] - same["mag"]) / np.hypot(row["magerr"], 0.02))
    assert len(differences) > 2000
    assert abs(np.median(differences)) < 0.1
    assert 0.2 < np.percentile(np.abs(differences), 68) < 0.8


def test_forced_photometry_is_around_the_discovery(sky, sections):
    first = dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    began = [min(row["mjd_obs"] for row in found["fp"]) - first[one] for one, found in sections.items() if found["fp"]]
    assert len(began) > 100
    assert min(began) > -30.0
    assert np.percentile(began, 10) < -25.0


def test_scatter_is_what_the_errors_say(sections, sky):
    """Before a supernova explodes its place is empty: fluxes over errors have unit variance, a little more."""
    first = dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    kinds = dict(zip(sky.truth["id"], sky.truth["class"], strict=True))
    ratios = [
        row["uJy"] / row["duJy"]
        for one, found in sections.items()
        if kinds[one] == "SN II"
        for row in found["fp"]
        if row["uJy"] is not None and row["mjd_obs"] < first[one] - 15
    ]
    assert len(ratios) > 200
    assert 0.85 < 1.4826 * np.median(np.abs(ratios)) < 1.25
    assert abs(np.median(ratios)) < 0.2


def test_bright_sources_saturate(detections):
    # Nothing is brighter than the detector can tell, and the error grows instead.
    bright = detections["mag"][detections["mag"] > 0]
    assert bright.min() > 10.5


def test_exposure_times(detections, sections):
    times = {row["exptime"] for found in sections.values() for row in found["lcnondets"]}
    assert {30.0} < times <= {10.0, 30.0, 110.0}
    assert np.mean(detections["exptime"] == 30.0) > 0.99


def test_objects_at_right_ascension_zero_have_limits_of_elsewhere(sky):
    straddling, first = 0, dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    for object_id in sky.ids.tolist():
        row = sky.list_row(object_id)
        if abs(row["ra_avg"] - row["ra"]) > 1.0:
            found = sky.sections(object_id)
            mean = np.mean([one["ra"] for one in found["lc"] if one["mjd"] <= first[object_id] + 200])
            if abs(mean - row["ra"]) < 1.0:  # it came to both sides of RA 0 later
                continue
            straddling += 1
            fields = {int(one["pointing"][2:5]) for one in found["lcnondets"] if abs(row["dec_avg"]) < 60}
            turn = [abs((field - mean + 180) % 360 - 180) for field in fields]
            assert all(one < 12 for one in turn)
    assert straddling >= 1


def test_detections_are_at_the_place(sky, sections):
    for object_id, found in sections.items():
        place = sky.object_section(object_id)
        ra, dec = (np.array([row[name] for row in found["lc"]]) for name in ("ra", "dec"))
        assert (separation(ra, dec, place["ra"], place["dec"]) * 3600).max() < 8.0


def test_variable_sources_are_found_while_bright(sky, sections):
    """A source is discovered on a night on which most of its detections are positive."""
    shares = []
    for object_id, kind, first in zip(*(sky.truth[name] for name in ("id", "class", "first_mjd")), strict=True):
        if kind in {"AGN", "Mira", "RR Lyrae"}:
            night = [row["mag"] > 0 for row in sections[object_id]["lc"] if 0 <= row["mjd"] - first < 0.1]
            shares.append(np.mean(night))
    assert len(shares) > 20
    assert np.mean(np.array(shares) > 0.5) > 0.8
