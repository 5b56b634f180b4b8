# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the real server software, replayed: the same status, and JSON of the same shape and messages.

Object ids and positions differ, because the sky differs; they are mapped here. The recordings may not be published, so
these tests are skipped without them.
"""

import base64
import json
import re
from collections import defaultdict
from itertools import chain

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from atlasquery.sandbox import Fault, Sandbox

COW = 1161600211221604900
ROOT = "/sne/atlas4/api/"

# Exchange: why it differs from the recording.
KNOWN_DIFFERENCES = {
    "objectlist_head_client_filters": "the recorded server is older than these filters and ignores them",
}

# Writes change later answers, so they are replayed first, in the recorded order.
WRITES = [
    "objectgroups_write_ok",
    "objectgroups_write_duplicate",
    "objectgroupsdelete_ok",
    "objectgroupsdelete_absent",
    "vrascores_write_ok",
    "vrascores_write_minimal",
    "vrascores_write_debug_date",
    "vrarank_write_full",
    "vrarank_write_update",
    "vratodo_write_ok",
    "vratodo_write_duplicate",
]

# The recordings have no secrets; these are the headers and query tokens that their notes describe.
AUTHORIZATION_HEADERS = {
    "auth_bad_token": "Token " + "0" * 40,
    "auth_bearer_scheme": "Bearer {staff}",
    "auth_header_with_spaces": "Token a b",
    "auth_header_without_key": "Token",
    "auth_short_token": "Token abc",
    "auth_token_basic_auth_not_throttled": "Basic " + base64.b64encode(b"reader:reader-pw").decode(),
}
QUERY_TOKENS = {
    "auth_query_token_bad_format": "not-a-token",
    "auth_query_token_get": "{staff}",
    "auth_query_token_post": "{staff}",
    "auth_query_token_unknown": "0" * 40,
}
SECTIONS = {"object", "lc", "lcnondets", "fp", "sherlock_crossmatches", "sherlock_classifications", "tns_crossmatches"}
ROLES = {"reader4": "reader"}
# Headers of the API; the others depend on the web server.
COMPARED_HEADERS = ("Content-Type", "Allow", "WWW-Authenticate", "Retry-After", "Location")


class SkyMapping:
    """Map recorded ids and positions to ids and positions in the sandbox with the same role."""

    def __init__(self, sandbox):
        self.url, self.sandbox = sandbox.url, sandbox
        truth = sandbox.truth
        ids = truth["atlas_id"].tolist()
        self.known_ids = set(ids)
        assert COW in self.known_ids
        self.id_map = {}
        self.unused_ids = iter([object_id for object_id in ids if object_id != COW])
        self.scored_id = self._find_scored_id()

    def query(self, endpoint, **params):
        headers = {"Authorization": f"Token {self.sandbox.token('staff')}"}
        return requests.post(self.url + endpoint, data=params, headers=headers, timeout=60).json()

    def _find_scored_id(self):
        """Return an object with scores and a rank, to which no recorded write is mapped."""
        scored = {row["transient_object_id"] for row in self.query("vrascoreslist/") if not row["debug"]}
        ranked = {row["transient_object_id"] for row in self.query("vraranklist/")}
        return min(scored & ranked)

    def map_id(self, recorded_id):
        """Return the object of the sandbox for a recorded one; an unknown id stays unknown."""
        if recorded_id == COW or recorded_id % 100 or not 10**18 < recorded_id < 2 * 10**18:
            assert recorded_id == COW or recorded_id not in self.known_ids
            return recorded_id
        if recorded_id not in self.id_map:
            taken = {*self.id_map.values(), self.scored_id}
            self.id_map[recorded_id] = next(object_id for object_id in self.unused_ids if object_id not in taken)
        return self.id_map[recorded_id]

    def map_string(self, value):
        """Return a value as a string, with the ids in it mapped."""
        return re.sub(r"\d{19}", lambda match: str(self.map_id(int(match[0]))), str(value))


@pytest.fixture(scope="module")
def recorded(shared_data):
    return {path.stem: json.loads(path.read_text()) for path in sorted((shared_data / "recorded").glob("*.json"))}


@pytest.fixture(scope="module")
def replayed(recorded):
    """Name -> answer of a sandbox that ends on the night of the recordings."""
    with Sandbox(n_objects=2000, end=61367.0) as sandbox:
        mapping = prepare_sandbox(sandbox)
        reads = [name for name in recorded if name not in WRITES]
        with requests.Session() as session:
            session.trust_env = False
            yield {name: replay_exchange(session, sandbox, mapping, name, recorded[name]) for name in WRITES + reads}


def prepare_sandbox(sandbox):
    """Return the mapping, and set the states that some exchanges depend on."""
    mapping = SkyMapping(sandbox)
    mapping.id_map[1103337110432157700] = mapping.scored_id
    todo_ids = {row["transient_object_id"] for row in mapping.query("vratodolist/")}
    mapping.id_map[1003256900165208100] = next(
        object_id for object_id in mapping.unused_ids if object_id not in todo_ids
    )
    damaged = [1080159991331800200, 1080559971332400600]
    sandbox.inject(Fault("damaged", objects=[mapping.map_id(recorded_id) for recorded_id in damaged]))
    mapping.coordinates = map_coordinates(mapping)
    mapping.shortest_id = find_shortest_record(mapping)
    members = mapping.query("objectgroupslist/", objectgroupid=72)
    mapping.id_map[1014126120445352800] = members[0]["transient_object_id"]
    return mapping


def map_coordinates(mapping):
    """Return recorded -> mapped coordinates of two cones: with neighbours, and around an object without a name."""
    cones = ((row, search_around(mapping, row)) for row in mapping.sandbox.truth if abs(row["dec"]) < 80)
    crowded = next(row for row, objects in cones if len(objects) > 2)
    unnamed = next(row for row, objects in cones if objects[0]["objectname"] is None)
    return {"150.1": crowded["ra"], "2.2": crowded["dec"], "123.5": unnamed["ra"], "33.6": unnamed["dec"]}


def find_shortest_record(mapping):
    """Return the id of a short record: 50,000 times a long one would be half a gigabyte."""
    ids = mapping.sandbox.truth["atlas_id"][-100:]
    records = mapping.query("objects/", objects=",".join(map(str, ids)), mjd=70000)
    return min(records, key=lambda record: len(json.dumps(record)))["object"]["id"]


def search_around(mapping, row):
    return mapping.query("cone/", ra=row["ra"], dec=row["dec"], radius=60, requestType="all")


def replay_exchange(session, sandbox, mapping, name, exchange):
    """Send a recorded request to the sandbox and return the answer."""
    request = exchange["request"]
    role = ROLES.get(request["user"], request["user"])
    headers = {"Accept": "application/json", **request.get("headers", {})}
    if role:
        headers["Authorization"] = f"Token {sandbox.token(role)}"
    if name in AUTHORIZATION_HEADERS:
        headers["Authorization"] = AUTHORIZATION_HEADERS[name].format(staff=sandbox.token("staff"))
    if name == "timeout_short_limits":
        page = {"Content-Type": "text/html; charset=iso-8859-1"}
        sandbox.inject(Fault("status", endpoint="objects/", status=504, headers=page, body=exchange["body"]))
    if name == "auth_token_throttled":
        use_up_logins(session, sandbox, headers)
    params = map_params(mapping, name, request)
    query = {"token": QUERY_TOKENS[name].format(staff=sandbox.token("staff"))} if name in QUERY_TOKENS else {}
    url = sandbox.url + request["path"].removeprefix(ROOT)
    bodies = {"form": {"data": params}, "json": {"json": params}, "raw": {"data": params}}
    body = bodies.get(request["body_type"], {})
    query = query if body else {**(params or {}), **query}
    return session.request(
        request["method"], url, params=query, headers=headers, allow_redirects=False, timeout=120, **body
    )


def map_params(mapping, name, request):
    """Return the recorded parameters with ids and positions mapped."""
    params = request["params"]
    if name == "objects_50000_slow":
        return {**params, "objects": ",".join([str(mapping.shortest_id)] * 50_000)}
    if name == "objects_50001":
        return {"objects": ",".join(["1132507360113744501"] * 50_001)}
    if not isinstance(params, dict):
        return params
    if request["body_type"] == "json":
        return params  # the recorded JSON bodies name no object but AT2018cow
    mapped = {key: mapping.map_string(value) for key, value in params.items() if value is not None}
    if {"ra", "dec"} <= set(mapped):
        mapped.update({key: mapping.coordinates.get(mapped[key], mapped[key]) for key in ("ra", "dec")})
    return mapped


def use_up_logins(session, sandbox, headers):
    wrong_password = {"username": "reader", "password": "nope"}
    for _ in range(10):
        assert (
            session.post(sandbox.url + "auth-token/", data=wrong_password, headers=headers, timeout=10).status_code
            == 400
        )


# The shape of a document: path -> types of the values there, and path -> tuples of keys there.


def walk(node, path=""):
    """Yield each value of a document with its path; all elements of a list have the same path."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, f"{path}[]")


def collect_types(documents):
    types_by_path = defaultdict(set)
    for document in documents:
        for path, value in walk(document):
            types_by_path[path].add(type(value).__name__)
    return types_by_path


def collect_keys(document):
    keys_by_path = defaultdict(set)
    for path, value in walk(document):
        if isinstance(value, dict):
            keys_by_path[path].add(tuple(value))
    return keys_by_path


def allowed_types(recorded, counted_types):
    """Return endpoint -> path -> types: those in the recordings, and those counted in all rows of that server."""
    documents = defaultdict(list)
    for exchange in recorded.values():
        documents[exchange["request"]["path"]].append(exchange.get("body"))
    allowed = {endpoint: collect_types(bodies) for endpoint, bodies in documents.items()}
    for section, columns in counted_types.items():
        endpoint, path = {
            "top": ("objects/", "[]"),
            "object": ("objects/", "[].object"),
            "objectlist_custom": ("objectlist/", "[]"),
        }.get(section, (section + "/", "[]") if "list" in section else ("objects/", f"[].{section}[]"))
        for column, types in columns.items():
            allowed[ROOT + endpoint][f"{path}.{column}"] |= set(types)
            if section in {"tns_crossmatches", "external_crossmatches"}:  # one table on the server
                allowed[ROOT + "externalxmlist/"][f"[][].{column}"] |= set(types)
    return allowed


def get_messages(document):
    """Return the messages in a document, with # for numbers."""
    strings = [value for path, value in walk(document) if isinstance(value, str) and not path.startswith("[]")]
    return sorted(re.sub(r"\d+", "#", string) for string in strings if len(string) < 200)


def get_body(answer):
    if "json" not in answer.headers.get("Content-Type", ""):
        return answer.text
    if len(answer.content) > 50_000_000:  # 50,000 equal records: parse the first
        first, _, _ = answer.content.partition(b',{"object":')
        assert answer.content.count(b',{"object":{') == 49_999
        return json.loads(first + b"]")
    return answer.json() if answer.content else ""


def find_difference(exchange, answer, allowed):
    """Return how an answer differs from the recorded one, or an empty string."""
    if answer.status_code != exchange["status"]:
        return f"status {answer.status_code}, recorded {exchange['status']}"
    for header in COMPARED_HEADERS:
        sent, expected = (
            re.sub(r"\d{3,4}$", "#", headers.get(header, ""))
            for headers in (answer.headers, recorded_headers(exchange))
        )
        if sent.partition("?")[0] != expected.partition("?")[0]:
            return f"{header}: {sent!r}, recorded {expected!r}"
    if "json" not in exchange["headers"].get("Content-Type", ""):
        return ""
    return find_shape_difference(exchange, get_body(answer), exchange["body"], allowed)


def recorded_headers(exchange):
    return CaseInsensitiveDict(exchange["headers"])


def find_shape_difference(exchange, sent, expected, allowed):
    if isinstance(expected, list) and bool(sent) != bool(expected) and not may_be_empty(exchange):
        return f"{len(sent)} rows, recorded {len(expected)}"
    if get_messages(sent) != get_messages(expected) and "token" not in expected:
        return f"messages {get_messages(sent)}, recorded {get_messages(expected)}"
    expected_keys = collect_keys(expected)
    for path, keys in collect_keys(sent).items():
        if expected_keys[path] and not set(map(frozenset, keys)) <= set(map(frozenset, expected_keys[path])):
            return f"keys at {path}: {keys}"
    for path, types in collect_types([sent]).items():
        if not types <= allowed[path]:
            return f"{path} is {sorted(types)}, recorded {sorted(allowed[path])}"
    return ""


def may_be_empty(exchange):
    """Return whether the list was empty only because the server had no object on it when it was recorded."""
    params = exchange["request"]["params"]
    return exchange["request"]["path"] == ROOT + "objectlist/" and params.get("objectlistid") in {8, 17}


def test_every_exchange_is_as_recorded(recorded, replayed, shared_data):
    allowed = allowed_types(recorded, json.loads((shared_data / "recorded_types.json").read_text()))
    differences = {}
    for name, exchange in recorded.items():
        difference = find_difference(exchange, replayed[name], allowed[exchange["request"]["path"]])
        if difference:
            differences[name] = difference
    print(f"replayed {len(replayed)} of {len(recorded)}, {len(differences)} differ")
    for name, difference in differences.items():
        print(f"  {name}: {difference} ({KNOWN_DIFFERENCES.get(name, 'unknown reason')})")
    assert len(replayed) == len(recorded) == 215
    assert set(differences) == set(KNOWN_DIFFERENCES)


def test_comparison_finds_differences(recorded):
    """The replay proves something only if its comparison fails for a changed answer."""
    exchange = recorded["objects_single"]
    allowed = collect_types([exchange["body"]])
    original = json.dumps(exchange["body"])
    assert find_shape_difference(exchange, json.loads(original), exchange["body"], allowed) == ""
    for change in (
        lambda record: record["lc"][0].pop("mag"),
        lambda record: record["lc"][0].update(extra=1),
        lambda record: record["fp"][0].update(mag="18.2"),
        lambda record: record["object"].update(id=1.5),
        lambda record: record.pop("tns_crossmatches"),
    ):
        changed = json.loads(original)
        change(changed[0])
        assert find_shape_difference(exchange, changed, exchange["body"], allowed)
    assert find_shape_difference(exchange, [], exchange["body"], allowed)


def test_keys_have_the_recorded_order(recorded, replayed):
    """A user who converts rows to a data frame gets the columns in the order of the server."""
    for name in ("objects_single", "objectlist_02", "objectlist_custom", "vrascoreslist_all", "cone_all_hit"):
        sent, expected = replayed[name].json()[0], recorded[name]["body"][0]
        is_record = name == "objects_single"
        sections = [key for key in expected if is_record and key in SECTIONS and sent[key] and expected[key]]
        pairs = chain([("", sent, expected)], ((key, sent[key], expected[key]) for key in sections))
        assert not is_record or len(sections) == len(SECTIONS)
        for section, sent_row, expected_row in pairs:
            sent_row, expected_row = (row[0] if isinstance(row, list) else row for row in (sent_row, expected_row))
            assert list(sent_row) == list(expected_row), f"{name}{section}"
