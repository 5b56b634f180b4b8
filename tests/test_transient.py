# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Transient`: the sections of a record as attributes."""

import json
import pickle
from itertools import pairwise

import astropy.units as u
import pytest
from astropy.coordinates import SkyCoord
from astropy.table import QTable, Row

from atlasquery import schema
from atlasquery.exceptions import ObjectNotFoundError, UnreadableAnswerError
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.transient import Transient
from constants import COW
from made_records import SECTIONS, make_bare_record, make_full_record


@pytest.fixture
def record():
    """A record with one row in every section."""
    return make_full_record()


@pytest.fixture
def bare():
    """A record with nothing but the id of the object."""
    return make_bare_record()


def test_attributes_of_a_full_record(record):
    transient = Transient(record, url="https://example.org/objects/")
    assert (transient.atlas_id, transient.name) == (COW, "ATLAS18qqn")
    assert type(transient.atlas_id) is int
    assert isinstance(transient.coord, SkyCoord)
    assert transient.coord.frame.name == "icrs"
    assert transient.coord.separation(SkyCoord("16h16m00.22s +22d16m04.9s")) < 0.1 * u.arcsec
    assert isinstance(transient.info, QTable)
    assert transient.info["tns_name"].tolist() == ["2018cow"]
    assert transient.info["detection_list_name"].tolist() == ["good"]
    assert type(transient.light_curve) is LightCurve
    assert transient.light_curve["kind"].tolist() == ["limit", "detection", "forced"]
    assert transient.sherlock_crossmatches["separation"][0] == 1.7 * u.arcsec
    assert isinstance(transient.sherlock_classification, Row)
    assert transient.sherlock_classification["classification"] == "SN"
    assert transient.tns_crossmatches["external_designation"].tolist() == ["2018cow"]
    assert transient.external_crossmatches["external_designation"].tolist() == ["ZTF18abcfcoo"]
    assert transient.raw is record
    assert transient.url == transient.light_curve.meta["url"] == "https://example.org/objects/"


def test_attributes_of_an_object_with_only_an_id(bare):
    transient = Transient(bare)
    assert transient.name is None
    assert transient.coord is None
    assert transient.sherlock_classification is None
    tables = (transient.sherlock_crossmatches, transient.tns_crossmatches, transient.external_crossmatches)
    assert [len(table) for table in tables] == [0, 0, 0]
    assert all(len(table.colnames) > 10 for table in tables)
    assert repr(transient) == f"<Transient {COW}: not classified; 0 measurements>"


def test_sections_of_crossmatches_may_be_missing(bare):
    for section in schema.CROSSMATCH_SECTIONS:
        del bare[section]
    assert len(Transient(bare).tns_crossmatches) == 0


def test_repr_has_names_position_and_class(record):
    assert repr(Transient(record)) == (
        "<Transient ATLAS18qqn = 2018cow (1161600211221604900) at 16h16m00.2s +22d16m04.9s: SN; 3 measurements>"
    )


@pytest.mark.parametrize("fixture", ["record", "bare"])
def test_a_transient_can_be_pickled(fixture, request):
    transient = Transient(request.getfixturevalue(fixture), url="https://example.org/")
    restored = pickle.loads(pickle.dumps(transient))
    assert repr(restored) == repr(transient)
    assert restored.raw == transient.raw
    assert len(restored.light_curve) == len(transient.light_curve)


def test_an_unknown_object_is_rejected(bare):
    text = "AtlasDiffObjects matching query does not exist."
    with pytest.raises(ObjectNotFoundError, match="no such object"):
        Transient(dict.fromkeys(bare) | {"object": text})


@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_an_invalid_section_is_rejected_immediately(bare, section):
    bare[section] = ["not a row"]
    with pytest.raises(UnreadableAnswerError) as caught:
        Transient(bare, url="https://example.org/")
    assert (caught.value.record, caught.value.url) == (section, "https://example.org/")


def test_plot_has_a_title(record):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    ax = Transient(record).plot(y="flux")
    assert ax.get_title(loc="left") == (
        "ATLAS18qqn = 2018cow at 16h16m00.2s +22d16m04.9s\n"
        'Sherlock: SN; TNS: SN Ic, z = 0.0141; host: 1.7" from CGCG 137-068'
    )
    assert ax.get_ylabel() == f"Difference flux [{u.uJy:unicode}]"
    plt.close(ax.figure)


def test_a_long_title_does_not_overlap_other_panels(record):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    for ax in panels:
        Transient(record).plot(ax, y="flux")
    figure.canvas.draw()
    for ax, neighbour in pairwise(panels):
        title = ax._left_title.get_window_extent()
        assert title.width > 100
        assert title.x1 < neighbour._left_title.get_window_extent().x0
    title = panels[0].get_title(loc="left")
    assert title.count("\n") >= 1
    assert 'TNS: SN Ic, z = 0.0141; host: 1.7" from CGCG 137-068' in title.replace("\n", " ")
    plt.close(figure)


def test_the_best_match_has_rank_1_in_any_order(record):
    best = record["sherlock_crossmatches"][0]
    others = [best | {"rank": rank, "separationarcsec": 9.0} for rank in (2, None)]
    record["sherlock_crossmatches"] = [others[1], others[0], best]
    assert '1.7" from CGCG 137-068' in Transient(record)._repr_html_().replace("&quot;", '"')


def test_plot_without_a_position(bare):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    assert Transient(bare).plot(ax) is ax
    assert ax.get_title(loc="left") == str(COW)
    plt.close(ax.figure)


def test_names_are_drawn_literally(record):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot as plt

    record["object"]["atlas_designation"] = r"$\x$"
    record["sherlock_crossmatches"][0]["catalogue_object_id"] = r"a$\foo$b"
    transient = Transient(record)
    ax = transient.plot()
    ax.figure.canvas.draw()
    assert r"$\x$ = 2018cow" in ax.get_title(loc="left")
    assert r"from a$\foo$b" in ax.get_title(loc="left")
    (panel,) = LightCurves({COW: transient.light_curve}).plot()
    panel.figure.canvas.draw()
    assert panel.get_title() == r"$\x$"
    plt.close("all")


def test_html_has_image_and_properties(record):
    pytest.importorskip("matplotlib")
    html = Transient(record)._repr_html_()
    assert '<img alt="light curve" src="data:image/png;base64,iVBOR' in html
    for text in ("ATLAS18qqn = 2018cow", str(COW), "good", "SN Ic, z = 0.0141", "1.7&quot; from CGCG 137-068"):
        assert text in html


def test_html_is_escaped(record):
    evil = "<script>alert(1)</script>"
    record["object"] |= {"atlas_designation": evil, "sherlockClassification": evil}
    record["sherlock_crossmatches"][0]["catalogue_object_id"] = evil
    record["tns_crossmatches"][0]["type"] = evil
    html = Transient(record)._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4


def test_html_of_an_object_with_only_an_id(bare):
    html = Transient(bare)._repr_html_()
    assert str(COW) in html
    assert "<img" not in html
    assert "None" not in html


@pytest.mark.parametrize("number", ["1000005291314656200", "1134751930091216800"])
def test_recorded_answers_are_decoded(shared_data, number):
    (record,) = json.loads((shared_data / "recordings" / f"objects_{number}.json").read_text())
    transient = Transient(record)
    assert transient.atlas_id == int(number)
    assert len(transient.sherlock_crossmatches) == len(record["sherlock_crossmatches"])
    assert transient.sherlock_crossmatches["rank"][0] == 1
    assert transient.sherlock_classification["classification"] == "SN"
    assert len(transient.tns_crossmatches) == len(record["tns_crossmatches"])
    assert transient.coord.separation(SkyCoord(record["object"]["ra"], record["object"]["dec"], unit="deg")) == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lightcurve", "no attribute 'lightcurve'; did you mean 'light_curve'"),
        ("lc", "did you mean 'light_curve'"),
        ("coordinates", "did you mean 'coord'"),
        ("crossmatches", "did you mean .*'sherlock_crossmatches'"),
        ("ra", r"it is a column of `info`: transient\.info\['ra'\]\[0\]"),
        ("nothing_like_it", "no attribute 'nothing_like_it'$"),
        ("_private", "no attribute '_private'$"),
    ],
)
def test_unknown_attribute_names_the_near_ones(record, name, message):
    with pytest.raises(AttributeError, match=message):
        getattr(Transient(record), name)


def test_unknown_attribute_of_an_unfinished_object():
    with pytest.raises(AttributeError, match=r"no attribute 'info'"):
        Transient.__new__(Transient).info  # noqa: B018
