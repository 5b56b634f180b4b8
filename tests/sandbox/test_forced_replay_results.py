# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server, replayed: results, damaged ones too, and their pictures."""

import io

import numpy as np
import pytest
import requests
from PIL import Image

from atlasquery.sandbox import Fault
from forced_exchanges import get, submit, submit_like

COW = {"ra": 244.000927, "dec": 22.268031}
# Kind of fault, recorded task, recorded result.
DAMAGED = [
    ("task_diagnostics", "task_diagnostic_above", "result_diagnostic_above"),
    ("task_diagnostics_below", "task_diagnostic_above", "result_diagnostic_below_header"),
    ("task_no_rows", "task_diagnostic_no_rows", None),
    ("task_long_line", "task_unparsable", None),
    ("task_empty_file", "task_no_data_empty_file", None),
    ("task_error", "task_error_text", None),
    ("task_older_header", "task_diagnostic_above", "result_older_header"),
    ("task_pa_deg", "task_diagnostic_above", "result_pa_deg"),
]


@pytest.fixture(scope="module")
def runner(server):
    """A server, shared by these tests: each moves its clock by more than the duration of all tasks before."""
    yield server
    server.clear_faults()


@pytest.mark.parametrize(("kind", "task_name", "result_name"), DAMAGED)
def test_damaged_results(runner, recorded, replay, kind, task_name, result_name):
    runner.inject(Fault(kind))
    task = submit_like(runner, recorded(task_name), "other")
    runner.advance_clock(86401)
    replay(runner, task_name, task)
    if result_name:
        replay(runner, result_name, task)


def test_an_empty_file_has_no_byte(runner):
    runner.inject(Fault("task_empty_file"))
    task = submit(runner, **COW)
    runner.advance_clock(86401)
    answer = requests.get(f"{task['url']}data.txt", timeout=60)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_time_range_without_exposures(runner, recorded, replay):
    task = submit_like(runner, recorded("task_no_data"), "other", mjd_min=61000, mjd_max=61000.0001)
    runner.advance_clock(86401)
    assert get(runner, task).json()["error_msg"] == recorded("task_no_data")["response"]["body"]["error_msg"]
    text = replay(runner, "result_no_data", task).text
    assert text == recorded("result_no_data")["response"]["body"]


def test_moving_objects_are_not_on_this_sky(runner):
    task = submit(runner, mpc_name="(12267)")
    runner.advance_clock(86401)
    assert get(runner, task).json()["error_msg"] == "No data returned"


def test_pictures_of_a_result(runner):
    ndimage = pytest.importorskip("scipy.ndimage", reason="counts the points of the plot")
    task = submit(runner, **COW, mjd_min=58280, mjd_max=58290)
    assert requests.get(f"{task['url']}plot.pdf", timeout=60).status_code == 404  # it has not finished
    runner.advance_clock(86401)
    record = get(runner, task).json()
    preview = requests.get(record["previewimage_url"], timeout=60)
    assert preview.headers["Content-Type"] == "image/jpeg"
    assert requests.get(f"{task['url']}preview.jpg", timeout=60).content == preview.content
    pixels = np.asarray(Image.open(io.BytesIO(preview.content)))
    assert pixels.shape == (168, 168)
    middle, edge = pixels[80:88, 80:88], pixels[:16]
    assert (middle > 250).all()  # the transient
    assert edge.mean() < 100
    plot = requests.get(record["pdfplot_url"], timeout=60).content
    start = int(plot.split(b"startxref")[1].split()[0])
    assert plot[start:].startswith(b"xref")
    page = np.asarray(Image.open(io.BytesIO(plot[plot.index(b"\xff\xd8") :])).convert("HSV"))
    n_points = ndimage.label((page[..., 1] > 128) & (page[..., 2] > 100))[1]  # points have a colour, others none
    n_rows = len(requests.get(record["result_url"], timeout=60).text.splitlines()) - 1
    assert n_points == n_rows > 2


def test_without_preview_and_without_rows(runner):
    runner.inject([Fault("task_no_preview"), Fault("task_no_rows")])
    tasks = [submit(runner, role, **COW) for role in ("user", "other")]
    runner.advance_clock(86401)
    first, second = (get(runner, task).json() for task in tasks)
    assert (first["previewimage_url"], second["previewimage_url"]) == (None, None)
    assert requests.get(f"{first['url']}preview.jpg", timeout=60).status_code == 404
    assert [requests.get(record["pdfplot_url"], timeout=60).status_code for record in (first, second)] == [200, 404]


@pytest.mark.parametrize("name", ["job1.txt", "job0000001.txt", "jobx.txt", "job1000001.exe", "x", "job1000001x.txt"])
def test_files_that_do_not_exist(runner, name):
    assert requests.get(f"{runner.forced_url}static/results/{name}", timeout=60).status_code == 404


def test_forced_fluxes_agree_with_those_of_the_transient_server(runner):
    light_curve = runner.client().get_light_curve("2018cow").forced
    task = submit(runner, **COW, mjd_min=58270, mjd_max=58330)
    runner.advance_clock(86401)
    text = requests.get(get(runner, task).json()["result_url"], timeout=60).text
    flux = {line.split()[-1]: (float(line.split()[3]), float(line.split()[4])) for line in text.splitlines()[1:]}
    compared = 0
    for name, expected, error in zip(
        light_curve["expname"].tolist(),
        light_curve["flux"].filled(float("nan")).value.tolist(),
        light_curve["flux_err"].filled(float("nan")).value.tolist(),
        strict=True,
    ):
        if name in flux and expected == expected:
            assert abs(flux[name][0] - expected) <= 0.6 + 0.02 * error
            compared += 1
    assert compared > 30
