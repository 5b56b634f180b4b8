# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Matching positions with objects: geometry and tables, no requests."""
