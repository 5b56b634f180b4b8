# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Damage the JSON body of an answer: replace a value or the whole document, or cut the body."""

import json

__all__ = ["damage_body", "truncate_body"]


def truncate_body(body, size=None):
    """Return the first ``size`` bytes of a body, by default half of it."""
    return body[: len(body) // 2 if size is None else size]


def damage_body(body, fault):
    """Return a JSON body after a fault of kind ``nan``, ``wrong_type`` or ``wrong_shape``."""
    document = json.loads(body)
    if fault.kind == "wrong_shape":
        return json.dumps(_change_shape(document, fault.value)).encode()
    place = _find_value(document, fault.column)
    if place is None:
        target = f"key {fault.column!r}" if fault.column else "number"
        raise ValueError(f"Cannot damage the answer: it has no {target}.")
    container, key = place
    container[key] = float("nan") if fault.kind == "nan" else _make_wrong_value(fault.value)
    return json.dumps(document).encode()


def _change_shape(document, replacement):
    if replacement is not None:
        return replacement
    return {"unexpected": document} if isinstance(document, list) else [document]


def _make_wrong_value(replacement):
    return {"unexpected": True} if replacement is None else replacement


def _find_value(node, column):
    """Return (container, key) of the first value with the key ``column``, or of the first number; or `None`."""
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    else:
        return None
    for key, value in items:
        if key == column if column else isinstance(value, (int, float)) and not isinstance(value, bool):
            return node, key
        if (place := _find_value(value, column)) is not None:
            return place
    return None
