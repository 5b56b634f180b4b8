# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Convert light curves to the objects of other packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
from atlasquery.inputs.times import SinceLike
from atlasquery.lightcurve.arrays import (
    column_mask,
    column_to_floats,
    fits_int64,
    float_array,
    has_flux,
    int_array,
    plain_array,
    string_array,
)
from atlasquery.lightcurve.band_names import filter_of
from atlasquery.lightcurve.checks import require_fluxes
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.lightcurve.times import mjd_values
from atlasquery.lightcurve.tns import tns_report
from atlasquery.photometry.magnitudes import AB_ZERO_POINT
from atlasquery.utils.text import abbreviate

if TYPE_CHECKING:
    import lightkurve
    import pandas as pd

__all__ = ["ExportMixin"]

SNCOSMO_BANDS = {"c": "atlasc", "o": "atlaso"}


class ExportMixin(Mixin):
    """Methods of a light curve that convert it for other packages."""

    def to_sncosmo(self, bands: Mapping[str, str] | None = None) -> Table:
        """Return the fluxes as a table that sncosmo fits.

        Parameters
        ----------
        bands : dict of str to str, optional
            Names of sncosmo bandpasses by band. They extend the default, ``{"c": "atlasc", "o": "atlaso"}``; bands that
            have these names already keep them, and names such as ``orange`` are those of ATLAS too.

        Returns
        -------
        data : `~astropy.table.Table`
            Columns ``time`` (MJD), ``band``, ``flux`` and ``fluxerr`` (uJy), ``zp`` (23.9), ``zpsys`` (``ab``). One row
            per exposure with a flux, from `combined`. Fluxes below the limits are included, as a fit needs them.

        Raises
        ------
        InvalidInputError
            If a band has no name in sncosmo, ``bands`` gives ``atlasc`` or ``atlaso`` another meaning, column ``flux``
            or ``flux_err`` is missing, or the rows belong to several objects.

        Notes
        -----
        No flags are applied; use ``lc.flag("faq").good().to_sncosmo()`` to apply them.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01"], data={
        ...     "band": ["o"], "flux": [100.0] * u.uJy, "flux_err": [20.0] * u.uJy})
        >>> print(lc.to_sncosmo())
          time   band   flux fluxerr  zp  zpsys
        ------- ------ ----- ------- ---- -----
        61345.0 atlaso 100.0    20.0 23.9    ab
        """
        rows = _rows_with_flux(self)
        bandpasses = SNCOSMO_BANDS | dict(bands or {})
        for name in SNCOSMO_BANDS.values():  # bands may have the names of sncosmo already
            if bandpasses.setdefault(name, name) != name:
                raise InvalidInputError(f"`bands` must leave {name!r} as it is, got {bandpasses[name]!r}.")
        names = string_array(rows, "band").tolist()
        row_bands = [name if name in bandpasses else filter_of(name) for name in names]
        if unknown := sorted(set(row_bands) - set(bandpasses)):
            raise InvalidInputError(
                f"`bands` must name a sncosmo bandpass for each band, got none for {', '.join(map(repr, unknown))}.",
                hint="Pass for example bands={'w': 'ps1::w'}, or select the rows of other bands.",
            )
        return Table(
            {
                "time": mjd_values(rows),
                "band": np.array([bandpasses[band] for band in row_bands], dtype=str),
                "flux": float_array(rows, "flux"),
                "fluxerr": float_array(rows, "flux_err"),
                "zp": np.full(len(rows), AB_ZERO_POINT),
                "zpsys": np.full(len(rows), "ab"),
            },
            meta={key: value for key, value in self.meta.items() if key in ("atlas_id", "name", "tns_name")},
        )

    def to_lightkurve(self, band: str | None = None) -> lightkurve.LightCurve:
        """Return the fluxes of one band as a ``lightkurve.LightCurve``.

        Parameters
        ----------
        band : str, optional
            The band; optional if the light curve has only one.

        Returns
        -------
        light_curve : ``lightkurve.LightCurve``
            ``time`` (MJD, UTC), ``flux``, ``flux_err`` (uJy): the exposures with a flux, from `combined`.

        Raises
        ------
        InvalidInputError
            If the band has no flux, or no band is given and there are several; if column ``flux`` or ``flux_err`` is
            missing, or the rows belong to several objects.
        ImportError
            If lightkurve is not installed.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01"], data={
        ...     "band": ["o"], "flux": [100.0] * u.uJy, "flux_err": [20.0] * u.uJy})
        >>> lc.to_lightkurve("o").flux  # doctest: +SKIP
        <Quantity [100.] uJy>
        """
        rows = _select_band(_rows_with_flux(self), band)
        try:
            from lightkurve import LightCurve
        except ImportError as error:
            raise ImportError("to_lightkurve needs lightkurve: pip install lightkurve.") from error
        flux, flux_err = (float_array(rows, name) * u.uJy for name in ("flux", "flux_err"))
        label = str(self.meta.get("name") or self.meta.get("atlas_id") or "")
        time = Time(mjd_values(rows), format="mjd", scale="utc")
        return LightCurve(time=time, flux=flux, flux_err=flux_err, meta={"LABEL": label})

    def to_pandas(self, index: bool | str = True) -> pd.DataFrame:
        """Return all rows and columns as a ``pandas.DataFrame``.

        Parameters
        ----------
        index : bool
            Whether ``time`` is the index; otherwise it is the first column.

        Returns
        -------
        frame : ``pandas.DataFrame``
            Integers are ``Int64``, which keeps ids of 19 digits exact in a column with missing values; bools are
            ``boolean``, strings ``string``; dates and ``time`` are UTC without a time zone. ``mjd`` is the time as a
            float without loss of precision. ``frame.attrs["units"]`` and ``frame.attrs["meta"]`` are the units and
            ``meta``.

        Raises
        ------
        InvalidInputError
            If a column has several dimensions, integers that do not fit into ``Int64``, or values other than numbers,
            bools, strings and times, or if a column has the name ``mjd``.
        ImportError
            If pandas is not installed.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01"], data={"atlas_id": [1161600211221604900]})
        >>> lc.to_pandas()["atlas_id"].tolist()  # doctest: +SKIP
        [1161600211221604900]
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError('to_pandas needs pandas: pip install "atlasquery[export]".') from error
        mjd = mjd_values(self)
        columns = {"time": _to_datetimes(pd, self.time), "mjd": mjd}
        columns |= {name: _to_pandas_column(pd, self, name) for name in self.colnames if name != "time"}
        frame = pd.DataFrame(columns)
        units = {name: getattr(self[name], "unit", None) for name in self.colnames}
        frame.attrs["units"] = {"mjd": "d"} | {name: str(unit) for name, unit in units.items() if unit is not None}
        frame.attrs["meta"] = dict(self.meta)
        return frame.set_index("time") if index else frame

    def to_tns(
        self,
        reporter: str,
        *,
        reporting_group_id: int | str,
        coord: SkyCoord | None = None,
        since: SinceLike | None = None,
        at_type: int = 1,
        remarks: str = "",
        **fields: Any,
    ) -> dict[str, Any]:
        """Return a bulk report for the Transient Name Server (TNS): the discovery and the last limit before it.

        Limits in a band or from a site without a code of the TNS are skipped.

        Parameters
        ----------
        reporter : str
            The reporters, as they are to be cited.
        reporting_group_id : int or str
            The number of the reporting group in the TNS. There is no default; ATLAS itself is 18.
        coord : `~astropy.coordinates.SkyCoord`, optional
            Position; by default the median of the detections.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            The discovery is the first unflagged detection of a positive flux at or after this time; a time span is
            counted back from now.
        at_type : int
            The TNS code of the suspected type; 1 is a possible supernova.
        remarks : str
            Remarks.
        **fields
            Other fields of the report, such as ``host_name``, ``host_redshift``, ``internal_name`` and
            ``discovery_data_source_id`` (18, ATLAS, by default). Fields that are None are left out.

        Returns
        -------
        report : dict
            ``{"at_report": {"0": ...}}`` of strings, for ``json.dumps``. Nothing is sent.

        Raises
        ------
        InvalidInputError
            If there is no detection, or it has no magnitude, uncertainty or position, or the TNS has no code for its
            band or site, or for those of all limits before it; if the rows belong to several objects; or if
            ``reporter``, ``reporting_group_id``, ``coord`` or ``since`` is invalid.

        Warns
        -----
        DataQualityWarning
            If the discovery is an isolated exposure, long before the other detections; `plot` leaves such exposures
            out of its window.

        Notes
        -----
        Codes: bands c 71, o 72, w 73; sites 02a 159, 01a 160, 03a 255, 04a 256, 05r 290.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> detection = {"mjd": 58285.441, "filter": "o", "mag": 14.739, "magerr": 0.009, "ra": 244.00092,
        ...              "dec": 22.26803, "expname": "02a58285o0375o"}
        >>> record = {"object": {"id": 1161600211221604900, "atlas_designation": "ATLAS18qqn"},
        ...           "lc": [detection], "lcnondets": [], "fp": []}
        >>> lc = LightCurve.from_record(record)  # doctest: +IGNORE_WARNINGS
        >>> report = lc.to_tns("A. Astronomer", reporting_group_id=18)["at_report"]["0"]
        >>> report["discovery_datetime"], report["internal_name"]
        ('2018-06-16 10:35:02.400', 'ATLAS18qqn')
        """
        fields |= {"coord": coord, "since": since, "at_type": at_type, "remarks": remarks}
        return tns_report(self, reporter, reporting_group_id, **fields)


def _rows_with_flux(light_curve):
    """Return one row for each exposure that has a flux."""
    require_fluxes(light_curve)
    rows = light_curve.combined()
    return rows[has_flux(rows)]


def _select_band(rows, band):
    """Return the rows of a band; all rows if no band is given and there is only one."""
    row_bands = string_array(rows, "band")
    bands = sorted(set(row_bands.tolist()))
    if (band is None and len(bands) > 1) or (band is not None and band not in bands):
        choices = f"one of {', '.join(map(repr, bands))}" if bands else "None for a light curve without a flux"
        got = "None" if band is None else abbreviate(band)
        raise InvalidInputError(f"`band` must be {choices}, got {got}.")
    return rows if band is None else rows[row_bands == band]


def _to_pandas_column(pd, light_curve, name):
    """Return a column as a pandas array with its own missing values."""
    column = light_curve[name]
    _check_pandas_column(name, column)
    if isinstance(column, Time):
        return _to_datetimes(pd, column)
    kind, mask = plain_array(column).dtype.kind, np.array(column_mask(column))
    if kind in "iu":
        return _with_missing(pd.array(int_array(light_curve, name), dtype="Int64"), mask, pd)
    if kind == "b":
        return _with_missing(pd.array(np.ma.filled(column, False), dtype="boolean"), mask, pd)
    if kind == "U":
        return _with_missing(pd.array(string_array(light_curve, name).astype(object), dtype="string"), mask, pd)
    return column_to_floats(column)


def _check_pandas_column(name, column):
    """Raise `InvalidInputError` if pandas cannot hold a column without a change."""
    reason = "the name is used for the time" if name == "mjd" else _unsupported_reason(column)
    if reason:
        raise InvalidInputError(
            f"Cannot convert column {name!r} to pandas: {reason}.", hint="Rename it, convert it, or remove it."
        )


def _unsupported_reason(column):
    """Return why pandas cannot hold a column, None if it can."""
    if column.ndim != 1:
        return f"it has {column.ndim} dimensions"
    if isinstance(column, Time):
        return None
    data = plain_array(column)
    if data.dtype.kind not in "iubUf":
        return f"it is a {type(column).__name__} of dtype {data.dtype}"
    return None if fits_int64(data[~column_mask(column)]) else "it has integers that do not fit into signed 64 bits"


def _with_missing(array, mask, pd):
    array[mask] = pd.NA
    return array


def _to_datetimes(pd, time):
    """Return times as a pandas index of UTC datetimes, NaT where masked."""
    known = ~np.array(column_mask(time))
    dates = np.full(len(time), np.datetime64("NaT", "ns"), dtype="datetime64[ns]")
    if known.any():
        dates[known] = time[known].utc.datetime64
    return pd.DatetimeIndex(dates)
