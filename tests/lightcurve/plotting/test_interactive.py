# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Interactive figures."""

import builtins
import json

import numpy as np
import pytest

from atlasquery.exceptions import InvalidInputError

pytest.importorskip("matplotlib").use("agg")
graph_objects = pytest.importorskip("plotly.graph_objects", reason="plotly is not installed")


def hover_texts(figure):
    return [text for trace in figure.data for text in trace.hovertext]


def test_points_are_those_of_the_static_plot(lc):
    figure, ax = lc.plot(interactive=True, window="all"), lc.plot(window="all")
    assert isinstance(figure, graph_objects.Figure)
    drawn = sorted(y for container in ax.containers for y in container.lines[0].get_ydata().tolist())
    shown = sorted(y for trace in figure.data for y in trace.y if not np.isnan(y))
    assert shown == pytest.approx(drawn)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert [trace.name for trace in figure.data if trace.showlegend][::-1] == labels
    low, high = figure.layout.yaxis.range
    assert low > high  # bright ones at the top
    assert figure.layout.yaxis.range == pytest.approx(ax.get_ylim())


def test_details_under_the_pointer(lc):
    texts = hover_texts(lc.plot(interactive=True, window="all"))
    (detection,) = [text for text in texts if "c detection" in text]
    row = lc[(lc["band"] == "c") & (lc["kind"] == "detection")]
    assert f"MJD {row.time.mjd[0]:.5f}" in detection
    assert f"{row.time[0].utc.iso[:19]} UTC" in detection
    assert f"{row['mag'][0].value:.3f} ± {row['mag_err'][0].value:.3f} mag" in detection
    assert f"site {row['site'][0]}" in detection
    assert f"exposure {row['expname'][0]}" in detection
    assert any("limit &gt; " in text for text in texts)


def test_arguments_are_those_of_the_static_plot(lc):
    figure = lc.plot(interactive=True, y="flux", bands="o", show_limits=False, color="red", title="A & B", label="x")
    assert {trace.legendgroup.split()[0] for trace in figure.data} == {"o"}
    assert not [trace for trace in figure.data if "limit" in trace.legendgroup]
    assert all("rgba(255, 0, 0, 1)" in (trace.marker.color, trace.marker.line.color) for trace in figure.data)
    assert figure.layout.title.text == "A &amp; B"
    assert all(trace.name.startswith("x o ") for trace in figure.data)
    assert "Difference flux" in figure.layout.yaxis.title.text


def test_names_of_the_server_are_text(lc):
    lc.meta["name"] = "<script>alert(1)</script>$x$"
    lc["expname"][0] = "<b>&"
    content = json.loads(lc.plot(interactive=True, window="all").to_json())
    assert content["layout"]["title"]["text"] == "&lt;script&gt;alert(1)&lt;/script&gt;&#36;x&#36; = 2018cow"
    assert "<b>" not in json.dumps(content)


def test_the_file_needs_no_network(lc, tmp_path):
    lc.plot(interactive=True).write_html(tmp_path / "curve.html")
    content = (tmp_path / "curve.html").read_text(encoding="utf-8")
    assert "<script src=" not in content
    assert "Plotly.newPlot" in content


def test_axes_of_the_user_are_refused(lc, ax):
    with pytest.raises(InvalidInputError, match="`ax` must be None for an interactive figure"):
        lc.plot(ax, interactive=True)
    with pytest.raises(InvalidInputError, match="`marker` of an interactive figure"):
        lc.plot(interactive=True, marker="$x$")


def test_a_missing_library_names_the_extra(lc, monkeypatch):
    original = builtins.__import__

    def without_plotly(name, *args, **kwargs):
        if name.startswith("plotly"):
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_plotly)
    with pytest.raises(ImportError, match=r"atlasquery\[interactive\]"):
        lc.plot(interactive=True)


def test_reduced_images_are_named(lc):
    lc.meta["images"] = "reduced"
    for options in ({}, {"bin": "nightly"}):
        title = lc.plot(y="flux", interactive=True, **options).layout.yaxis.title.text
        assert title.startswith("Flux in the reduced images")
