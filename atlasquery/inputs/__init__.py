# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Checks of user arguments: each function turns one argument into a plain value, or raises."""
