# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The HTML pages a client meets where it expects JSON: not found, and an unhandled fault."""

from django.http import HttpResponse

__all__ = ["fault", "not_found"]

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>Error {status}: {title}</h1><p>This is the sandbox of atlasquery.</p></body>
</html>
"""


def not_found(request, exception=None):
    """Return the page for an address that does not exist."""
    return HttpResponse(PAGE.format(status=404, title="Page not found"), status=404)


def fault(request):
    """Return the page for a fault."""
    return HttpResponse(PAGE.format(status=500, title="Server error"), status=500)
