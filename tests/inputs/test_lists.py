# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Detection lists and custom lists: the server's numbers and words, and two number spaces that do not mix."""

import os
import pickle
import subprocess
import sys

import pytest

from atlasquery import CustomList, DetectionList, conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.lists import custom_lists, resolve_list


def test_numbers_and_words_are_the_servers():
    expected = "garbage follow_up good possible eyeball attic stars agn fasttrack movers"
    expected += " magellanic_clouds pm_stars galcand duplicates"
    assert [one.name for one in DetectionList] == expected.split()
    assert [int(one) for one in DetectionList] == list(range(14))


def test_an_unknown_number_is_refused():
    with pytest.raises(ValueError, match="99 is not a valid DetectionList"):
        DetectionList(99)


def test_a_custom_list_is_no_number():
    mookodi = CustomList(2)
    assert mookodi.number == DetectionList.good.number == 2
    assert mookodi not in {2, DetectionList.good}
    assert mookodi == CustomList("mookodi") == CustomList(mookodi)
    assert len({mookodi, CustomList("Mookodi")}) == 1
    with pytest.raises(TypeError):
        int(mookodi)
    assert pickle.loads(pickle.dumps(mookodi)) == mookodi


def test_a_custom_list_without_a_known_name():
    assert CustomList(999).name is None
    assert repr(CustomList(999)) == "<CustomList unnamed: 999>"


@pytest.mark.parametrize("which", [DetectionList.good, 2.0, True, None])
def test_what_is_no_custom_list(which):
    with pytest.raises(InvalidQueryTypeError):
        CustomList(which)


@pytest.mark.parametrize(("which", "said"), [("good", "got 'good'"), (-1, "got -1"), ("heloize", "heloise")])
def test_no_such_custom_list(which, said):
    with pytest.raises(InvalidQueryError, match=said):
        CustomList(which)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("good", DetectionList.good),
        ("FOLLOW-UP", DetectionList.follow_up),
        (13, DetectionList.duplicates),
        (DetectionList.agn, DetectionList.agn),
        ("mookodi live", CustomList(16)),
        (CustomList(81), CustomList(81)),
    ],
)
def test_the_list_that_is_meant(which, expected):
    found = resolve_list(which)
    assert found == expected
    assert type(found) is type(expected)


def test_one_entry_of_the_configuration_need_not_be_a_list():
    with conf.set_temp("custom_lists", "Tidal Ones = 81"):
        assert custom_lists()["tidal_ones"] == 81
        assert CustomList(81).name == "tidal_ones"
    assert "tidal_ones" not in custom_lists()


def test_one_text_may_hold_several_as_in_the_file():
    with conf.set_temp("custom_lists", "tidal:81, nuclear:82"):
        assert (custom_lists()["tidal"], custom_lists()["nuclear"]) == (81, 82)
        assert not [name for name in custom_lists() if "," in name]


def test_no_custom_list_is_proposed_for_a_negative_number():
    with pytest.raises(InvalidQueryError, match="CustomList") as caught:
        resolve_list(14)
    with pytest.raises(InvalidQueryError, match="0 to 13") as caught:
        resolve_list(-1)
    assert "CustomList" not in str(caught.value)


@pytest.mark.parametrize(
    "entry", ["tidal, nuclear:82", "tidal:81,,", "tidal", "tidal: many", ": 81", "tidal: -1", "good: 81", "cv: 41"]
)
def test_what_makes_no_sense_in_the_configuration_is_said(entry):
    with conf.set_temp("custom_lists", [entry]), pytest.raises(InvalidQueryError, match=r"conf\.custom_lists"):
        resolve_list("good")


def test_the_configurations_file(tmp_path):
    (tmp_path / "astropy").mkdir()
    (tmp_path / "astropy" / "atlasquery.cfg").write_text("custom_lists = tidal:81, nuclear:82\n")
    code = "from atlasquery import CustomList; print(CustomList('tidal'), CustomList(82).name)"
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "<CustomList tidal: 81> nuclear\n"
