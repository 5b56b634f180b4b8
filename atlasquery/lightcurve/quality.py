# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which measurements to trust: flags that can be seen, undone and combined; nothing is deleted by itself."""

from difflib import get_close_matches
from functools import reduce
from operator import or_

import numpy as np
from astropy.table import Table

from atlasquery.exceptions import DataQualityWarning, InvalidInputError
from atlasquery.lightcurve.arrays import copy_rows, false_where_masked, int_array
from atlasquery.lightcurve.known_problems import find_problems
from atlasquery.lightcurve.rules import BY_HAND, RECIPES, RULES
from atlasquery.schema.field import Integer
from atlasquery.utils.warnings import warn_user

__all__ = ["QualityMixin"]

QUALITY = Integer("quality", "Sum of the bits of the rules that the row breaks, 0 if none; see quality_summary().")


class QualityMixin:
    """The part of a light curve that flags measurements."""

    def flag(self, recipe):
        """Return the light curve with flags on the measurements that a recipe distrusts.

        Parameters
        ----------
        recipe : str or array of bool, shape (n,)
            One of the recipes below, or the rows to flag by hand.

        Returns
        -------
        flagged : LightCurve
            The same rows, with bits set in the column ``quality``; flags that were there stay. ``good`` leaves flagged
            rows out, ``unflag`` takes flags away, ``quality_summary`` counts them.

        Raises
        ------
        InvalidInputError
            If there is no such recipe, or the array is not one of bools, one a row.

        Warns
        -----
        DataQualityWarning
            If a rule was skipped because the columns it needs are not there or have no values, and of the known
            troubles that `check_quality` lists.

        Notes
        -----
        A row of which a rule's columns are masked passes that rule. The recipes are:

        ``"faq"``
            The cuts that the forced-photometry server recommends: ``flux_err`` < 10000 uJy, ``err`` = 0,
            100 < ``x``, ``y`` < 10460, 1.6 < ``major``, ``minor`` < 5, -1 < ``apfit`` < -0.1, 5-sigma limit > 17,
            ``sky`` > 17.
        ``"atclean"``
            ``flux_err`` <= 160 uJy and ``chi_n`` <= 10, the defaults of ATClean (Rest et al. 2024, arXiv:2405.03747).
        ``"atclean_bins"``
            For a curve of ``bin_nightly(clip=3)``: ``chi2_dof`` <= 4, at most one point clipped, at least two good;
            the same source.
        ``"server"``
            The mask of the web server's own plots: a bad amplifier of 01a, x <= 659 and y <= 5279, before MJD 58718.
        ``"saturation"``
            Brighter than magnitude 12; the detectors saturate between 11 and 12.

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
            found = {rule: rule.check(self) for rule in _rules(recipe)}
            self._warn_skipped(recipe, [rule for rule, (checked, _) in found.items() if not checked.any()])
            self.check_quality()
        else:
            found = {BY_HAND: (None, _check_row_mask(recipe, len(self)))}
        for rule, (_, bad) in found.items():
            bits = np.where(bad, bits | rule.bit, bits)
        applied = dict.fromkeys([*self.meta.get("quality_rules", []), *(rule.name for rule in found)])
        return self._with_quality(bits, list(applied))

    def unflag(self, *names):
        """Return the light curve without the flags of some recipes or rules.

        Parameters
        ----------
        *names : str
            Names of recipes, or of rules as `quality_summary` gives them; by default all.

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
        gone = {rule.name: rule.bit for rule in _rules(*names or [rule.name for rule in (*RULES, BY_HAND)])}
        left = [name for name in self.meta.get("quality_rules", []) if name not in gone]
        return self._with_quality(int_array(self, "quality") & ~sum(gone.values()), left)

    def good(self, *names):
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
            If there is no such recipe or rule.

        Warns
        -----
        DataQualityWarning
            If nothing has been flagged yet, or not by one of the recipes, so that all rows are returned: `flag` returns
            a new light curve, it does not change the one it is called on.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"]).flag([True, False])
        >>> len(lc), len(lc.good())
        (2, 1)
        """
        rules = _rules(*names)
        self._warn_not_applied(rules)
        bits = reduce(or_, (rule.bit for rule in rules)) if names else -1
        return self[int_array(self, "quality") & bits == 0]

    def quality_summary(self):
        """Return which rules have been applied, and how many rows each of them flagged.

        Returns
        -------
        summary : `~astropy.table.Table`
            One row a rule: ``recipe``, ``rule``, ``bit``, ``checked`` (rows that have what the rule looks at; 0 means
            that it was skipped), ``flagged``, and what a good row fulfils.

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
            (r.recipe, r.name, r.bit, int(r.check(self)[0].sum()), int((bits & r.bit != 0).sum()), r.description)
            for r in applied
        ]
        names = ("recipe", "rule", "bit", "checked", "flagged", "good")
        return Table(rows=rows or None, names=names, dtype=(str, str, int, int, int, str))

    def check_quality(self):
        """Warn of what is known to go wrong with such data and cannot be seen in a row alone.

        Returns
        -------
        troubles : list of str
            What there is: the difference images' template changed while there were measurements (MJD 58417 and 58882,
            says the forced-photometry server), exposures of one site at the same time, fluxes of saturated stars.

        Warns
        -----
        DataQualityWarning
            Of each of them.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2018-10-01", "2018-12-01"], data={"flux": [90, 80] * u.uJy})
        >>> lc.check_quality()  # doctest: +IGNORE_WARNINGS
        ['The template changed at MJD 58417, within the measurements: a step there is not of the source.']
        """
        found = list(find_problems(self))
        for trouble in found:
            warn_user(trouble, DataQualityWarning)
        return found

    def _warn_not_applied(self, rules):
        """Warn of rules that nobody has applied, whose flags cannot be there."""
        if "quality" not in self.colnames:
            warn_user("No row has been flagged: all are returned. Use it as lc.flag('faq').good().", DataQualityWarning)
            return
        applied = self.meta.get("quality_rules", [])
        bits = int(np.bitwise_or.reduce(int_array(self, "quality"), initial=0))
        if unused := [rule for rule in rules if rule.name not in applied and not bits & rule.bit]:
            recipes = ", ".join(repr(name) for name in dict.fromkeys(rule.recipe for rule in unused))
            warn_user(f"No row has been flagged by {recipes}: use flag() first.", DataQualityWarning)

    def _with_quality(self, bits, rules):
        out = copy_rows(self)
        out["quality"] = QUALITY.column(bits, np.zeros(len(self), dtype=bool))
        out.meta["quality_rules"] = rules
        return out

    def _warn_skipped(self, recipe, skipped):
        if skipped and len(self):
            what = "; ".join(f"{rule.name} ({', '.join(rule.needs)})" for rule in skipped)
            warn_user(
                f"Rules of {recipe!r} were skipped, because the columns they need are not there or have no values: "
                f"{what}.",
                DataQualityWarning,
            )


def _rules(*names):
    """Return the rules of these names of recipes or rules."""
    by_name = {rule.name: [rule] for rule in (*RULES, BY_HAND)} | RECIPES
    unknown = [name for name in names if name not in by_name]
    if unknown:
        alike = get_close_matches(str(unknown[0]), by_name, n=1)
        raise InvalidInputError(
            f"There is no recipe {unknown[0]!r}; there are {', '.join(map(repr, RECIPES))}, and their single rules, "
            "such as 'atclean_chi_n'.",
            hint=f"Did you mean {alike[0]!r}?" if alike else None,
        )
    return [rule for name in names for rule in by_name[name]]


def _check_row_mask(rows, length):
    """Return the rows that somebody flags."""
    rows = np.asarray(false_where_masked(rows))
    if rows.dtype.kind == "U":
        raise InvalidInputError(
            f"One recipe is flagged at a time, not {rows.tolist()}.", hint="As in lc.flag('faq').flag('atclean')."
        )
    if rows.dtype != bool or rows.shape != (length,):
        raise InvalidInputError(
            f"What is to be flagged is the name of a recipe, or an array of {length} bools, not one of {rows.dtype} "
            f"and shape {rows.shape}."
        )
    return rows
