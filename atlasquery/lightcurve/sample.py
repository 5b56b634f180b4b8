# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Methods of many light curves that give a light curve for each: flags, one row an exposure, and bins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self

import astropy.units as u
import numpy as np
from astropy.time import Time, TimeDelta

from atlasquery.exceptions import AtlasQueryError, DataQualityWarning
from atlasquery.lightcurve.binning import bin_by_time, bin_nightly
from atlasquery.lightcurve.curve_keys import note_key
from atlasquery.lightcurve.exposure_gaps import NIGHT_GAP
from atlasquery.utils.warnings import collect_warnings, warn_user

if TYPE_CHECKING:
    from atlasquery.lightcurve.lightcurve import LightCurve

__all__ = ["SampleMixin"]

MAX_TEXTS = 5  # problems in one warning


class SampleMixin:
    """The methods of `~atlasquery.LightCurves` that are those of each of its light curves."""

    if TYPE_CHECKING:
        missing: list[int | str]
        failed: dict[int | str, AtlasQueryError]
        _curves: dict[Any, LightCurve]
        _names: dict[str, Any]

        def __init__(self, curves: Any = None, **facts: Any) -> None: ...

    def flag(self, recipe: str) -> Self:
        """Flag the measurements of all light curves that violate the rules of a recipe; see `LightCurve.flag`.

        Parameters
        ----------
        recipe : str
            The recipe, as of `LightCurve.flag`.

        Returns
        -------
        curves : LightCurves
            Light curves with the column ``quality``, with the same keys, ``missing`` and ``failed``.

        Raises
        ------
        InvalidInputError
            If there is no such recipe.

        Warns
        -----
        DataQualityWarning
            One warning for all light curves: the most common problems, with the number of light curves of each.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> curves.flag("atclean").good().bin_nightly()  # doctest: +IGNORE_WARNINGS
        <LightCurves: 1 of 1 objects>
        """
        return self._each(lambda curve: curve.flag(recipe))

    def good(self, *names: str) -> Self:
        """Return the rows of all light curves that are not flagged; see `LightCurve.good`.

        Parameters
        ----------
        *names : str
            Names of the recipes or rules whose flags count; by default all.

        Returns
        -------
        curves : LightCurves
            Light curves with the same keys, ``missing`` and ``failed``.

        Raises
        ------
        InvalidInputError
            If there is no such recipe or rule, or a light curve carries no flags.

        Warns
        -----
        DataQualityWarning
            If one of the recipes or rules has not been applied; one warning for all light curves.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> flagged = curves.flag("atclean")  # doctest: +IGNORE_WARNINGS
        >>> len(flagged.good().stack()) < len(curves.stack())
        True
        """
        return self._each(lambda curve: curve.good(*names))

    def combined(self, prefer: Literal["forced", "detection"] = "forced", service: str | None = None) -> Self:
        """Return one row per exposure of all light curves; see `LightCurve.combined`.

        Parameters
        ----------
        prefer : {"forced", "detection"}
            Which of two measurements of one exposure to keep.
        service : {"transient", "forcedphot"}, optional
            Keep only rows of this service.

        Returns
        -------
        curves : LightCurves
            Light curves with the same keys, ``missing`` and ``failed``.

        Raises
        ------
        InvalidInputError
            As by `LightCurve.combined`.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> exposures = curves.combined()
        >>> int(exposures["2018cow"]["n_rows"].sum()) == len(curves["2018cow"])
        True
        """
        return self._each(lambda curve: curve.combined(prefer, service))

    def bin_nightly(
        self, gap: u.Quantity | TimeDelta = NIGHT_GAP * u.d, clip: float | None = None, *, n_sigma: float = 3
    ) -> Self:
        """Return the nightly bins of all light curves, computed at once; see `LightCurve.bin_nightly`.

        Parameters
        ----------
        gap, clip, n_sigma : optional
            As for `LightCurve.bin_nightly`.

        Returns
        -------
        curves : LightCurves
            Light curves with the same keys, ``missing`` and ``failed``. They are equal to those of each light curve.

        Raises
        ------
        InvalidInputError
            As by `LightCurve.bin_nightly`.

        Warns
        -----
        DataQualityWarning
            If a night of a light curve is longer than a day.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> nights = curves.bin_nightly()
        >>> set(nights["2018cow"]["kind"].tolist()), len(nights.stack()) < len(curves.stack())
        ({'binned'}, True)
        """
        return self._all(lambda curves: bin_nightly(curves, gap, clip, n_sigma))

    def bin(
        self,
        time_bin_size: u.Quantity | TimeDelta,
        *,
        time_bin_start: Time | str | date | np.datetime64 | None = None,
        clip: float | None = None,
        n_sigma: float = 3,
    ) -> Self:
        """Return the bins of all light curves, computed at once; see `LightCurve.bin`.

        Parameters
        ----------
        time_bin_size, time_bin_start, clip, n_sigma : optional
            As for `LightCurve.bin`; without a start, the bins of each light curve start at its first exposure.

        Returns
        -------
        curves : LightCurves
            Light curves with the same keys, ``missing`` and ``failed``. They are equal to those of each light curve.

        Raises
        ------
        InvalidInputError
            As by `LightCurve.bin`.

        Examples
        --------
        >>> import astropy.units as u
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> weeks = curves.bin(7 * u.day)
        >>> weeks["2018cow"].meta["binned"]["width"], len(weeks.stack()) < len(curves.bin_nightly().stack())
        ('7 d', True)
        """
        return self._all(lambda curves: bin_by_time(curves, time_bin_size, time_bin_start, clip, n_sigma))

    def _each(self, function: Callable[[LightCurve], LightCurve]) -> Self:
        """Return the results of a function of each light curve, with one warning."""
        results: list[LightCurve] = []
        counts: Counter[str] = Counter()
        for key, curve in self._curves.items():
            with collect_warnings(DataQualityWarning) as problems, note_key(key):
                results.append(function(curve))
            counts.update(list(problems))
        if counts:
            parts = [f"{n} of {len(results)} light curves: {text}" for text, n in counts.most_common(MAX_TEXTS)]
            rest = [f"{len(counts) - MAX_TEXTS} other problems."] if len(counts) > MAX_TEXTS else []
            warn_user(" ".join([*parts, *rest]), DataQualityWarning)
        return self._replaced(results)

    def _all(self, function: Callable[[dict[Any, LightCurve]], list[LightCurve]]) -> Self:
        """Return the results of a function of all light curves."""
        return self._replaced(function(self._curves) if self._curves else [])

    def _replaced(self, curves: list[LightCurve]) -> Self:
        """Return light curves with these in place of the own ones."""
        facts = {"names": self._names, "missing": self.missing, "failed": self.failed}
        return type(self)(dict(zip(self._curves, curves, strict=True)), **facts)
