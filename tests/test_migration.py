# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`docs/migration.rst`: it has every public name of atlasapiclient 1.2.0, and names of this package that exist."""

import re
from pathlib import Path

import pytest

from atlasquery import ATLAS, ATLASClass, LightCurve, Transient, conf, exceptions

PAGE = (Path(__file__).parents[1] / "docs" / "migration.rst").read_text(encoding="utf-8")

# Words in two or more classes: parameters, then keys of payloads.
WRITE_LIST = "array_ids list_name object_group_id chunk_get_response_quiet"
CHUNKS = "chunk_size chunk_get_response_quiet max_retries backoff_range"

# The sections of the page, and the names and parameters that each has. A class is in the section of its name.
# Every class has the words of APIClient, which are not repeated.
INVENTORY = {
    "APIClient": "api_config_file auto_refresh_fl kwargs payload get_response inplace is_retry response response_data"
    " url config token headers apiURL refresh_token reinitialise_token parse_atlas_id atlas_id dict_list_id",
    "Token": "token_str val as_auth_header as_bearer_header as_query_param as_cookie as_dict validate refresh base_url"
    " get_username_password REFRESH_STATEMENT",
    "ATLASConfigFile": "file_path contents read write token base_url",
    "ConeSearch": "ra dec radius requestType all nearest count CONE_SEARCH_MAX_RADIUS verify_payload",
    "RequestSingleSourceData": "atlas_id mjdthreshold save_response_to_json output_dir",
    "RequestMultipleSourceData": f"array_ids mjdthreshold chunk_get_response save_response_to_json output_dir {CHUNKS}",
    "RequestATLASIDsFromWebServerList": "list_name atlas_id_list_str atlas_id_list_int datethreshold vra_gte vra_lte"
    " rb_pix_gte rb_pix_lte ra_gte ra_lte dec_gte dec_lte sherlock_class spec_type",
    "RequestCustomListsTable": "objectgroupid objectid",
    "RequestVRAScores": "datethreshold objects debug idthreshold",
    "RequestVRAToDoList": "datethreshold objects idthreshold",
    "WriteToCustomList": WRITE_LIST,
    "RemoveFromCustomList": f"{WRITE_LIST} {CHUNKS}",
    "WriteObjectDetectionListNumber": "objectid objectlist insertdate",
    "WriteToVRAScores": "objectid preal pgal pfast rank rank_alt1 rank_alt2 is_gal_cand debug insertdate",
    "WriteToVRARank": "objectid rank rank_alt1 is_gal_cand",
    "WriteToToDo": "objectid insertdate",
    "Lists and helpers": "dict_list_id LIST_NAMES API_CONFIG_FILE config_path validate_url __version__ dummy",
    "Exceptions": "ATLASAPIClientError ATLASAPIClientConfigError ATLASAPIClientRequestError ATLASAPIClientAuthError"
    " ATLASAPIClientArgumentWarning",
    "Not in this package": "auto_refresh_fl=True get_response inplace payload as_cookie as_query_param chunk_size"
    " max_retries backoff_range save_response_to_json dummy dict_list_id rank_alt2 idthreshold",
    "Names of older releases": "DwnldFullObjList RequestMainListsTable GetATLASIDsFromWebServerList RequestSourceData"
    " St3ph3nSaysNo St3ph3nAPIError St3ph3nKeyError request response",
}
CLASSES = [section for section in INVENTORY if " " not in section and section != "Exceptions"]

TITLE = re.compile(r"^(\S.*)\n([=-])\2+$", re.MULTILINE)


def split_sections(page):
    """Return the text of each section by its title, without the marks of a literal."""
    parts = TITLE.split(page)
    return {title.strip("`"): text for title, text in zip(parts[1::3], parts[3::3], strict=True)}


SECTIONS = split_sections(PAGE)


@pytest.mark.parametrize("section", INVENTORY)
def test_section_has_each_name_as_a_literal(section):
    literals = set(re.findall(r"``([\w=]+)(?:\(\))?``", SECTIONS[section]))
    assert not set(INVENTORY[section].split()) - literals


@pytest.mark.parametrize("name", CLASSES)
def test_class_has_old_and_new_code(name):
    old, new = ".. code-block:: python", ("    >>> ", "   ATLAS.login(")
    assert old in SECTIONS[name]
    assert any(code in SECTIONS[name] for code in new)


@pytest.mark.parametrize("name", CLASSES)
def test_overview_links_to_the_class(name):
    assert f"`{name}`_ " in PAGE.partition("\nClient and sign-in\n")[0]


METHODS = set(re.findall(r"(?:\batlas\.|\bATLAS\.|~atlasquery\.ATLASClass\.)(\w+)", PAGE))


def test_methods_of_the_client_exist():
    assert len(METHODS) > 20
    assert not [name for name in METHODS if not hasattr(ATLASClass, name)]


def test_each_query_and_write_is_on_the_page():
    names = [
        name for name in dir(ATLASClass) if re.match("(add|count|get|iter|list|query|remove|set|write_vra)_", name)
    ]
    assert not set(names) - METHODS


def test_exceptions_exist():
    assert not set(re.findall(r"exceptions\.([A-Z]\w+)", PAGE)) - set(exceptions.__all__)


def test_settings_exist():
    assert not [name for name in re.findall(r"\bconf\.(\w+)", PAGE) if not hasattr(conf, name)]


@pytest.mark.parametrize("cls", [Transient, LightCurve])
def test_members_of_results_exist(cls):
    members = re.findall(rf"``{cls.__name__}\.(\w+)", PAGE)
    assert members
    assert not [name for name in members if not (hasattr(cls, name) or name in cls.__annotations__)]


def test_lists_of_the_reference_client_have_the_same_numbers():
    numbers = {(row["name"], row["kind"]): row["number"] for row in ATLAS.list_lists()}
    detection = "garbage follow_up good possible eyeball attic stars agn fasttrack movers magellanic_clouds pm_stars"
    expected = {(name, "detection"): number for number, name in enumerate(f"{detection} galcand duplicates".split())}
    custom = {"mookodi": 2, "mookodi_live": 16, "cv": 40, "mdwarf": 56, "heloise": 72, "vra": 73}
    expected |= {(name, "custom"): number for name, number in custom.items()}
    assert {key: numbers[key] for key in expected} == expected
