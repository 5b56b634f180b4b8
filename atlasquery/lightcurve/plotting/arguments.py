# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Arguments of `plot` that do not select measurements: title, colours and markers; and what is set elsewhere."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.utils.near_names import did_you_mean
from atlasquery.utils.text import abbreviate, shorten

__all__ = ["FIGURE_ARGUMENTS", "PLOT_ARGUMENTS", "Appearance", "check_appearance", "check_title", "refuse_unknown"]

PLOT_ARGUMENTS = (
    "ax",
    "y",
    "bands",
    "show_limits",
    "window",
    "bin",
    "label",
    "legend",
    "title",
    "color",
    "marker",
    "alpha",
    "markersize",
    "interactive",
)
FIGURE_ARGUMENTS = ("figsize", "dpi", "layout", "facecolor", "num")
# Where to do what is no argument, by names of matplotlib, pandas and lightkurve.
ELSEWHERE = {
    **{
        name: f"Make the axes with plt.subplots({name}=...), and pass them as ax=."
        for name in (*FIGURE_ARGUMENTS, "fig")
    },
    **dict.fromkeys(("c", "colors", "colour", "colours", "palette"), "Pass color=, one colour or a dict by band."),
    **dict.fromkeys(("markers", "fmt"), "Pass marker= and color=, each one value or a dict by band."),
    **dict.fromkeys(("ms", "s", "size"), "Pass markersize=, in points."),
    **dict.fromkeys(
        ("fillstyle", "markerfacecolor", "markeredgecolor", "mfc", "mec", "mew", "markeredgewidth"),
        "The filling of the markers shows the kind of measurement; pass color= or marker=.",
    ),
    **dict.fromkeys(
        ("ls", "linestyle", "lw", "linewidth", "drawstyle", "style"),
        'The points are not connected; draw a line with ax.plot(lc.time.mjd, lc["flux"]).',
    ),
    **dict.fromkeys(
        ("yerr", "xerr", "err", "ecolor", "elinewidth", "capsize", "error"),
        "Error bars are drawn where there is an uncertainty; for others call ax.errorbar().",
    ),
    **dict.fromkeys(("ylim", "yticks", "ylabel"), "Set it on the axes that are returned, as in ax.set_ylim()."),
    **dict.fromkeys(("xlabel", "xticks"), "Set it on the axes that are returned, as in ax.set_xlabel()."),
    **dict.fromkeys(("xlim", "start", "end", "since", "tlim"), "Pass window=(start, end)."),
    **dict.fromkeys(("logy", "yscale", "log"), 'Call ax.set_yscale("log") on the axes that are returned.'),
    **dict.fromkeys(("logx", "loglog", "xscale"), 'Call ax.set_xscale("log") on the axes that are returned.'),
    **dict.fromkeys(("x", "time_format"), "The x axis shows the time in MJD (UTC), or the phase of a folded curve."),
    **dict.fromkeys(("kind", "column", "quantity", "flux", "mag"), 'Pass y="mag" or y="flux".'),
    **dict.fromkeys(
        ("invert_yaxis", "invert", "inverted"),
        "Magnitudes are drawn with bright ones at the top; ax.invert_yaxis() turns it.",
    ),
    **dict.fromkeys(("filter", "filters", "band"), "Pass bands=, one band or a list."),
    **dict.fromkeys(("limits", "upper_limits", "uplims"), "Pass show_limits=True or False."),
    **dict.fromkeys(("name", "labels"), "Pass label=, the name of the curve in the legend."),
    **dict.fromkeys(("loc", "ncol", "ncols", "legend_loc"), "Call ax.legend() on the axes that are returned."),
    **dict.fromkeys(("grid", "rasterized", "zorder"), "Call it on the axes that are returned, as in ax.grid(False)."),
    **dict.fromkeys(("fontsize", "rot", "rc"), "Set it with plt.rc_context()."),
    **dict.fromkeys(
        ("filename", "file", "path", "save", "savefig"),
        'Call ax.figure.savefig("name.png") with the axes that are returned.',
    ),
    **dict.fromkeys(("show", "block"), "Call plt.show()."),
    **dict.fromkeys(("subplots", "sharex", "sharey"), "Make the axes with plt.subplots(), and pass each as ax=."),
}


@dataclass(frozen=True)
class Appearance:
    """What the user has chosen of the appearance; None for the default."""

    color: object = None
    marker: object = None
    alpha: float | None = None
    markersize: float | None = None

    def band_style(self, band, default):
        """Return the default style of a band with the colour and the marker of the user."""
        chosen = {name: _of_band(getattr(self, name), band) for name in ("color", "marker")}
        return default | {name: value for name, value in chosen.items() if value is not None}

    def point_style(self, style):
        """Return the style of points with the size and, times their own, the alpha of the user."""
        size = {} if self.markersize is None else {"markersize": self.markersize}
        alpha = {} if self.alpha is None else {"alpha": self.alpha * style.get("alpha", 1.0)}
        return style | size | alpha


def _of_band(value, band):
    return value.get(band) if isinstance(value, dict) else value


def refuse_unknown(names, elsewhere=None):
    """Raise an error for the first of unknown arguments, which says where to do what it asks for."""
    for name in names:
        hint = (ELSEWHERE | (elsewhere or {})).get(name)
        guess = "" if hint else did_you_mean(name, PLOT_ARGUMENTS)
        raise InvalidTypeError(
            f"`{shorten(name)}` is not an argument of plot(){guess or '.'}",
            hint=hint or (None if guess else f"The arguments are {', '.join(PLOT_ARGUMENTS)}."),
        )


def check_title(title):
    """Return the title of the user: a string, True for that of the object, False for none, None for the default."""
    if title is None or isinstance(title, bool | np.bool_):
        return title if title is None else bool(title)
    if not isinstance(title, str):
        raise InvalidTypeError(f"`title` must be a string, or False for none, got {abbreviate(title)}.")
    return title or False


def check_appearance(color, marker, alpha, markersize):
    """Return the appearance that the user has chosen, checked."""
    return Appearance(
        _check_by_band("color", color, _is_colour, "a colour of matplotlib such as 'tab:blue'"),
        _check_by_band("marker", marker, _is_marker, "a marker of matplotlib such as 's'"),
        _check_number("alpha", alpha, 1.0),
        _check_number("markersize", markersize, np.inf),
    )


def _check_by_band(name, value, is_valid, what):
    """Return one value or a dict of values by band, if each is valid."""
    if value is None or (not isinstance(value, dict) and is_valid(value)):
        return value
    wrong = value
    if isinstance(value, dict):
        wrong = next((band for band in value if not isinstance(band, str)), None)
        if wrong is not None:
            raise InvalidTypeError(f"`{name}` must have bands such as 'o' as keys, got {abbreviate(wrong)}.")
        band = next((band for band, chosen in value.items() if not is_valid(chosen)), None)
        if band is None:
            return {str(key): chosen for key, chosen in value.items()}
        name, wrong = f"{name}[{band!r}]", value[band]
    error = InvalidInputError if isinstance(wrong, str | tuple | list | np.ndarray) else InvalidTypeError
    raise error(f"`{name}` must be {what}, or a dict by band, got {abbreviate(wrong)}.")


def _is_colour(value):
    from matplotlib.colors import is_color_like, to_rgba

    return is_color_like(value) and to_rgba(value)[3] > 0


def _is_marker(value):
    from matplotlib.markers import MarkerStyle

    try:
        return len(MarkerStyle(value).get_path().vertices) > 0  # that of "none" is empty
    except (TypeError, ValueError):
        return False


def _check_number(name, value, largest):
    """Return a number above 0 as a float."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidTypeError(f"`{name}` must be a number, got {abbreviate(value)}.")
    if not (0 < value <= largest and np.isfinite(value)):
        raise InvalidInputError(
            f"`{name}` must be above 0{'' if largest == np.inf else f' and at most {largest:g}'}, got {value}."
        )
    return float(value)
