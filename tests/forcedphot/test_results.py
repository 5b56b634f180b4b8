# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of result files, as the server sends them."""

import json

import astropy.units as u
import numpy as np
import pytest
import requests
from astropy.table import vstack

from atlasquery.exceptions import DataQualityWarning, UnreadableAnswerError
from atlasquery.forcedphot.results import HEADER, light_curve_of
from atlasquery.forcedphot.target import ForcedTarget
from atlasquery.lightcurve import LightCurve

TARGET = ForcedTarget(6.0, 6.0)
ROW = (
    "59100.3 18.262 0.036 180 6 o 0 1.00 6.00000 +6.00000 1200.5 3400.2 2.31 2.11 -22.2 -0.420 19.40 20.90 "
    "02a59100o0400o"
)
FORMS = (
    "result_url",
    "result_diagnostic_above",
    "result_diagnostic_below_header",
    "result_older_header",
    "result_pa_deg",
)


def read(*lines, target=TARGET, images="difference"):
    return light_curve_of("\n".join([HEADER, *lines, ""]), target, images=images, url="https://example.org/job1.txt")


@pytest.mark.parametrize("name", FORMS)
def test_recorded_results(shared_data, name):
    text = json.loads((shared_data / "recorded_forced" / f"{name}.json").read_text())["response"]["body"]
    rows = [line.split() for line in text.splitlines() if line[:1].isdigit()]
    position = ForcedTarget(float(rows[0][8]), float(rows[0][9]))
    lc = light_curve_of(text, position, images="difference")
    assert len(lc) == len(rows) > 0
    assert lc["flux"].unmasked.value.tolist() == [float(row[3]) for row in sorted(rows, key=lambda row: float(row[0]))]
    assert set(lc["kind"].tolist()) == {"forced"}
    assert set(lc["service"].tolist()) == {"forcedphot"}
    n_others = sum(not line[:1].isdigit() and "MJD" not in line for line in text.splitlines() if line.strip())
    assert len(lc.meta["diagnostics"]) == n_others


@pytest.mark.parametrize("text", ["", HEADER + "\n", "Error: no image\n", f"Error: no image\n{HEADER}\n"])
def test_no_data_is_an_empty_typed_light_curve(text):
    lc = light_curve_of(text, TARGET, images="difference")
    assert len(lc) == 0
    assert lc["flux"].unit == u.uJy
    assert {"time", "flux", "mag", "limit", "service", "expname"} <= set(lc.colnames)
    assert len(lc.meta["diagnostics"]) == text.count("Error")


def test_damaged_lines_below_a_row_are_told():
    with pytest.warns(DataQualityWarning, match="1 lines of the result are no measurements.*59100.3"):
        lc = read(ROW, ROW + " too many words", ROW.replace("59100.3", "59101.3"))
    assert len(lc) == 2
    assert lc.meta["diagnostics"] == [ROW + " too many words"]


def test_meta_says_what_was_measured():
    lc = read(ROW, images="reduced")
    assert lc.meta["images"] == "reduced"
    assert "educed images" in lc.plot(y="flux").get_ylabel()
    assert lc.meta["url"].endswith("job1.txt")
    assert read(ROW.replace("6.00000 +6.00000", "1.0 2.0"), target=ForcedTarget(mpc="(1)")).meta["name"] == "(1)"


@pytest.mark.parametrize("position", ["6.00100 +6.00000", "6.00000 +6.00100", "186.00000 -6.00000"])
def test_rows_of_another_position_are_not_handed_over(position):
    with pytest.raises(UnreadableAnswerError, match="arcsec from it"):
        read(ROW.replace("6.00000 +6.00000", position))


def test_a_star_may_have_moved():
    row = ROW.replace("6.00000 +6.00000", "6.00000 +6.00100")
    assert len(read(row, target=ForcedTarget(6.0, 6.0, 0.0, 300.0, 2016.0))) == 1


def test_positions_at_ra_0():
    row = ROW.replace("6.00000 +6.00000", "0.00001 +6.00000")
    assert len(read(row, target=ForcedTarget(359.99999, 6.0))) == 1


@pytest.mark.parametrize(
    "text", [ROW, f"{HEADER}\n{ROW.replace(' 180 ', ' x ')}\n", f"{HEADER}\n{ROW.replace('59100.3', '2459100.3')}\n"]
)
def test_results_that_cannot_be_read(text):
    with pytest.raises(UnreadableAnswerError):
        light_curve_of(text, TARGET, images="difference", url="https://example.org/")


def test_light_curves_of_both_services_are_one(make_sandbox):
    """Each exposure once: of the service that is asked for."""
    sandbox = make_sandbox(n_objects=30)
    transient = sandbox.client().get_light_curve("2018cow")
    headers = {"Authorization": f"Token {sandbox.forced_token('user')}"}
    task = requests.post(
        f"{sandbox.forced_url}queue/",
        json={"ra": 244.000927, "dec": 22.268031, "mjd_min": 58200, "mjd_max": 58400},
        headers=headers,
        timeout=60,
    ).json()
    sandbox.advance_clock(60)
    text = requests.get(f"{task['url']}data.txt", timeout=60).text
    forced = light_curve_of(text, ForcedTarget(task["ra"], task["dec"]), images="difference")
    transient["service"] = ["transient"] * len(transient)
    both = vstack([transient, forced], metadata_conflicts="silent")
    assert type(both) is LightCurve
    only = both.combined(prefer="forced", service="forcedphot")
    assert len(only) == len(set(forced["expname"].tolist()))
    assert set(only["service"].tolist()) == {"forcedphot"}
    assert np.isfinite(only.bin_nightly()["flux"].unmasked.value).all()
