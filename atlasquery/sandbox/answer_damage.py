# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Damage done to a JSON answer: a value, or the whole document, is not what it should be."""

import json

__all__ = ["cut", "damaged"]


def cut(body, size=None):
    """The first ``size`` bytes of a body, by default half of it."""
    return body[: len(body) // 2 if size is None else size]


def damaged(body, fault):
    """The JSON text ``body`` after a fault of kind ``nan``, ``wrong_type`` or ``wrong_shape``."""
    document = json.loads(body)
    if fault.kind == "wrong_shape":
        return json.dumps(_other_shape(document, fault.value)).encode()
    value = float("nan") if fault.kind == "nan" else _other_type(fault.value)
    place = _first_place(document, fault.column)
    if place is None:
        wanted = f"key {fault.column!r}" if fault.column else "number"
        raise ValueError(f"the answer has no {wanted} to damage")
    holder, key = place
    holder[key] = value
    return json.dumps(document).encode()


def _other_shape(document, value):
    if value is not None:
        return value
    return {"unexpected": document} if isinstance(document, list) else [document]


def _other_type(value):
    return {"unexpected": True} if value is None else value


def _first_place(node, column):
    """Where the first such value is, as (holder, key): one named ``column``, or any number."""
    if isinstance(node, dict):
        pairs = node.items()
    elif isinstance(node, list):
        pairs = enumerate(node)
    else:
        return None
    for key, value in pairs:
        if key == column if column else isinstance(value, (int, float)) and not isinstance(value, bool):
            return node, key
        if (place := _first_place(value, column)) is not None:
            return place
    return None
