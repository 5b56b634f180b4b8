# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Weighted means of the fluxes of one or many light curves in bins, on plain arrays."""

from dataclasses import dataclass

import numpy as np

from atlasquery.lightcurve.arrays import float_array, has_flux, int_array, string_array
from atlasquery.lightcurve.checks import require_fluxes, require_single_object
from atlasquery.lightcurve.combine import choose_rows, number_exposures, sort_keys
from atlasquery.lightcurve.curve_keys import note_key
from atlasquery.lightcurve.duplicates import warn_duplicates
from atlasquery.lightcurve.times import mjd_values

__all__ = ["BinMeans", "FluxRows"]

MIN_POINTS_TO_CLIP = 3  # of two discrepant points either may be the outlier
FLUX_TOLERANCE = 1e-12  # relative rounding error of a mean that a single exposure dominates


class FluxRows:
    """One row of each exposure that has a flux, of one or many light curves, as plain arrays.

    Parameters
    ----------
    curves : dict of LightCurve
        The light curves by their keys, of which errors have a note; ``curve`` has the number of that of each row.

    Raises
    ------
    InvalidInputError
        If a light curve has no flux, or rows of several objects.
    """

    def __init__(self, curves):
        parts = [_flux_arrays(key, curve) for key, curve in curves.items()]
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        curve = np.repeat(np.arange(len(curves)), [len(part["mjd"]) for part in parts])
        # An exposure counts once. Those of two light curves may have one name, and other numbers.
        exposures = arrays.pop("exposure") + np.cumsum([0, *map(len, curves.values())])[curve]
        warn_duplicates(exposures, arrays.pop("expname"))
        chosen = choose_rows(exposures, arrays.pop("sort_keys").T)
        chosen = chosen[np.lexsort((arrays["mjd"][chosen], curve[chosen]))]
        self.curve = curve[chosen]
        self.bands, band_numbers = np.unique(arrays.pop("band"), return_inverse=True)
        self.band = band_numbers[chosen]
        for name, array in arrays.items():
            setattr(self, name, array[chosen])

    def __len__(self):
        return len(self.curve)

    def first_mjd_of_curves(self, n_curves):
        """Return the time of the first row of each light curve, inf without rows."""
        first = np.full(n_curves, np.inf)
        np.minimum.at(first, self.curve, self.mjd)
        return first


def _flux_arrays(key, light_curve):
    """Return the rows of a light curve that have a flux as plain arrays."""
    with note_key(key):
        require_fluxes(light_curve)
        require_single_object(light_curve)
        mjd = mjd_values(light_curve)
    rows = np.flatnonzero(has_flux(light_curve))
    # Rows that are bins already count with all their exposures.
    first, last = (float_array(light_curve, name) for name in ("first_mjd", "last_mjd"))
    arrays = {
        "mjd": mjd,
        "band": string_array(light_curve, "band"),
        "exposure": number_exposures(light_curve),
        "expname": string_array(light_curve, "expname"),
        "flux": float_array(light_curve, "flux"),
        "flux_err": float_array(light_curve, "flux_err"),
        "n_points": int_array(light_curve, "n_points", 1),
        "n_clipped": int_array(light_curve, "n_clipped", 0),
        "first_mjd": np.where(np.isnan(first), mjd, first),
        "last_mjd": np.where(np.isnan(last), mjd, last),
        "sort_keys": np.transpose(sort_keys(light_curve, "forced")),
    }
    return {name: array[rows] for name, array in arrays.items()}


@dataclass
class BinMeans:
    """Means of all bins, one element per bin."""

    flux: np.ndarray
    flux_err: np.ndarray
    mjd: np.ndarray
    n_points: np.ndarray
    n_clipped: np.ndarray
    chi2_dof: np.ndarray
    first_mjd: np.ndarray
    last_mjd: np.ndarray

    @classmethod
    def from_rows(cls, rows, bins, n_bins, clip):
        """Return the means of rows whose bins are numbered from 0 to ``n_bins`` - 1."""
        keep = np.ones(len(rows), dtype=bool) if clip is None else _clip_outliers(rows, bins, n_bins, clip)
        flux, weight, n_rows = _weighted_means(rows, bins, n_bins, keep)
        start = rows.first_mjd_of_curves(rows.curve.max(initial=0) + 1)[rows.curve]
        start_of_bins = np.empty(n_bins)
        start_of_bins[bins] = start
        days = rows.mjd - start  # sums of small numbers keep their digits
        mjd = _sum_bins(bins, days / rows.flux_err**2 * keep, n_bins) / weight + start_of_bins
        chi2 = _sum_bins(bins, ((rows.flux - flux[bins]) / rows.flux_err) ** 2 * keep, n_bins)
        first, last = np.full(n_bins, np.inf), np.full(n_bins, -np.inf)
        np.minimum.at(first, bins[keep], rows.first_mjd[keep])
        np.maximum.at(last, bins[keep], rows.last_mjd[keep])
        return cls(
            flux=flux,
            flux_err=weight**-0.5,
            mjd=np.clip(mjd, first, last),  # rounding can move the mean of a single exposure
            n_points=_sum_bins(bins, rows.n_points * keep, n_bins).astype(int),
            n_clipped=_sum_bins(bins, rows.n_points * ~keep + rows.n_clipped, n_bins).astype(int),
            chi2_dof=chi2 / np.where(n_rows > 1, n_rows - 1, np.nan),
            first_mjd=first,
            last_mjd=last,
        )


def _weighted_means(rows, bins, n_bins, keep):
    """Return the weighted mean flux, the sum of the weights and the number of rows of each bin."""
    weights = keep / rows.flux_err**2
    weight = _sum_bins(bins, weights, n_bins)
    return _sum_bins(bins, weights * rows.flux, n_bins) / weight, weight, np.bincount(bins[keep], minlength=n_bins)


def _sum_bins(bins, values, n_bins):
    return np.bincount(bins, weights=values, minlength=n_bins)


def _clip_outliers(rows, bins, n_bins, clip):
    """Return which rows remain after the largest outlier of each bin is removed, repeatedly, until there is none."""
    keep = np.ones(len(rows), dtype=bool)
    while True:
        mean, weight, n_rows = _weighted_means(rows, bins, n_bins, keep)
        sigma = np.sqrt(np.maximum(rows.flux_err**2 - 1 / weight[bins], 0))
        deviation = np.abs(rows.flux - mean[bins])
        deviation[deviation <= FLUX_TOLERANCE * np.abs(rows.flux)] = 0
        outliers = np.flatnonzero(keep & (n_rows[bins] >= MIN_POINTS_TO_CLIP) & (deviation > clip * sigma))
        if not len(outliers):
            return keep
        worst_first = outliers[np.lexsort((-deviation[outliers] / sigma[outliers], bins[outliers]))]
        keep[worst_first[np.unique(bins[worst_first], return_index=True)[1]]] = False
