# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Measurements of the same night, or of any span of time, made one: the mean flux, weighted by the inverse variance."""

from dataclasses import dataclass
from datetime import date

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
from atlasquery.lightcurve.times import mjd_values
from atlasquery.schema.columns import with_description
from atlasquery.schema.field import Float, Integer, Text
from atlasquery.utils.warnings import warn_user

__all__ = ["BinningMixin"]

TIME = "Mean time of the exposures (UTC), weighted as the flux is."
MAGNITUDES = ("mag", "mag_err", "limit", "limit_sigma")
FIELDS = {
    field.name: field
    for field in (
        COLUMNS["band"],
        Text("kind", "binned: the mean of the exposures of one band in a night or another span of time."),
        Float("flux", "Mean difference flux, weighted by the inverse variance; negative is real.", unit=u.uJy),
        Float("flux_err", "Uncertainty of the mean flux.", unit=u.uJy),
        *(COLUMNS[name] for name in MAGNITUDES),
        Integer("n_points", "How many exposures the mean is of."),
        Integer("n_clipped", "How many more were clipped."),
        Float("chi2_dof", "Chi square of what was averaged about its mean, per degree of freedom.", null="one row"),
        Float("first_mjd", "Time of the first exposure (UTC).", unit=u.d),
        Float("last_mjd", "Time of the last exposure (UTC).", unit=u.d),
    )
}
MIN_POINTS_TO_CLIP = 3  # of two that differ nobody can say which is wrong
ROUNDING = 1e-12  # of a flux: so far may its mean be off, of which it makes up nearly all
MAX_BIN_NUMBER = 2**53  # beyond, their numbers are not exact


class BinningMixin:
    """The part of a light curve that averages it."""

    def bin_nightly(self, gap=NIGHT_GAP * u.d, clip=None, *, n_sigma=3):
        """Return one row per band and night, the mean flux weighted by the inverse variance.

        A night ends where no exposure of the band follows within ``gap``; the date in UTC does not count, for it
        changes in the middle of the night at most sites. No flag is applied: bin ``lc.flag("faq").good()`` if that is
        wanted.

        Parameters
        ----------
        gap : `~astropy.units.Quantity` or `~astropy.time.TimeDelta`
            Time without an exposure that ends a night.
        clip : float, optional
            Leave out exposures that are more standard deviations than this from the mean of their night, the worst
            first, as long as there are three or more; by default none.
        n_sigma : float
            At how many standard deviations magnitudes begin and limits are.

        Returns
        -------
        binned : LightCurve
            The rows are of kind ``binned`` and sorted by time, which is the weighted mean. Columns: ``band``, ``kind``,
            ``flux``, ``flux_err``, ``mag``, ``mag_err`` (masked below ``n_sigma``), ``limit``, ``limit_sigma``,
            ``n_points``, ``n_clipped``, ``chi2_dof`` (masked for a single exposure), ``first_mjd``, ``last_mjd``. Bins
            of bins count the exposures of all of them; their ``chi2_dof`` is that of the bins that were averaged.

        Raises
        ------
        InvalidTypeError
            If ``gap`` is not a span of time, a `TypeError`.
        InvalidInputError
            If ``gap``, ``clip`` or ``n_sigma`` is not positive, there is no column ``flux`` or ``flux_err``, or the
            rows are of several objects, as ``atlas_id`` tells.

        Warns
        -----
        DataQualityWarning
            If a bin is longer than a day: with four sites around the globe exposures may follow each other without a
            gap. Choose a smaller ``gap``, or `bin`.

        Notes
        -----
        It is made of the rows of `combined`, so that no exposure counts twice, as far as they have a flux; the limits
        of exposures without forced photometry do not enter. ``F = sum(w F) / sum(w)``, ``w = 1 / flux_err^2``,
        ``flux_err = sum(w)^-1/2``; the distance of an exposure from the mean is measured in
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
        gap = _to_days(gap, "gap")
        rows = _FluxRows(self.combined())
        night = np.zeros(len(rows), dtype=int)
        for band in set(rows.band.tolist()):
            of_band = rows.band == band
            night[of_band] = group_by_gaps(rows.mjd[of_band], gap)
        return self._binned(rows, night, clip, n_sigma, {"gap": f"{gap:g} d"})

    def bin(self, width, clip=None, *, n_sigma=3, start=None):
        """Return one row per band and span of time, the mean flux weighted by the inverse variance.

        Parameters
        ----------
        width : `~astropy.units.Quantity` or `~astropy.time.TimeDelta`
            Length of each span.
        clip, n_sigma : float, optional
            As for `bin_nightly`.
        start : `~astropy.time.Time`, str or `~datetime.datetime`, optional
            When the first span begins; by default at the first exposure with a flux. What is earlier falls into spans
            before it: nothing is left out.

        Returns
        -------
        binned : LightCurve
            As of `bin_nightly`. Spans without a flux have no row.

        Raises
        ------
        InvalidTypeError
            If ``width`` is not a span of time, or ``start`` not a time; a `TypeError`.
        InvalidInputError
            If ``width``, ``clip`` or ``n_sigma`` is not positive, ``start`` not one moment, there is no column ``flux``
            or ``flux_err``, or the rows are of several objects, as ``atlas_id`` tells.

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
        width = _to_days(width, "width")
        rows = _FluxRows(self.combined())
        first = rows.mjd.min(initial=np.inf) if start is None else _moment(start)
        number = np.floor((rows.mjd - first) / width)
        if (np.abs(number) >= MAX_BIN_NUMBER).any():
            raise InvalidInputError(f"width is {width:g} d, of which there are too many to be told apart.")
        return self._binned(rows, number, clip, n_sigma, {"width": f"{width:g} d"})

    def _binned(self, rows, number, clip, n_sigma, how):
        clip, n_sigma = None if clip is None else check_n_sigma(clip, "clip"), check_n_sigma(n_sigma)
        _, firsts, bins = np.unique(np.rec.fromarrays([rows.band, number]), return_index=True, return_inverse=True)
        mean = _BinMeans.of(rows, bins, len(firsts), clip)
        if "gap" in how:
            _warn_long_bins(mean)
        order = np.argsort(mean.mjd, kind="stable")
        data = {name: array[order] for name, array in _arrays(rows.band[firsts], mean, n_sigma).items()}
        columns = {"time": with_description(Time(data["mjd"], format="mjd", scale="utc"), TIME)}
        columns |= {name: field.column(data[name], null_mask(data[name])) for name, field in FIELDS.items()}
        columns |= significance_columns({name: data[name] for name in MAGNITUDES}, n_sigma)
        meta = {**self.meta, "binned": how | {"clip": clip}, "n_sigma": n_sigma}
        return type(self)(columns, copy=False, meta=meta)


class _FluxRows:
    """The rows that have a flux, as plain arrays."""

    def __init__(self, light_curve):
        require_columns(light_curve, "flux", "flux_err")
        is_in = has_flux(light_curve)
        self.flux, self.flux_err = (float_array(light_curve, name)[is_in] for name in ("flux", "flux_err"))
        self.mjd, self.band = mjd_values(light_curve)[is_in], string_array(light_curve, "band")[is_in]
        # A bin of bins is of all their exposures.
        self.n_points = int_array(light_curve, "n_points", 1)[is_in]
        self.n_clipped = int_array(light_curve, "n_clipped", 0)[is_in]
        first, last = (float_array(light_curve, name)[is_in] for name in ("first_mjd", "last_mjd"))
        self.first, self.last = (np.where(np.isnan(when), self.mjd, when) for when in (first, last))

    def __len__(self):
        return len(self.flux)


@dataclass
class _BinMeans:
    """The mean of each bin."""

    flux: np.ndarray
    flux_err: np.ndarray
    mjd: np.ndarray
    n_points: np.ndarray
    n_clipped: np.ndarray
    chi2_dof: np.ndarray
    first_mjd: np.ndarray
    last_mjd: np.ndarray

    @classmethod
    def of(cls, rows, bins, count, clip):
        """Return the means of rows whose bins are numbered from 0 to ``count`` - 1."""
        keep = np.ones(len(rows), dtype=bool) if clip is None else _clip_outliers(rows, bins, count, clip)
        flux, weight, n_rows = _weighted(rows, bins, count, keep)
        since_first = rows.mjd - rows.mjd.min(initial=np.inf)  # a sum of small numbers loses no digits
        mjd = _sum(bins, since_first / rows.flux_err**2 * keep, count) / weight + rows.mjd.min(initial=np.inf)
        chi2 = _sum(bins, ((rows.flux - flux[bins]) / rows.flux_err) ** 2 * keep, count)
        first, last = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(first, bins[keep], rows.first[keep])
        np.maximum.at(last, bins[keep], rows.last[keep])
        return cls(
            flux=flux,
            flux_err=weight**-0.5,
            mjd=np.clip(mjd, first, last),  # rounding may put the mean of one exposure beside it
            n_points=_sum(bins, rows.n_points * keep, count).astype(int),
            n_clipped=_sum(bins, rows.n_points * ~keep + rows.n_clipped, count).astype(int),
            chi2_dof=chi2 / np.where(n_rows > 1, n_rows - 1, np.nan),
            first_mjd=first,
            last_mjd=last,
        )


def _weighted(rows, bins, count, keep):
    """Return of each bin the weighted mean flux, the sum of the weights, and the number of points."""
    weights = keep / rows.flux_err**2
    weight = _sum(bins, weights, count)
    return _sum(bins, weights * rows.flux, count) / weight, weight, np.bincount(bins[keep], minlength=count)


def _sum(bins, values, count):
    return np.bincount(bins, weights=values, minlength=count)


def _clip_outliers(rows, bins, count, clip):
    """Return which rows stay if the worst of each bin goes, again and again, until none is too far from the mean."""
    keep = np.ones(len(rows), dtype=bool)
    while True:
        mean, weight, left = _weighted(rows, bins, count, keep)
        deviation = np.sqrt(np.maximum(rows.flux_err**2 - 1 / weight[bins], 0))
        distance = np.abs(rows.flux - mean[bins])
        distance[distance <= ROUNDING * np.abs(rows.flux)] = 0
        far = np.flatnonzero(keep & (left[bins] >= MIN_POINTS_TO_CLIP) & (distance > clip * deviation))
        if not len(far):
            return keep
        worst_first = far[np.lexsort((-distance[far] / deviation[far], bins[far]))]
        keep[worst_first[np.unique(bins[worst_first], return_index=True)[1]]] = False


def _arrays(bands, mean, n_sigma):
    """Return the columns of the means as plain arrays."""
    limit = photometry.limiting_mag(mean.flux_err * u.uJy, n_sigma).value
    return {
        **vars(mean),
        **magnitudes_and_limits(mean.flux, mean.flux_err, n_sigma),
        "band": bands,
        "kind": np.full(len(bands), "binned"),
        "limit": limit,
        "limit_sigma": np.full(len(bands), n_sigma),
    }


def _warn_long_bins(mean):
    longest = np.max(mean.last_mjd - mean.first_mjd, initial=0)
    if longest > 1:
        warn_user(
            f"A night lasts {longest:.1f} days: exposures of several sites follow each other without a gap. Choose a "
            "smaller gap, or bin(1 * u.day).",
            DataQualityWarning,
        )


def _to_days(span, name):
    """Return a span of time in days, checked."""
    is_time = isinstance(span, u.Quantity) and span.unit.is_equivalent(u.d)
    if not is_time and not isinstance(span, TimeDelta):
        raise InvalidTypeError(f"{name} is {span!r}, but should be a span of time, such as 0.5 * u.day.")
    days = span.to_value(u.d)
    if np.ndim(days) or np.any(getattr(days, "mask", False)) or not 0 < days < np.inf:
        raise InvalidInputError(f"{name} is {span}, but should be a span of time above 0.")
    return float(days)


def _moment(start):
    """Return the moment when the first span begins as an MJD, checked."""
    if not isinstance(start, Time | str | date | np.datetime64):
        raise InvalidTypeError(f"start is {start!r}, but should be a Time, whose format and scale are known.")
    try:
        return check_since(start).mjd
    except InvalidInputError:
        raise InvalidInputError(f"start is {start!r}, but should be one moment, such as '2026-11-01'.") from None
