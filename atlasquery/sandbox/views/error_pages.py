# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The HTML pages for status 404 and 500, which a client receives in place of JSON."""

from django.http import HttpResponse

__all__ = ["not_found", "server_error"]

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>Error {status}: {title}</h1><p>This is the sandbox of atlasquery.</p></body>
</html>
"""


def not_found(request, exception=None):
    """Return the page for a URL that does not exist."""
    return HttpResponse(PAGE.format(status=404, title="Page not found"), status=404)


def server_error(request):
    """Return the page for an unhandled exception."""
    return HttpResponse(PAGE.format(status=500, title="Server error"), status=500)
