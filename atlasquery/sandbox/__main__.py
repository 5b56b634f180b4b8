# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``python -m atlasquery.sandbox``: a local ATLAS server from a terminal, until Ctrl-C."""

import argparse
import errno
import signal
import sys
import time

from atlasquery.sandbox import accounts
from atlasquery.sandbox.sandbox import DEFAULT_SEED, Sandbox

__all__ = ["main"]

WELCOME = """\
A local ATLAS server with a synthetic sky is ready (loopback only; Ctrl-C ends it).

  URL     {url}
{roles}

  from atlasquery import ATLASClass
  atlas = ATLASClass(server="{url}", token="{token}")
  atlas.query_region("16h16m00.22s +22d16m04.9s", "1 arcmin")   # AT2018cow
"""


def main(arguments=None):
    """Serve until Ctrl-C.

    Parameters
    ----------
    arguments : list of str, optional
        The command line without the program's name.

    Returns
    -------
    int
        The exit status: 0, or 2 if the server could not start.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = vars(_parser().parse_args(arguments))
    try:
        with Sandbox(**options) as sandbox:
            print(_welcome(sandbox), flush=True)
            while sandbox.running:
                time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nThe sandbox has ended.")
        return 0
    except (OSError, ImportError, ValueError) as error:
        print(f"atlasquery.sandbox: {_complaint(error, options)}", file=sys.stderr)
        return 2
    print("The server ended by itself.", file=sys.stderr)
    return 1


def _welcome(sandbox):
    roles = "\n".join(
        f"  {role:<7} password {accounts.password(role):<10}  token {sandbox.token(role)}"
        for role in ("reader", "writer", "staff")
    )
    return WELCOME.format(url=sandbox.url, roles=roles, token=sandbox.token("reader"))


def _complaint(error, options):
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"port {options['port']} is in use, perhaps by another sandbox; choose another one with --port"
    return str(error)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m atlasquery.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any that is free)")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="which sky (default: %(default)s)")
    parser.add_argument("--n-objects", type=int, default=3000, help="objects in the sky (default: %(default)s)")
    parser.add_argument("--end", help="ISO date of the last exposures (default: last night)")
    parser.add_argument("--vintage", choices=("new", "old"), default="new", help="age of the server's software")
    return parser


if __name__ == "__main__":
    sys.exit(main())
