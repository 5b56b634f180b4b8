# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Helpers without a home elsewhere: warnings, progress bars, shortened text."""
