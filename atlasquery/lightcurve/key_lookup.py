# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`KeyLookupMixin`: which light curve of `~atlasquery.LightCurves` an id or a name is, and the error where none is."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

from atlasquery.inputs.object_names import ObjectName
from atlasquery.lightcurve.curve_keys import key_rule, normalize_name
from atlasquery.utils.near_names import did_you_mean
from atlasquery.utils.text import shorten_repr

__all__ = ["KeyLookupMixin"]


class KeyLookupMixin:
    """Finds light curves by the names that were requested, and by those in their ``meta``."""

    _curves: Mapping[Any, Any]
    _names: Mapping[str, Any]
    missing: list[int | str]

    def _requested_id(self, checked: int | ObjectName) -> int | None:
        """Return the id of a checked id, or of a name that was requested."""
        return self._names.get(checked.query.lower()) if isinstance(checked, ObjectName) else checked

    def _find_id(self, checked: int | ObjectName) -> int | None:
        """Return the id of a checked id or name, None for a name that is not known here."""
        return self._find_name(checked) if isinstance(checked, ObjectName) else checked

    def _find_name(self, name: ObjectName) -> int | None:
        """Return the id of a requested name, or of the only light curve of that name; None if there is none."""
        query = name.query.lower()
        if query in self._names:
            return self._names[query]
        ids = [atlas_id for atlas_id, names in self._held_names().items() if query in map(normalize_name, names)]
        if len(ids) > 1:
            raise KeyError(f"{name.written} is the name of {len(ids)} light curves: {', '.join(map(str, ids))}")
        return ids[0] if ids else None

    def _held_names(self) -> dict[Any, list[str]]:
        """Return the names in the light curves, and those that are keys, by key."""
        names = {}
        for key, curve in self._curves.items():
            meta = getattr(curve, "meta", {})
            own = [key] if isinstance(key, str) else []
            names[key] = own + [str(meta[name]) for name in ("name", "tns_name") if meta.get(name)]
        return names

    def _unknown_key(self, key: object) -> KeyError:
        """Return the error of a key that is not there, with the keys that are like it."""
        if key in self.missing:
            return KeyError(f"{key} is in `missing`: the server has no such object")
        names = [name for held in self._held_names().values() for name in held]
        text = str(key) if isinstance(key, (str, Integral)) else key
        guess = did_you_mean(text, [*self._names, *names, *map(str, self._curves)])
        return KeyError(f"there is no light curve {shorten_repr(key)}{guess or key_rule(key)}")
