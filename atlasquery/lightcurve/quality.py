# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Quality flags of measurements: they can be inspected, removed and combined; no row is deleted by flagging."""

from __future__ import annotations

from difflib import get_close_matches
from functools import reduce
from operator import or_
from typing import Self

import numpy as np
from astropy.table import Table
from numpy.typing import ArrayLike

from atlasquery.exceptions import DataQualityWarning, InvalidInputError
from atlasquery.lightcurve.arrays import false_where_masked, int_array
from atlasquery.lightcurve.assembly import copy_with
from atlasquery.lightcurve.known_problems import find_problems
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.rules import BY_HAND, RECIPES, RULES
from atlasquery.schema.field import Integer
from atlasquery.utils.warnings import warn_user

__all__ = ["QualityMixin"]

QUALITY = Integer("quality", "Sum of the bits of the rules that the row violates, 0 if none; see quality_summary().")


class QualityMixin(Mixin):
    """Methods of a light curve that flag measurements."""

    def flag(self, recipe: str | ArrayLike) -> Self:
        """Return the light curve with flags on the measurements that violate a recipe.

        Parameters
        ----------
        recipe : str or array of bool, shape (n,)
            One of the recipes below, or the rows to flag by hand.

        Returns
        -------
        flagged : LightCurve
            The same rows, with bits set in the column ``quality``; existing flags are kept. ``good`` selects the rows
            without flags, ``unflag`` removes flags, ``quality_summary`` counts them.

        Raises
        ------
        InvalidInputError
            If there is no such recipe, or the array does not have one bool a row.

        Warns
        -----
        DataQualityWarning
            If a rule was skipped because its columns are missing or fully masked, and for the known problems that
            `check_quality` lists.

        Notes
        -----
        A row where a column of a rule is masked passes that rule. The recipes are:

        ``"faq"``
            The cuts recommended by the forced-photometry server: ``flux_err`` < 10000 uJy, ``err`` = 0,
            100 < ``x``, ``y`` < 10460, 1.6 < ``major``, ``minor`` < 5, -1 < ``apfit`` < -0.1, 5-sigma limit > 17,
            ``sky`` > 17.
        ``"atclean"``
            ``flux_err`` <= 160 uJy and ``chi_n`` <= 10, the defaults of ATClean (Rest et al. 2024, arXiv:2405.03747).
        ``"atclean_bins"``
            For the result of ``bin_nightly(clip=3)``: ``chi2_dof`` <= 4, at most one point clipped, at least two points
            averaged; the same source.
        ``"server"``
            The mask used by the plots of the web server: a bad amplifier of 01a, x <= 659 and y <= 5279, before MJD
            58718.
        ``"mask"``
            For files of ATClean: no bit is set in the column ``mask``.
        ``"saturation"``
            Brighter than magnitude 12; the detectors saturate between magnitudes 11 and 12.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={
        ...     "flux": [90, 80] * u.uJy, "flux_err": [20, 300] * u.uJy, "chi_n": [1.1, 1.0]})
        >>> flagged = lc.flag("atclean")
        >>> flagged["quality"].tolist()
        [0, 128]
        >>> len(flagged.good()), len(flagged.unflag().good())
        (1, 2)
        """
        bits = int_array(self, "quality")
        if isinstance(recipe, str):
            results = {rule: rule.check(self) for rule in _find_rules(recipe, argument="recipe")}
            self._warn_skipped(recipe, [rule for rule, (checked, _) in results.items() if not checked.any()])
            self.check_quality()
        else:
            results = {BY_HAND: (None, _check_row_mask(recipe, len(self)))}
        for rule, (_, bad) in results.items():
            bits = np.where(bad, bits | rule.bit, bits)
        applied = dict.fromkeys([*self.meta.get("quality_rules", []), *(rule.name for rule in results)])
        return self._with_quality(bits, list(applied))

    def unflag(self, *names: str) -> Self:
        """Return the light curve without the flags of some recipes or rules.

        Parameters
        ----------
        *names : str
            Names of recipes, or of rules as listed by `quality_summary`; by default all.

        Returns
        -------
        light_curve : LightCurve
            The same rows.

        Raises
        ------
        InvalidInputError
            If there is no such recipe or rule.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"]).flag([True, False])
        >>> lc.unflag("by_hand")["quality"].tolist()
        [0, 0]
        """
        removed = {rule.name: rule.bit for rule in _find_rules(*names or [rule.name for rule in (*RULES, BY_HAND)])}
        applied = [name for name in self.meta.get("quality_rules", []) if name not in removed]
        return self._with_quality(int_array(self, "quality") & ~sum(removed.values()), applied)

    def good(self, *names: str) -> Self:
        """Return the rows that are not flagged.

        Parameters
        ----------
        *names : str
            Names of the recipes or rules whose flags count; by default all.

        Returns
        -------
        light_curve : LightCurve
            The rows with none of these flags.

        Raises
        ------
        InvalidInputError
            If there is no such recipe or rule, or the light curve carries no flags, because it has no column
            ``quality``. `flag` returns a new light curve and does not change the one it is called on.

        Warns
        -----
        DataQualityWarning
            If one of the named recipes or rules has not been applied, so that it removes no rows.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"]).flag([True, False])
        >>> len(lc), len(lc.good())
        (2, 1)
        """
        rules = _find_rules(*names)
        if "quality" not in self.colnames:
            raise InvalidInputError(
                "The light curve must have the column 'quality', got none.",
                hint='Call flag first: lc.flag("faq").good(). It returns a new light curve.',
            )
        self._warn_not_applied(rules)
        bits = reduce(or_, (rule.bit for rule in rules)) if names else -1
        return self[int_array(self, "quality") & bits == 0]

    def quality_summary(self) -> Table:
        """Return the applied rules and the number of rows that each of them flagged.

        Returns
        -------
        summary : `~astropy.table.Table`
            One row a rule: ``recipe``, ``rule``, ``bit``, ``checked`` (number of rows with values in the columns of the
            rule; 0 means that the rule was skipped), ``flagged`` (number of rows), and ``good``, the condition that
            good rows satisfy.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={
        ...     "flux_err": [20, 300] * u.uJy, "chi_n": [1.1, 1.0]})
        >>> lc.flag("atclean").quality_summary()["rule", "bit", "checked", "flagged"].pprint()
              rule       bit checked flagged
        ---------------- --- ------- -------
        atclean_flux_err 128       2       1
           atclean_chi_n 256       2       0
        """
        bits, names = int_array(self, "quality"), self.meta.get("quality_rules", [])
        applied = [rule for rule in (*RULES, BY_HAND) if rule.name in names or (bits & rule.bit).any()]
        rows = [
            (
                rule.recipe,
                rule.name,
                rule.bit,
                int(rule.check(self)[0].sum()),
                int((bits & rule.bit != 0).sum()),
                rule.description,
            )
            for rule in applied
        ]
        names = ("recipe", "rule", "bit", "checked", "flagged", "good")
        return Table(rows=rows or None, names=names, dtype=(str, str, int, int, int, str))

    def check_quality(self) -> list[str]:
        """Warn about known problems of such data that a single row does not show.

        Returns
        -------
        problems : list of str
            The problems found: the template of the difference images changed between the measurements (at MJD 58417 and
            58882, from the FAQ of the forced-photometry server), exposures of one site at the same time, fluxes of
            saturated stars.

        Warns
        -----
        DataQualityWarning
            One warning a problem.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2018-10-01", "2018-12-01"], data={"flux": [90, 80] * u.uJy})
        >>> lc.check_quality()  # doctest: +IGNORE_WARNINGS
        ['The template changed at MJD 58417, between the measurements: a flux step there may not be real.']
        """
        problems = list(find_problems(self))
        for problem in problems:
            warn_user(problem, DataQualityWarning)
        return problems

    def _warn_not_applied(self, rules):
        """Warn about rules that have not been applied: they have no flags."""
        applied = self.meta.get("quality_rules", [])
        bits = int(np.bitwise_or.reduce(int_array(self, "quality"), initial=0))
        if unused := [rule for rule in rules if rule.name not in applied and not bits & rule.bit]:
            recipes = ", ".join(repr(name) for name in dict.fromkeys(rule.recipe for rule in unused))
            warn_user(f"No row has been flagged by {recipes}: use flag() first.", DataQualityWarning)

    def _with_quality(self, bits, rule_names):
        column = QUALITY.column(bits, np.zeros(len(self), dtype=bool))
        return copy_with(self, {QUALITY.name: column}, quality_rules=rule_names)

    def _warn_skipped(self, recipe, skipped):
        if skipped and len(self):
            rules = "; ".join(f"{rule.name} ({', '.join(rule.needs)})" for rule in skipped)
            warn_user(
                f"Rules of {recipe!r} were skipped, because their columns are missing or fully masked: {rules}.",
                DataQualityWarning,
            )


def _find_rules(*names, argument="names"):
    """Return the rules of these names of recipes or rules; ``argument`` is the subject of the error."""
    by_name = {rule.name: [rule] for rule in (*RULES, BY_HAND)} | RECIPES
    unknown = [name for name in names if name not in by_name]
    if unknown:
        matches = get_close_matches(str(unknown[0]), by_name, n=1)
        raise InvalidInputError(
            f"`{argument}` must be a recipe ({', '.join(map(repr, RECIPES))}) or a rule such as 'atclean_chi_n', got "
            f"{unknown[0]!r}.",
            hint=f"Did you mean {matches[0]!r}?" if matches else None,
        )
    return [rule for name in names for rule in by_name[name]]


def _check_row_mask(rows, length):
    """Return the rows to flag by hand as an array of bool."""
    rows = np.asarray(false_where_masked(rows))
    if rows.dtype.kind == "U":
        raise InvalidInputError(
            f"`recipe` must be a single recipe name, got {rows.tolist()}.", hint="Use lc.flag('faq').flag('atclean')."
        )
    if rows.dtype != bool or rows.shape != (length,):
        raise InvalidInputError(
            f"`recipe` must be a recipe name or a bool array of shape ({length},), got {rows.dtype} of shape "
            f"{rows.shape}."
        )
    return rows
