# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Representations of a light curve: a summary line, and a table that fits on a page."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from astropy import units as u
from astropy.table import Column, QTable

from atlasquery.lightcurve.arrays import column_mask, plain_array, string_array
from atlasquery.lightcurve.checks import atlas_ids_in
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.plotting import html
from atlasquery.lightcurve.times import MJD, time_axis, time_values

__all__ = ["DisplayMixin"]

SHOWN_COLUMNS = ("time", "kind", "band", "flux", "flux_err", "mag", "mag_err", "limit")
SHOWN_DIGITS = {"time": 5, "flux": 1, "flux_err": 1, "mag": 3, "mag_err": 3, "limit": 2}  # in the declared unit
MAX_DIGITS = 9  # after the decimal point; fluxes in large units have an exponent
MAX_LINES = 14
MAX_COLUMNS = 9  # with more columns only SHOWN_COLUMNS are shown; fewer were probably selected by the user
MAX_WIDTH = 120  # characters
KIND_LABELS = {"detection": "detections", "limit": "limits", "forced": "forced", "binned": "binned"}


class DisplayMixin(Mixin):
    """Representations of a light curve as text and HTML."""

    def __repr__(self):
        return "\n".join([f"<{self._summary_line()}>", *self._table_lines()])

    __str__ = __repr__

    def _repr_html_(self):
        """Return the summary, the image and some rows as HTML for a notebook."""
        return html.block(self._summary_line(), html.light_curve_image(self), *self._table_lines(html=True))

    def _table_lines(self, **kwargs):
        """Return the lines of the shown table; none for an empty curve."""
        return self._shown_table().pformat(max_lines=MAX_LINES, max_width=-1, **kwargs) if len(self) else []

    def _summary_line(self):
        """Return object, numbers of rows and time range in one line, or in two if it is too long."""
        counts = ", ".join(self._iter_counts()) or f"{len(self)} rows"
        times = self._times_or_nan()
        times = times[~np.isnan(times)]
        span = f"; {time_axis(self).name} {times.min():.2f} to {times.max():.2f}" if len(times) else ""
        head, rest = f"{type(self).__name__}{self._object_label()}:", f"{counts}{span}"
        return f"{head} {rest}" if len(head) + len(rest) + 3 <= MAX_WIDTH else f"{head}\n {rest}"

    def _times_or_nan(self):
        """Return the times as floats, NaN where masked: a representation must not fail."""
        if "time" not in self.colnames:  # an empty LightCurve() has no columns
            return np.array([])
        if time_axis(self) is MJD and self.time.scale == "local":  # cannot be converted to UTC
            return self.time.mjd
        known, times = ~column_mask(self.time), np.full(len(self), np.nan)
        times[known] = time_values(self if known.all() else self[known])
        return times

    def _object_label(self):
        if len(ids := atlas_ids_in(self)) > 1:
            return f" of {len(ids)} objects"
        name, atlas_id = self.meta.get("name"), self.meta.get("atlas_id")
        label = f"{name} ({atlas_id})" if name and atlas_id else name or atlas_id
        return f" of {label}" if label else ""

    def _iter_counts(self):
        """Yield the number of rows of each kind and its bands, such as ``3 detections (1 c, 2 o)``."""
        if "kind" not in self.colnames:
            return
        bands, kinds = string_array(self, "band", "?"), string_array(self, "kind", "?")
        for kind in dict.fromkeys([*KIND_LABELS, *sorted(set(kinds.tolist()))]):
            if band_counts := Counter(bands[kinds == kind].tolist()):
                split = ", ".join(f"{count} {band}" for band, count in sorted(band_counts.items()))
                total = band_counts.total()
                yield f"{total} {kind if total == 1 else KIND_LABELS.get(kind, kind)} ({split})"

    def _shown_table(self):
        """Return the columns with values that fit on a page, with few digits."""
        names = self.colnames if len(self.colnames) <= MAX_COLUMNS else SHOWN_COLUMNS
        columns = {name: self[name] for name in names if name in self.colnames and not _has_no_value(self[name])}
        columns["time"] = Column(self._times_or_nan(), unit=time_axis(self).unit)  # formats do not work on a Time
        shown = QTable(columns, copy=True)
        for name in shown.colnames:
            is_number = plain_array(shown[name]).dtype.kind in "fi"
            shown[name].info.format = _format_of(name, shown[name].info.unit) if is_number else None
        return shown


def _format_of(name, unit):
    """Return the format of a column of numbers, with as many significant digits in any unit; None for other columns."""
    if name not in SHOWN_DIGITS:
        return None
    digits, declared = SHOWN_DIGITS[name], getattr(COLUMNS.get(name), "unit", None)
    if declared == u.uJy and unit not in (None, declared):
        try:
            digits += math.floor(math.log10(u.Unit(unit).to(declared)))
        except u.UnitConversionError:
            return None
    return f".{max(digits, 0)}f" if digits <= MAX_DIGITS else ".4g"


def _has_no_value(column):
    return len(column) > 0 and column_mask(column).all()
