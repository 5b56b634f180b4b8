# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Average the measurements of each night or time bin: mean fluxes, weighted by the inverse variance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery import photometry
from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.arrays import float_array, has_flux, int_array, null_mask, string_array
from atlasquery.lightcurve.checks import check_n_sigma, require_columns
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.exposure_gaps import NIGHT_GAP, group_by_gaps
from atlasquery.lightcurve.limits import magnitudes_and_limits, significance_columns
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Float, Integer, Text
from atlasquery.utils.text import abbreviate
from atlasquery.utils.warnings import warn_user

__all__ = ["BinningMixin"]

TIME_DESCRIPTION = "Mean time of the exposures (UTC), with the weights of the flux."
MAGNITUDE_COLUMNS = ("mag", "mag_err", "limit", "limit_sigma")
FIELDS = {
    field.name: field
    for field in (
        COLUMNS["band"],
        Text("kind", "binned: the mean of the exposures of one band in a night or time bin."),
        Float("flux", "Mean difference flux, weighted by the inverse variance; negative is real.", unit=u.uJy),
        Float("flux_err", "Uncertainty of the mean flux.", unit=u.uJy),
        *(COLUMNS[name] for name in MAGNITUDE_COLUMNS),
        Integer("n_points", "Number of averaged exposures."),
        Integer("n_clipped", "Number of clipped exposures."),
        Float("chi2_dof", "Chi square of the averaged fluxes per degree of freedom.", null="one row"),
        Float("first_mjd", "Time of the first exposure (UTC).", unit=u.d),
        Float("last_mjd", "Time of the last exposure (UTC).", unit=u.d),
    )
}
MIN_POINTS_TO_CLIP = 3  # of two discrepant points either may be the outlier
FLUX_TOLERANCE = 1e-12  # relative rounding error of a mean that a single exposure dominates
MAX_BIN_NUMBER = 2**53  # larger integers are not exact as floats


class BinningMixin(Mixin):
    """Averaging methods of a light curve."""

    def bin_nightly(
        self, gap: u.Quantity | TimeDelta = NIGHT_GAP * u.d, clip: float | None = None, *, n_sigma: float = 3
    ) -> Self:
        """Return one row per band and night, the mean flux weighted by the inverse variance.

        A night ends where the next exposure of the band is more than ``gap`` later. The UTC date is not used, because
        it changes in the middle of the night at most sites. No flags are applied; use
        ``lc.flag("faq").good().bin_nightly()`` to apply them.

        Parameters
        ----------
        gap : `~astropy.units.Quantity` or `~astropy.time.TimeDelta`
            Time without an exposure that ends a night.
        clip : float, optional
            Clip exposures that deviate from the mean of their night by more than this number of standard deviations.
            The largest outlier is clipped first, and this is repeated while at least three exposures remain. By
            default nothing is clipped.
        n_sigma : float
            Number of standard deviations for magnitudes and limits.

        Returns
        -------
        binned : LightCurve
            Rows of kind ``binned``, sorted by time, which is the weighted mean. Columns: ``band``, ``kind``,
            ``flux``, ``flux_err``, ``mag``, ``mag_err`` (masked below ``n_sigma``), ``limit``, ``limit_sigma``,
            ``n_points``, ``n_clipped``, ``chi2_dof`` (masked for a single exposure), ``first_mjd``, ``last_mjd``. If
            the rows are bins already, ``n_points`` counts their exposures, and ``chi2_dof`` is that of the averaged
            bins.

        Raises
        ------
        InvalidTypeError
            If ``gap`` is not a time span (a `TypeError`).
        InvalidInputError
            If ``gap``, ``clip`` or ``n_sigma`` is not positive, column ``flux`` or ``flux_err`` is missing, or the
            rows belong to several objects according to ``atlas_id``.

        Warns
        -----
        DataQualityWarning
            If a night is longer than a day: with four sites around the globe, exposures may follow each other without
            a gap. Choose a smaller ``gap``, or use `bin`.

        Notes
        -----
        The rows of `combined` that have a flux are averaged, so that no exposure counts twice. Limits of exposures
        without forced photometry have no flux and are not used. ``F = sum(w F) / sum(w)``, ``w = 1 / flux_err^2``,
        ``flux_err = sum(w)^-1/2``. For clipping, the deviation of an exposure from the mean is measured in
        ``sqrt(flux_err^2 - 1 / sum(w))``, the standard deviation of that difference.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01T23:50", "2026-11-02T00:10", "2026-11-03"], data={
        ...     "band": ["o", "o", "o"], "flux": [90, 110, 50] * u.uJy, "flux_err": [10, 10, 20] * u.uJy})
        >>> nights = lc.bin_nightly()
        >>> nights["flux"], nights["n_points"].tolist()
        (<MaskedQuantity [100.,  50.] uJy>, [2, 1])
        """
        gap_days = _to_days(gap, "gap")
        rows = _FluxRows(self.combined())
        nights = np.zeros(len(rows), dtype=int)
        for band in set(rows.band.tolist()):
            in_band = rows.band == band
            nights[in_band] = group_by_gaps(rows.mjd[in_band], gap_days)
        return self._average_bins(rows, nights, clip, n_sigma, {"gap": f"{gap_days:g} d"})

    def bin(
        self,
        time_bin_size: u.Quantity | TimeDelta,
        *,
        time_bin_start: Time | str | date | np.datetime64 | None = None,
        clip: float | None = None,
        n_sigma: float = 3,
    ) -> Self:
        """Return one row per band and time bin, the mean flux weighted by the inverse variance.

        Parameters
        ----------
        time_bin_size : `~astropy.units.Quantity` or `~astropy.time.TimeDelta`
            Length of each bin.
        time_bin_start : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            Start of the first bin; by default the first exposure with a flux. Earlier exposures are averaged in bins
            before it: nothing is left out.
        clip, n_sigma : float, optional
            As for `bin_nightly`.

        Returns
        -------
        binned : LightCurve
            As for `bin_nightly`. Bins without a flux have no row.

        Raises
        ------
        InvalidTypeError
            If ``time_bin_size`` is not a time span, or ``time_bin_start`` is not a time (a `TypeError`).
        InvalidInputError
            If ``time_bin_size``, ``clip`` or ``n_sigma`` is not positive, ``time_bin_start`` is not a single time,
            column ``flux`` or ``flux_err`` is missing, or the rows belong to several objects according to
            ``atlas_id``.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02", "2026-11-30"], data={
        ...     "band": ["o", "o", "o"], "flux": [90, 110, 50] * u.uJy, "flux_err": [10, 10, 20] * u.uJy})
        >>> weeks = lc.bin(1 * u.week)
        >>> weeks["flux"], weeks["n_points"].tolist()
        (<MaskedQuantity [100.,  50.] uJy>, [2, 1])
        """
        bin_days = _to_days(time_bin_size, "time_bin_size")
        rows = _FluxRows(self.combined())
        start_mjd = rows.mjd.min(initial=np.inf) if time_bin_start is None else _start_mjd(time_bin_start)
        numbers = np.floor((rows.mjd - start_mjd) / bin_days)
        if (np.abs(numbers) >= MAX_BIN_NUMBER).any():
            raise InvalidInputError(
                f"`time_bin_size` must be long enough for fewer than 2^53 bins, got {bin_days:g} d."
            )
        return self._average_bins(rows, numbers, clip, n_sigma, {"width": f"{bin_days:g} d"})

    def _average_bins(self, rows, numbers, clip, n_sigma, parameters):
        """Return the light curve of the means of rows with the same band and bin number."""
        clip, n_sigma = None if clip is None else check_n_sigma(clip, "clip"), check_n_sigma(n_sigma)
        keys = np.rec.fromarrays([rows.band, numbers])
        _, first_rows, bins = np.unique(keys, return_index=True, return_inverse=True)
        means = _BinMeans.from_rows(rows, bins, len(first_rows), clip)
        if "gap" in parameters:
            _warn_long_nights(means)
        order = np.argsort(means.mjd, kind="stable")
        data = {name: array[order] for name, array in _bin_arrays(rows.band[first_rows], means, n_sigma).items()}
        columns = {"time": with_description(Time(data["mjd"], format="mjd", scale="utc"), TIME_DESCRIPTION)}
        columns |= {name: field.column(data[name], null_mask(data[name])) for name, field in FIELDS.items()}
        columns |= significance_columns({name: data[name] for name in MAGNITUDE_COLUMNS}, n_sigma)
        meta = {**self.meta, "binned": parameters | {"clip": clip}, "n_sigma": n_sigma}
        return type(self)(columns, copy=False, meta=meta)


class _FluxRows:
    """The rows that have a flux, as plain arrays."""

    def __init__(self, light_curve):
        require_columns(light_curve, "flux", "flux_err")
        selected = has_flux(light_curve)
        self.flux, self.flux_err = (float_array(light_curve, name)[selected] for name in ("flux", "flux_err"))
        self.mjd, self.band = mjd_values(light_curve)[selected], string_array(light_curve, "band")[selected]
        # Rows that are bins already count with all their exposures.
        self.n_points = int_array(light_curve, "n_points", 1)[selected]
        self.n_clipped = int_array(light_curve, "n_clipped", 0)[selected]
        first, last = (float_array(light_curve, name)[selected] for name in ("first_mjd", "last_mjd"))
        self.first_mjd, self.last_mjd = (np.where(np.isnan(mjd), self.mjd, mjd) for mjd in (first, last))

    def __len__(self):
        return len(self.flux)


@dataclass
class _BinMeans:
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
        days = rows.mjd - rows.mjd.min(initial=np.inf)  # sums of small numbers keep their digits
        mjd = _sum_bins(bins, days / rows.flux_err**2 * keep, n_bins) / weight + rows.mjd.min(initial=np.inf)
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


def _bin_arrays(bands, means, n_sigma):
    """Return the columns of the means as plain arrays."""
    limit = photometry.limiting_mag(means.flux_err * u.uJy, n_sigma).value
    return {
        **vars(means),
        **magnitudes_and_limits(means.flux, means.flux_err, n_sigma),
        "band": bands,
        "kind": np.full(len(bands), "binned"),
        "limit": limit,
        "limit_sigma": np.full(len(bands), n_sigma),
    }


def _warn_long_nights(means):
    longest = np.max(means.last_mjd - means.first_mjd, initial=0)
    if longest > 1:
        warn_user(
            f"A night lasts {longest:.1f} days: exposures of several sites follow each other without a gap. Choose a "
            "smaller gap, or bin(1 * u.day).",
            DataQualityWarning,
        )


def _to_days(span, name):
    """Return a time span above 0 in days."""
    is_time = isinstance(span, u.Quantity) and span.unit.is_equivalent(u.d)
    if not is_time and not isinstance(span, TimeDelta):
        raise InvalidTypeError(f"`{name}` must be a time span such as 0.5 * u.day, got {abbreviate(span)}.")
    days = span.to_value(u.d)
    if np.ndim(days) or np.any(getattr(days, "mask", False)) or not 0 < days < np.inf:
        raise InvalidInputError(f"`{name}` must be a single time span above 0, got {span}.")
    return float(days)


def _start_mjd(start):
    """Return the start of the first bin as MJD (UTC)."""
    if not isinstance(start, Time | str | date | np.datetime64):
        raise InvalidTypeError(f"`time_bin_start` must be a Time, ISO string or datetime, got {abbreviate(start)}.")
    try:
        return check_since(start).mjd
    except InvalidInputError:
        raise InvalidInputError(
            f"`time_bin_start` must be a single time such as '2026-11-01', got {abbreviate(start)}."
        ) from None
