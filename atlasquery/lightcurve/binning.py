# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Average the measurements of each night or time bin: mean fluxes, weighted by the inverse variance."""

from __future__ import annotations

from datetime import date
from typing import Self

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery import photometry
from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.arrays import null_mask
from atlasquery.lightcurve.assembly import assemble
from atlasquery.lightcurve.bin_means import BinMeans, FluxRows
from atlasquery.lightcurve.checks import check_n_sigma
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.exposure_gaps import NIGHT_GAP
from atlasquery.lightcurve.limits import magnitudes_and_limits, significance_columns
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Float, Integer, Text
from atlasquery.utils.text import abbreviate
from atlasquery.utils.warnings import warn_user

__all__ = ["BinningMixin", "bin_by_time", "bin_nightly"]

TIME_DESCRIPTION = "Mean time of the exposures (UTC), with the weights of the flux."
MAGNITUDE_COLUMNS = ("mag", "mag_err", "limit", "limit_sigma")
FIELDS = {
    field.name: field
    for field in (
        COLUMNS["band"],
        Text("kind", "binned: the mean of the exposures of one band in a night or time bin."),
        Float("flux", "Mean flux, weighted by the inverse variance; negative is real.", unit=u.uJy),
        Float("flux_err", "Uncertainty of the mean flux.", unit=u.uJy),
        *(COLUMNS[name] for name in MAGNITUDE_COLUMNS),
        Integer("n_points", "Number of averaged exposures."),
        Integer("n_clipped", "Number of clipped exposures."),
        Float("chi2_dof", "Chi square of the averaged fluxes per degree of freedom.", null="one row"),
        Float("first_mjd", "Time of the first exposure (UTC).", unit=u.d),
        Float("last_mjd", "Time of the last exposure (UTC).", unit=u.d),
    )
}
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
            a gap. Choose a smaller ``gap``, or use `bin`. If rows repeat others exactly, as for `combined`.

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
        return bin_nightly({None: self}, gap, clip, n_sigma)[0]

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

        Warns
        -----
        DataQualityWarning
            If rows repeat others exactly, as for `combined`.

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
        return bin_by_time({None: self}, time_bin_size, time_bin_start, clip, n_sigma)[0]


def bin_nightly(curves, gap, clip, n_sigma):
    """Return the nightly bins of light curves by key as a list; see `BinningMixin.bin_nightly`."""
    gap_days = _to_days(gap, "gap")
    rows = FluxRows(curves)
    nights = _number_nights(rows, gap_days)
    return _average_bins(list(curves.values()), rows, nights, clip, n_sigma, {"gap": f"{gap_days:g} d"})


def _number_nights(rows, gap):
    """Return the number of the night of each row, within its light curve and band."""
    order = np.lexsort((rows.mjd, rows.band, rows.curve))
    is_other = np.diff(rows.curve[order], prepend=-1).astype(bool) | np.diff(rows.band[order], prepend=-1).astype(bool)
    is_first = is_other | (np.diff(rows.mjd[order], prepend=-np.inf) > gap)
    nights = np.empty(len(rows), dtype=int)
    nights[order] = np.cumsum(is_first)
    return nights


def bin_by_time(curves, time_bin_size, time_bin_start, clip, n_sigma):
    """Return the bins of light curves by key as a list; see `BinningMixin.bin`."""
    bin_days = _to_days(time_bin_size, "time_bin_size")
    start_mjd = None if time_bin_start is None else _start_mjd(time_bin_start)
    rows = FluxRows(curves)
    start_mjd = rows.first_mjd_of_curves(len(curves))[rows.curve] if start_mjd is None else start_mjd
    numbers = np.floor((rows.mjd - start_mjd) / bin_days)
    if (np.abs(numbers) >= MAX_BIN_NUMBER).any():
        raise InvalidInputError(f"`time_bin_size` must be long enough for fewer than 2^53 bins, got {bin_days:g} d.")
    return _average_bins(list(curves.values()), rows, numbers, clip, n_sigma, {"width": f"{bin_days:g} d"})


def _average_bins(curves, rows, numbers, clip, n_sigma, parameters):
    """Return the light curves of the means of rows with the same light curve, band and bin number."""
    clip, n_sigma = None if clip is None else check_n_sigma(clip, "clip"), check_n_sigma(n_sigma)
    bins, first_rows = _number_bins(rows, numbers)
    means = BinMeans.from_rows(rows, bins, len(first_rows), clip)
    if "gap" in parameters:
        _warn_long_nights(means)
    curve = rows.curve[first_rows]
    order = np.lexsort((means.mjd, curve))
    arrays = _bin_arrays(rows.bands[rows.band[first_rows]], means, n_sigma)
    arrays = {name: array[order] for name, array in arrays.items()}
    stops = np.searchsorted(curve[order], np.arange(len(curves) + 1))
    meta = {"combined": "forced", "binned": parameters | {"clip": clip}, "n_sigma": n_sigma}
    return [
        _to_curve(
            type(light_curve), {name: array[start:stop] for name, array in arrays.items()}, light_curve.meta | meta
        )
        for light_curve, start, stop in zip(curves, stops[:-1], stops[1:], strict=True)
    ]


def _number_bins(rows, numbers):
    """Return the number of the bin of each row, in the order of light curve, band and number, and its first row."""
    keys = (numbers, rows.band, rows.curve)
    order = np.lexsort(keys)
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    bins = np.empty(len(rows), dtype=int)
    bins[order] = np.cumsum(is_first) - 1
    return bins, order[is_first]


def _to_curve(cls, data, meta):
    """Return the light curve of these plain arrays."""
    columns = {"time": with_description(Time(data["mjd"], format="mjd", scale="utc"), TIME_DESCRIPTION)}
    columns |= {name: field.column(data[name].copy(), null_mask(data[name])) for name, field in FIELDS.items()}
    columns |= significance_columns({name: data[name].copy() for name in MAGNITUDE_COLUMNS}, meta["n_sigma"])
    return assemble(cls, columns, meta)


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
