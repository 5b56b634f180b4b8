# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of the light curve: signs, limits, errors, and the formulas of forced photometry."""

import numpy as np
import pytest

from atlasquery.sandbox.sky.almanac import separation

SKY_OPTIONS = {"seed": 4, "n_objects": 150, "end": 61345.0}


@pytest.fixture(scope="module")
def sections(sky):
    return {object_id: sky.make_photometry(object_id) for object_id in sky.ids.tolist()}


@pytest.fixture(scope="module")
def forced(sections):
    """All fitted rows of forced photometry, by column."""
    rows = [row for object_sections in sections.values() for row in object_sections["fp"] if row["peakfit"] is not None]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def detections(sections):
    rows = [row for object_sections in sections.values() for row in object_sections["lc"]]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def test_flux_follows_from_the_fit(forced):
    scale = forced["major"] * forced["minor"] / forced["texp"] * 10 ** (-0.4 * (forced["zp"] + forced["apfit"] - 23.9))
    assert np.allclose(forced["uJy"], forced["peakfit"] * scale, rtol=1e-9)
    assert np.allclose(forced["duJy"], forced["dpeak"] * scale, rtol=1e-9)


def test_magnitude_follows_from_the_flux(forced):
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


def test_fluxes_below_one_sigma_are_limits(forced):
    ratio = forced["peakfit"] / forced["dpeak"]
    assert np.array_equal(ratio < 1.0, forced["limiting_mag"])
    measured = ~forced["limiting_mag"]
    assert np.abs(forced["snr"] - ratio)[measured].max() < 0.0051
    error = 2.5 * np.log10(1.0 + 1.0 / ratio[measured])
    assert np.abs(forced["dm"][measured] - error).max() < 0.0051


def test_failed_fits_are_null(sections):
    rows = [row for object_sections in sections.values() for row in object_sections["fp"]]
    failed = [row for row in rows if row["peakfit"] is None]
    assert 0.02 < len(failed) / len(rows) < 0.05
    for row in failed:
        assert row["limiting_mag"] is False
        nulls = {name for name, value in row.items() if value is None}
        assert {"mag", "dm", "snr", "uJy", "duJy", "major", "minor", "apfit", "dpeak"} <= nulls
        assert not nulls & {"id", "expname", "mjd_obs", "filter", "zp", "texp", "ra", "dec"}


def test_negative_magnitudes_mark_negative_sources(detections):
    negative = detections["mag"] < 0
    assert 50 < negative.sum() < len(negative) / 2
    assert set(detections["det"][negative]) == {5}
    assert detections["ptr"][negative].max() == 0
    assert 10.0 < np.abs(detections["mag"]).min() < np.abs(detections["mag"]).max() < 22.5


def test_probabilities_are_between_0_and_999(detections):
    for name in ("pvr", "ptr", "pmv", "pkn", "pno", "pbn", "pcr", "pxt", "psc"):
        assert detections[name].min() >= 0
        assert detections[name].max() <= 999


def test_repeated_detections_are_flagged_in_dup(detections):
    rows_by_exposure = {}
    keys = zip(detections["id"].tolist(), detections["atlas_metadata_id"].tolist(), strict=True)
    for key, dup, mag in zip(keys, detections["dup"].tolist(), detections["mag"].tolist(), strict=True):
        rows_by_exposure.setdefault(key, []).append((dup, mag))
    repeated = [rows for rows in rows_by_exposure.values() if len(rows) > 1]
    assert len(repeated) > 20
    for rows in rows_by_exposure.values():
        flags = sorted(dup for dup, _ in rows)
        assert flags == ([0] if len(rows) == 1 else [-1] * (len(rows) - 1) + [1])


def test_forced_and_detected_flux_agree(sections):
    differences = []
    for object_sections in sections.values():
        forced = {(row["expname"], row["mjd_obs"]): row for row in object_sections["fp"] if row["uJy"] is not None}
        for row in object_sections["lc"]:
            forced_row = forced.get((row["expname"], row["mjd"]))
            if (
                forced_row
                and row["mag"] > 0
                and forced_row["snr"] > 5
                and not forced_row["limiting_mag"]
                and row["psc"] < 500
            ):
                differences.append((row["mag"] - forced_row["mag"]) / np.hypot(row["magerr"], 0.02))
    assert len(differences) > 2000
    assert abs(np.median(differences)) < 0.1
    assert 0.2 < np.percentile(np.abs(differences), 68) < 0.8


def test_forced_photometry_starts_up_to_30_days_before_the_discovery(sky, sections):
    first = dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    start_days = [
        min(row["mjd_obs"] for row in object_sections["fp"]) - first[object_id]
        for object_id, object_sections in sections.items()
        if object_sections["fp"]
    ]
    assert len(start_days) > 100
    assert min(start_days) > -30.0
    assert np.percentile(start_days, 10) < -25.0


def test_scatter_agrees_with_the_errors(sections, sky):
    """Before a supernova explodes, flux over error has a variance slightly above one."""
    first = dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    kinds = dict(zip(sky.truth["id"], sky.truth["class"], strict=True))
    ratios = [
        row["uJy"] / row["duJy"]
        for object_id, object_sections in sections.items()
        if kinds[object_id] == "SN II"
        for row in object_sections["fp"]
        if row["uJy"] is not None and row["mjd_obs"] < first[object_id] - 15
    ]
    assert len(ratios) > 200
    assert 0.85 < 1.4826 * np.median(np.abs(ratios)) < 1.25
    assert abs(np.median(ratios)) < 0.2


def test_saturation_limits_the_brightness(detections):
    # The flux of a saturated source is limited, and its error is larger.
    bright = detections["mag"][detections["mag"] > 0]
    assert bright.min() > 10.5


def test_exposure_times_are_10_30_or_110_s(detections, sections):
    times = {row["exptime"] for object_sections in sections.values() for row in object_sections["lcnondets"]}
    assert {30.0} < times <= {10.0, 30.0, 110.0}
    assert np.mean(detections["exptime"] == 30.0) > 0.99


def test_objects_at_ra_zero_have_limits_of_the_mean_position(sky):
    n_straddling, first = 0, dict(zip(sky.truth["id"], sky.truth["first_mjd"], strict=True))
    for object_id in sky.ids.tolist():
        row = sky.make_list_row(object_id)
        if abs(row["ra_avg"] - row["ra"]) > 1.0:
            object_sections = sky.make_photometry(object_id)
            mean = np.mean(
                [detection["ra"] for detection in object_sections["lc"] if detection["mjd"] <= first[object_id] + 200]
            )
            if abs(mean - row["ra"]) < 1.0:  # its detections straddle RA 0 only later
                continue
            n_straddling += 1
            fields = {int(limit["pointing"][2:5]) for limit in object_sections["lcnondets"] if abs(row["dec_avg"]) < 60}
            distances = [abs((field - mean + 180) % 360 - 180) for field in fields]
            assert all(distance < 12 for distance in distances)
    assert n_straddling >= 1


def test_detections_are_at_the_position_of_the_object(sky, sections):
    for object_id, object_sections in sections.items():
        position = sky.make_object_section(object_id)
        ra, dec = (np.array([row[name] for row in object_sections["lc"]]) for name in ("ra", "dec"))
        assert (separation(ra, dec, position["ra"], position["dec"]) * 3600).max() < 8.0


def test_variable_sources_are_discovered_while_bright(sky, sections):
    """On the discovery night most detections are positive."""
    shares = []
    for object_id, kind, first in zip(*(sky.truth[name] for name in ("id", "class", "first_mjd")), strict=True):
        if kind in {"AGN", "Mira", "RR Lyrae"}:
            night = [row["mag"] > 0 for row in sections[object_id]["lc"] if 0 <= row["mjd"] - first < 0.1]
            shares.append(np.mean(night))
    assert len(shares) > 20
    assert np.mean(np.array(shares) > 0.5) > 0.8
