# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Exchanges with the real server software, replayed: the same status, and JSON of the same shape and words.

What cannot be the same (the objects of another sky) is mapped here, once and visibly. The recordings are not ours to
ship, so these tests skip where they are absent.
"""

import base64
import json
import re
from collections import defaultdict
from itertools import chain

import pytest
import requests

from atlasquery.sandbox import Fault, Sandbox

COW = 1161600211221604900
ROOT = "/sne/atlas4/api/"

# Why an exchange differs; the aim is that there is none.
REASONS = {
    "objectlist_head_client_filters": "the recorded server is older than these filters and ignores them",
}

# The server keeps what is written, so the writes are replayed in the order they were made, before everything else.
FIRST = [
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

# What a recording leaves out, because it is secret, is said in its note; here it is done.
AUTHORIZATION = {
    "auth_bad_token": "Token " + "0" * 40,
    "auth_bearer_scheme": "Bearer {staff}",
    "auth_header_with_spaces": "Token a b",
    "auth_header_without_key": "Token",
    "auth_short_token": "Token abc",
    "auth_token_basic_auth_not_throttled": "Basic " + base64.b64encode(b"reader:reader-pw").decode(),
}
QUERY_TOKEN = {
    "auth_query_token_bad_format": "not-a-token",
    "auth_query_token_get": "{staff}",
    "auth_query_token_post": "{staff}",
    "auth_query_token_unknown": "0" * 40,
}
SECTIONS = {"object", "lc", "lcnondets", "fp", "sherlock_crossmatches", "sherlock_classifications", "tns_crossmatches"}
ROLES = {"reader4": "reader"}
# Headers that say something about the API, not about the web server.
HEADERS = ("Content-Type", "Allow", "WWW-Authenticate", "Retry-After", "Location")


class Mapping:
    """Recorded ids and positions -> those of the sandbox that play the same part."""

    def __init__(self, sandbox):
        self.url, self.sandbox = sandbox.url, sandbox
        truth = sandbox.truth
        ids = truth["atlas_id"].tolist()
        self.known = set(ids)
        assert COW in self.known
        spare = [one for one in ids if one != COW]
        self.ids = {}
        self.spare = iter(spare)
        self.scored = self._scored()

    def _ask(self, endpoint, **params):
        headers = {"Authorization": f"Token {self.sandbox.token('staff')}"}
        return requests.post(self.url + endpoint, data=params, headers=headers, timeout=60).json()

    def _scored(self):
        """An object that nobody writes about here, with scores and a rank of its own."""
        scored = {row["transient_object_id"] for row in self._ask("vrascoreslist/") if not row["debug"]}
        ranked = {row["transient_object_id"] for row in self._ask("vraranklist/")}
        return min(scored & ranked)

    def object_id(self, recorded):
        """The sandbox's object for a recorded one; what was unknown stays unknown."""
        if recorded == COW or recorded % 100 or not 10**18 < recorded < 2 * 10**18:
            assert recorded == COW or recorded not in self.known
            return recorded
        if recorded not in self.ids:
            self.ids[recorded] = next(one for one in self.spare if one not in {*self.ids.values(), self.scored})
        return self.ids[recorded]

    def text(self, words):
        """A text with the ids in it mapped."""
        return re.sub(r"\d{19}", lambda match: str(self.object_id(int(match[0]))), str(words))


@pytest.fixture(scope="module")
def recorded(shared_data):
    return {path.stem: json.loads(path.read_text()) for path in sorted((shared_data / "recorded").glob("*.json"))}


@pytest.fixture(scope="module")
def replayed(recorded):
    """name -> the answer of a sandbox that ends on the night of the recording."""
    with Sandbox(n_objects=2000, end=61367.0) as sandbox:
        mapping = prepared(sandbox, recorded)
        rest = [name for name in recorded if name not in FIRST]
        with requests.Session() as session:
            session.trust_env = False
            yield {name: send(session, sandbox, mapping, name, recorded[name]) for name in FIRST + rest}


def prepared(sandbox, recorded):
    """Make the mapping, and the states that an exchange depends on."""
    mapping = Mapping(sandbox)
    mapping.ids[1103337110432157700] = mapping.scored
    waiting = {row["transient_object_id"] for row in mapping._ask("vratodolist/")}
    mapping.ids[1003256900165208100] = next(one for one in mapping.spare if one not in waiting)
    damaged = [1080159991331800200, 1080559971332400600]
    sandbox.inject(Fault("damaged", objects=[mapping.object_id(one) for one in damaged]))
    mapping.crowd = crowd(mapping)
    mapping.light = lightest(mapping)
    mapping.grouped = next(row["transient_object_id"] for row in mapping._ask("objectgroupslist/", objectgroupid=72))
    mapping.ids[1014126120445352800] = mapping.grouped
    return mapping


def crowd(mapping):
    """Positions that serve as the recorded ones do: one with neighbours, one of an object without a name."""
    cones = ((row, around(mapping, row)) for row in mapping.sandbox.truth if abs(row["dec"]) < 80)
    crowded = next(row for row, found in cones if len(found) > 2)
    unnamed = next(row for row, found in cones if found[0]["objectname"] is None)
    return {"150.1": crowded["ra"], "2.2": crowded["dec"], "123.5": unnamed["ra"], "33.6": unnamed["dec"]}


def lightest(mapping):
    """The object with the shortest record of a few: 50,000 of the others would be half a gigabyte."""
    ids = mapping.sandbox.truth["atlas_id"][-100:]
    records = mapping._ask("objects/", objects=",".join(map(str, ids)), mjd=70000)
    return min(records, key=lambda record: len(json.dumps(record)))["object"]["id"]


def around(mapping, row):
    return mapping._ask("cone/", ra=row["ra"], dec=row["dec"], radius=60, requestType="all")


def send(session, sandbox, mapping, name, exchange):
    """Send a recorded request again."""
    request = exchange["request"]
    role = ROLES.get(request["user"], request["user"])
    headers = {"Accept": "application/json", **request.get("headers", {})}
    if role:
        headers["Authorization"] = f"Token {sandbox.token(role)}"
    if name in AUTHORIZATION:
        headers["Authorization"] = AUTHORIZATION[name].format(staff=sandbox.token("staff"))
    if name == "timeout_short_limits":
        page = {"Content-Type": "text/html; charset=iso-8859-1"}
        sandbox.inject(Fault("status", endpoint="objects/", status=504, headers=page, body=exchange["body"]))
    if name == "auth_token_throttled":
        exhaust(session, sandbox, headers)
    body = parameters(mapping, name, request)
    query = {"token": QUERY_TOKEN[name].format(staff=sandbox.token("staff"))} if name in QUERY_TOKEN else {}
    url = sandbox.url + request["path"].removeprefix(ROOT)
    sent = {"form": {"data": body}, "json": {"json": body}, "raw": {"data": body}}
    where = sent.get(request["body_type"], {})
    query = query if where else {**(body or {}), **query}
    return session.request(
        request["method"], url, params=query, headers=headers, allow_redirects=False, timeout=120, **where
    )


def parameters(mapping, name, request):
    """The recorded parameters, in the words of this sky."""
    params = request["params"]
    if name == "objects_50000_slow":
        return {**params, "objects": ",".join([str(mapping.light)] * 50_000)}
    if name == "objects_50001":
        return {"objects": ",".join(["1132507360113744501"] * 50_001)}
    if not isinstance(params, dict):
        return params
    if request["body_type"] == "json":
        return params  # these speak of AT2018cow only
    mapped = {key: mapping.text(value) for key, value in params.items() if value is not None}
    if {"ra", "dec"} <= set(mapped):
        mapped.update({key: mapping.crowd.get(mapped[key], mapped[key]) for key in ("ra", "dec")})
    return mapped


def exhaust(session, sandbox, headers):
    wrong = {"username": "reader", "password": "nope"}
    for _ in range(10):
        assert session.post(sandbox.url + "auth-token/", data=wrong, headers=headers, timeout=10).status_code == 400


# Shapes: what is at each place of a document, as (place -> types) and (place -> key sets).


def walk(node, place=""):
    """Each value in a document with its place; elements of a list share one."""
    yield place, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, f"{place}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, f"{place}[]")


def types(documents):
    found = defaultdict(set)
    for document in documents:
        for place, value in walk(document):
            found[place].add(type(value).__name__)
    return found


def keys(document):
    found = defaultdict(set)
    for place, value in walk(document):
        if isinstance(value, dict):
            found[place].add(tuple(value))
    return found


def allowed_types(recorded, counted):
    """endpoint -> place -> the types ever seen there: in the exchanges, and counted over the whole of that server."""
    documents = defaultdict(list)
    for exchange in recorded.values():
        documents[exchange["request"]["path"]].append(exchange.get("body"))
    allowed = {path: types(bodies) for path, bodies in documents.items()}
    for section, columns in counted.items():
        path, place = {
            "top": ("objects/", "[]"),
            "object": ("objects/", "[].object"),
            "objectlist_custom": ("objectlist/", "[]"),
        }.get(section, (section + "/", "[]") if "list" in section else ("objects/", f"[].{section}[]"))
        for column, kinds in columns.items():
            allowed[ROOT + path][f"{place}.{column}"] |= set(kinds)
            if section in {"tns_crossmatches", "external_crossmatches"}:  # the server keeps both in one table
                allowed[ROOT + "externalxmlist/"][f"[][].{column}"] |= set(kinds)
    return allowed


def words(document):
    """The messages in a document, without the numbers in them."""
    said = [value for place, value in walk(document) if isinstance(value, str) and not place.startswith("[]")]
    return sorted(re.sub(r"\d+", "#", text) for text in said if len(text) < 200)


def body_of(answer):
    if "json" not in answer.headers.get("Content-Type", ""):
        return answer.text
    if len(answer.content) > 50_000_000:  # 50,000 records: the first stands for all, which are equal
        first, _, _ = answer.content.partition(b',{"object":')
        assert answer.content.count(b',{"object":{') == 49_999
        return json.loads(first + b"]")
    return answer.json() if answer.content else ""


def difference(exchange, answer, allowed):
    """What is not as recorded, in words, or an empty text."""
    if answer.status_code != exchange["status"]:
        return f"status {answer.status_code}, recorded {exchange['status']}"
    for header in HEADERS:
        ours, theirs = (re.sub(r"\d{3,4}$", "#", of.headers.get(header, "")) for of in (answer, as_answer(exchange)))
        if ours.partition("?")[0] != theirs.partition("?")[0]:
            return f"{header}: {ours!r}, recorded {theirs!r}"
    if "json" not in exchange["headers"].get("Content-Type", ""):
        return ""
    return shape_difference(exchange, body_of(answer), exchange["body"], allowed)


def as_answer(exchange):
    answer = requests.Response()
    answer.headers.update(exchange["headers"])
    return answer


def shape_difference(exchange, ours, theirs, allowed):
    if isinstance(theirs, list) and bool(ours) != bool(theirs) and not is_matter_of_data(exchange):
        return f"{len(ours)} rows, recorded {len(theirs)}"
    if words(ours) != words(theirs) and "token" not in theirs:
        return f"words {words(ours)}, recorded {words(theirs)}"
    known = {place for place, kinds in types([theirs]).items()}
    for place, found in keys(ours).items():
        if (
            place in known
            and keys(theirs)[place]
            and not {frozenset(one) for one in found} <= {frozenset(one) for one in keys(theirs)[place]}
        ):
            return f"keys at {place}: {found}"
    for place, kinds in types([ours]).items():
        if not kinds <= allowed[place]:
            return f"{place} is {sorted(kinds)}, recorded {sorted(allowed[place])}"
    return ""


def is_matter_of_data(exchange):
    """No object happened to be on these lists when the exchange was recorded."""
    params = exchange["request"]["params"]
    return exchange["request"]["path"] == ROOT + "objectlist/" and params.get("objectlistid") in {8, 17}


def test_every_exchange_is_as_recorded(recorded, replayed, shared_data):
    allowed = allowed_types(recorded, json.loads((shared_data / "recorded_types.json").read_text()))
    differ = {}
    for name, exchange in recorded.items():
        found = difference(exchange, replayed[name], allowed[exchange["request"]["path"]])
        if found:
            differ[name] = found
    print(f"replayed {len(replayed)} of {len(recorded)}, {len(differ)} differ")
    for name, found in differ.items():
        print(f"  {name}: {found} ({REASONS.get(name, 'no reason known')})")
    assert len(replayed) == len(recorded) == 215
    assert set(differ) == set(REASONS)


def test_comparison_sees_a_difference(recorded):
    """The replay would mean nothing if its comparison let everything through."""
    exchange = recorded["objects_single"]
    allowed = types([exchange["body"]])
    unspoilt = json.dumps(exchange["body"])
    assert shape_difference(exchange, json.loads(unspoilt), exchange["body"], allowed) == ""
    for spoil in (
        lambda record: record["lc"][0].pop("mag"),
        lambda record: record["lc"][0].update(extra=1),
        lambda record: record["fp"][0].update(mag="18.2"),
        lambda record: record["object"].update(id=1.5),
        lambda record: record.pop("tns_crossmatches"),
    ):
        spoilt = json.loads(unspoilt)
        spoil(spoilt[0])
        assert shape_difference(exchange, spoilt, exchange["body"], allowed)
    assert shape_difference(exchange, [], exchange["body"], allowed)


def test_keys_come_in_the_recorded_order(recorded, replayed):
    """A user who turns rows into a data frame sees the columns in the server's order."""
    for name in ("objects_single", "objectlist_02", "objectlist_custom", "vrascoreslist_all", "cone_all_hit"):
        ours, theirs = replayed[name].json()[0], recorded[name]["body"][0]
        whole = name == "objects_single"
        sections = [key for key in theirs if whole and key in SECTIONS and ours[key] and theirs[key]]
        rows = chain([("", ours, theirs)], ((key, ours[key], theirs[key]) for key in sections))
        assert not whole or len(sections) == len(SECTIONS)
        for place, mine, other in rows:
            mine, other = (one[0] if isinstance(one, list) else one for one in (mine, other))
            assert list(mine) == list(other), f"{name}{place}"
