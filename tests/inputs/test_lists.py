# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Detection lists and custom lists: names and numbers as on the server, and two separate number spaces."""

import os
import pickle
import subprocess
import sys

import pytest

from atlasquery import CustomList, DetectionList, conf
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.lists import check_custom_list, check_settable_list, custom_lists, resolve_list


def test_numbers_and_names_equal_those_of_the_server():
    expected = "garbage follow_up good possible eyeball attic stars agn fasttrack movers"
    expected += " magellanic_clouds pm_stars galcand duplicates"
    assert [item.name for item in DetectionList] == expected.split()
    assert [int(item) for item in DetectionList] == list(range(14))


def test_an_unknown_number_is_an_error():
    with pytest.raises(ValueError, match="99 is not a valid DetectionList"):
        DetectionList(99)


def test_a_custom_list_is_not_an_integer():
    mookodi = CustomList(2)
    assert mookodi.number == DetectionList.good.number == 2
    assert mookodi not in {2, DetectionList.good}
    assert mookodi == CustomList("mookodi") == CustomList(mookodi)
    assert len({mookodi, CustomList("Mookodi")}) == 1
    with pytest.raises(TypeError):
        int(mookodi)
    assert pickle.loads(pickle.dumps(mookodi)) == mookodi


def test_a_custom_list_without_name():
    assert CustomList(999).name is None
    assert repr(CustomList(999)) == "<CustomList unnamed: 999>"


@pytest.mark.parametrize("item", [DetectionList.good, 2.0, True, None])
def test_custom_lists_of_a_wrong_type(item):
    with pytest.raises(InvalidQueryTypeError):
        CustomList(item)


@pytest.mark.parametrize(("item", "message"), [("good", "got 'good'"), (-1, "got -1"), ("heloize", "heloise")])
def test_unknown_custom_lists(item, message):
    with pytest.raises(InvalidQueryError, match=message):
        CustomList(item)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("good", DetectionList.good),
        ("FOLLOW-UP", DetectionList.follow_up),
        (13, DetectionList.duplicates),
        (DetectionList.agn, DetectionList.agn),
        ("mookodi live", CustomList(16)),
        (CustomList(81), CustomList(81)),
    ],
)
def test_resolve_list(item, expected):
    resolved = resolve_list(item)
    assert resolved == expected
    assert type(resolved) is type(expected)


def test_the_configuration_can_be_a_single_entry():
    with conf.set_temp("custom_lists", "Tidal Ones = 81"):
        assert custom_lists()["tidal_ones"] == 81
        assert CustomList(81).name == "tidal_ones"
    assert "tidal_ones" not in custom_lists()


def test_a_string_can_hold_several_entries():
    with conf.set_temp("custom_lists", "tidal:81, nuclear:82"):
        assert (custom_lists()["tidal"], custom_lists()["nuclear"]) == (81, 82)
        assert not [name for name in custom_lists() if "," in name]


def test_the_hint_of_a_negative_number_has_no_custom_list():
    with pytest.raises(InvalidQueryError, match="CustomList") as caught:
        resolve_list(14)
    with pytest.raises(InvalidQueryError, match="0 to 13") as caught:
        resolve_list(-1)
    assert "CustomList" not in str(caught.value)


@pytest.mark.parametrize(
    "entry", ["tidal, nuclear:82", "tidal:81,,", "tidal", "tidal: many", ": 81", "tidal: -1", "good: 81", "cv: 41"]
)
def test_invalid_entries_of_the_configuration(entry):
    with conf.set_temp("custom_lists", [entry]), pytest.raises(InvalidQueryError, match=r"conf\.custom_lists"):
        resolve_list("good")


def test_custom_lists_in_the_configuration_file(tmp_path):
    (tmp_path / "astropy").mkdir()
    (tmp_path / "astropy" / "atlasquery.cfg").write_text("custom_lists = tidal:81, nuclear:82\n")
    code = "from atlasquery import CustomList; print(CustomList('tidal'), CustomList(82).name)"
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "<CustomList tidal: 81> nuclear\n"


@pytest.mark.parametrize("which", ["vra", CustomList(73), CustomList("VRA"), " Vra "])
def test_custom_list_to_write_to(which):
    assert check_custom_list(which) == CustomList(73)


@pytest.mark.parametrize(("which", "name"), [("good", "good"), (DetectionList.good, "good"), ("Garbage", "garbage")])
def test_detection_list_is_no_custom_list(which, name):
    with pytest.raises(InvalidQueryError, match=f"`name` must be a custom list, got the detection list '{name}'"):
        check_custom_list(which)


@pytest.mark.parametrize("which", [0, 2, 73, 999, -1])
def test_bare_number_is_no_custom_list(which):
    with pytest.raises(InvalidQueryError, match=rf"got the number {which}, .* CustomList\(number\)"):
        check_custom_list(which)


@pytest.mark.parametrize("which", [3, "possible", DetectionList.eyeball, 4, 12, "galcand"])
def test_detection_list_that_the_server_allows(which):
    assert check_settable_list(which) in {3, 4, 12}


@pytest.mark.parametrize("which", sorted({*range(14)} - {3, 4, 12}))
def test_detection_list_that_the_server_does_not_allow(which):
    with pytest.raises(InvalidQueryError, match=rf"'possible' \(3\), .*, got '{DetectionList(which).name}'"):
        check_settable_list(which)


@pytest.mark.parametrize("which", ["vra", CustomList(3)])
def test_custom_list_is_no_detection_list(which):
    with pytest.raises(InvalidQueryError, match="add_to_list"):
        check_settable_list(which)


@pytest.mark.parametrize("check", [check_custom_list, check_settable_list])
@pytest.mark.parametrize("which", [None, 3.0, True, ["vra"]])
def test_list_to_write_to_of_a_wrong_type(check, which):
    with pytest.raises(InvalidQueryTypeError, match="`name` must be"):
        check(which)


@pytest.mark.parametrize("number", [10**30, pytest.param(10**5000, id="huge")])
def test_huge_numbers(number):
    for check in (check_custom_list, check_settable_list, CustomList):
        with pytest.raises(InvalidQueryError, match="must be"):
            check(number)
