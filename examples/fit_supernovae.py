# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fit a hundred type Ia supernovae of the sandbox and compare with the truth: biases and pulls.

Two models are fitted to the forced photometry of each. That of Bazin et al. (2009) fits whatever rises once and falls,
in one band; where it puts the peak is biased, because no supernova has just that shape. How much, is seen where it is
fitted to fluxes without noise. The template is the very shape of which the sandbox makes its supernovae, so that all
that is left are the errors of the data. For real supernovae hand ``light_curve.to_sncosmo()`` to sncosmo instead.

It needs scipy and matplotlib: ``pip install "atlasquery[plot,sandbox]" scipy``.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from astropy.table import Table
from matplotlib.figure import Figure
from scipy.optimize import least_squares

from atlasquery.exceptions import DataQualityWarning
from atlasquery.sandbox import Sandbox
from atlasquery.sandbox.sky.source_models import outburst_shape

mpl.use("agg")  # a picture in a file, also where there is no screen

HOW_MANY = 100
FAINTEST = 18.25  # mag at the peak
OVER = 60  # days before the end when the peak was, at least
NIGHTS, AROUND = 3, 15  # so many nights with exposures in o within so many days before the peak, and as many after
WINDOW = 40  # days on either side of the brightest night that are fitted
BANDS = ("atlasc", "atlaso")  # their numbers are those of the sandbox's shapes
PEAK = ("peak_mjd", "peak_mag")


def main(picture=Path("fit_supernovae.png")):
    """Fit, print and draw."""
    with Sandbox(end="2026-11-01") as sandbox:
        atlas = sandbox.client()
        candidates = choose(sandbox.truth, sandbox.end)
        some = candidates[: 2 * HOW_MANY]
        curves = atlas.get_light_curves(some["atlas_id"])
        print(f"{len(candidates)} type Ia supernovae are bright enough, of the first {len(some)} the light curves")
        print(f"took {atlas.quota.used} requests.")
    truth = some[[observed(curves[one["atlas_id"]], one["peak_mjd"]) for one in some]][:HOW_MANY]
    data = [Points.of(curves[one]) for one in truth["atlas_id"]]
    noiseless = [points.without_noise(one) for points, one in zip(data, truth, strict=True)]
    print(f"The peaks of the first {len(truth)} that were observed around it are fitted:\n")
    results = {
        "Bazin, o": compare(BAZIN, truth, [points.orange for points in data]),
        "Bazin, o, no noise": compare(BAZIN, truth, [points.orange for points in noiseless]),
        "template, c and o": compare(TEMPLATE, truth, data),
    }
    for name in ("Bazin, o", "template, c and o"):
        print(f"{name}, the first ten:\n")
        results[name][:10].pprint(max_lines=-1, max_width=-1)
        print()
    summary(results).pprint(max_lines=-1, max_width=-1)
    noise = np.concatenate([(one.flux - true.flux) / one.err for one, true in zip(data, noiseless, strict=True)])
    print(f"\n{len(noise)} fluxes: mean pull {np.mean(noise):.3f}, standard deviation {np.std(noise):.3f}")
    both = results["Bazin, o"]["peak_mjd_off"] - results["Bazin, o, no noise"]["peak_mjd_off"]
    print(f"What the noise adds to the peak time of Bazin: median {np.nanmedian(both):.2f} d")
    draw(curves[truth["atlas_id"][0]], truth[0], results).savefig(picture, dpi=150)
    print(f"The fits are drawn in {picture.resolve()}")


# -- the sample


def choose(truth, end):
    """Return the type Ia supernovae that are bright enough and were over before the end."""
    bright, over = truth["peak_mag"] < FAINTEST, truth["peak_mjd"] < end - OVER
    return truth[(truth["class"] == "SN Ia") & bright & over]


def observed(light_curve, peak_mjd):
    """Tell whether the peak was observed: a matter of when there were exposures, not of what they measured."""
    forced = light_curve.forced
    days = forced[forced["band"] == "o"].time.mjd - peak_mjd
    return all(len({int(day) for day in side * days if 0 < day < AROUND}) >= NIGHTS for side in (-1, 1))


@dataclass
class Points:
    """What is fitted: columns of `to_sncosmo` as plain arrays, and the time of the brightest night."""

    mjd: np.ndarray
    band: np.ndarray
    flux: np.ndarray
    err: np.ndarray
    brightest: float

    @classmethod
    def of(cls, light_curve):
        """Return the good forced fluxes in c and o around the brightest night, negative ones included.

        Detections are left out: where a source is faint there are only those that noise has made brighter.
        """
        with warnings.catch_warnings():
            # The server sends nothing that some rules of the recipe could look at; the others do.
            warnings.simplefilter("ignore", DataQualityWarning)
            good = light_curve.forced.flag("faq").good()
            nights = good[good["band"] == "o"].bin_nightly()
        brightest = nights.time.mjd[np.argmax((nights["flux"] - 2 * nights["flux_err"]).unmasked)]
        near = np.abs(good.time.mjd - brightest) < WINDOW
        table = good[near & ((good["band"] == "c") | (good["band"] == "o"))].to_sncosmo()
        mjd, flux, err = (np.array(table[name]) for name in ("time", "flux", "fluxerr"))
        return cls(mjd, np.searchsorted(BANDS, table["band"]), flux, err, brightest)

    @property
    def orange(self):
        """The points in o."""
        rows = self.band == BANDS.index("atlaso")
        return Points(self.mjd[rows], self.band[rows], self.flux[rows], self.err[rows], self.brightest)

    def without_noise(self, truth):
        """Return the true fluxes at the same times, with the same uncertainties."""
        flux = template(self.mjd, self.band, *(truth[name] for name in (*PEAK, "stretch", "colour")))
        return Points(self.mjd, self.band, flux, self.err, self.brightest)


# -- the models: flux in uJy from the time and the magnitude of the peak, and from two parameters more


def bazin(mjd, band, peak_mjd, peak_mag, log_rise, log_ratio):
    """Bazin et al. 2009 (A&A 499, 653), ``A exp(-(t - t0) / fall) / (1 + exp(-(t - t0) / rise))``, by its peak.

    The paper has the exponent of the rise without its minus sign. With ``ratio = fall / rise - 1`` the peak is at
    ``t0 + rise ln(ratio)``; written with it, the fit gives the uncertainty of the peak, and there always is one.
    """
    rise, ratio, days = np.exp(log_rise), np.exp(log_ratio), mjd - peak_mjd
    shape = np.exp(-days / (rise * (1 + ratio))) * (1 + ratio) / (ratio + np.exp(-days / rise))
    return 10 ** (-0.4 * (peak_mag - 23.9)) * shape


def template(mjd, band, peak_mjd, peak_mag, stretch, colour):
    """The shape of the sandbox's type Ia supernovae: with a stretch, and a colour c - o at the peak."""
    return 10 ** (-0.4 * (peak_mag - 23.9)) * outburst_shape("SN Ia", (mjd - peak_mjd) / stretch, band, colour)


# what is fitted, and the lowest, first and highest values of the two parameters more
BAZIN = bazin, np.array([[np.log(0.3), -3], [np.log(4), 1.4], [np.log(40), 6]])
TEMPLATE = template, np.array([[0.5, -1], [1, 0], [2, 1]])


# -- the fits


def fit(model, points):
    """Fit a model by least squares, from three first guesses of the time.

    Returns the four parameters and their covariance, or None if the fit did not converge or ran into a bound.
    """
    flux, (lowest, first, highest) = model[0], model[1]
    mag = 23.9 - 2.5 * np.log10(points.flux.max())

    def pulls(parameters):
        return (flux(points.mjd, points.band, *parameters) - points.flux) / points.err

    bounds = (points.brightest - 25, mag - 5, *lowest), (points.brightest + 25, mag + 5, *highest)
    begins = [(points.brightest + shift, mag, *first) for shift in (-6, 0, 6)]
    fits = [least_squares(pulls, begin, bounds=bounds, x_scale=(1, 0.1, 0.1, 0.1)) for begin in begins]
    best = min(fits, key=lambda one: one.cost)
    if not best.success or best.active_mask.any():
        return None
    return best.x, np.linalg.inv(best.jac.T @ best.jac)


def compare(model, truth, data):
    """Return a table of the true and the fitted peaks, errors and pulls; NaN where the fit failed."""
    fits = [fit(model, points) for points in data]
    table = Table({"atlas_id": truth["atlas_id"]})
    for number, name in enumerate(PEAK):
        true = np.array(truth[name])
        fitted = np.array([np.nan if one is None else one[0][number] for one in fits])
        err = np.array([np.nan if one is None else one[1][number, number] ** 0.5 for one in fits])
        columns = {"": true, "_fit": fitted, "_err": err, "_off": fitted - true, "_pull": (fitted - true) / err}
        for ending, values in columns.items():
            table[name + ending] = values
            table[name + ending].info.format = ".2f" if name == "peak_mjd" or ending == "_pull" else ".3f"
    return table


def summary(results):
    """Return the biases, scatters and pulls of all fits."""
    rows = []
    for fitted, fits in results.items():
        for name in PEAK:
            done = np.isfinite(fits[f"{name}_fit"])
            off, pull = fits[f"{name}_off"][done], fits[f"{name}_pull"][done]
            shares = [np.mean(np.abs(pull) < n) for n in (1, 3)]
            rows.append((fitted, name, len(fits), np.sum(~done), np.median(off), scatter(off),
                         np.median(fits[f"{name}_err"][done]), np.mean(pull), np.std(pull), *shares))  # fmt: skip
    names = ("fit", "of", "n", "failed", "bias", "scatter", "err", "pull", "pull_std", "in_1", "in_3")
    table = Table(rows=rows, names=names)
    for name in names[4:]:
        table[name].info.format = ".3f" if name in ("bias", "scatter", "err") else ".2f"
    return table


def scatter(values):
    """Return the standard deviation, estimated from the median absolute deviation."""
    return 1.4826 * np.median(np.abs(values - np.median(values)))


# -- the picture


def draw(light_curve, truth, results):
    """Draw one supernova with its fits, and the pulls of all."""
    figure = Figure(figsize=(9.5, 5), layout="constrained")
    panels = figure.subplot_mosaic([["curve", "peak_mjd"], ["curve", "peak_mag"]], width_ratios=(3, 2))
    draw_fits(panels["curve"], light_curve, truth)
    for name, label in zip(PEAK, ("time", "magnitude"), strict=True):
        draw_pulls(panels[name], {fit: results[fit][f"{name}_pull"] for fit in ("template, c and o", "Bazin, o")})
        panels[name].set(xlabel=f"pull of the peak's {label}", ylabel="supernovae")
    panels["peak_mag"].legend(loc="upper left", fontsize="small")
    return figure


def draw_fits(axes, light_curve, truth):
    """Draw the nights of one supernova and what was fitted to it."""
    points = Points.of(light_curve)
    mjd, lines = np.linspace(points.brightest - WINDOW, points.brightest + WINDOW, 400), []
    light_curve.forced.plot(ax=axes, y="flux", bin="nightly", bands=["c", "o"], window=(mjd[0], mjd[-1]))
    for label, model, some, bands in (("template", TEMPLATE, points, (0, 1)), ("Bazin", BAZIN, points.orange, (1,))):
        done = fit(model, some)
        for band in bands if done else ():
            flux = model[0](mjd, np.full(len(mjd), band), *done[0])
            style = {"color": "black", "linestyle": "--" if model is BAZIN else (":", "-")[band], "linewidth": 1.2}
            lines += axes.plot(mjd, flux, **style, label=f"{label}, {BANDS[band][-1]}", zorder=5)
    lines.append(axes.axvline(truth["peak_mjd"], color="grey", label="true peak"))
    axes.add_artist(axes.get_legend())  # that of the light curve, which another would replace
    axes.legend(handles=lines, loc="upper left")


def draw_pulls(axes, pulls):
    """Draw histograms of pulls beside the unit normal distribution."""
    edges = np.arange(-16, 10.1, 0.5)
    for (label, values), style in zip(pulls.items(), ("stepfilled", "step"), strict=True):
        colour = {"color": "#0072b2", "alpha": 0.6} if style == "stepfilled" else {"color": "#d55e00"}
        axes.hist(np.clip(values, edges[0], edges[-1]), edges, histtype=style, label=label, **colour)
    x = np.linspace(-5, 5, 200)
    normal = len(values) * np.diff(edges)[0] * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    axes.plot(x, normal, color="black", linewidth=1, label="unit normal")


if __name__ == "__main__":
    main()
