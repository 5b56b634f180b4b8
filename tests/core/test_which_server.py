# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which server a request goes to: the argument, then ``ATLASQUERY_SERVER``, then ``conf.server``."""

import keyring
import pytest
import requests

from atlasquery import ATLAS, ATLASClass, conf
from atlasquery.auth.keyring_storage import KeyringStorage
from atlasquery.config import DEFAULT_SERVER
from atlasquery.exceptions import InvalidQueryError, NoTokenError, ServerUnreachableError
from atlasquery.transport import Token
from constants import COW
from memory_keyring import MemoryKeyring

PRODUCTION = "https://psweb.mp.qub.ac.uk"
PRODUCTION_TOKEN = "f" * 40
WRITES = [
    lambda atlas: atlas.add_to_list(COW, "vra"),
    lambda atlas: atlas.remove_from_list(COW, "vra"),
    lambda atlas: atlas.set_detection_list(COW, "possible"),
    lambda atlas: atlas.write_vra_score(COW, preal=0.5),
    lambda atlas: atlas.write_vra_rank(COW, rank=5, rank_alt1=4, is_gal_cand=False),
    lambda atlas: atlas.add_vra_todo(COW),
]


@pytest.fixture(scope="module")
def rehearsal(make_sandbox):
    """A sandbox that a bot is rehearsed on."""
    return make_sandbox(shared=False, rates={"user": None})


@pytest.fixture
def hosts(monkeypatch):
    """The hosts of all requests; a request to another machine fails, and is recorded too."""
    seen = []
    send = requests.Session.send

    def record(session, request, **options):
        seen.append(request.url.split("/")[2].split(":")[0])
        if seen[-1] != "127.0.0.1":
            raise requests.ConnectionError("no network in tests")
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", record)
    return seen


@pytest.fixture
def production_token():
    """A token for production in the keyring."""
    storage = KeyringStorage("atlasquery", PRODUCTION)
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    assert storage.write(Token(PRODUCTION_TOKEN), None) is None
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("make", [lambda: ATLAS, ATLASClass, lambda: ATLAS()], ids=["ATLAS", "new", "copy"])
@pytest.mark.parametrize("write", WRITES)
def test_a_rehearsal_never_reaches_production(rehearsal, production_token, monkeypatch, hosts, write, make):
    monkeypatch.setattr(ATLAS._authorized, "_credentials", {})  # as in a new process
    monkeypatch.setenv("ATLASQUERY_SERVER", rehearsal.url)
    n_before = len(rehearsal.requests)
    with pytest.raises(NoTokenError, match=r"127\.0\.0\.1"):
        write(make())
    assert hosts == []
    monkeypatch.setenv("ATLASQUERY_TOKEN", rehearsal.token("writer"))
    table = write(make())
    assert table.meta["server"] == rehearsal.url
    assert len(rehearsal.requests) == n_before + 1
    assert set(hosts) == {"127.0.0.1"}


def test_without_the_variable_the_token_goes_to_production(production_token, hosts):
    """The other tests prove something only if the keyring has a token that is used."""
    assert ATLASClass().authenticated()
    with pytest.raises(ServerUnreachableError), conf.set_temp("retries", 0):
        ATLASClass().count_region("0d 0d", "1 arcsec")
    assert hosts == ["psweb.mp.qub.ac.uk"]


@pytest.mark.parametrize("value", ["", " ", "sandbox", "http://example.org/api/", "127.0.0.1:8000"])
@pytest.mark.parametrize("write", WRITES)
def test_a_variable_that_is_no_address_fails(production_token, monkeypatch, hosts, write, value):
    """Also an empty one: a script that did not fill it in must not write to production."""
    monkeypatch.setenv("ATLASQUERY_SERVER", value)
    with pytest.raises(InvalidQueryError, match="`ATLASQUERY_SERVER` must be"):
        write(ATLASClass())
    assert hosts == []
    assert repr(ATLASClass()) == "<ATLASClass: invalid address>"


def test_order_of_the_settings(monkeypatch):
    assert repr(ATLASClass()) == f"<ATLASClass: {DEFAULT_SERVER}>"
    with conf.set_temp("server", "https://c.example/"):
        assert repr(ATLASClass()) == "<ATLASClass: https://c.example/>"
        monkeypatch.setenv("ATLASQUERY_SERVER", "https://b.example/")
        client = ATLASClass()
        assert repr(client) == repr(ATLAS).replace("ATLAS:", "ATLASClass:") == "<ATLASClass: https://b.example/>"
        assert repr(ATLASClass("https://a.example/")) == "<ATLASClass: https://a.example/>"
        monkeypatch.delenv("ATLASQUERY_SERVER")
        assert repr(client) == "<ATLASClass: https://c.example/>"  # read at each call


@pytest.mark.parametrize("value", [None, "", "http://example.org/"])
def test_a_call_stays_with_the_server_it_began_with(rehearsal, make_sandbox, monkeypatch, value):
    """The variable may change in another thread while a call of several requests runs."""
    other = make_sandbox()
    monkeypatch.setenv("ATLASQUERY_SERVER", rehearsal.url)
    monkeypatch.setenv("ATLASQUERY_TOKEN", rehearsal.token("writer"))
    client = ATLASClass()
    n_before, n_others = len(rehearsal.requests), len(other.requests)
    send = client._send

    def change_server(server, *arguments):
        answer = send(server, *arguments)
        monkeypatch.setenv("ATLASQUERY_SERVER", other.url if value is None else value)
        return answer

    monkeypatch.setattr(client, "_send", change_server)
    ids = rehearsal.truth["atlas_id"][:3].tolist()
    table = client.set_detection_list(ids, "possible", verify=True, progress=True)
    assert table.meta["server"] == rehearsal.url
    assert len(rehearsal.requests) == n_before + 4
    assert len(other.requests) == n_others
