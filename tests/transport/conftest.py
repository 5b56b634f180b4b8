# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A web server on loopback that misbehaves to order, and remembers what it was sent."""

import json
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from cheroot.wsgi import Server

from atlasquery.sandbox.faults import FaultPlan, FaultyGateway

CONE = [{"object": 1161600211221604900, "separation": 0.25, "objectname": "ATLAS18qqn"}]


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict
    form: dict

    @property
    def token(self):
        return self.headers.get("authorization")


class RememberingGateway(FaultyGateway):
    def respond(self):
        self.req.server.note(self.env)
        super().respond()


class FaultyServer(Server):
    """Serves ``answer`` for every request; ``seen`` lists the requests."""

    def __init__(self, bind="127.0.0.1"):
        super().__init__((bind, 0), self.application, numthreads=4)
        self.gateway = RememberingGateway
        self.fault_plan = FaultPlan()
        self.shutdown_timeout = 1
        self.seen = []
        self.answer = CONE
        self.prepare()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.bind_addr[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/sne/atlas4/api/"

    def note(self, env):
        headers = {k[5:].replace("_", "-").lower(): v for k, v in env.items() if k.startswith("HTTP_")}
        headers["content-type"] = env.get("CONTENT_TYPE")
        seen = Seen(env["REQUEST_METHOD"], env["PATH_INFO"], headers, {})
        self.seen.append(seen)
        env["seen"] = seen

    def application(self, env, start_response):
        form = parse_qs(env["wsgi.input"].read().decode(), keep_blank_values=True)
        env["seen"].form.update({name: values[0] for name, values in form.items()})
        body = json.dumps(self.answer).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def close(self):
        self.fault_plan.clear()
        self.stop()
        self.thread.join()


@pytest.fixture
def server():
    """A misbehaving server: order faults with ``server.fault_plan.add``."""
    running = FaultyServer()
    yield running
    running.close()


@pytest.fixture
def other_server():
    """A second host, that must never see a token not meant for it."""
    running = FaultyServer()
    yield running
    running.close()
