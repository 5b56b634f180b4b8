# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Columns of a light curve as plain arrays, whatever they are made of, and also where they are not there at all."""

import numpy as np

__all__ = ["integers", "masks", "numbers", "texts"]


def numbers(light_curve, name):
    """Return a column as floats, NaN where it is masked or there is none."""
    if name not in light_curve.colnames:
        return np.full(len(light_curve), np.nan)
    column = light_curve[name].astype(float)  # an integer column could not be filled with NaN
    column = column.filled(np.nan) if hasattr(column, "filled") else column
    return np.array(getattr(column, "value", column), dtype=float)


def texts(light_curve, name, missing=""):
    """Return a column as strings, with a word for what is masked or not there."""
    return _filled(light_curve, name, missing).astype(str)


def integers(light_curve, name, missing=0):
    """Return a column as integers, with a number for what is masked or not there."""
    return _filled(light_curve, name, missing).astype(np.int64)


def masks(column):
    """Return the mask of a column, which need not have one."""
    return np.broadcast_to(getattr(column, "mask", False), len(column))


def _filled(light_curve, name, missing):
    if name not in light_curve.colnames:
        return np.full(len(light_curve), missing)
    column = light_curve[name]
    return np.array(column.filled(missing) if hasattr(column, "filled") else column)
