# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How a light curve shows itself: in words, and as a table that fits on a page."""

from collections import Counter

import numpy as np
from astropy.table import Column, QTable

from atlasquery.lightcurve.arrays import column_mask, plain_array, string_array
from atlasquery.lightcurve.checks import atlas_ids_in
from atlasquery.lightcurve.plotting import html
from atlasquery.lightcurve.times import MJD, time_axis, time_values

__all__ = ["DisplayMixin"]

SHOWN_COLUMNS = ("time", "kind", "band", "flux", "flux_err", "mag", "mag_err", "limit")
SHOWN_FORMATS = {"time": ".5f", "flux": ".1f", "flux_err": ".1f", "mag": ".3f", "mag_err": ".3f", "limit": ".2f"}
SHOWN_LINES = 14
FEW_COLUMNS = 9  # as many as somebody may have chosen to look at
WIDTH = 120
KINDS = {"detection": "detections", "limit": "limits", "forced": "forced", "binned": "binned"}


class DisplayMixin:
    """The part of a light curve that shows it."""

    def __repr__(self):
        return "\n".join([f"<{self._summary()}>", *self._lines()])

    __str__ = __repr__

    def _repr_html_(self):
        """Return the light curve for a notebook: what it is, its picture, and some of its rows."""
        return html.block(self._summary(), html.light_curve_image(self), *self._lines(html=True))

    def _lines(self, **kwargs):
        """Return the lines of a table of what is shown, none for an empty curve."""
        return self._shown().pformat(max_lines=SHOWN_LINES, max_width=-1, **kwargs) if len(self) else []

    def _summary(self):
        """Return what this is, in one line if that is not too long."""
        counts = ", ".join(self._counts()) or f"{len(self)} rows"
        when = self._times_or_nan()
        when = when[~np.isnan(when)]
        span = f"; {time_axis(self).name} {when.min():.2f} to {when.max():.2f}" if len(when) else ""
        head, rest = f"{type(self).__name__}{self._object_label()}:", f"{counts}{span}"
        return f"{head} {rest}" if len(head) + len(rest) + 3 <= WIDTH else f"{head}\n {rest}"

    def _times_or_nan(self):
        """Return the times as floats, NaN where they are masked: what cannot be computed with can be looked at."""
        if "time" not in self.colnames:  # as of LightCurve(), before anything is in it
            return np.array([])
        if time_axis(self) is MJD and self.time.scale == "local":  # of which there is no UTC
            return self.time.mjd
        known, when = ~column_mask(self.time), np.full(len(self), np.nan)
        when[known] = time_values(self if known.all() else self[known])
        return when

    def _object_label(self):
        if len(several := atlas_ids_in(self)) > 1:
            return f" of {len(several)} objects"
        name, atlas_id = self.meta.get("name"), self.meta.get("atlas_id")
        who = f"{name} ({atlas_id})" if name and atlas_id else name or atlas_id
        return f" of {who}" if who else ""

    def _counts(self):
        """Yield how many rows there are of each kind, and in which bands."""
        if "kind" not in self.colnames:
            return
        bands, kinds = string_array(self, "band", "?"), string_array(self, "kind", "?")
        for kind in dict.fromkeys([*KINDS, *sorted(set(kinds.tolist()))]):
            if chosen := Counter(bands[kinds == kind].tolist()):
                split = ", ".join(f"{count} {band}" for band, count in sorted(chosen.items()))
                total = chosen.total()
                yield f"{total} {kind if total == 1 else KINDS.get(kind, kind)} ({split})"

    def _shown(self):
        """Return the columns that fit on a page, with few digits: all if they are few."""
        names = self.colnames if len(self.colnames) <= FEW_COLUMNS else SHOWN_COLUMNS
        columns = {name: self[name] for name in names if name in self.colnames}
        columns["time"] = Column(self._times_or_nan(), unit=time_axis(self).unit)  # formats do not work on a Time
        shown = QTable(columns, copy=True)
        for name in shown.colnames:
            is_number = plain_array(shown[name]).dtype.kind in "fi"
            shown[name].info.format = SHOWN_FORMATS.get(name) if is_number else None
        return shown
