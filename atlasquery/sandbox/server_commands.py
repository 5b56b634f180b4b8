# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The commands that the parent sends to the server process; each is a function of the web server and parameters."""

import json
import traceback

__all__ = ["COMMANDS", "run_commands", "write_line"]


def run_commands(server, lines, output):
    """Run the commands in the lines, in JSON, until there are no more, and write the results."""
    for line in iter(lines.readline, ""):
        call = json.loads(line)
        try:
            outcome = {"result": COMMANDS[call["command"]](server, **call["parameters"])}
        except Exception:  # noqa: BLE001  (sent to the parent, which raises it)
            outcome = {"traceback": traceback.format_exc()}
        write_line(output, {"call_id": call["call_id"], **outcome})


def write_line(output, document):
    """Write a line of JSON for the parent."""
    output.write(json.dumps(document) + "\n")


def _list_requests(server):
    return server.request_log.to_dicts()


def _get_truth(server):
    from atlasquery.sandbox.server_state import get_state

    return {name: list(values) for name, values in get_state().sky.truth.items()}


def _get_token(server, role):
    from atlasquery.sandbox.models import Token

    return Token.objects.get(user__username=role).key


def _get_forced_token(server, role):
    from atlasquery.sandbox.forced.accounts import make_forced_token
    from atlasquery.sandbox.server_state import get_state

    return make_forced_token(role, get_state().sky.seed)


def _age_token(server, role, seconds):
    """Move the creation of a token into the past, so that it expires the given number of seconds from now."""
    from datetime import timedelta

    from atlasquery.sandbox.models import Token

    token = Token.objects.get(user__username=role)
    token.created += timedelta(seconds=seconds - token.remaining_seconds)
    token.save()


def _advance_clock(server, seconds):
    from atlasquery.sandbox.throttling import ThrottleClock

    ThrottleClock.advance(seconds)


def _inject_fault(server, fault):
    from atlasquery.sandbox.fault import Fault

    server.fault_plan.add(Fault(**fault))


def _clear_faults(server):
    server.fault_plan.clear()


COMMANDS = {
    "list_requests": _list_requests,
    "get_truth": _get_truth,
    "get_token": _get_token,
    "get_forced_token": _get_forced_token,
    "age_token": _age_token,
    "advance_clock": _advance_clock,
    "inject_fault": _inject_fault,
    "clear_faults": _clear_faults,
}
