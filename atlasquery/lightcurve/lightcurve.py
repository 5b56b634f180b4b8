# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`LightCurve`, a `~astropy.timeseries.TimeSeries` of all measurements of one object."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import numpy as np
from astropy import units as u
from astropy.table import QTable
from astropy.time import TimeDelta
from astropy.timeseries import TimeSeries

from atlasquery.exceptions import InvalidInputError, InvalidTypeError, UnreadableAnswerError
from atlasquery.lightcurve.arrays import false_where_masked, plain_array
from atlasquery.lightcurve.assembly import assemble, select_rows
from atlasquery.lightcurve.binning import BinningMixin
from atlasquery.lightcurve.build import build_columns
from atlasquery.lightcurve.combine import CombineMixin
from atlasquery.lightcurve.display import DisplayMixin
from atlasquery.lightcurve.export import ExportMixin
from atlasquery.lightcurve.images import describe_flux
from atlasquery.lightcurve.io import ReadWriteMixin, register
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.limits import LimitsMixin
from atlasquery.lightcurve.position import warn_distant_limits
from atlasquery.lightcurve.quality import QualityMixin
from atlasquery.lightcurve.rows import RowsMixin
from atlasquery.lightcurve.time_index import TimeIndexMixin
from atlasquery.lightcurve.uncertainty import UncertaintyMixin
from atlasquery.lightcurve.unknown_names import guess_attribute, unknown_column
from atlasquery.schema import OBJECT
from atlasquery.utils.near_names import UnknownAttributeError
from atlasquery.utils.text import abbreviate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from plotly.graph_objects import Figure

__all__ = ["LightCurve"]

META_COLUMNS = ("atlas_id", "name", "tns_name", "ra", "dec")  # of the object; a Transient has all of them

__doctest_requires__ = {"LightCurve.plot": ["matplotlib"]}


class LightCurve(
    CombineMixin,
    LimitsMixin,
    QualityMixin,
    UncertaintyMixin,
    BinningMixin,
    ExportMixin,
    ReadWriteMixin,
    RowsMixin,
    DisplayMixin,
    TimeIndexMixin,
    TimeSeries,
):
    """Light curve of one object: one row per measurement, sorted by time, without any row left out.

    The column ``kind`` separates three kinds of measurements: detections in the difference images, limits of exposures
    without a detection, and forced photometry. All columns are masked where a value is missing; columns with units are
    quantities, with NaN under the mask. Fluxes are difference fluxes and may be negative; there ``mag`` is masked.
    Magnitudes are AB, in plain `~astropy.units.mag`.

    ``meta`` holds ``atlas_id``, ``name``, ``tns_name``, ``magsys``, ``images`` (the images that were measured:
    difference, reduced, or missing if unknown), and ``url``, the URL of the request.

    A magnitude below 3 sigma (``conf.mag_sigma``) is not a measurement: it is masked, and ``limit`` is the limit of the
    measurement. The server's own values are in ``mag_server``, ``mag_err_server`` and ``limit_server``.

    Parameters
    ----------
    data : table-like, optional
        Columns; the first must be ``time``. A client makes a light curve with `from_record`.
    *args, **kwargs
        As for `~astropy.timeseries.TimeSeries`.

    Notes
    -----
    The times are those of the server: UTC, not shifted to mid-exposure, not barycentred. Several rows may have the same
    time, so times are not unique keys.

    `~astropy.table.vstack` and ``add_row`` append rows, and ``sort("time")`` sorts them again. The methods accept rows
    in any order. Rows of a table without the column ``kind`` have the kind that follows from their values: forced
    photometry with a flux, a detection with a magnitude only, a limit with a limit only.

    Examples
    --------
    >>> from atlasquery import LightCurve
    >>> detection = {"id": 1161600211221604900, "mjd": 58285.441, "filter": "o", "mag": 14.739, "magerr": 0.009}
    >>> limit = {"mjd": 58281.49, "filter": "o", "mag5sig": 19.35}
    >>> record = {"object": {"id": 1161600211221604900, "atlas_designation": "ATLAS18qqn"},
    ...           "lc": [detection], "lcnondets": [limit], "fp": []}
    >>> lc = LightCurve.from_record(record)  # doctest: +IGNORE_WARNINGS
    >>> lc
    <LightCurve of ATLAS18qqn (1161600211221604900): 1 detection (1 o), 1 limit (1 o); MJD 58281.49 to 58285.44>
        time       kind   band  flux  flux_err  mag   mag_err limit
                                uJy     uJy     mag     mag    mag
    ----------- --------- ---- ------ -------- ------ ------- -----
    58281.49000     limit    o    ———      ———    ———     ——— 19.35
    58285.44100 detection    o 4617.4     38.3 14.739   0.009   ———
    """

    _key_in_curves: Any = None  # set by LightCurves

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(data, pandas.DataFrame):
            raise InvalidTypeError(
                "`data` must be a table of astropy or a dict of columns, got a DataFrame.",
                hint="Use LightCurve.from_table, which takes times and units of other programs.",
            )
        super().__init__(data, *args, **kwargs)

    @classmethod
    def from_record(cls, record: Mapping[str, Any], *, url: str | None = None) -> Self:
        """Return the light curve of one record of ``objects/``.

        Parameters
        ----------
        record : dict
            One element of the answer.
        url : str, optional
            URL of the request.

        Returns
        -------
        light_curve : LightCurve
            All rows of the sections ``lc``, ``lcnondets`` and ``fp``, sorted by time.

        Raises
        ------
        UnreadableAnswerError
            If the record has no object, a value has a wrong type, or a row has no time.

        Warns
        -----
        DataQualityWarning
            If limits belong to another part of the sky, or a date cannot be parsed.
        """
        if not isinstance(record.get("object"), dict):
            raise UnreadableAnswerError(
                f"The record must have an object, got {abbreviate(record.get('object'))}.", url=url
            )
        columns = build_columns(record, url=url)
        values = {name: OBJECT.value(record["object"], name, url=url) for name in META_COLUMNS}
        ra, dec = values.pop("ra"), values.pop("dec")
        meta = values | {"magsys": "AB", "images": "difference"} | ({} if url is None else {"url": url})
        pointings = plain_array(columns["pointing"])[plain_array(columns["kind"]) == "limit"]
        warn_distant_limits(pointings, ra, dec, meta["name"] or meta["atlas_id"])
        describe_flux(columns, meta)
        return assemble(cls, columns, meta)

    if not TYPE_CHECKING:  # a type checker would accept every name

        def __getattr__(self, name):
            raise UnknownAttributeError(self, name, lambda: guess_attribute(self, name))

    @property
    def detections(self) -> Self:
        """The rows of detections (`LightCurve`); none if all rows are forced photometry.

        The significant measurements of forced photometry are those with a magnitude, ``lc[~lc["mag"].mask]``.
        """
        return self._select_kind("detection")

    @property
    def limits(self) -> Self:
        """The rows of exposures without a detection (`LightCurve`)."""
        return self._select_kind("limit")

    @property
    def forced(self) -> Self:
        """The rows of forced photometry (`LightCurve`)."""
        return self._select_kind("forced")

    def _select_kind(self, kind):
        return self[row_kinds(self) == kind]

    def __getitem__(self, item):
        item = false_where_masked(item)
        if isinstance(item, slice | np.ndarray) and (rows := select_rows(self, item)) is not None:
            return rows
        try:
            out = super().__getitem__(item)
        except KeyError as error:
            raise unknown_column(error, self.colnames) from None
        if self._is_list_or_tuple_of_str(item) and self.primary_key is not None and set(self.primary_key) <= set(item):
            out.primary_key = self.primary_key  # astropy drops it, and .loc fails
        return out

    def _check_required_columns(self):
        """Check that ``time`` is the first column; the message of astropy speaks of ``time_1`` only."""
        try:
            super()._check_required_columns()
        except ValueError:
            got = repr(self.colnames[0]) if self.colnames else "no columns"
            raise InvalidInputError(
                f"A light curve must have 'time' as its first column, got {got}.",
                hint="Use QTable(lc) where other columns come first or both tables have times, as in hstack, and join "
                "light curves with keys='time'.",
            ) from None

    def group_by(self, keys: Any) -> Self:
        """Return the rows sorted into groups; see `astropy.table.Table.group_by`.

        Parameters
        ----------
        keys : str, list of str, `~numpy.ndarray` or `~astropy.table.Table`
            Names of columns, or an array or table with one value per row.

        Returns
        -------
        grouped : LightCurve
            The rows in the order of the groups.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02", "2026-11-03"], data={"band": ["o", "c", "o"]})
        >>> [len(group) for group in lc.group_by("band").groups]
        [1, 2]
        """
        names = (keys,) if isinstance(keys, str) else keys
        if not self._is_list_or_tuple_of_str(names):
            return super().group_by(keys)
        # astropy would make a light curve of the keys, which must have times.
        grouped = super().group_by(QTable([self[name] for name in names], names=names, copy=False))
        grouped.groups.keys.meta["grouped_by_table_cols"] = True
        return grouped

    @overload
    def plot(
        self,
        ax: None = None,
        *,
        y: Literal["mag", "flux"] = "mag",
        bands: str | Iterable[str] | None = None,
        show_limits: bool = True,
        window: str | tuple[Any, Any] | None = None,
        bin: str | u.Quantity | TimeDelta | None = None,
        label: str | None = None,
        legend: bool = True,
        title: str | bool | None = None,
        color: Any = None,
        marker: Any = None,
        alpha: float | None = None,
        markersize: float | None = None,
        interactive: Literal[True],
    ) -> Figure: ...

    @overload
    def plot(
        self,
        ax: Axes | None = None,
        *,
        y: Literal["mag", "flux"] = "mag",
        bands: str | Iterable[str] | None = None,
        show_limits: bool = True,
        window: str | tuple[Any, Any] | None = None,
        bin: str | u.Quantity | TimeDelta | None = None,
        label: str | None = None,
        legend: bool = True,
        title: str | bool | None = None,
        color: Any = None,
        marker: Any = None,
        alpha: float | None = None,
        markersize: float | None = None,
        interactive: Literal[False] = False,
    ) -> Axes: ...

    def plot(
        self,
        ax: Axes | None = None,
        *,
        y: Literal["mag", "flux"] = "mag",
        bands: str | Iterable[str] | None = None,
        show_limits: bool = True,
        window: str | tuple[Any, Any] | None = None,
        bin: str | u.Quantity | TimeDelta | None = None,
        label: str | None = None,
        legend: bool = True,
        title: str | bool | None = None,
        color: Any = None,
        marker: Any = None,
        alpha: float | None = None,
        markersize: float | None = None,
        interactive: bool = False,
        **unknown: Any,
    ) -> Axes | Figure:
        """Draw the light curve.

        Parameters
        ----------
        ax : `~matplotlib.axes.Axes`, optional
            The axes; by default those of a new figure. Axes may have other light curves or other data: these remain
            visible, and the units and the time format of the axes are kept.
        y : {"mag", "flux"}
            Magnitudes, with bright ones at the top, or signed fluxes.
        bands : str or list of str, optional
            The bands to draw, such as ``"o"`` or ``["c", "o"]``; by default all.
        show_limits : bool
            Whether to draw limits, as markers that point downwards.
        window : "all" or (start, end), optional
            The time range: everything, or a start and an end, each a `~astropy.time.Time`, an ISO 8601 string, a
            `~datetime.datetime` (UTC) or an MJD; for a folded curve two phases. By default it is the range from the
            first to the last significant flux, with a margin of 5 per cent and at least 5 days. For magnitudes these
            are detections of a positive flux and forced fluxes above 3 sigma; for fluxes all that are above 3 sigma or
            below -3 sigma. Isolated exposures are ignored: a single one without another within 60 days, or a group
            with less than 5 per cent of the exposures of the largest group (less than 15 per cent where the largest
            group has two thirds of all exposures, as for a transient). They are often noise. None is ignored if most
            exposures are isolated, or if the positions of most nights differ by more than 3 arcsec, as those of a
            moving object.
        bin : "nightly", `~astropy.units.Quantity` or `~astropy.time.TimeDelta`, optional
            Draw bins of nights or of this time span over the single measurements, which are drawn pale. See
            `bin_nightly` and `bin`.
        label : str, optional
            Name of the curve in the legend. It is shown literally, not as mathematical text.
        legend : bool
            Whether the curve has a legend entry. On axes of the user it has names only, and other entries are kept. A
            legend with 12 entries or more is next to the axes.
        title : str or bool, optional
            Title of the axes. By default new axes have the names and the id of the object, and axes of the user keep
            their title; True sets the names on these too, and False sets no title. It is shown literally.
        color, marker : optional
            A colour and a marker of matplotlib for all bands, or a dict of them by band for some.
        alpha : float, optional
            Opacity above 0 and up to 1; pale points remain paler than others.
        markersize : float, optional
            Size of all markers in points.
        interactive : bool
            Whether to return a figure of plotly, with details of each measurement under the pointer and with zoom. Its
            ``write_html("curve.html")`` writes a single file of about 6 MB that needs no network.
        **unknown
            Other arguments raise an error that says where to do it, such as ``figsize`` in ``plt.subplots``.

        Returns
        -------
        ax : `~matplotlib.axes.Axes` or ``plotly.graph_objects.Figure``
            The axes, or the interactive figure. In a new figure the legend gives the window, the number of drawn and of
            all measurements, and the number of isolated exposures outside the window.

        Raises
        ------
        InvalidInputError
            If ``y``, ``window``, ``bin``, ``color``, ``marker``, ``alpha`` or ``markersize`` is invalid, ``ax`` is
            given for an interactive figure, there are rows but none of ``bands``, the rows belong to several objects,
            or the axes already show the other ``y``, phases instead of times, units that cannot be converted,
            or are not rectangular.
        InvalidTypeError
            If ``ax`` is not a single `~matplotlib.axes.Axes`, an argument has a wrong type, or there is no such
            argument.
        ImportError
            If matplotlib is not installed, or plotly for an interactive figure.

        Notes
        -----
        Squares are band c, circles band o; other bands have their own markers. Detections are filled, forced
        measurements are open, bins have a black edge; measurements below 3 sigma are pale. Markers that point downwards
        are limits (a chevron in c, a triangle in o): limits of exposures are filled, limits of measurements that are
        not significant are open. The significance is 3 sigma, or that of `at_significance` and of bins. Magnitudes and
        limits that the light curve lacks are computed from the flux at 3 sigma. A flux that is not positive and has no
        limit is not drawn among magnitudes. Limits brighter than all measurements, from bad nights, are counted but not
        drawn. The dates at the top are UTC. With `~astropy.visualization.quantity_support` or
        `~astropy.visualization.time_support` from astropy, new axes convert data that are drawn on them later. The
        markers of a second and further curve on the same axes are half filled, in the colour of the band; forced
        measurements have an edge of that colour. Edges, lines and open markers have the colour of the axes. After
        ``ax.set_yscale("log")`` the axis begins at the faintest positive flux that is significant, or little below.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"band": ["o", "c"],
        ...     "mag": [18, 18.5] * u.mag, "mag_err": [0.1, 0.1] * u.mag})
        >>> lc.plot().get_ylabel()
        'AB magnitude [mag]'
        """
        from atlasquery.lightcurve.plotting.arguments import refuse_unknown
        from atlasquery.lightcurve.plotting.draw import draw
        from atlasquery.lightcurve.plotting.interactive import draw_interactive

        refuse_unknown(unknown)
        selection = {"y": y, "bands": bands, "show_limits": show_limits, "window": window, "bin": bin}
        appearance = {"color": color, "marker": marker, "alpha": alpha, "markersize": markersize}
        options = {"label": label, "legend": legend, "title": title, **appearance, **selection}
        return draw_interactive(self, ax, **options) if interactive else draw(self, ax, **options)


register(LightCurve)
