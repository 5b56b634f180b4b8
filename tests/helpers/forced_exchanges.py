# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Recorded exchanges with the forced-photometry server: send their requests to a sandbox, and compare the answers.

Compared are the status, the headers of `HEADERS`, the keys, types and values of JSON, messages, and the lines of
results. Times, ids and places in the queue differ; accounts are mapped; fluxes and files are those of the sandbox.
"""

import base64
import json
import re

import requests

ROLES = {
    "alice": "user",
    "bob": "other",
    "dora": "staff",
    "idle": "inactive",
    # Accounts of a recording that had a server of their own.
    "erin": "user",
    "hasty": "user",
    "heavy": "user",
    "notoken": "other",
}
HEADERS = (
    *("allow", "cache-control", "content-disposition", "content-type", "location", "retry-after", "www-authenticate"),
)
# Values that depend on the time, the ids and what was submitted before.
VARIABLE = {
    *("id", "username", "user_id", "waittime", "runtime"),
    *("queuepos", "userqueuedtasks_on_submit", "mjd_min", "mjd_max", "pagefirsttaskposition", "next", "previous"),
    *("imagerequest_task_id", "parent_task_id"),
}
TIMES = {"timestamp", "starttimestamp", "finishtimestamp"}
OPTIONS = (
    *("mpc_name", "ra", "dec", "mjd_min", "mjd_max", "radec_epoch_year", "propermotion_ra", "propermotion_dec"),
    *("use_reduced", "comment", "send_email", "request_type"),
)


def send(sandbox, exchange, task=None, cookies=None, **headers):
    """Send the request of an exchange to a sandbox, for a task (its record) in place of the recorded one."""
    request = exchange["request"]
    path = request["path"].removeprefix("/forcedphot/")
    if task is not None:
        path = re.sub(r"(queue/|job)\d+", rf"\g<1>{task['id']}", path)
    body = request["body"]
    if isinstance(body, dict) and request["content_type"] == "application/json":
        body = json.dumps(body)
    elif isinstance(body, dict):
        body = {name: _to_role(value) if name in ("username", "password") else value for name, value in body.items()}
    headers = _to_headers(sandbox, request["headers"]) | headers
    if request["content_type"]:
        headers["Content-Type"] = request["content_type"]
    return requests.request(
        request["method"], sandbox.forced_url + path, params=request["query"], data=body, headers=headers,
        cookies=cookies, allow_redirects=False, timeout=60,
    )  # fmt: skip


def _to_role(text):
    """Return the name or the password of the role that stands for a recorded account."""
    name, dash, rest = str(text).partition("-")
    return ROLES.get(name, name) + dash + rest


def _to_headers(sandbox, headers):
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    if value.startswith("TOKEN_"):
        value = _to_token(sandbox, value)
    elif scheme == "Basic":
        name, password = value.removeprefix("base64(").removesuffix(")").split(":")
        value = base64.b64encode(f"{_to_role(name)}:{_to_role(password)}".encode()).decode()
    return headers | ({"Authorization": f"{scheme} {value}"} if scheme else {})


def _to_token(sandbox, name):
    return sandbox.forced_token(ROLES[name.removeprefix("TOKEN_").lower()])


def check(sandbox, answer, exchange):
    """Compare an answer of a sandbox with the recorded one."""
    expected = exchange["response"]
    body = expected["body"]
    assert answer.status_code == expected["status"], answer.text
    for name in HEADERS:
        assert shape(answer.headers.get(name)) == shape(expected["headers"].get(name)), name
    assert ("etag" in answer.headers) == ("etag" in expected["headers"])
    content_type = expected["headers"].get("content-type", "")
    if content_type == "application/json":
        check_json(sandbox, answer.json(), body)
    elif content_type == "text/plain":
        assert layout(answer.text) == layout(body)
    elif "<" not in body and "[cut:" not in body:
        assert answer.text == body


def check_json(sandbox, body, expected):
    """Compare JSON; of a recorded list that was cut only its first items and its length."""
    if isinstance(expected, dict) and "results" in expected:
        assert len(body["results"]) == length(expected["results"])
        kept = [item for item in expected["results"] if isinstance(item, dict)]
        body = body | {"results": body["results"][: len(kept)]}
        expected = expected | {"results": kept}
    elif isinstance(expected, dict) and "token" in expected:
        expected = {"token": _to_token(sandbox, expected["token"])}
    elif isinstance(expected, list):
        assert len(body) == length(expected)
        expected = [item for item in expected if isinstance(item, dict)]
        body = body[: len(expected)]
    assert shape(body) == shape(expected)


def length(items):
    """Return the length of a list that may end with a text as ``"... 5 more"``."""
    return sum(1 if isinstance(item, dict) else int(re.search(r"\d+", item)[0]) for item in items)


def shape(value, name=None):
    """Return JSON or a header with the types in place of what differs between two servers."""
    if name in TIMES and value is not None:
        return re.sub(r"\d+", "N", value)
    if name in VARIABLE and value is not None:
        return type(value).__name__
    if isinstance(value, dict):
        return {key: shape(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    if not isinstance(value, str):
        return value
    for pattern, text in (
        (r"https?://[^/]+", ""),
        (r"\b(queue/|newids=|job)\d+", r"\1ID"),
        (r"\d{5}\.\d+", "MJD"),
        (r"^\d\d?$", "SECONDS"),
        (r"\d+ seconds?", "SECONDS"),
    ):
        value = re.sub(pattern, text, value)
    return value


def layout(text):
    """Return the kinds of the lines of a result in their order: a header, rows of so many words, diagnostics."""
    kept, _, cut = text.partition("...[cut:")
    lines = kept.splitlines()[: -1 if cut else None]
    kinds = []
    for words in (line.split() for line in lines):
        is_row = re.fullmatch(r"\d+\.\d+", words[0])
        kind = ("row", len(words)) if is_row else ("text", *words)
        if kinds[-1:] != [kind]:
            kinds.append(kind)
    return kinds


def headers_of(sandbox, role="user", **others):
    """Return the headers of a request of a role."""
    return {"Authorization": f"Token {sandbox.forced_token(role)}", "Accept": "application/json"} | others


def submit(sandbox, role="user", **fields):
    """Submit a task, and return its record."""
    answer = requests.post(
        f"{sandbox.forced_url}queue/", json={"mjd_min": None} | fields, headers=headers_of(sandbox, role), timeout=60
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def submit_like(sandbox, exchange, role="user", **fields):
    """Submit a task with the options that the record in a recorded answer has, and return its record."""
    record = exchange["response"]["body"]
    given = {name: record[name] for name in OPTIONS if record[name] is not None}
    return submit(sandbox, role, **given | fields)


def get(sandbox, record, role="user", **headers):
    """Read a task."""
    return requests.get(record["url"], headers=headers_of(sandbox, role, **headers), timeout=60)
