# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server's process: it starts, says its port, obeys commands line by line, and ends when nobody listens any more.

Run by `~atlasquery.sandbox.Sandbox` as ``python -m atlasquery.sandbox.server OPTIONS``, with the options in JSON. The
first line it prints is JSON too; then each line it reads is a command and each line it prints an answer.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback

__all__ = ["main"]


def main(options):
    """Serve until the end of the standard input.

    Parameters
    ----------
    options : dict
        The keys ``seed``, ``n_objects``, ``end``, ``rates``, ``vintage``, ``port``.
    """
    answers = _take_stdout()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    directory = tempfile.mkdtemp(prefix="atlasquery-sandbox-")
    try:
        _serve(options, directory, answers)
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _take_stdout():
    """Keep the standard output for answers; whatever else is printed goes to the standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _serve(options, directory, answers):
    from atlasquery.sandbox.web_server import WebServer

    server = WebServer(options["port"])
    try:
        # The port first: if it is taken, the user shall know at once.
        server.prepare()
    except OSError:
        _say(answers, {"refused": server.refusal.strerror, "errno": server.refusal.errno})
        return
    try:
        _open(server, options, directory)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        _say(answers, {"port": server.bind_addr[1], "directory": directory})
        _obey(server, sys.stdin, answers)
    finally:
        server.fault_plan.clear()  # what is stalled must not hold the end up
        server.stop()


def _open(server, options, directory):
    """Make the sky and the database, and let the server answer from them."""
    from atlasquery.sandbox import settings
    from atlasquery.sandbox.server_state import World
    from atlasquery.sandbox.sky import Sky

    sky = Sky(seed=options["seed"], n_objects=options["n_objects"], end=options["end"])
    world = World(sky, options["vintage"], server.fault_plan)
    settings.configure(directory, world, options["rates"])

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from atlasquery.sandbox.initial_rows import fill

    call_command("migrate", verbosity=0)
    fill(sky, options["seed"])
    server.wsgi_app = get_wsgi_application()


def _say(answers, document):
    answers.write(json.dumps(document) + "\n")


def _obey(server, commands, answers):
    """Carry commands out until there are no more."""
    for line in iter(commands.readline, ""):
        command = json.loads(line)
        try:
            outcome = {"answer": COMMANDS[command["do"]](server, command)}
        except Exception:  # noqa: BLE001  (it is handed to the parent, who raises it)
            outcome = {"failed": traceback.format_exc()}
        _say(answers, {"number": command["number"], **outcome})


def _requests(server, command):
    return server.request_log.rows()


def _truth(server, command):
    from atlasquery.sandbox.server_state import world

    return {name: list(values) for name, values in world().sky.truth.items()}


def _token(server, command):
    from atlasquery.sandbox.models import Token

    return Token.objects.get(user__username=command["role"]).key


def _age_token(server, command):
    """Let a token have been made so long ago that it ends in so many seconds."""
    from datetime import timedelta

    from atlasquery.sandbox.models import Token

    token = Token.objects.get(user__username=command["role"])
    token.created += timedelta(seconds=command["seconds"] - token.seconds_left)
    token.save()


def _inject(server, command):
    from atlasquery.sandbox.fault import Fault

    server.fault_plan.add(Fault(**command["fault"]))


def _clear_faults(server, command):
    server.fault_plan.clear()


COMMANDS = {
    "requests": _requests,
    "truth": _truth,
    "token": _token,
    "age_token": _age_token,
    "inject": _inject,
    "clear_faults": _clear_faults,
}

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
