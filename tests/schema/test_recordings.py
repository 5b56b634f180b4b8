# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The declarations agree with all recorded answers of the real server."""

import json
import warnings

import pytest

from atlasquery import schema
from made_records import LIST_SECTIONS

RECORDS = LIST_SECTIONS | {
    "object": schema.OBJECT,
    "objectlist": schema.LIST_ROW,
    "objectlist_custom": schema.LIST_ROW,
    "objectgroupslist": schema.LIST_MEMBERSHIP,
    "vrascoreslist": schema.VRA_SCORE,
    "vratodolist": schema.VRA_TODO,
    "vraranklist": schema.VRA_RANK,
}
LISTS = ("objectlist_", "objectgroupslist_", "vrascoreslist_", "vratodolist_", "vraranklist_", "cone_all_")


@pytest.fixture(scope="module")
def recorded_types(shared_data):
    return json.loads((shared_data / "recorded_types.json").read_text())


@pytest.mark.parametrize("name", RECORDS)
def test_every_recorded_key_is_declared_with_its_type(recorded_types, name):
    fields = {field.server_key: field for field in RECORDS[name].values()}
    for key, types in recorded_types[name].items():
        assert key in fields, f"{name}: {key} is not declared"
        recorded = set(types) - {"NoneType"}
        assert recorded <= {fields[key].type.__name__}, f"{name}: {key} is {types}"
        assert "NoneType" not in types or fields[key].null, f"{name}: {key} has no meaning of null"


def test_every_section_is_declared(recorded_types):
    assert set(recorded_types) - {"top"} == set(RECORDS)
    assert set(recorded_types["top"]) == {"object", *LIST_SECTIONS}


@pytest.mark.parametrize("number", ["1000005291314656200", "1134751930091216800"])
def test_recorded_objects_are_decoded_without_loss(shared_data, number):
    body = (shared_data / "recordings" / f"objects_{number}.json").read_bytes()
    (record,) = schema.check_objects_answer(schema.decode_json(body))
    for section, declared in LIST_SECTIONS.items():
        table = declared.table(record[section])
        assert len(table) == len(record[section])
        assert "new_columns" not in table.meta
        for key, field in (
            (field.server_key, field) for field in declared.values() if not isinstance(field, schema.Date)
        ):
            sent_values = [row.get(key) for row in record[section]]
            column = table[field.name]
            assert (
                column.tolist() if hasattr(column, "tolist") and field.unit is None else values_or_none(column)
            ) == sent_values
    assert schema.OBJECT.table([record["object"]])["atlas_id"].tolist() == [int(number)]


def values_or_none(quantity):
    return [None if mask else value for value, mask in zip(quantity.unmasked.value, quantity.mask, strict=True)]


def test_every_recorded_answer_is_decoded_without_warning(shared_data):
    n_decoded = 0
    for path in sorted((shared_data / "recorded").glob("*.json")):
        exchange = json.loads(path.read_text())
        document = exchange["body"]
        if exchange["status"] != 200 or not isinstance(document, list):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            n_decoded += decode_answer(path.stem, document)
    assert n_decoded > 60


def decode_answer(name, document):
    """Decode a recorded answer; return the number of declarations that it needed."""
    if name.startswith("objects_"):
        for record in schema.check_objects_answer(document):
            for section, declared in LIST_SECTIONS.items():
                declared.table(record[section] or [])
        return 1
    if name.startswith("externalxmlist_"):
        return len([schema.EXTERNAL_CROSSMATCH.table(rows) for rows in document]) or 1
    if name.startswith(LISTS):
        declared = RECORDS.get(name.partition("_")[0], schema.CONE)
        assert len(declared.table(document)) == len(document)
        return 1
    return 0
