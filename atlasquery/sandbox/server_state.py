# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What the views stand on: the sky, the age of the server, the faults it was told to have."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["VINTAGES", "World", "world"]

VINTAGES = ("new", "old")


@dataclass
class World:
    """The state that all requests of one sandbox share.

    Parameters
    ----------
    sky : `~atlasquery.sandbox.sky.Sky`
        The synthetic sky.
    vintage : str, optional
        ``"new"``, or ``"old"`` for a server without list filters, ``vra`` and ``uJy``.
    faults : `~atlasquery.sandbox.fault.FaultPlan`, optional
        What shall go wrong.
    """

    sky: Any
    vintage: str = "new"
    faults: Any = None
    _rows: dict = field(default_factory=dict, repr=False)

    @cached_property
    def known(self):
        """The ids of all objects, as a frozenset of int."""
        return frozenset(self.sky.catalogue["id"].tolist())

    @cached_property
    def by_name(self):
        """What other surveys call the objects: lower-case name -> rows; made when it is first asked for."""
        rows = {}
        for row in self.sky.external_crossmatches():
            rows.setdefault(row["external_designation"].lower(), []).append(row)
        return rows

    def list_row(self, object_id):
        """Return the static part of an object's row in a list; it is worked out once, since it never changes.

        Parameters
        ----------
        object_id : int
            The object.

        Returns
        -------
        dict
            To be copied before it is changed.
        """
        if object_id not in self._rows:
            self._rows[object_id] = self.sky.list_row(object_id)
        return self._rows[object_id]


def world():
    """Return the `World` of this server process.

    Returns
    -------
    World
        The one the server was started with.
    """
    # Django's settings are the one place that every room of the app can see without importing the server.
    from django.conf import settings

    return settings.SANDBOX_WORLD
