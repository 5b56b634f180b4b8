# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Load each page of the built documentation in headless Chromium, and fail if a page writes to the console.

Run as ``python .ci/pages.py CHROMIUM FOLDER``. A resource of another host that cannot be loaded is no failure, because
the documentation may be built without a network.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

# A console message in the log of Chromium: ":INFO:CONSOLE:12] "text", source: URL (12)".
MESSAGE = re.compile(r':CONSOLE[(:]\d+\)?\] "(?P<text>.*)", source: (?P<source>\S*)')
TIME_LIMIT = 60  # seconds a page


def load_page(browser, page, profile):
    """Return the DOM of a page and its console messages (text, source)."""
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += [f"--user-data-dir={profile}", "--enable-logging=stderr", "--virtual-time-budget=5000"]
    result = subprocess.run(
        [*command, "--dump-dom", page.resolve().as_uri()], capture_output=True, text=True, timeout=TIME_LIMIT
    )
    messages = [(match["text"], match["source"]) for match in MESSAGE.finditer(result.stderr)]
    return result.stdout, messages


def is_external(message):
    """Whether a message is about a resource of another host."""
    text, source = message
    return source.startswith("http") and "net::ERR" in text


def find_problems(browser, page, profile):
    """Return what is wrong with a page, as strings."""
    try:
        dom, messages = load_page(browser, page, profile)
    except subprocess.TimeoutExpired:
        return [f"not loaded after {TIME_LIMIT} s"]
    problems = [f"{text} ({source})" for text, source in messages if not is_external((text, source))]
    return problems if "</html>" in dom else [*problems, "empty page"]


def main(browser, folder):
    """Load all pages, print the figures, and return the exit status."""
    pages = sorted(page for page in Path(folder).rglob("*.html") if "_static" not in page.parts)
    with tempfile.TemporaryDirectory() as profile:
        problems = {page: find_problems(browser, page, profile) for page in pages}
    faulty = {page: lines for page, lines in problems.items() if lines}
    for page, lines in faulty.items():
        print(*(f"{page.relative_to(folder)}: {line}" for line in lines), sep="\n")
    print(f"{'pages':<40} {len(pages)}")
    print(f"{'pages with console messages':<40} {len(faulty)}")
    return 0 if pages and not faulty else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
