# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Combine rows of the same exposure: a record may have an exposure in each of its three sections."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.arrays import column_mask, float_array, has_flux, int_array, string_array
from atlasquery.lightcurve.assembly import copy_with, take
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.duplicates import first_equal_rows, warn_duplicates
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.times import time_values
from atlasquery.schema.field import Integer
from atlasquery.utils.text import abbreviate

__all__ = ["CombineMixin", "choose_rows", "number_exposures", "select_exposures", "sort_keys"]

KIND_ORDER = {"forced": ("forced", "detection"), "detection": ("detection", "forced")}
SERVICES = ("transient", "forcedphot")
DEFAULT_SERVICE = "transient"  # of rows without a `service`
# Properties of the exposure itself, which are the same in all sections.
EXPOSURE_COLUMNS = ("exptime", "zp", "pointing", "exposure_id", "filename", "input", "reference")
N_ROWS = Integer("n_rows", "Number of rows of this exposure before they were combined.")


class CombineMixin(Mixin):
    """The method of a light curve that combines rows of the same exposure."""

    def combined(self, prefer: Literal["forced", "detection"] = "forced", service: str | None = None) -> Self:
        """Return one row per exposure.

        The server sends the same exposure as a detection or limit and as a forced measurement, and sometimes several
        detections of one exposure. Rows of the same ``expname`` are combined to one. Rows without a name are kept,
        except those that repeat another one exactly: the same time, band, kind, flux and uncertainty.

        Parameters
        ----------
        prefer : {"forced", "detection"}
            Which of two measurements of one exposure to keep.
        service : {"transient", "forcedphot"}, optional
            Keep only rows of this service, the ATLAS Transient web server or the forced-photometry server, according to
            the column ``service``. Rows without a service, and light curves without that column, are of
            ``"transient"``. By default all rows are kept.

        Returns
        -------
        combined : LightCurve
            One of the original rows of each exposure, sorted by time, with the column ``n_rows``, the number of rows of
            the exposure. ``meta['combined']`` is ``prefer``.

        Raises
        ------
        InvalidInputError
            If ``prefer`` or ``service`` is not one of these values, ``service`` is ``"forcedphot"`` and there is no
            column ``service``, or the rows belong to several objects according to ``atlas_id``.

        Warns
        -----
        DataQualityWarning
            If rows without an exposure name repeat others exactly, as in a table that was appended to itself.

        Notes
        -----
        The row to keep is selected by these criteria, in this order: it has a flux and an uncertainty; it is of the
        preferred kind; it is not flagged; its ``flux_err`` is the smallest; it is the first. Flux, magnitude and limit
        are always those of a single row. Properties of the exposure itself, such as ``exptime``, are taken from another
        row where the selected one has none.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> name = {"expname": "02a58285o0375o", "filter": "o"}
        >>> detection = name | {"id": 1161600211221604900, "mjd": 58285.441, "mag": 14.739, "magerr": 0.009,
        ...                     "exptime": 30.0}
        >>> forced = name | {"mjd_obs": 58285.441, "uJy": 4700.0, "duJy": 39.0, "limiting_mag": False}
        >>> record = {"object": {"id": 1161600211221604900}, "lc": [detection], "lcnondets": [], "fp": [forced]}
        >>> lc = LightCurve.from_record(record)  # doctest: +IGNORE_WARNINGS
        >>> lc.combined()["kind", "flux", "exptime", "n_rows"].pprint()
         kind   flux  exptime n_rows
                uJy      s
        ------ ------ ------- ------
        forced 4700.0    30.0      2
        """
        rows = self if service is None else _select_service(self, service)
        chosen, exposures = select_exposures(rows, prefer)
        warn_duplicates(exposures, string_array(rows, "expname"))
        counts = np.bincount(exposures, weights=int_array(rows, "n_rows", 1)).astype(np.int64)
        columns = {
            name: take(rows[name], sources)
            for name in EXPOSURE_COLUMNS
            if (sources := _rows_with_value(rows, name, chosen, exposures)) is not None
        }
        columns["n_rows"] = N_ROWS.column(counts[exposures[chosen]], np.zeros(len(chosen), dtype=bool))
        return copy_with(rows, columns, chosen, combined=prefer)


def _select_service(light_curve, service):
    """Return the rows of one service."""
    if service not in SERVICES:
        raise InvalidInputError(
            f"`service` must be one of {', '.join(map(repr, SERVICES))}, got {abbreviate(service)}."
        )
    if service != DEFAULT_SERVICE and "service" not in light_curve.colnames:
        raise InvalidInputError(
            f"`service` must be {DEFAULT_SERVICE!r} for a light curve without column 'service', got {service!r}."
        )
    return light_curve[string_array(light_curve, "service", DEFAULT_SERVICE) == service]


def select_exposures(light_curve, prefer="forced"):
    """Return which row of each exposure to keep; errors as for `CombineMixin.combined`.

    Returns
    -------
    chosen, exposures : array of int
        The indices of the kept rows, sorted by time; and for every row the number of its exposure.
    """
    if prefer not in tuple(KIND_ORDER):
        raise InvalidInputError(f"`prefer` must be 'forced' or 'detection', got {abbreviate(prefer)}.")
    require_single_object(light_curve)  # two objects of one exposure share the exposure name
    exposures = number_exposures(light_curve)
    chosen = choose_rows(exposures, sort_keys(light_curve, prefer))
    return chosen[np.argsort(time_values(light_curve)[chosen], kind="stable")], exposures


def number_exposures(light_curve):
    """Return a number for each row, the same for all rows of an exposure.

    A row without a name is an exposure of its own, unless it repeats another one exactly.
    """
    names = string_array(light_curve, "expname").tolist()
    if "" in names:
        names = [name or row for name, row in zip(names, first_equal_rows(light_curve).tolist(), strict=True)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.fromiter(map(numbers.__getitem__, names), dtype=np.int64, count=len(names))


def choose_rows(exposures, sort_keys):
    """Return the number of the row of each exposure that comes first by the keys, of which the last is the primary."""
    is_single = np.bincount(exposures)[exposures] == 1 if len(exposures) else np.zeros(0, dtype=bool)
    several = np.flatnonzero(~is_single)
    order = several[np.lexsort((*(key[several] for key in sort_keys), exposures[several]))]
    first = order[np.unique(exposures[order], return_index=True)[1]]
    return np.sort(np.concatenate([np.flatnonzero(is_single), first]))


def sort_keys(light_curve, prefer):
    """Return the keys by which the rows of one exposure are sorted, the least important first."""
    kinds = row_kinds(light_curve)
    rank = np.select([kinds == kind for kind in KIND_ORDER[prefer]], [0, 1], 2)
    flagged = int_array(light_curve, "quality") != 0
    flux_err = np.nan_to_num(float_array(light_curve, "flux_err"), nan=np.inf)
    return flux_err, flagged, rank, ~has_flux(light_curve)


def _rows_with_value(rows, name, chosen, exposures):
    """Return the chosen rows, or others of their exposures where they have no value; None if none has."""
    if name not in rows.colnames or not column_mask(rows[name])[chosen].any():
        return None
    known = np.flatnonzero(~column_mask(rows[name]))
    source_row = np.full(exposures.max() + 1, -1)
    source_row[exposures[known]] = known
    sources = source_row[exposures[chosen]]
    return np.where(column_mask(rows[name])[chosen] & (sources >= 0), sources, chosen)
