# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The light curve: a `~astropy.timeseries.TimeSeries` of everything the server measured at one place."""

from astropy.table import QTable
from astropy.timeseries import TimeSeries

from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.lightcurve.arrays import false_where_masked
from atlasquery.lightcurve.binning import BinningMixin
from atlasquery.lightcurve.build import build_columns
from atlasquery.lightcurve.checks import require_columns
from atlasquery.lightcurve.combine import CombineMixin
from atlasquery.lightcurve.display import DisplayMixin
from atlasquery.lightcurve.export import ExportMixin
from atlasquery.lightcurve.io import ReadWrite, register
from atlasquery.lightcurve.limits import LimitsMixin
from atlasquery.lightcurve.position import warn_distant_limits
from atlasquery.lightcurve.quality import QualityMixin
from atlasquery.lightcurve.uncertainty import UncertaintyMixin
from atlasquery.schema import OBJECT

__all__ = ["LightCurve"]

META_COLUMNS = ("atlas_id", "name", "tns_name", "ra", "dec")  # of an object; the rest is in a Transient

__doctest_requires__ = {"LightCurve.plot": ["matplotlib"]}


class LightCurve(
    CombineMixin,
    LimitsMixin,
    QualityMixin,
    UncertaintyMixin,
    BinningMixin,
    ExportMixin,
    ReadWrite,
    DisplayMixin,
    TimeSeries,
):
    """Light curve of one object: one row per measurement, sorted by time, nothing left out.

    The server has three kinds of measurements, told apart by the column ``kind``: detections in the difference images,
    limits of exposures in which nothing was detected, and forced photometry. All columns are masked where there is
    nothing; with units they are quantities, with NaN under the mask. Fluxes are differences and may be negative, and
    ``mag`` is masked where they are. The magnitudes are AB, in plain `~astropy.units.mag`.

    ``meta`` holds ``atlas_id``, ``name``, ``tns_name``, ``magsys``, and ``url`` where the record is from.

    Parameters
    ----------
    data : table-like, optional
        Columns, the first of which is ``time``. See `from_record` for how a client makes a light curve.
    **kwargs
        As for `~astropy.timeseries.TimeSeries`.

    Notes
    -----
    The times are as the server gives them: UTC, not shifted to mid-exposure, not barycentred. Several rows may have the
    same time, so it is no key.

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

    @classmethod
    def from_record(cls, record, *, url=None):
        """Return the light curve of one record of ``objects/``.

        Parameters
        ----------
        record : dict
            One element of the answer.
        url : str, optional
            Where it is from.

        Returns
        -------
        light_curve : LightCurve
            All rows of the sections ``lc``, ``lcnondets`` and ``fp``, sorted by time.

        Raises
        ------
        UnreadableAnswerError
            If the record has no object, a value is of a wrong type, or a row has no time.

        Warns
        -----
        DataQualityWarning
            If limits are of another part of the sky, or a date cannot be read.
        """
        if not isinstance(record.get("object"), dict):
            raise UnreadableAnswerError(f"The record has no object, but {record.get('object')!r}.", url=url)
        columns = build_columns(record, url=url)
        seen = {name: OBJECT.value(record["object"], name, url=url) for name in META_COLUMNS}
        ra, dec = seen.pop("ra"), seen.pop("dec")
        meta = seen | {"magsys": "AB"} | ({} if url is None else {"url": url})
        warn_distant_limits(record.get("lcnondets") or [], ra, dec, meta["name"] or meta["atlas_id"])
        return cls(columns, copy=False, meta=meta)

    @property
    def detections(self):
        """The rows of detections (`LightCurve`)."""
        return self._select_kind("detection")

    @property
    def limits(self):
        """The rows of exposures in which nothing was detected (`LightCurve`)."""
        return self._select_kind("limit")

    @property
    def forced(self):
        """The rows of forced photometry (`LightCurve`)."""
        return self._select_kind("forced")

    def _select_kind(self, kind):
        require_columns(self, "kind")
        return self[self["kind"] == kind]

    def __getitem__(self, item):
        out = super().__getitem__(false_where_masked(item))
        if self._is_list_or_tuple_of_str(item) and self.primary_key is not None and set(self.primary_key) <= set(item):
            out.primary_key = self.primary_key  # astropy leaves it behind, and .loc fails
        return out

    def __setstate__(self, state):
        super().__setstate__(state)
        self._restore_index()

    def __deepcopy__(self, memo=None):
        out = super().__deepcopy__(memo)
        out._restore_index()
        return out

    def _restore_index(self):
        """Make the index by time anew, which astropy loses in pickles and deep copies, so that .loc and .iloc work."""
        if "time" in self.colnames and not (self.indices and self.primary_key):
            self.remove_indices("time")
            self.primary_key = None
            self.add_index("time")

    def group_by(self, keys):
        """Return the rows sorted into groups; see `astropy.table.Table.group_by`.

        Parameters
        ----------
        keys : str, list of str, `~numpy.ndarray` or `~astropy.table.Table`
            Names of columns, or values of as many rows.

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
        # As a table of its own: astropy would make a light curve of them, which has to have times.
        grouped = super().group_by(QTable([self[name] for name in names], names=names, copy=False))
        grouped.groups.keys.meta["grouped_by_table_cols"] = True
        return grouped

    def plot(self, ax=None, *, y="mag", bands=None, show_limits=True, window=None, bin=None, label=None, legend=True):
        """Draw the light curve.

        Parameters
        ----------
        ax : `~matplotlib.axes.Axes`, optional
            Where to draw; by default a new figure. A curve may join others on the same axes, or whatever else is on
            them: all of it stays in sight, in the units and the format of time that the axes have.
        y : {"mag", "flux"}
            Magnitudes, brighter upwards, or signed fluxes.
        bands : str or list of str, optional
            The bands to draw, such as ``"o"`` or ``["c", "o"]``; by default all.
        show_limits : bool
            Whether to draw limits, as marks that point downwards.
        window : "all" or (start, end), optional
            What to draw: everything, or what lies between two moments, each a `~astropy.time.Time`, an ISO 8601 text or
            a `~datetime.datetime` (UTC), or an MJD; of a folded curve, two phases. By default what lies
            between the first and the last significant flux: of magnitudes a detection of a positive flux or a forced
            flux above 3 sigma, of fluxes whatever is above 3 sigma or below -3 sigma. There is a margin of 5 per cent
            and at least 5 days. Stray exposures do not widen it: a single one without another within 60 days, or a
            group of them with less than a twentieth of the exposures of the largest group; with less than 15 per cent
            of them where the largest has two thirds of all exposures, as that of a transient has. Years after a
            transient they are more often noise than sky.
        bin : "nightly", `~astropy.units.Quantity` or `~astropy.time.TimeDelta`, optional
            Draw bins, of nights or of this span of time, over the single measurements, which become pale. See
            `bin_nightly` and `bin`.
        label : str, optional
            What to call the curve in the legend, shown as it is: no text is read as a formula.
        legend : bool
            Whether the curve is in a legend. On axes of yours it has names only, and whatever else it had stays.

        Returns
        -------
        ax : `~matplotlib.axes.Axes`
            The axes. In a new figure the legend gives the window, counts what is drawn of how much there is, and says
            how many stray exposures are left out.

        Raises
        ------
        InvalidInputError
            If ``y``, ``window`` or ``bin`` is none of these, there are rows but none of ``bands``, the rows are of
            several objects, or the axes show the other ``y`` or phases instead of times already, have units into which
            there is no conversion, or are not rectangular.
        InvalidTypeError
            If ``ax`` is not one `~matplotlib.axes.Axes`.
        ImportError
            If matplotlib is not installed.

        Notes
        -----
        Squares are the band c, circles the band o, other bands have marks of their own. Detections are filled, forced
        measurements are not, bins have a black edge; what is below 3 sigma is pale. What points downwards is a limit
        (a chevron in c, a triangle in o): filled that of an exposure, open that of a measurement that is not
        significant, which is at 3 sigma or where `relimited` and bins have put it. Where the light curve has neither
        magnitude nor limit, they follow from the flux at 3 sigma. Among the magnitudes there is no mark for a flux that
        is not positive and has no limit of its own. Limits brighter than all measurements, those of bad nights, are not
        drawn but counted. The dates on top are UTC. With astropy's `~astropy.visualization.quantity_support` or
        `~astropy.visualization.time_support`, new axes convert what is drawn on them later. The marks of a second curve
        on the same axes, and of the next, are filled by half, with the colour of the band; of forced measurements the
        edge has that colour. Edges, lines and what is open follow the colour of the axes.

        Examples
        --------
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01", "2026-11-02"], data={"band": ["o", "c"],
        ...     "mag": [18, 18.5] * u.mag, "mag_err": [0.1, 0.1] * u.mag})
        >>> lc.plot().get_ylabel()
        'AB magnitude [mag]'
        """
        from atlasquery.lightcurve.plotting.draw import draw

        asked = {"y": y, "bands": bands, "show_limits": show_limits, "window": window, "bin": bin, "label": label}
        return draw(self, ax, legend=legend, **asked)


register(LightCurve)
