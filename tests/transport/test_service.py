# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A second web service on the same transport, sign-in and quota: other root, token, methods, media types, throttle.

Its server is a small one on loopback, like a job queue: POST of JSON, GET, PATCH, DELETE, results as text,
`If-None-Match`, quotas of writes and of reads, and a log-in page instead of a 401.
"""

import copy
import json
import threading
from dataclasses import replace
from urllib.parse import parse_qs

import numpy as np
import pytest
from cheroot.wsgi import Server

from atlasquery.auth import AuthenticatedQuery, AuthorizedSession
from atlasquery.config import conf
from atlasquery.core.service import ATLAS_SERVICE
from atlasquery.exceptions import (
    InvalidInputError,
    InvalidQueryError,
    InvalidQueryTypeError,
    InvalidTokenError,
    LoginError,
    NoTokenError,
    RateLimitError,
    ServerFaultError,
    UnexpectedRedirectError,
    UnreadableAnswerError,
)
from atlasquery.transport import Password, QuotaRule, Request, ServerURL, Service, Token, Transport, get_quota

WRITES, READS = ("POST", "PUT", "PATCH", "DELETE"), ("GET", "HEAD", "OPTIONS")
TOKEN = "fedcba9876543210fedcba9876543210fedcba98"
JOBS = Service(
    name="atlasquery-jobs",
    client_name="JOBS",
    default_root="https://jobs.example.org/queue/",
    root_setting="server",
    token_endpoint="api-token-auth/",
    token_variable="ATLASQUERY_JOBS_TOKEN",
    server_variable="ATLASQUERY_JOBS_SERVER",
    verify_request=Request("GET", "tasks/", {"pagesize": 1}, idempotent=True),
    quotas=(QuotaRule(3, 60.0, WRITES), QuotaRule(600, 60.0, READS)),
    media_types=("application/json", "text/plain"),
    login_redirects=True,
)


class JobServer(Server):
    """Stores tasks; `log` lists (method, path, token)."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.respond, numthreads=2)
        self.shutdown_timeout = 1
        self.log, self.tasks, self.n_writes, self.broken = [], {}, 0, 0
        self.prepare()
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.bind_addr[1]}/jobs/"

    def respond(self, env, start_response):
        body = env["wsgi.input"].read()
        path, token = env["PATH_INFO"].removeprefix("/jobs/"), env.get("HTTP_AUTHORIZATION")
        self.log.append((env["REQUEST_METHOD"], path, token))
        status, headers, text = self.answer(env, path, body, token)
        start_response(status, [("Content-Length", str(len(text))), *headers.items()])
        return [text]

    def answer(self, env, path, body, token):
        if path == "api-token-auth/":
            form = parse_qs(body.decode())
            good = form.get("password") == ["secret"]
            return (
                _json("200 OK", {"token": TOKEN}) if good else _json("400 Bad Request", {"non_field_errors": ["No."]})
            )
        if token != f"Token {TOKEN}":
            return "302 Found", {"Location": "/jobs/api-auth/login/?next=/jobs/"}, b""
        if self.broken:
            self.broken -= 1
            return _json("503 Service Unavailable", {"detail": "Later."})
        if env["REQUEST_METHOD"] in WRITES:
            self.n_writes += 1
            if self.n_writes > 3:
                detail = {"detail": "Request was throttled. Expected available in 1 second."}
                return _json("429 Too Many Requests", detail, {"Retry-After": "52"})
        return getattr(self, env["REQUEST_METHOD"].lower())(env, path, body)

    def get(self, env, path, body):
        if path.endswith("data.txt"):
            return "200 OK", {"Content-Type": "text/plain; charset=utf-8"}, "###MJD m\n58285.4 14.7 \u00b1\n".encode()
        if path == "empty.txt":
            return "200 OK", {"Content-Type": "text/plain"}, b""
        if path == "page/":
            return "200 OK", {"Content-Type": "text/html"}, b"<title>Hello</title>"
        if path == "login-page/":
            return "200 OK", {"Content-Type": "text/html"}, b'<title>Log in</title><input type="password">'
        etag = f'"{len(self.tasks)}"'
        if env.get("HTTP_IF_NONE_MATCH") == etag:
            return "304 Not Modified", {"ETag": etag}, b""
        query = {name: values[0] for name, values in parse_qs(env["QUERY_STRING"]).items()}
        return _json("200 OK", {"tasks": sorted(self.tasks), "query": query}, {"ETag": etag})

    def head(self, env, path, body):
        return "200 OK", {"Content-Type": "application/json"}, b""

    def post(self, env, path, body):
        task = json.loads(body)
        if "ra" not in task:
            return _json("400 Bad Request", {"callback_url": {"callback_url": "callback_url must use https"}})
        self.tasks[len(self.tasks)] = task
        return _json("201 Created", task)

    def patch(self, env, path, body):
        self.tasks[int(path.split("/")[1])].update(json.loads(body))
        return _json("200 OK", {})

    def delete(self, env, path, body):
        del self.tasks[int(path.split("/")[1])]
        return "204 No Content", {}, b""


def _json(status, document, headers=()):
    return status, {"Content-Type": "application/json", **dict(headers)}, json.dumps(document).encode()


@pytest.fixture
def job_server(monkeypatch):
    monkeypatch.setattr("atlasquery.transport.quota._QUOTAS", {})
    running = JobServer()
    yield running
    running.stop()


@pytest.fixture
def jobs(job_server):
    """A signed-in session of the second service."""
    return AuthorizedSession(JOBS, job_server.url, TOKEN)


def create(payload, *, idempotent=False):
    return Request("POST", "tasks/", payload, idempotent=idempotent, encoding="json")


def test_all_methods_reach_the_server(jobs, job_server):
    assert jobs.send(create({"ra": 1.5, "dec": None, "names": ["a", "b"]})).json() == {
        "ra": 1.5,
        "dec": None,
        "names": ["a", "b"],
    }
    jobs.send(Request("PATCH", "tasks/0/", {"ra": 2.5}, idempotent=True, encoding="json"))
    assert job_server.tasks == {0: {"ra": 2.5, "dec": None, "names": ["a", "b"]}}
    answer = jobs.send(Request("GET", "tasks/", {"pagesize": 100, "started": "true"}, idempotent=True))
    assert answer.json() == {"tasks": [0], "query": {"pagesize": "100", "started": "true"}}
    assert jobs.send(Request("DELETE", "tasks/0/", idempotent=True)).status == 204
    assert job_server.tasks == {}
    assert [entry[0] for entry in job_server.log] == ["POST", "PATCH", "GET", "DELETE"]
    assert {entry[2] for entry in job_server.log} == {f"Token {TOKEN}"}


def test_text_is_an_answer_where_it_is_accepted(jobs):
    request = Request("GET", "17/data.txt", idempotent=True, accept="text/plain")
    assert jobs.send(request).text == "###MJD m\n58285.4 14.7 \u00b1\n"
    assert jobs.send(Request("GET", "empty.txt", idempotent=True, accept="text/plain")).text == ""
    with pytest.raises(UnreadableAnswerError, match="application/json, got text/plain"):
        jobs.send(Request("GET", "17/data.txt", idempotent=True))
    with pytest.raises(UnreadableAnswerError, match="got a web page, titled 'Hello'"):
        jobs.send(Request("GET", "page/", idempotent=True))


def test_text_is_no_answer_of_the_transient_server(job_server):
    transport = Transport(ATLAS_SERVICE)
    request = Request("GET", "17/data.txt", idempotent=True, accept="text/plain")
    with pytest.raises(UnreadableAnswerError, match="text/plain"):
        transport.send(ServerURL.parse(job_server.url), request, token=Token(TOKEN))


def test_not_modified_is_an_answer_to_if_none_match(jobs, monkeypatch):
    etag = jobs.send(Request("GET", "tasks/", idempotent=True)).headers["ETag"]
    unchanged = jobs.send(Request("GET", "tasks/", idempotent=True, headers={"If-None-Match": etag}))
    assert (unchanged.status, unchanged.body) == (304, b"")
    jobs.send(create({"ra": 1.0}))
    assert jobs.send(Request("GET", "tasks/", idempotent=True, headers={"If-None-Match": etag})).status == 200


def test_a_request_says_whether_it_may_be_repeated(jobs, job_server):
    job_server.broken = 1
    assert jobs.send(Request("GET", "tasks/", idempotent=True)).status == 200
    assert len(job_server.log) == 2
    job_server.broken = 1
    with pytest.raises(ServerFaultError, match="check before sending it again"):
        jobs.send(create({"ra": 1.0}))
    assert len(job_server.log) == 3
    with pytest.raises(TypeError, match="idempotent"):
        Request("GET", "tasks/")


def test_methods_have_quotas_of_their_own(jobs, job_server):
    origin = ServerURL.parse(job_server.url).origin
    writes, reads = (get_quota(origin, Token(TOKEN), rule) for rule in JOBS.quotas)
    for _ in range(3):
        jobs.send(create({"ra": 1.0}))
    jobs.send(Request("GET", "tasks/", idempotent=True))
    assert (writes.used, writes.remaining, reads.used, reads.limit) == (3, 0, 1, 600)
    with pytest.raises(RateLimitError, match="quota of 3 requests in 60 s") as raised:
        jobs.send(create({"ra": 1.0}))
    assert raised.value.retry_after == 52.0
    assert jobs.send(Request("GET", "tasks/", idempotent=True)).status == 200
    assert jobs.quota is writes


def test_a_limit_can_be_an_item_of_the_configuration():
    rule = QuotaRule("hourly_requests", 3600.0)
    with conf.set_temp("hourly_requests", 7):
        assert rule.n_requests == 7
        assert rule.label == "hourly quota"


def test_errors_of_a_field_can_be_objects(jobs):
    with pytest.raises(InvalidQueryError, match="must use https") as raised:
        jobs.send(create({"dec": 1.0}))
    assert raised.value.fields == {"callback_url": "callback_url must use https"}


def test_a_redirect_to_the_login_page_means_not_signed_in(job_server):
    session = AuthorizedSession(JOBS, job_server.url, "wrong")
    with pytest.raises(LoginError, match=r"JOBS\.login\(\)") as raised:
        session.send(Request("GET", "tasks/", idempotent=True))
    assert not isinstance(raised.value, UnexpectedRedirectError)
    assert len(job_server.log) == 1


def test_a_login_page_means_not_signed_in(jobs):
    with pytest.raises(LoginError):
        jobs.send(Request("GET", "login-page/", idempotent=True))


def test_a_redirect_of_the_transient_server_is_unexpected(job_server):
    with pytest.raises(UnexpectedRedirectError):
        Transport(ATLAS_SERVICE).send(ServerURL.parse(job_server.url), Request("GET", "tasks/", idempotent=True))


class JobClient(AuthenticatedQuery):
    """A client of the second service."""

    _service = JOBS


def test_a_client_signs_in_with_its_own_variables(job_server, monkeypatch):
    client = JobClient(job_server.url)
    assert repr(client) == f"<JobClient: {job_server.url}>"
    monkeypatch.setenv("ATLASQUERY_TOKEN", "0" * 40)
    monkeypatch.setenv("ATLASQUERY_SERVER", job_server.url)
    with pytest.raises(NoTokenError, match="ATLASQUERY_JOBS_TOKEN is not set") as raised:
        client._request(Request("GET", "tasks/", idempotent=True))
    assert "JOBS.login()" in raised.value.hint
    assert job_server.log == []
    monkeypatch.setenv("ATLASQUERY_JOBS_TOKEN", TOKEN)
    monkeypatch.setenv("ATLASQUERY_JOBS_SERVER", job_server.url)
    assert client.authenticated()
    assert client._request(Request("GET", "tasks/", idempotent=True)).status == 200


def test_a_client_verifies_a_token_with_its_own_request(job_server):
    client = JobClient(job_server.url)
    assert client.login(token=TOKEN, store=False)
    assert job_server.log == [("GET", "tasks/", f"Token {TOKEN}")]
    with pytest.raises(InvalidTokenError):
        client.login(token="two words")
    assert client(job_server.url).authenticated()


def test_a_client_exchanges_a_password_at_its_own_endpoint(job_server):
    from atlasquery.auth.exchange import request_token

    server, transport = ServerURL.parse(job_server.url), Transport(JOBS)
    assert request_token(transport, server, "reader", Password("secret")).expires is None
    with pytest.raises(LoginError, match="Wrong user name or password"):
        request_token(transport, server, "reader", Password("wrong"))
    assert [entry[:2] for entry in job_server.log] == [("POST", "api-token-auth/")] * 2


def test_a_secret_is_never_sent_in_a_url(jobs, job_server):
    with pytest.raises(InvalidQueryError, match="`password`"):
        jobs.send(Request("GET", "tasks/", {"password": Password("secret")}, idempotent=True))
    assert job_server.log == []


def test_numbers_of_numpy_are_sent_as_json(jobs, job_server):
    jobs.send(Request("POST", "tasks/", {"ra": np.float64(1.5), "n": np.int64(3)}, idempotent=False, encoding="json"))
    assert job_server.tasks == {0: {"ra": 1.5, "n": 3}}


@pytest.mark.parametrize(
    ("value", "error"),
    [(object(), InvalidQueryTypeError), ([b"x"], InvalidQueryTypeError), (np.nan, InvalidQueryError)],
)
def test_values_that_json_cannot_represent_are_rejected(jobs, job_server, value, error):
    with pytest.raises(error, match="`payload` must have"):
        jobs.send(Request("POST", "tasks/", {"ra": value}, idempotent=False, encoding="json"))
    assert job_server.log == []


def test_invalid_requests_are_rejected():
    with pytest.raises(InvalidQueryError, match=r"`method` must be one of GET, HEAD, .*, got 'get'"):
        Request("get", "tasks/", idempotent=True)
    for value in ("a\nb", "\u00e9", "", " a"):
        with pytest.raises(InvalidQueryError, match=r"`headers\['X-A'\]` must be printable ASCII"):
            Request("GET", "tasks/", idempotent=True, headers={"X-A": value})


def test_headers_and_payload_are_not_shown():
    shown = repr(
        Request("GET", "tasks/", {"a": "geheim"}, idempotent=True, headers={"Authorization": f"Token {TOKEN}"})
    )
    assert shown == (
        "Request(method='GET', path='tasks/', idempotent=True, accept='application/json', encoding='form')"
    )


def test_case_of_a_header_does_not_matter(jobs):
    assert jobs.send(Request("GET", "tasks/", idempotent=True, headers={"if-none-match": '"0"'})).status == 304


def test_answer_to_head_has_no_body(jobs):
    assert jobs.send(Request("HEAD", "tasks/", idempotent=True)).body == b""


def test_each_method_needs_a_quota():
    with pytest.raises(InvalidInputError, match="`quotas` must count each method, got none for GET, HEAD, OPTIONS"):
        replace(JOBS, quotas=JOBS.quotas[:1])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copied_session_keeps_its_token(jobs, job_server, copied):
    assert copied(jobs).send(Request("GET", "tasks/", idempotent=True)).status == 200
    assert job_server.log == [("GET", "tasks/", f"Token {TOKEN}")]


def test_json_that_cannot_be_decoded(jobs):
    answer = jobs.send(Request("GET", "17/data.txt", idempotent=True, accept="text/plain"))
    with pytest.raises(UnreadableAnswerError, match="must be JSON"):
        answer.json()
