# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The index of a light curve by time, for ``.loc`` and ``.iloc``: it is made when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlasquery.lightcurve.mixin import Mixin

if TYPE_CHECKING:
    from astropy.table.index import TableILoc, TableIndices, TableLoc, TableLocIndices

__all__ = ["TIME_KEY", "TimeIndexMixin"]

TIME_KEY = ("time",)  # the primary key of a light curve


class TimeIndexMixin(Mixin):
    """The index of a light curve.

    A time series of astropy has an index from the start, which takes longer than the selection of its rows.
    """

    _is_indexing = False

    @property
    def indices(self) -> TableIndices:
        """The indices of the columns, as of `astropy.table.Table`."""
        self._make_time_index()
        return super().indices  # type: ignore[misc]

    @property
    def loc(self) -> TableLoc:
        """Rows by time, as of `astropy.table.Table`."""
        self._make_time_index()
        return super().loc  # type: ignore[misc]

    @property
    def iloc(self) -> TableILoc:
        """Rows by their order in time, as of `astropy.table.Table`."""
        self._make_time_index()
        return super().iloc  # type: ignore[misc]

    @property
    def loc_indices(self) -> TableLocIndices:
        """Numbers of rows by time, as of `astropy.table.Table`."""
        self._make_time_index()
        return super().loc_indices  # type: ignore[misc]

    def _make_time_index(self):
        """Make the index that the primary key names."""
        if self._is_indexing or self.primary_key != TIME_KEY or "time" not in self.colnames or super().indices:
            return
        self._is_indexing = True  # astropy asks for the indices while it makes one
        try:
            self.add_index(TIME_KEY)
        finally:
            del self._is_indexing

    def __setstate__(self, state):
        super().__setstate__(state)
        self._restore_index()

    def __deepcopy__(self, memo=None):
        out = super().__deepcopy__(memo)
        out._restore_index()
        return out

    def _restore_index(self):
        """Remove what astropy keeps of an index in pickles and deep copies, so that it is made anew."""
        if "time" in self.colnames and not (super().indices and self.primary_key):
            self.remove_indices("time")
            self.primary_key = TIME_KEY
