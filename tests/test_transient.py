# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""All that one record holds, as attributes."""

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

COW = 1161600211221604900
SECTIONS = (
    schema.DETECTION,
    schema.LIMIT,
    schema.FORCED,
    schema.SHERLOCK_CROSSMATCH,
    schema.SHERLOCK_CLASSIFICATION,
    schema.TNS_CROSSMATCH,
    schema.EXTERNAL_CROSSMATCH,
)


def row(record, **values):
    return {field.server_key: None for field in record.values()} | values


@pytest.fixture
def record():
    """A record with one row in every section."""
    full = {section.name: [row(section)] for section in SECTIONS}
    full["lc"][0] |= {"mjd": 58285.44, "mag": 14.739, "magerr": 0.009, "filter": "o"}
    full["lcnondets"][0] |= {"mjd": 58281.49, "mag5sig": 19.35, "filter": "o"}
    full["fp"][0] |= {"mjd_obs": 58286.0, "limiting_mag": False}
    full["sherlock_classifications"][0] |= {"classification": "SN", "summary": "near a galaxy"}
    full["sherlock_crossmatches"][0] |= {"rank": 1, "separationarcsec": 1.7, "catalogue_object_id": "CGCG 137-068"}
    full["tns_crossmatches"][0] |= {"transient_object_id": COW, "external_designation": "2018cow"}
    full["tns_crossmatches"][0] |= {"type": "SN Ic", "object_z": 0.0141}
    full["external_crossmatches"][0] |= {"transient_object_id": COW, "external_designation": "ZTF18abcfcoo"}
    thing = {"id": COW, "atlas_designation": "ATLAS18qqn", "other_designation": "2018cow", "detection_list_id": 2}
    position = {"ra": 244.000917, "dec": 22.268031}
    return {"object": row(schema.OBJECT, **thing, **position, sherlockClassification="SN"), **full}


@pytest.fixture
def bare():
    """A record of an object of which nothing is known but its id."""
    return {"object": row(schema.OBJECT, id=COW)} | {section.name: [] for section in SECTIONS}


def test_what_it_holds(record):
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


def test_an_object_of_which_nothing_is_known(bare):
    transient = Transient(bare)
    assert transient.name is None
    assert transient.coord is None
    assert transient.sherlock_classification is None
    tables = (transient.sherlock_crossmatches, transient.tns_crossmatches, transient.external_crossmatches)
    assert [len(table) for table in tables] == [0, 0, 0]
    assert all(len(table.colnames) > 10 for table in tables)
    assert repr(transient) == f"<Transient {COW}: not classified; 0 measurements>"


def test_sections_of_crossmatches_may_be_absent(bare):
    for section in schema.CROSSMATCH_SECTIONS:
        del bare[section]
    assert len(Transient(bare).tns_crossmatches) == 0


def test_repr(record):
    assert repr(Transient(record)) == (
        "<Transient ATLAS18qqn = 2018cow (1161600211221604900) at 16h16m00.2s +22d16m04.9s: SN; 3 measurements>"
    )


@pytest.mark.parametrize("which", ["record", "bare"])
def test_pickles(which, request):
    transient = Transient(request.getfixturevalue(which), url="https://example.org/")
    again = pickle.loads(pickle.dumps(transient))
    assert repr(again) == repr(transient)
    assert again.raw == transient.raw
    assert len(again.light_curve) == len(transient.light_curve)


def test_an_unknown_object_is_an_error(bare):
    text = "AtlasDiffObjects matching query does not exist."
    with pytest.raises(ObjectNotFoundError, match="no such object"):
        Transient(dict.fromkeys(bare) | {"object": text})


@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_an_unreadable_section_is_an_error_at_once(bare, section):
    bare[section] = ["not a row"]
    with pytest.raises(UnreadableAnswerError) as caught:
        Transient(bare, url="https://example.org/")
    assert (caught.value.record, caught.value.url) == (section, "https://example.org/")


def test_plot(record):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    ax = Transient(record).plot(y="flux")
    assert ax.get_title(loc="left") == (
        "ATLAS18qqn = 2018cow at 16h16m00.2s +22d16m04.9s\n"
        'Sherlock: SN; TNS: SN Ic, z = 0.0141; host: 1.7" from CGCG 137-068'
    )
    assert ax.get_ylabel() == f"Difference flux [{u.uJy:unicode}]"
    plt.close(ax.figure)


def test_a_long_title_stays_off_the_neighbours(record):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    for ax in panels:
        Transient(record).plot(ax, y="flux")
    figure.canvas.draw()
    for ax, neighbour in pairwise(panels):
        title = ax._left_title.get_window_extent()
        assert title.width > 100
        assert title.x1 < neighbour._left_title.get_window_extent().x0
    written = panels[0].get_title(loc="left")
    assert written.count("\n") > 1
    assert 'TNS: SN Ic, z = 0.0141; host: 1.7" from CGCG 137-068' in written.replace("\n", " ")
    plt.close(figure)


def test_the_match_is_the_best_one_wherever_it_stands(record):
    best = record["sherlock_crossmatches"][0]
    others = [best | {"rank": rank, "separationarcsec": 9.0} for rank in (2, None)]
    record["sherlock_crossmatches"] = [others[1], others[0], best]
    assert '1.7" from CGCG 137-068' in Transient(record)._repr_html_().replace("&quot;", '"')


def test_plot_without_a_position(bare):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    assert Transient(bare).plot(ax) is ax
    assert ax.get_title(loc="left") == str(COW)
    plt.close(ax.figure)


def test_names_are_drawn_as_they_are(record):
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


def test_as_html(record):
    pytest.importorskip("matplotlib")
    html = Transient(record)._repr_html_()
    assert '<img alt="light curve" src="data:image/png;base64,iVBOR' in html
    for fact in ("ATLAS18qqn = 2018cow", str(COW), "good", "SN Ic, z = 0.0141", "1.7&quot; from CGCG 137-068"):
        assert fact in html


def test_as_html_everything_from_the_server_is_escaped(record):
    evil = "<script>alert(1)</script>"
    record["object"] |= {"atlas_designation": evil, "sherlockClassification": evil}
    record["sherlock_crossmatches"][0]["catalogue_object_id"] = evil
    record["tns_crossmatches"][0]["type"] = evil
    html = Transient(record)._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4


def test_as_html_with_nothing_known(bare):
    html = Transient(bare)._repr_html_()
    assert str(COW) in html
    assert "<img" not in html
    assert "None" not in html


@pytest.mark.parametrize("number", ["1000005291314656200", "1134751930091216800"])
def test_the_real_server(shared_data, number):
    (record,) = json.loads((shared_data / "recordings" / f"objects_{number}.json").read_text())
    transient = Transient(record)
    assert transient.atlas_id == int(number)
    assert len(transient.sherlock_crossmatches) == len(record["sherlock_crossmatches"])
    assert transient.sherlock_crossmatches["rank"][0] == 1
    assert transient.sherlock_classification["classification"] == "SN"
    assert len(transient.tns_crossmatches) == len(record["tns_crossmatches"])
    assert transient.coord.separation(SkyCoord(record["object"]["ra"], record["object"]["dec"], unit="deg")) == 0
