# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Load each page of the built documentation in headless Chromium, and fail if a page has an error.

Run as ``python .ci/pages.py CHROMIUM FOLDER``. An error is a message on the console, or a missing file of the
documentation. Files of other hosts are not checked, because the documentation may be built without a network.
It takes about 3 s per page.
"""

import functools
import http.server
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

# A console message in the log of Chromium: ":INFO:CONSOLE:12] "text", source: URL (12)".
MESSAGE = re.compile(r':CONSOLE[(:]\d+\)?\] "(?P<text>.*)", source: (?P<source>\S*)')
EXPECTED = ("[PST]: ", "Got invalid theme mode: .")  # messages that the theme prints on a first visit
TIME_LIMIT = 60  # seconds per page


class RecordingHandler(http.server.SimpleHTTPRequestHandler):
    """Serve the pages, and record the paths that do not exist."""

    missing = []

    def send_error(self, code, message=None, explain=None):
        if self.path != "/favicon.ico":  # requested by the browser, not by the page
            self.missing.append(f"{code} for {self.path}")
        super().send_error(code, message, explain)

    def log_message(self, *arguments):
        """Print nothing for each request."""


def find_errors(browser, url, profile):
    """Return the errors of one page, as strings."""
    RecordingHandler.missing.clear()
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += [f"--user-data-dir={profile}", "--enable-logging=stderr", "--virtual-time-budget=5000"]
    try:
        run = subprocess.run([*command, "--dump-dom", url], capture_output=True, text=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return [f"not loaded after {TIME_LIMIT} s"]
    messages = [match for match in MESSAGE.finditer(run.stderr) if not match["text"].startswith(EXPECTED)]
    empty = [] if "</html>" in run.stdout else ["empty page"]
    return [f"{match['text']} ({match['source']})" for match in messages] + RecordingHandler.missing + empty


def main(browser, folder):
    """Load all pages, print the figures, and return the exit status."""
    pages = sorted(page.relative_to(folder) for page in Path(folder).rglob("*.html") if "_static" not in page.parts)
    handler = functools.partial(RecordingHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, tempfile.TemporaryDirectory() as profile:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        errors = {page: find_errors(browser, f"{root}/{page.as_posix()}", profile) for page in pages}
        server.shutdown()
    for page, lines in errors.items():
        for line in lines:
            print(f"{page}: {line}")
    n_faulty = sum(1 for lines in errors.values() if lines)
    print(f"{'pages':<40} {len(pages)}")
    print(f"{'pages with errors':<40} {n_faulty}")
    return 0 if pages and not n_faulty else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
