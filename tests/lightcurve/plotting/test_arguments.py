# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Colours, markers and sizes of the user, and arguments that are set elsewhere."""

import pytest

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve import LightCurves

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib.colors import to_hex  # noqa: E402 -- after the backend is set


def styles(ax):
    """Return the colour and the marker of each group of points, by the beginning of its legend entry."""
    handles = ax.get_legend().legend_handles
    return {item.get_label().partition(":")[0]: (to_hex(item.get_color()), item.get_marker()) for item in handles}


def test_one_colour_for_all_bands(lc):
    assert {colour for colour, _ in styles(lc.plot(color="crimson")).values()} == {to_hex("crimson")}


def test_colours_and_markers_by_band(lc):
    default, chosen = styles(lc.plot()), styles(lc.plot(color={"o": "crimson"}, marker={"o": "*"}))
    assert chosen["o detection"] == (to_hex("crimson"), "*")
    assert chosen["c detection"] == default["c detection"]
    assert chosen["c limit"] == default["c limit"]
    assert chosen["o forced limit"][0] == to_hex("crimson")


def test_size_and_opacity(lc):
    def points(**options):
        return [container.lines[0] for container in lc.plot(**options).containers]

    assert {line.get_markersize() for line in points(markersize=9)} == {9}
    default = [line.get_alpha() or 1 for line in points()]
    assert [line.get_alpha() for line in points(alpha=0.5)] == pytest.approx([alpha / 2 for alpha in default])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"color": "reddish"}, InvalidInputError, "`color` must be a colour of matplotlib"),
        ({"color": {"o": "reddish"}}, InvalidInputError, r"`color\['o'\]` must be"),
        ({"color": {1: "red"}}, InvalidTypeError, "`color` must have bands"),
        ({"color": 7}, InvalidTypeError, "`color` must be"),
        ({"color": "none"}, InvalidInputError, "`color` must be"),
        ({"marker": "??"}, InvalidInputError, "`marker` must be a marker"),
        ({"marker": "none"}, InvalidInputError, "`marker` must be a marker"),
        ({"alpha": 0}, InvalidInputError, "`alpha` must be above 0 and at most 1"),
        ({"alpha": 1.1}, InvalidInputError, "`alpha` must be"),
        ({"alpha": "half"}, InvalidTypeError, "`alpha` must be a number"),
        ({"markersize": -1}, InvalidInputError, "`markersize` must be above 0"),
        ({"title": 5}, InvalidTypeError, "`title` must be a string"),
    ],
)
def test_invalid_appearance(lc, options, error, message):
    with pytest.raises(error, match=message):
        lc.plot(**options)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("figsize", r"plt\.subplots\(figsize=\.\.\.\), and pass them as ax="),
        ("fmt", "marker= and color="),
        ("c", "color="),
        ("ylim", "ax.set_ylim"),
        ("xlim", "window="),
        ("logy", "set_yscale"),
        ("yerr", "Error bars"),
        ("ls", "not connected"),
        ("kind", 'y="mag"'),
        ("band", "bands="),
        ("savefig", "savefig"),
    ],
)
def test_what_is_set_elsewhere(lc, name, hint):
    with pytest.raises(InvalidTypeError, match=f"`{name}` is not an argument.*{hint}"):
        lc.plot(**{name: 1})
    assert issubclass(InvalidTypeError, TypeError)


def test_misspelled_arguments(lc):
    with pytest.raises(InvalidTypeError, match="did you mean 'markersize'"):
        lc.plot(markersiz=5)
    with pytest.raises(InvalidTypeError, match="The arguments are ax, y, bands"):
        lc.plot(zzzz=5)


def test_figure_arguments_of_several_curves(lc):
    curves = LightCurves({lc.meta["atlas_id"]: lc})
    with pytest.raises(InvalidTypeError, match="set_size_inches"):
        curves.plot(figsize=(3, 3))
    with pytest.raises(InvalidInputError, match="`interactive` must be False for several"):
        curves.plot(interactive=True)
