# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Measure the sandbox: its start for two sizes of the sky, and cone searches by one and by eight parallel clients.

Run as ``python benchmarks/sandbox_requests.py [--requests N]``; it takes about half a minute.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from atlasquery.sandbox import Sandbox

END = "2026-11-01"
SKY_SIZES = (3000, 20_000)
CLIENT_COUNTS = (1, 8)
COUNT = {"ra": 1, "dec": 2, "radius": 300, "requestType": "count"}


def time_starts():
    """Print the seconds from the call of `Sandbox` until it is ready, the best of three."""
    for n_objects in SKY_SIZES:
        seconds = min(time_start(n_objects) for _ in range(3))
        print(f"start with {n_objects:,} objects: {seconds:.2f} s", flush=True)


def time_start(n_objects):
    """Return the seconds of one start."""
    start = time.perf_counter()
    with Sandbox(n_objects=n_objects, end=END):
        return time.perf_counter() - start


def time_requests(n_requests):
    """Print the requests per second for each number of clients."""
    with Sandbox(n_objects=60, end=END) as sandbox:
        for n_clients in CLIENT_COUNTS:
            start = time.perf_counter()
            with ThreadPoolExecutor(n_clients) as pool:
                answered = sum(pool.map(send_requests, [sandbox] * n_clients, [n_requests // n_clients] * n_clients))
            rate = answered / (time.perf_counter() - start)
            print(f"{n_clients} clients: {answered} requests answered, {rate:.0f} requests/s", flush=True)


def send_requests(sandbox, n_requests):
    """Send cone searches on one connection, and return how many were answered."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Token {sandbox.token('staff')}"
        return sum(session.post(sandbox.url + "cone/", data=COUNT, timeout=60).ok for _ in range(n_requests))


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=400, help="requests for each number of clients")
    options = parser.parse_args()
    time_starts()
    time_requests(options.requests)


if __name__ == "__main__":
    main()
