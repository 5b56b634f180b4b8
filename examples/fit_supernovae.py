# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fit 100 type Ia supernovae of the sandbox, and compare the fitted peaks with the true ones.

Two models are fitted to the forced photometry of each supernova:

* the function of Bazin et al. (2009), in the band o. It fits any light curve with one rise and one decline. Its peak is
  biased, because no supernova has exactly this shape; fits to fluxes without noise show how large the bias is.
* the template, in the bands c and o. The sandbox makes its supernovae from the same shape, so that only the errors of
  the data remain. For real supernovae, pass ``light_curve.to_sncosmo()`` to sncosmo instead.

The example needs scipy and matplotlib: ``pip install "atlasquery[plot,sandbox]" scipy``.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from astropy.table import Table
from matplotlib.figure import Figure
from scipy.optimize import least_squares

from atlasquery.exceptions import DataQualityWarning
from atlasquery.sandbox import Sandbox
from atlasquery.sandbox.sky.source_models import outburst_shape

mpl.use("agg")  # saves plots to files, and needs no screen

N_SUPERNOVAE = 100
MAX_PEAK_MAG = 18.25  # mag
MIN_DAYS_AFTER_PEAK = 60  # days between the peak and the end of the observations
MIN_NIGHTS, NIGHT_WINDOW = 3, 15  # nights with exposures in o, within so many days before and after the peak
FIT_WINDOW = 40  # days before and after the brightest night
BANDS = ("atlasc", "atlaso")  # the index of a band is its number in the shapes of the sandbox
PEAK_PARAMETERS = ("peak_mjd", "peak_mag")


def main(plot_path=Path("fit_supernovae.png")):
    """Select supernovae, fit them, print the results and save a plot."""
    truth, curves = download_sample()
    data = [FluxPoints.from_light_curve(curves[object_id]) for object_id in truth["atlas_id"]]
    noiseless = [points.without_noise(row) for points, row in zip(data, truth, strict=True)]
    results = {
        "Bazin, o": compare_peaks(BAZIN, truth, [points.orange for points in data]),
        "Bazin, o, no noise": compare_peaks(BAZIN, truth, [points.orange for points in noiseless]),
        "template, c and o": compare_peaks(TEMPLATE, truth, data),
    }
    print_results(results)
    print_noise(data, noiseless, results)
    draw(curves[truth["atlas_id"][0]], truth[0], results).savefig(plot_path, dpi=150)
    print(f"Saved the plot of the fits to {plot_path.resolve()}")


# -- the sample


def download_sample():
    """Return the true parameters of the supernovae to fit, and a mapping of ids to light curves."""
    with Sandbox(end="2026-11-01") as sandbox:
        atlas = sandbox.client()
        candidates = select_candidates(sandbox.truth, sandbox.end)
        first = candidates[: 2 * N_SUPERNOVAE]
        curves = atlas.get_light_curves(first["atlas_id"])
        print(f"{len(candidates)} type Ia supernovae are bright enough. The light curves of the first {len(first)}")
        print(f"took {atlas.quota.used} requests.")
    is_observed = [is_peak_observed(curves[row["atlas_id"]], row["peak_mjd"]) for row in first]
    truth = first[is_observed][:N_SUPERNOVAE]
    print(f"The first {len(truth)} with observations around the peak are fitted.\n")
    return truth, curves


def select_candidates(truth, end):
    """Return the type Ia supernovae that are bright enough, and whose decline was observed."""
    is_bright, has_decline = truth["peak_mag"] < MAX_PEAK_MAG, truth["peak_mjd"] < end - MIN_DAYS_AFTER_PEAK
    return truth[(truth["class"] == "SN Ia") & is_bright & has_decline]


def is_peak_observed(light_curve, peak_mjd):
    """Return whether there are exposures before and after the peak; the measured fluxes do not matter."""
    forced = light_curve.forced
    days = forced[forced["band"] == "o"].time.mjd - peak_mjd
    return all(len({int(day) for day in side * days if 0 < day < NIGHT_WINDOW}) >= MIN_NIGHTS for side in (-1, 1))


@dataclass
class FluxPoints:
    """The data of a fit: columns of `to_sncosmo` as plain arrays, and the time of the brightest night."""

    mjd: np.ndarray
    band: np.ndarray  # index in BANDS
    flux: np.ndarray  # uJy
    flux_err: np.ndarray  # uJy
    brightest_mjd: float

    @classmethod
    def from_light_curve(cls, light_curve):
        """Return the good forced fluxes in c and o around the brightest night, including negative ones.

        Detections are omitted: of a faint source, only the exposures that noise has made brighter are detections.
        """
        with warnings.catch_warnings():
            # The server does not send the columns of some rules of this recipe.
            warnings.simplefilter("ignore", DataQualityWarning)
            good = light_curve.forced.flag("faq").good()
            nights = good[good["band"] == "o"].bin_nightly()
        brightest_mjd = nights.time.mjd[np.argmax((nights["flux"] - 2 * nights["flux_err"]).unmasked)]
        is_near = np.abs(good.time.mjd - brightest_mjd) < FIT_WINDOW
        table = good[is_near & ((good["band"] == "c") | (good["band"] == "o"))].to_sncosmo()
        mjd, flux, flux_err = (np.array(table[name]) for name in ("time", "flux", "fluxerr"))
        return cls(mjd, np.searchsorted(BANDS, table["band"]), flux, flux_err, brightest_mjd)

    @property
    def orange(self):
        """The points in the band o."""
        rows = self.band == BANDS.index("atlaso")
        columns = {name: getattr(self, name)[rows] for name in ("mjd", "band", "flux", "flux_err")}
        return replace(self, **columns)

    def without_noise(self, truth):
        """Return points with the true fluxes, and the same times and uncertainties."""
        parameters = [truth[name] for name in (*PEAK_PARAMETERS, "stretch", "colour")]
        return replace(self, flux=template_flux(self.mjd, self.band, *parameters))


# -- the models: flux in uJy from the time and magnitude of the peak and two parameters of the shape


@dataclass
class Model:
    """A function for the flux, and the bounds and first values of its two parameters of the shape."""

    flux: Callable
    lowest: tuple
    first: tuple
    highest: tuple


def bazin_flux(mjd, band, peak_mjd, peak_mag, log_rise, log_ratio):
    """Return the flux of Bazin et al. (2009), A&A 499, 653, as a function of its peak.

    The function is ``A exp(-(t - t0) / fall) / (1 + exp(-(t - t0) / rise))``; the paper omits the minus sign in the
    exponent of the rise. With ``ratio = fall / rise - 1``, the peak is at ``t0 + rise ln(ratio)``. The time of the peak
    is a parameter here, so that the fit returns its uncertainty, and ``ratio`` is positive, so that there is a peak.
    """
    rise, ratio, days = np.exp(log_rise), np.exp(log_ratio), mjd - peak_mjd
    shape = np.exp(-days / (rise * (1 + ratio))) * (1 + ratio) / (ratio + np.exp(-days / rise))
    return 10 ** (-0.4 * (peak_mag - 23.9)) * shape


def template_flux(mjd, band, peak_mjd, peak_mag, stretch, colour):
    """Return the flux of a type Ia supernova of the sandbox, with a stretch and a colour c - o at the peak."""
    return 10 ** (-0.4 * (peak_mag - 23.9)) * outburst_shape("SN Ia", (mjd - peak_mjd) / stretch, band, colour)


BAZIN = Model(bazin_flux, lowest=(np.log(0.3), -3), first=(np.log(4), 1.4), highest=(np.log(40), 6))
TEMPLATE = Model(template_flux, lowest=(0.5, -1), first=(1, 0), highest=(2, 1))


# -- the fits


def fit_model(model, points):
    """Fit a model by least squares, from three first values of the peak time.

    Returns the four parameters and their covariance, or None if the fit did not converge or reached a bound.
    """
    mag = 23.9 - 2.5 * np.log10(points.flux.max())

    def pulls(parameters):
        return (model.flux(points.mjd, points.band, *parameters) - points.flux) / points.flux_err

    lowest = (points.brightest_mjd - 25, mag - 5, *model.lowest)
    highest = (points.brightest_mjd + 25, mag + 5, *model.highest)
    starts = [(points.brightest_mjd + shift, mag, *model.first) for shift in (-6, 0, 6)]
    fits = [least_squares(pulls, start, bounds=(lowest, highest), x_scale=(1, 0.1, 0.1, 0.1)) for start in starts]
    best = min(fits, key=lambda fit: fit.cost)
    if not best.success or best.active_mask.any():
        return None
    return best.x, np.linalg.inv(best.jac.T @ best.jac)


def compare_peaks(model, truth, data):
    """Return a table of the true and fitted peaks, offsets and pulls; NaN where the fit failed."""
    fits = [fit_model(model, points) for points in data]
    table = Table({"atlas_id": truth["atlas_id"]})
    for index, name in enumerate(PEAK_PARAMETERS):
        true = np.array(truth[name])
        fitted = np.array([np.nan if fit is None else fit[0][index] for fit in fits])
        err = np.array([np.nan if fit is None else fit[1][index, index] ** 0.5 for fit in fits])
        offset = fitted - true
        columns = {"": true, "_fit": fitted, "_err": err, "_offset": offset, "_pull": offset / err}
        for suffix, values in columns.items():
            table[name + suffix] = values
            table[name + suffix].info.format = ".2f" if name == "peak_mjd" or suffix == "_pull" else ".3f"
    return table


def summarize(results):
    """Return a table of the biases, scatters and pulls, with one row per fit and parameter."""
    table = Table([summary_row(fit, name, table) for fit, table in results.items() for name in PEAK_PARAMETERS])
    for name in table.colnames[4:]:
        table[name].info.format = ".3f" if name in ("bias", "scatter", "err") else ".2f"
    return table


def summary_row(fit, name, table):
    """Return the bias, scatter and pulls of one parameter."""
    is_fitted = np.isfinite(table[f"{name}_fit"])
    offset, err, pull = (table[f"{name}_{suffix}"][is_fitted] for suffix in ("offset", "err", "pull"))
    return {
        "fit": fit,
        "parameter": name,
        "n": len(table),
        "n_failed": np.sum(~is_fitted),
        "bias": np.median(offset),
        "scatter": robust_std(offset),
        "err": np.median(err),
        "pull_mean": np.mean(pull),
        "pull_std": np.std(pull),
        "within_1": np.mean(np.abs(pull) < 1),
        "within_3": np.mean(np.abs(pull) < 3),
    }


def robust_std(values):
    """Return the standard deviation, estimated from the median absolute deviation."""
    return 1.4826 * np.median(np.abs(values - np.median(values)))


def print_results(results):
    """Print the first ten supernovae of the two fits to measured fluxes, and the summary of all fits."""
    for name in ("Bazin, o", "template, c and o"):
        print(f"{name}, the first ten supernovae:\n")
        results[name][:10].pprint(max_lines=-1, max_width=-1)
        print()
    summarize(results).pprint(max_lines=-1, max_width=-1)


def print_noise(data, noiseless, results):
    """Print the pulls of all fluxes, and the effect of the noise on the peak times."""
    pairs = zip(data, noiseless, strict=True)
    pulls = np.concatenate([(points.flux - true.flux) / points.flux_err for points, true in pairs])
    print(f"\n{len(pulls)} fluxes: mean pull {np.mean(pulls):.3f}, standard deviation {np.std(pulls):.3f}")
    shift = results["Bazin, o"]["peak_mjd_offset"] - results["Bazin, o, no noise"]["peak_mjd_offset"]
    print(f"Effect of the noise on the peak time of Bazin: median {np.nanmedian(shift):.2f} d")


# -- the plot


def draw(light_curve, truth, results):
    """Draw one supernova with its fits, and the pulls of all supernovae."""
    figure = Figure(figsize=(9.5, 5), layout="constrained")
    panels = figure.subplot_mosaic([["curve", "peak_mjd"], ["curve", "peak_mag"]], width_ratios=(3, 2))
    draw_fits(panels["curve"], light_curve, truth)
    for name, label in zip(PEAK_PARAMETERS, ("time", "magnitude"), strict=True):
        draw_pulls(panels[name], {fit: results[fit][f"{name}_pull"] for fit in ("template, c and o", "Bazin, o")})
        panels[name].set(xlabel=f"pull of the peak {label}", ylabel="number of supernovae")
    panels["peak_mag"].legend(loc="upper left", fontsize="small")
    return figure


def draw_fits(axes, light_curve, truth):
    """Draw nightly bins of one supernova, the fitted models and the true time of the peak."""
    points = FluxPoints.from_light_curve(light_curve)
    window = points.brightest_mjd - FIT_WINDOW, points.brightest_mjd + FIT_WINDOW
    light_curve.forced.plot(ax=axes, y="flux", bin="nightly", bands=["c", "o"], window=window)
    mjd = np.linspace(*window, 400)
    lines = draw_model(axes, mjd, TEMPLATE, points, {"template, c": ":", "template, o": "-"})
    lines += draw_model(axes, mjd, BAZIN, points.orange, {"Bazin, o": "--"})
    lines.append(axes.axvline(truth["peak_mjd"], color="grey", label="true peak"))
    axes.add_artist(axes.get_legend())  # keeps the legend of the light curve, which the next line would replace
    axes.legend(handles=lines, loc="upper left")


def draw_model(axes, mjd, model, points, styles):
    """Fit a model, draw it in each band of ``styles`` (label to line style), and return the lines."""
    fit, lines = fit_model(model, points), []
    for label, linestyle in styles.items() if fit else ():
        flux = model.flux(mjd, np.full(len(mjd), BANDS.index(f"atlas{label[-1]}")), *fit[0])
        lines += axes.plot(mjd, flux, color="black", linestyle=linestyle, linewidth=1.2, label=label, zorder=5)
    return lines


def draw_pulls(axes, pulls):
    """Draw histograms of pulls, and the unit normal distribution."""
    edges = np.arange(-16, 10.1, 0.5)
    for (label, values), histtype in zip(pulls.items(), ("stepfilled", "step"), strict=True):
        colour = {"color": "#0072b2", "alpha": 0.6} if histtype == "stepfilled" else {"color": "#d55e00"}
        axes.hist(np.clip(values, edges[0], edges[-1]), edges, histtype=histtype, label=label, **colour)
    x = np.linspace(-5, 5, 200)
    normal = len(values) * np.diff(edges)[0] * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    axes.plot(x, normal, color="black", linewidth=1, label="unit normal")


if __name__ == "__main__":
    main()
