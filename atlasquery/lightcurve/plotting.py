# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The picture of a light curve.

A curve of the server has years of limits around weeks of measurements, so that a picture of all of it shows nothing. It
is drawn from the first to the last significant positive flux, with a margin, and says how much lies outside. A single
exposure far from all others, which in years of photometry is noise, does not count for that.
"""

from itertools import cycle

import astropy.units as u
import numpy as np
from astropy.time import Time

from atlasquery import photometry
from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve.nights import runs
from atlasquery.lightcurve.plain import numbers, texts

__all__ = ["draw"]

COLOURS = {"c": "#0097a7", "o": "#f57c00"}  # cyan and orange, as everybody draws them
OTHER_COLOURS = ("#7b4fa3", "#4b9b3e", "#c2185b", "#5d6d7e", "#8d6e63", "#3f51b5")

# How each kind of mark looks, in the order of drawing: what matters most comes last.
STYLES = {
    "limit": {"marker": "v", "markersize": 4.5, "markeredgewidth": 0, "alpha": 0.3},
    "forced limit": {"marker": "v", "markersize": 4.5, "markeredgewidth": 0.8, "markerfacecolor": "none", "alpha": 0.5},
    "forced": {"marker": "D", "markersize": 4.0, "markeredgewidth": 0.9, "markerfacecolor": "white"},
    "detection": {"marker": "o", "markersize": 6.0, "markeredgewidth": 0.6, "markeredgecolor": "white"},
}
LIMITS = ("limit", "forced limit")
NOISE = {"alpha": 0.3, "zorder": 2}  # measurements that are not significant

SIGNIFICANT = 3.0  # sigma; a magnitude below it means little
MARGIN = 0.05  # of the time that is drawn
SMALLEST_MARGIN = 5.0  # days
LONELY = 60.0  # days around a significant exposure without another one
STRAY = 0.05  # of the exposures of the largest group
SAME_EXPOSURE = 10 / 86400  # days; exposures of 30 s follow each other more slowly
SMALLEST_RANGE = 0.5  # for a single point without an uncertainty


def draw(light_curve, ax, *, y, bands, show_limits, window):
    """Draw a light curve: what `atlasquery.LightCurve.plot` does.

    Parameters
    ----------
    light_curve : `~atlasquery.LightCurve`
        What to draw; it is not changed.
    ax, y, bands, show_limits, window
        As for `atlasquery.LightCurve.plot`.

    Returns
    -------
    ax : `~matplotlib.axes.Axes`
        The axes.
    """
    if y not in ("mag", "flux"):
        raise InvalidQueryError(f"y is {y!r}, but can be 'mag' or 'flux'.")
    points = Points(light_curve, y, bands, show_limits)
    low, high, why = _window(points, window)
    edges = _edges(points, (points.mjd >= low) & (points.mjd <= high))
    inside = (points.mjd >= low) & (points.mjd <= high) & (points.y >= edges[0]) & (points.y <= edges[1])
    is_ours = ax is None
    ax = _new_axes() if is_ours else ax
    handles = [_draw(ax, points, rows, inside, *look) for rows, *look in _layers(points) if rows.any()]
    _label_axes(ax, light_curve, y)
    _frame(ax, points, (low, high), edges)
    _legend(ax, handles, f"MJD {low:.0f} to {high:.0f}\n({why})", outside=is_ours)
    return ax


class Points:
    """The rows that are asked for as plain arrays: when, how bright, and how each of them is marked."""

    def __init__(self, light_curve, y, bands, show_limits):
        # A band has the same colour whichever of them are drawn.
        self.colours = _colours(texts(light_curve, "band", "?"))
        rows = light_curve[_is_asked_for(light_curve, y, bands, show_limits)]
        self.is_mag = y == "mag"
        self.mjd = rows.time.mjd
        self.band, self.mark = texts(rows, "band", "?"), _marks(rows, y)
        self.is_limit = np.isin(self.mark, LIMITS)
        flux, flux_err, limit = (numbers(rows, name) for name in ("flux", "flux_err", "limit"))
        faintest = limit if self.is_mag else photometry.mag_to_flux(limit * u.mag).value
        self.y = np.where(self.is_limit, faintest, numbers(rows, y))
        err = numbers(rows, f"{y}_err")
        self.err = np.where(err >= 0, err, np.nan)  # matplotlib refuses a negative uncertainty
        self.is_noise = (self.mark == "forced") & (np.abs(flux) < SIGNIFICANT * flux_err)
        self.is_measured = ~self.is_limit & ~np.isnan(self.y)
        self.stands_out = self.is_measured & ~self.is_noise & ~(flux <= 0)

    def __len__(self):
        return len(self.mjd)


def _is_asked_for(light_curve, y, bands, show_limits):
    """Return which rows may be drawn at all."""
    asked = np.ones(len(light_curve), dtype=bool)
    if bands is not None:
        asked &= np.isin(texts(light_curve, "band", "?"), [bands] if isinstance(bands, str) else list(bands))
    return asked if show_limits else asked & ~np.isin(_marks(light_curve, y), LIMITS)


def _marks(rows, y):
    """Return what marks each row: its kind, but a forced magnitude may be a limit."""
    marks = texts(rows, "kind", "detection").astype("U12")
    if y == "mag":
        marks[(marks == "forced") & ~np.isnan(numbers(rows, "limit"))] = "forced limit"
    return marks


def _colours(bands):
    others = sorted(set(bands.tolist()) - set(COLOURS))
    return COLOURS | dict(zip(others, cycle(OTHER_COLOURS), strict=False))


def _window(points, window):
    """Return the first and the last MJD to draw, and in words why."""
    if window is None and points.stands_out.any():
        return _around(points.mjd[points.stands_out])
    if window is None or (isinstance(window, str) and window == "all"):
        return *_with_margin(points.mjd), "everything"
    try:
        low, high = (edge.utc.mjd if isinstance(edge, Time) else float(edge) for edge in window)
    except (TypeError, ValueError):
        raise InvalidQueryError(f"window is {window!r}, but can be 'all' or two Times or MJDs.") from None
    if not low < high:
        raise InvalidQueryError(f"window ends (MJD {high}) before it begins (MJD {low}).")
    return low, high, "as asked"


def _around(mjd):
    """Return the window around these times, without stray ones: groups of few exposures, far from all others."""
    once = np.unique(runs(mjd, SAME_EXPOSURE), return_index=True)[1]  # detected and forced, it is one exposure still
    run = runs(mjd, LONELY)
    exposures = np.bincount(run[once])
    stray = exposures < max(STRAY * exposures.max(), min(2, exposures.max()))
    outside = exposures[stray].sum()
    left_out = f",\n{outside} stray exposure{'s' if outside > 1 else ''} left out" if outside else ""
    return *_with_margin(mjd[~stray[run]]), f"around the positive flux{left_out}"


def _with_margin(mjd):
    if not len(mjd):
        return 0.0, 1.0
    margin = max(MARGIN * np.ptp(mjd), SMALLEST_MARGIN)
    return mjd.min() - margin, mjd.max() + margin


def _edges(points, inside):
    """Return the lowest and the highest value to draw.

    They are those of the significant measurements. Limits of bad nights, far brighter than anything measured, tell
    nothing and would squeeze the picture, as would the noise of such nights; faint limits tell when there was nothing
    to be seen.
    """
    measured = inside & points.is_measured
    leading = measured & ~points.is_noise
    rows = next((rows for rows in (leading, measured, inside) if rows.any()), inside)
    err = np.nan_to_num(points.err)[rows]
    y = points.y[rows]
    low, high = (np.nanmin(y - err), np.nanmax(y + err)) if (~np.isnan(y)).any() else (0.0, 1.0)
    if points.is_mag:
        high = np.nanmax([high, *points.y[inside]])
    else:
        low, high = min(low, 0.0), max(high, 0.0)
        noise = points.y[measured]
        half = (high - low) / 2
        low, high = np.min([low, *noise[noise > low - half]]), np.max([high, *noise[noise < high + half]])
    margin = MARGIN * (high - low) or SMALLEST_RANGE
    return low - margin, high + margin


def _layers(points):
    """Yield rows that look alike, with their mark, their colour and a name for the legend."""
    for mark in STYLES:
        for band in sorted(set(points.band.tolist())):
            yield (points.mark == mark) & (points.band == band), mark, points.colours[band], f"{band} {mark}"


def _draw(ax, points, rows, inside, mark, colour, label):
    """Draw those of the rows that are inside the picture; return a handle for the legend."""
    style = {"color": colour, "markeredgecolor": colour, "linestyle": "none", "zorder": 3, **STYLES[mark]}
    drawn = rows & inside
    for chosen, look in ((drawn & points.is_noise, style | NOISE), (drawn & ~points.is_noise, style)):
        err = None if mark in LIMITS else points.err[chosen]
        ax.errorbar(points.mjd[chosen], points.y[chosen], yerr=err, elinewidth=1.0, **look)
    count, total = int(drawn.sum()), int(rows.sum())
    (handle,) = ax.plot([], [], label=f"{label}: {count}" + (f" of {total}" if total > count else ""), **style)
    return handle


def _label_axes(ax, light_curve, y):
    what = {"mag": "AB magnitude", "flux": "Difference flux"}[y]
    unit = light_curve[y].unit if y in light_curve.colnames else {"mag": u.mag, "flux": u.uJy}[y]
    ax.set_ylabel(f"{what} [{_written(unit)}]")
    ax.set_xlabel("MJD (UTC) [d]")
    ax.locator_params(axis="x", nbins=7, steps=[1, 2, 5, 10])
    ax.ticklabel_format(axis="x", useOffset=False, style="plain")
    ax.grid(visible=True, color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)


def _written(unit):
    """Return the name of a unit for an axis."""
    return unit.to_string("unicode")


def _frame(ax, points, window, edges):
    """Set the edges of the picture; brighter is upwards."""
    if not len(points):
        ax.text(0.5, 0.5, "no measurements", transform=ax.transAxes, ha="center", va="center", color="0.5")
        ax.tick_params(labelbottom=False, labelleft=False)
    ax.set_xlim(*window)
    ax.set_ylim(*(edges[::-1] if points.is_mag else edges))
    if not points.is_mag:
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=1)


def _legend(ax, handles, title, *, outside):
    """Draw the legend: beside a picture of our own, inside one of somebody else's."""
    if not handles:
        return
    place = (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, "frameon": False}
        if outside
        else {"loc": "upper right", "framealpha": 0.85, "edgecolor": "none"}
    )
    legend = ax.legend(handles=handles[::-1], title=title, fontsize="small", title_fontsize="small", **place)
    legend.set_alignment("left")


def _new_axes():
    """Return the axes of a new figure."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError('Plots need matplotlib: pip install "atlasquery[plot]".') from error
    return plt.subplots(figsize=(9, 4.6), layout="constrained")[1]
