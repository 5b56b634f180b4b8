# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``python -m atlasquery.sandbox``: run a local ATLAS server in a terminal until Ctrl-C."""

import argparse
import errno
import signal
import sys
import time

from atlasquery.sandbox import accounts
from atlasquery.sandbox.sandbox import DEFAULT_SEED, Sandbox

__all__ = ["main", "run_sandbox"]

WELCOME = """\
A local ATLAS server with a synthetic sky is ready (loopback only; press Ctrl-C to stop it).

  URL     {url}
{roles}

In a shell, these lines select this server for all clients and for the command `atlasquery`:

  export ATLASQUERY_SERVER={url}
  export ATLASQUERY_TOKEN={token}

In Python:

  from atlasquery import ATLASClass
  atlas = ATLASClass(server="{url}", token="{token}")
  atlas.query_region("16h16m00.22s +22d16m04.9s", "1 arcmin")   # AT2018cow
"""


def main(arguments=None):
    """Parse the arguments, and run the server; see `run_sandbox`."""
    options = vars(_make_parser().parse_args(arguments))
    role = options.pop("role")
    return run_sandbox(options, role=role)


def run_sandbox(options, *, role="writer"):
    """Run the server until Ctrl-C and return the exit status: 0 after Ctrl-C, 1 if it crashed, 2 if it cannot start.

    The lines to copy have the token of ``role``.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Sandbox(**options) as sandbox:
            print(_format_welcome(sandbox, role), flush=True)
            while sandbox.running:
                time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nThe sandbox has stopped.")
        return 0
    except (OSError, ImportError, ValueError) as error:
        print(f"atlasquery.sandbox: {_format_error(error, options)}", file=sys.stderr)
        return 2
    print("The server stopped unexpectedly.", file=sys.stderr)
    return 1


def _format_welcome(sandbox, role):
    roles = "\n".join(
        f"  {name:<7} password {accounts.make_password(name):<10}  token {sandbox.token(name)}"
        for name in ("reader", "writer", "staff")
    )
    return WELCOME.format(url=sandbox.url, roles=roles, token=sandbox.token(role))


def _format_error(error, options):
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"port {options.get('port')} is in use, perhaps by another sandbox; choose another port with --port"
    return str(error)


def _make_parser():
    parser = argparse.ArgumentParser(prog="python -m atlasquery.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free port)")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of the sky (default: %(default)s)")
    parser.add_argument("--n-objects", type=int, default=3000, help="number of objects (default: %(default)s)")
    parser.add_argument("--end", help="ISO date of the last exposures (default: last night)")
    roles = ("reader", "writer", "staff")
    parser.add_argument("--role", choices=roles, default="writer", help="whose token is printed (default: %(default)s)")
    parser.add_argument("--vintage", choices=("new", "old"), default="new", help="age of the server software")
    return parser


if __name__ == "__main__":
    sys.exit(main())
