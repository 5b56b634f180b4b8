# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The server process: start, report the port, run the commands of the parent, stop when the parent stops.

`~atlasquery.sandbox.Sandbox` runs it as ``python -m atlasquery.sandbox.server OPTIONS``, with the options in JSON. The
first line of output is JSON with the port; then each line of input is a command and each line of output its result.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import threading

__all__ = ["main"]


def main(options):
    """Serve until the standard input ends.

    ``options`` has the keys ``seed``, ``n_objects``, ``end``, ``rates``, ``vintage``, ``task_seconds``,
    ``forced_vintage`` and ``port``.
    """
    output = _take_stdout()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    directory = tempfile.mkdtemp(prefix="atlasquery-sandbox-")
    try:
        _run_server(options, directory, output)
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _take_stdout():
    """Return the standard output, to be used for results only; send everything else to the standard error."""
    output = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    return output


def _run_server(options, directory, output):
    from atlasquery.sandbox.server_commands import run_commands, write_line
    from atlasquery.sandbox.web_server import WebServer

    server = WebServer(options["port"])
    try:
        # The port comes first, so that a port in use is reported without delay.
        server.prepare()
    except OSError:
        write_line(output, {"port_error": server.bind_error.strerror, "errno": server.bind_error.errno})
        return
    try:
        server.wsgi_app = _make_application(server.fault_plan, options, directory)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        write_line(output, {"port": server.bind_addr[1], "directory": directory})
        run_commands(server, sys.stdin, output)
    finally:
        server.fault_plan.clear()  # a stalled request would delay the stop
        server.stop()


def _make_application(fault_plan, options, directory):
    """Make the sky and the database, and return the WSGI application."""
    from atlasquery.sandbox.server_state import ServerState
    from atlasquery.sandbox.settings import configure_django
    from atlasquery.sandbox.sky import Sky

    sky = Sky(seed=options["seed"], n_objects=options["n_objects"], end=options["end"])
    vintages = {"vintage": options["vintage"], "forced_vintage": options["forced_vintage"]}
    state = ServerState(sky, fault_plan=fault_plan, task_seconds=options["task_seconds"], **vintages)
    configure_django(directory, state, options["rates"])

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from atlasquery.sandbox.initial_rows import write_initial_rows

    call_command("migrate", verbosity=0)
    write_initial_rows(sky, options["seed"])
    return get_wsgi_application()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
