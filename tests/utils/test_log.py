# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Messages on standard error, with one number for all lines of a call."""

import json
import logging
import subprocess
import sys

import pytest

from atlasquery import conf
from atlasquery.sandbox import Fault
from atlasquery.utils.log import log_event, numbered_call

IDS = [1161600211221604900]


@pytest.fixture
def records(caplog):
    """The records of the package at all levels, when called."""
    caplog.set_level(logging.DEBUG, logger="atlasquery")
    return lambda: [record for record in caplog.records if record.name == "atlasquery"]


def test_lines_of_a_call_have_one_number(records):
    @numbered_call
    def outer():
        log_event(logging.INFO, "one\n two")
        inner()

    @numbered_call
    def inner():
        log_event(logging.INFO, "three")

    outer()
    outer()
    first, second, third, fourth = records()
    assert first.getMessage() == f"[{first.call}] one two"
    assert first.call == second.call != third.call == fourth.call


def test_lines_of_an_iterator_have_the_number_of_its_call(records):
    @numbered_call
    def count(n):
        return (log_event(logging.INFO, str(number)) for number in range(n))

    a, b = count(2), count(2)
    for _ in zip(a, b, strict=True):
        log_event(logging.INFO, "between")
    numbers = [record.call for record in records() if not record.getMessage().endswith("between")]
    assert numbers[0] == numbers[2] != numbers[1] == numbers[3]


def test_requests_of_a_call(make_sandbox, records):
    sandbox = make_sandbox()
    atlas = sandbox.client()
    sandbox.inject(Fault("status", endpoint="objects/", status=503))
    with conf.set_temp("backoff", 0.01):
        atlas.query_object("2018cow")
    atlas.count_region("10 10", "1 arcsec")
    *first, last = records()
    assert [record.levelname for record in first] == ["DEBUG", "DEBUG", "INFO", "DEBUG"]
    assert len({record.call for record in first}) == 1
    assert last.call != first[0].call
    assert all(sandbox.url in record.getMessage() for record in first)
    assert not any(sandbox.token() in repr(vars(record)) for record in records())


def test_requests_in_the_background_have_the_number_of_their_call(make_sandbox, records):
    sandbox = make_sandbox(n_objects=300)
    ids = sandbox.truth["atlas_id"][:120].tolist()
    for _ in sandbox.client().iter_transients(ids, since="2026-10-30"):
        pass
    assert len(records()) > 1
    assert len({record.call for record in records()}) == 1


WAIT = """
import sys
from atlasquery import conf
from atlasquery.transport.cancellation import Cancellation
from atlasquery.core import ATLASClass
Cancellation.wait = lambda cancellation, seconds: None
conf.max_wait = 3600
print(ATLASClass(sys.argv[1], sys.argv[2]).count_region("10 10", "1 arcsec"))
"""


def test_wait_for_the_quota_is_visible_without_any_set_up(make_sandbox):
    sandbox = make_sandbox()
    sandbox.inject(Fault("status", endpoint="cone/", status=429, headers={"Retry-After": "65"}))
    words = [sys.executable, "-c", WAIT, sandbox.url, sandbox.token()]
    result = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert result.stdout == "0\n"
    assert [line.partition("waiting, ")[2] for line in result.stderr.splitlines()] == ["65 s left.", "5 s left."]


def test_json_lines(records, capsys):
    """The formatter that docs/errors.rst shows."""

    class JSONFormatter(logging.Formatter):
        def format(self, record):
            fields = {"time": self.formatTime(record), "level": record.levelname, "call": getattr(record, "call", None)}
            return json.dumps({**fields, "message": record.getMessage()})

    log_event(logging.INFO, 'a "quoted" message')
    (record,) = records()
    document = json.loads(JSONFormatter().format(record))
    assert (document["level"], document["call"]) == ("INFO", record.call)
