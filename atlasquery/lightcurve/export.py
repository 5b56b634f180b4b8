# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves as other packages want them."""

import astropy.units as u
import numpy as np
from astropy.table import Table
from astropy.time import Time

from atlasquery.exceptions import InvalidInputError
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
from atlasquery.lightcurve.checks import require_columns
from atlasquery.lightcurve.times import mjd_values
from atlasquery.lightcurve.tns import tns_report
from atlasquery.photometry.magnitudes import AB_ZERO_POINT

__all__ = ["ExportMixin"]

SNCOSMO_BANDS = {"c": "atlasc", "o": "atlaso"}


class ExportMixin:
    """The part of a light curve that hands it to other packages."""

    def to_sncosmo(self, bands=None):
        """Return the fluxes as a table that sncosmo fits.

        Parameters
        ----------
        bands : dict of str to str, optional
            Names of sncosmo's bandpasses; by default ``c`` is ``atlasc`` and ``o`` is ``atlaso``. Bands that are given
            here are added to these.

        Returns
        -------
        data : `~astropy.table.Table`
            Columns ``time`` (MJD), ``band``, ``flux`` and ``fluxerr`` (uJy), ``zp`` (23.9), ``zpsys`` (``ab``). One row
            an exposure that has a flux, of `combined`: limits are in the fluxes, and must not be left out of a fit.

        Raises
        ------
        InvalidInputError
            If a band has no name in sncosmo, there is no column ``flux`` or ``flux_err``, or the rows are of several
            objects.

        Notes
        -----
        Flags are not applied: export ``lc.flag("faq").good()`` if that is wanted.

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
        rows = _measured(self)
        names = SNCOSMO_BANDS | (bands or {})
        known = string_array(rows, "band").tolist()
        if unknown := sorted(set(known) - set(names)):
            raise InvalidInputError(
                f"sncosmo has no bandpass for {', '.join(map(repr, unknown))}.",
                hint="Name one, as bands={'w': 'ps1::w'}, or choose the rows of the bands wanted.",
            )
        return Table(
            {
                "time": mjd_values(rows),
                "band": np.array([names[band] for band in known], dtype=str),
                "flux": float_array(rows, "flux"),
                "fluxerr": float_array(rows, "flux_err"),
                "zp": np.full(len(rows), AB_ZERO_POINT),
                "zpsys": np.full(len(rows), "ab"),
            },
            meta={key: value for key, value in self.meta.items() if key in ("atlas_id", "name", "tns_name")},
        )

    def to_lightkurve(self, band=None):
        """Return the fluxes of one band as a ``lightkurve.LightCurve``.

        Parameters
        ----------
        band : str, optional
            The band; need not be given if there is only one.

        Returns
        -------
        light_curve : ``lightkurve.LightCurve``
            ``time`` (MJD, UTC), ``flux``, ``flux_err`` (uJy): the exposures that have a flux, of `combined`.

        Raises
        ------
        InvalidInputError
            If there are several bands, of which none is chosen, or none of that name; if there is no column ``flux`` or
            ``flux_err``, or the rows are of several objects.
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
        rows = _measured(self)
        known = string_array(rows, "band")
        there = sorted(set(known.tolist()))
        if band is None and len(there) > 1:
            raise InvalidInputError(
                f"lightkurve has one band in a light curve, here are {', '.join(there)}: choose one."
            )
        if band is not None and band not in there:
            raise InvalidInputError(f"There is no flux in the band {band!r}, but in {', '.join(there) or 'none'}.")
        rows = rows if band is None else rows[known == band]
        try:
            from lightkurve import LightCurve
        except ImportError as error:
            raise ImportError("to_lightkurve needs lightkurve: pip install lightkurve.") from error
        flux, flux_err = (float_array(rows, name) * u.uJy for name in ("flux", "flux_err"))
        label = str(self.meta.get("name") or self.meta.get("atlas_id") or "")
        time = Time(mjd_values(rows), format="mjd", scale="utc")
        return LightCurve(time=time, flux=flux, flux_err=flux_err, meta={"LABEL": label})

    def to_pandas(self, index=True):
        """Return all rows and columns as a ``pandas.DataFrame``.

        Parameters
        ----------
        index : bool
            Whether ``time`` is the index; otherwise it is the first column.

        Returns
        -------
        frame : ``pandas.DataFrame``
            Integers are ``Int64``, so that ids of 19 digits stay exact beside missing ones; bools are ``boolean``, text
            is ``string``, dates and ``time`` are UTC without a zone. ``mjd`` is the time as a float, which is exact.
            ``frame.attrs["units"]`` gives the units, ``frame.attrs["meta"]`` the meta.

        Raises
        ------
        InvalidInputError
            If there is a column of several dimensions, of integers that ``Int64`` cannot hold, of anything else that is
            neither numbers nor bools, text or times, or one of the name ``mjd``.
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
        columns = {"time": _dates(pd, self.time), "mjd": mjd}
        columns |= {name: _series(pd, self, name) for name in self.colnames if name != "time"}
        frame = pd.DataFrame(columns)
        units = {name: getattr(self[name], "unit", None) for name in self.colnames}
        frame.attrs["units"] = {"mjd": "d"} | {name: str(unit) for name, unit in units.items() if unit is not None}
        frame.attrs["meta"] = dict(self.meta)
        return frame.set_index("time") if index else frame

    def to_tns(self, reporter, *, coord=None, since=None, at_type=1, remarks="", **fields):
        """Return a bulk report for the Transient Name Server: the discovery and the last limit before it.

        Limits in a band or from a site that the Transient Name Server has no code for are passed over.

        Parameters
        ----------
        reporter : str
            Who reports, as it shall be cited.
        coord : `~astropy.coordinates.SkyCoord`, optional
            Position; by default the median of the detections.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            The discovery is the first detection of a positive flux that is not flagged, from here on; a duration looks
            back from now.
        at_type : int
            The server's code of what it may be; 1 is a possible supernova.
        remarks : str
            Remarks.
        **fields
            Other fields of the report, such as ``host_name``, ``host_redshift``, ``internal_name``,
            ``reporting_group_id`` and ``discovery_data_source_id`` (18, ATLAS, by default). What is None is left out.

        Returns
        -------
        report : dict
            ``{"at_report": {"0": ...}}``, made of strings, for ``json.dumps``. Nothing is sent.

        Raises
        ------
        InvalidInputError
            If there is no detection, or it has no magnitude, uncertainty or position, or the Transient Name Server has
            no code for its band or site, or for that of any limit before it; if the rows are of several objects; or if
            ``reporter``, ``coord`` or ``since`` is none.

        Warns
        -----
        DataQualityWarning
            If the discovery stands alone, far before the other detections, as exposures do that `plot` leaves out.

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
        >>> report = lc.to_tns("A. Astronomer")["at_report"]["0"]
        >>> report["discovery_datetime"], report["internal_name"]
        ('2018-06-16 10:35:02.400', 'ATLAS18qqn')
        """
        return tns_report(self, reporter, coord=coord, since=since, at_type=at_type, remarks=remarks, **fields)


def _measured(light_curve):
    """Return one row for each exposure that has a flux."""
    require_columns(light_curve, "flux", "flux_err")
    rows = light_curve.combined()
    return rows[has_flux(rows)]


def _series(pd, light_curve, name):
    """Return one column as pandas has it, with its own kinds of missing values."""
    column = light_curve[name]
    _check(name, column)
    if isinstance(column, Time):
        return _dates(pd, column)
    kind, mask = plain_array(column).dtype.kind, np.array(column_mask(column))
    if kind in "iu":
        return _missing(pd.array(int_array(light_curve, name), dtype="Int64"), mask, pd)
    if kind == "b":
        return _missing(pd.array(np.ma.filled(column, False), dtype="boolean"), mask, pd)
    if kind == "U":
        return _missing(pd.array(string_array(light_curve, name).astype(object), dtype="string"), mask, pd)
    return column_to_floats(column)


def _check(name, column):
    """Refuse a column that pandas cannot hold as it is."""
    why = "its name is that of the time" if name == "mjd" else _unsupported_reason(column)
    if why:
        raise InvalidInputError(
            f"Column {name!r} cannot be handed to pandas: {why}.", hint="Rename it, convert it, or remove it."
        )


def _unsupported_reason(column):
    if column.ndim != 1:
        return f"it has {column.ndim} dimensions"
    if isinstance(column, Time):
        return None
    data = plain_array(column)
    if data.dtype.kind not in "iubUf":
        return f"it is a {type(column).__name__} of dtype {data.dtype}"
    return None if fits_int64(data[~column_mask(column)]) else "it has integers that do not fit 64 bits with a sign"


def _missing(array, mask, pd):
    array[mask] = pd.NA
    return array


def _dates(pd, time):
    known = ~np.array(column_mask(time))
    dates = np.full(len(time), np.datetime64("NaT", "ns"), dtype="datetime64[ns]")
    if known.any():
        dates[known] = time[known].utc.datetime64
    return pd.DatetimeIndex(dates)
