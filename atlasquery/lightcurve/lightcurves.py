# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The light curves of many objects, and what became of those that are not there."""

from collections.abc import Mapping

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.inputs.object_ids import check_id
from atlasquery.inputs.object_names import ObjectName, check_name, check_object_id
from atlasquery.lightcurve.together import Together

__all__ = ["LightCurves"]


class LightCurves(Together, Mapping):
    """Light curves by ATLAS id, in the order they were asked for.

    A name that was asked for is a key, too.

    Parameters
    ----------
    curves : dict of int to LightCurve
        What was obtained.
    names : dict of str to int, optional
        Names that were asked for, and the ids they mean.
    missing : iterable of int or str, optional
        Ids and names of which the server has no object.
    failed : dict of int or str to Exception, optional
        Ids that were not obtained, or names that were not looked up, and why.

    Attributes
    ----------
    missing : list of int or str
        Ids and names of which the server has no object.
    failed : dict of int or str to Exception
        Ids that were not obtained, or names that were not looked up, and why; ask again for its keys.

    Raises
    ------
    InvalidInputError
        If one of the ids is no ATLAS id, or the curves are in no dict.

    Examples
    --------
    >>> curves = atlas.get_light_curves(["SN 2018cow"], since="2018-06-01")
    >>> curves
    <LightCurves: 1 of 1 objects>
    >>> curves["2018cow"] is curves[1161600211221604900]
    True
    """

    def __init__(self, curves, *, names=None, missing=(), failed=None):
        if not isinstance(curves, Mapping):
            raise InvalidTypeError(
                f"The light curves are to be a dict by their ids, not of type {type(curves).__name__}."
            )
        self._curves = {check_id(one): curve for one, curve in curves.items()}
        self._names = {check_name(name).query.lower(): check_id(one) for name, one in (names or {}).items()}
        self.missing = list(missing)
        self.failed = {_to_key(object_id): error for object_id, error in (failed or {}).items()}

    def __getitem__(self, key):
        try:
            meant = check_object_id(key)
        except InvalidInputError:
            raise KeyError(key) from None
        one = self._names.get(meant.query.lower()) if isinstance(meant, ObjectName) else meant
        if error := self.failed.get(one) or self.failed.get(_to_key(meant)):
            raise KeyError(f"{key} was not obtained: {error}")
        if one not in self._curves:
            raise KeyError(key)
        return self._curves[one]

    # Tables, of which == gives a row of answers, are not to be asked whether they are equal.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self):
        return iter(self._curves)

    def __len__(self):
        return len(self._curves)

    def __repr__(self):
        total = len(self) + len(self.missing) + len(self.failed)
        parts = [f"{len(self)} of {total} objects"]
        parts += [f"{len(self.missing)} missing"] if self.missing else []
        parts += [f"{len(self.failed)} failed"] if self.failed else []
        return f"<{type(self).__name__}: {', '.join(parts)}>"


def _to_key(object_id):
    """Return an id as an integer, or a name as it was written."""
    checked = check_object_id(object_id)
    return checked.written if isinstance(checked, ObjectName) else checked
