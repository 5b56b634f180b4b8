# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Titles: the name of the object, which fits the axes."""

import pytest

from atlasquery.lightcurve import LightCurves

pytest.importorskip("matplotlib").use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set

ID = "1161600211221604900"


def fits(ax):
    ax.figure.canvas.draw()
    return ax.title.get_window_extent().width <= ax.get_window_extent().width


def test_title_names_the_object_with_a_small_id(lc):
    ax = lc.plot()
    assert ax.get_title().startswith("ATLAS18qqn = 2018cow")
    assert ID in ax.get_title()
    assert "_{" in ax.get_title()  # a subscript, which is smaller
    assert fits(ax)


def test_title_of_the_user_and_none(lc, ax):
    assert lc.plot(title="AT 2018cow, $x").get_title() == "AT 2018cow, $x"
    assert not lc.plot(title="AT 2018cow, $x").title.get_parse_math()
    assert lc.plot(title=False).get_title() == lc.plot(title="").get_title() == ""
    ax.set_title("mine")
    assert lc.plot(ax).get_title() == "mine"
    assert "2018cow" in lc.plot(ax, title=True).get_title()


def test_curve_without_a_name_has_no_title(lc):
    unnamed = lc.copy()
    unnamed.meta = {}
    unnamed.remove_column("atlas_id")
    assert unnamed.plot().get_title() == ""


@pytest.mark.parametrize("width", [2.0, 3.0, 4.0, 9.0])
def test_title_fits_the_axes_and_does_not_break_the_id(lc, width):
    lc.meta["name"] = "ATLAS18qqn of a survey with a long name"
    ax = plt.subplots(figsize=(width, 3), layout="constrained")[1]
    lc.plot(ax, title=True, legend=False)
    assert fits(ax)
    assert any(ID in line for line in ax.get_title().splitlines())


def test_titles_of_panels_fit(lc):
    other = lc.copy()
    other.meta |= {"name": None, "atlas_id": int(ID)}
    panels = LightCurves({int(ID): lc, "a name of several words that is much longer than a panel": other}).plot()
    assert panels[0].get_title() == "ATLAS18qqn"
    assert all(fits(ax) for ax in panels)


def test_title_goes_when_another_object_is_drawn(lc):
    other = lc.copy()
    other.meta |= {"name": "ATLAS99zzz", "tns_name": None}
    assert other.plot(lc.plot()).get_title() == ""


@pytest.mark.parametrize(("key", "title"), [("my $x$ nova", "my $x$ nova"), (("A", 1), "('A', 1)")])
def test_a_light_curve_without_a_name_has_the_title_of_its_key(curve, key, title):
    curves = LightCurves({key: curve})
    assert curves[key].plot().get_title() == title
    assert [item.plot().get_title() for item in curves.flag("saturation").values()] == [title]
    curves[key].meta["name"] = "SN 2026a"
    assert curves[key].plot().get_title() == "SN 2026a"
