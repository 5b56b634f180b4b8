# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of many objects, with the ids that have no light curve: missing objects and failed requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from numbers import Integral
from typing import TYPE_CHECKING, Any

from astropy.table import QTable
from numpy.typing import NDArray

from atlasquery.exceptions import AtlasQueryError, InvalidInputError, InvalidTypeError
from atlasquery.inputs.object_ids import id_or_none
from atlasquery.inputs.object_names import ObjectName, check_name, check_object_id
from atlasquery.lightcurve.build import build_columns
from atlasquery.lightcurve.checks import KEY_FIELD
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.lightcurve.curve_keys import (
    check_key,
    key_or_none,
    to_requested_key,
)
from atlasquery.lightcurve.images import images_of
from atlasquery.lightcurve.io.curves_readwrite import CurvesReadWriteMixin
from atlasquery.lightcurve.key_lookup import KeyLookupMixin
from atlasquery.lightcurve.lightcurve import LightCurve
from atlasquery.lightcurve.plotting import axes, html
from atlasquery.lightcurve.plotting.arguments import FIGURE_ARGUMENTS, PLOT_ARGUMENTS, refuse_unknown
from atlasquery.lightcurve.sample import SampleMixin
from atlasquery.lightcurve.stacking import stack_tables
from atlasquery.lightcurve.summary import summarize
from atlasquery.schema import OBJECT
from atlasquery.schema.field import Text
from atlasquery.utils.text import abbreviate, shorten_repr

__all__ = ["LightCurves"]

IMAGES_FIELD = Text("images", "Images that were measured: difference or reduced.")
PANEL_SIZE = (4.2, 2.8)  # inches
MAX_HTML_ROWS = 20
GRID_HINTS = dict.fromkeys(FIGURE_ARGUMENTS, "Set it on the figure, as in axes[0].figure.set_size_inches(12, 8).")
MAX_HTML_PANELS = 3  # drawing a light curve takes 0.1 s


class LightCurves(SampleMixin, CurvesReadWriteMixin, KeyLookupMixin, Mapping[Any, LightCurve]):
    """Light curves by ATLAS id, in the order of the request.

    A name is also a key: a requested one, and that of the object in ATLAS or in the Transient Name Server. Light curves
    without an ATLAS id have any other hashable key, such as a name.

    Parameters
    ----------
    curves : dict of int to LightCurve, optional
        Light curves by ATLAS id or another key; none by default, to be filled by
        ``get_light_curves(ids, into=curves)``.
    names : dict of str to int, optional
        Requested names, and their ids.
    missing : iterable of int or str, optional
        Requested ids and names that the server does not know.
    failed : dict of int or str to AtlasQueryError, optional
        Ids that were not downloaded or names that were not looked up, and their errors.

    Attributes
    ----------
    missing : list of int or str
        Requested ids and names that the server does not know.
    failed : dict of int or str to AtlasQueryError
        Ids that were not downloaded or names that were not looked up, and their errors. Request its keys again.

    Raises
    ------
    InvalidInputError
        If a key is missing or a float that has lost digits of an id.
    InvalidTypeError
        If ``curves`` is not a dict, a key is bytes or not hashable, or a value is not a `LightCurve`.

    Examples
    --------
    >>> curves = atlas.get_light_curves(["SN 2018cow"], since="2018-06-01")
    >>> curves
    <LightCurves: 1 of 1 objects>
    >>> curves["2018cow"] is curves[1161600211221604900]
    True
    """

    missing: list[int | str]
    failed: dict[int | str, AtlasQueryError]

    def __init__(
        self,
        curves: Mapping[Any, LightCurve] | None = None,
        *,
        names: Mapping[str, int] | None = None,
        missing: Iterable[int | str] = (),
        failed: Mapping[Any, AtlasQueryError] | None = None,
    ) -> None:
        if curves is not None and not isinstance(curves, Mapping):
            raise InvalidTypeError(f"`curves` must be a dict of light curves by ATLAS id, got {abbreviate(curves)}.")
        self._curves: dict[Any, LightCurve] = {}
        self._names: dict[str, Any] = {}
        self.missing, self.failed = [], {}
        self.update(curves or {}, names=names or {}, missing=missing, failed=failed or {})

    def update(
        self,
        curves: Mapping[Any, LightCurve] = {},
        *,
        names: Mapping[str, int] = {},
        missing: Iterable[int | str] = (),
        failed: Mapping[Any, AtlasQueryError] = {},
        order: Sequence[int] = (),
    ) -> LightCurves:
        """Add light curves, names and outcomes.

        Parameters
        ----------
        curves : dict of int to LightCurve
            Light curves by ATLAS id or another hashable key; they replace those of the same key.
        names : dict of str to int
            Names that are keys too, and their ids.
        missing : iterable of int or str
            Ids and names that the server does not know.
        failed : dict of int or str to AtlasQueryError
            Ids and names that were not downloaded, and their errors.
        order : sequence of int
            Order of these ids among themselves, after all others.

        Returns
        -------
        LightCurves
            The same light curves, changed in place.

        Examples
        --------
        >>> from atlasquery import LightCurve, LightCurves
        >>> curves = LightCurves()
        >>> curves.update({1161600211221604900: LightCurve()})
        <LightCurves: 1 of 1 objects>
        """
        self._curves |= {check_key(key): _check_curve(curve, key) for key, curve in curves.items()}
        self._names |= {check_name(name).query.lower(): check_key(key) for name, key in names.items()}
        self.missing += missing
        self.failed |= {to_requested_key(object_id): error for object_id, error in failed.items()}
        if order:
            kept = {key: curve for key, curve in self._curves.items() if key not in set(order)}
            self._curves = kept | {key: self._curves[key] for key in order if key in self._curves}
        return self

    if not TYPE_CHECKING:  # a type checker would accept an assignment

        def __setitem__(self, key, curve):
            raise InvalidTypeError(
                "`LightCurves` must not be changed by items.",
                hint=f"Use curves.update({{{shorten_repr(key)}: curve}}).",
            )

        def __delitem__(self, key):
            raise InvalidTypeError(
                "`LightCurves` must not be changed by items.",
                hint="Make others, as in LightCurves({key: curves[key] for key in keys}).",
            )

    def not_in(self, object_ids: Sequence[int | ObjectName]) -> list[int | ObjectName]:
        """Return which of some ids and names have no light curve here.

        Parameters
        ----------
        object_ids : sequence of int or ObjectName
            Checked ids and names, as a query of many objects has them.

        Returns
        -------
        list of int or ObjectName
            Those without a light curve, in order.
        """
        return [item for item in object_ids if self._requested_id(item) not in self._curves]

    def __getitem__(self, key: Any) -> LightCurve:
        held = key_or_none(key)
        if held is not None and held in self._curves and held not in self.failed:
            return self._named(held)
        if held is not None and held in self.failed:
            raise KeyError(f"{key} was not downloaded: {self.failed[held]}")
        try:
            checked = check_object_id(key)
        except InvalidInputError:
            raise self._unknown_key(key) from None
        atlas_id = self._find_id(checked)
        if error := self.failed.get(to_requested_key(checked)) or (atlas_id and self.failed.get(atlas_id)):
            raise KeyError(f"{key} was not downloaded: {error}")
        if atlas_id is None or atlas_id not in self._curves:
            raise self._unknown_key(key)
        return self._named(atlas_id)

    def _named(self, key: Any) -> LightCurve:
        """Return the light curve of a key, which is the title of its plot if it has neither a name nor an id."""
        curve = self._curves[key]
        curve._key_in_curves = key
        return curve

    # Mapping would compare the tables with ==, which compares them row by row.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @staticmethod
    def _make_curve(columns):
        return LightCurve(columns, copy=False) if columns else LightCurve()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._curves)

    def __len__(self) -> int:
        return len(self._curves)

    def __repr__(self) -> str:
        total = len(self) + len(self.missing) + len(self.failed)
        parts = [f"{len(self)} of {total} objects"]
        parts += [f"{len(self.missing)} missing"] if self.missing else []
        parts += [f"{len(self.failed)} failed"] if self.failed else []
        return f"<{type(self).__name__}: {', '.join(parts)}>"

    def _repr_html_(self):
        """Return the counts, images and summary of the first light curves as HTML for a notebook."""
        drawn = dict(islice(self.items(), MAX_HTML_PANELS))
        limits = {"drawn": MAX_HTML_PANELS, "listed": MAX_HTML_ROWS}
        notes = " and ".join(f"the first {count} are {verb}" for verb, count in limits.items() if len(self) > count)
        note = f"<p>Only {notes}.</p>" if notes else ""
        return html.block(repr(self).strip("<>"), html.pictures(drawn), self._summary_html(), note)

    def _summary_html(self):
        """Return the summary of the first light curves as HTML, or the reason why there is none."""
        first = type(self)(dict(islice(self.items(), MAX_HTML_ROWS)))
        try:
            table = first.summary()
        except InvalidInputError as error:
            return html.not_shown("summary", error)
        return "\n".join(table.pformat(max_lines=-1, max_width=-1, html=True)) if len(table) else ""

    def stack(self) -> QTable:
        """Return all rows of all light curves as one table.

        Returns
        -------
        table : `~astropy.table.QTable`
            The rows object by object, in the order of each light curve, with the id of the object in ``atlas_id``. If
            some keys are not ids, all keys are in ``key``, as strings. A column of only some light curves is masked for
            the others. A column of numbers in one light curve and strings in another becomes a column of strings.
            ``images`` is in ``meta``, or in a column if light curves differ in it.

        Raises
        ------
        InvalidInputError
            If columns of one name cannot be joined, such as the times of a folded light curve and of another one, or
            light curves without an id have a column ``key``.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> table = curves.stack()
        >>> set(table["atlas_id"].tolist())
        {1161600211221604900}
        """
        with_key = any(id_or_none(key) is None for key in self)
        tables = [_columns_with_id(curve, key, with_key) for key, curve in self.items()]
        if not tables:
            return QTable(build_columns({}), meta={"magsys": "AB"})
        table = stack_tables(tables)
        images = [images_of(curve.meta) for curve in self.values()]
        table.meta = {"magsys": "AB"} | ({"images": images[0]} if images[0] and len(set(images)) == 1 else {})
        if len(set(images)) > 1 and "flux" in table.colnames:
            table["flux"].info.description = COLUMNS["flux"].description
        if len(set(images)) > 1 and IMAGES_FIELD.name not in table.colnames:
            of_rows = [image for image, curve in zip(images, self.values(), strict=True) for _ in range(len(curve))]
            table[IMAGES_FIELD.name] = IMAGES_FIELD.decode(of_rows).column()
        return table

    def summary(self) -> QTable:
        """Return counts, times and peaks of the light curves, one row an object.

        Returns
        -------
        table : `~astropy.table.QTable`
            ``atlas_id``, ``name``, ``tns_name``, and before them ``key`` if some keys are not ids; ``n_detections``,
            ``n_limits``, ``n_forced``, the numbers of rows; ``first_mjd`` and ``last_mjd`` of the detections with a
            magnitude, or if there are no detections, as in a file of forced photometry, of the fluxes of at least 5
            sigma; ``n_stray``, the number of exposures of these that are isolated, so that ``first_mjd`` and the rise
            may belong to another source; and for each band, as in ``peak_mag_o``, ``peak_mjd_o`` and ``rise_o``, the
            brightest measurement of at least 5 sigma in `LightCurve.combined`, its time, and the time since
            ``first_mjd``. Flagged rows count in the numbers of rows only, and so do for fluxes of 5 sigma and peaks
            those that the recipe ``"faq"`` of `LightCurve.flag` rejects, whether they are flagged or not. Missing
            values are masked.

        Raises
        ------
        InvalidInputError
            If a light curve is folded, or has masked times.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-05-15")
        >>> row = curves.summary()[0]
        >>> str(row["name"]), row["first_mjd"].round(2)
        ('ATLAS18qqn', <MaskedQuantity 58285.44 d>)
        """
        return summarize(self)

    def plot(self, *, columns: int = 3, **kwargs: Any) -> NDArray[Any]:
        """Draw each light curve in its own panel, with a common legend below all panels.

        Parameters
        ----------
        columns : int
            Number of panels in a row.
        **kwargs
            As for `LightCurve.plot`, such as ``y`` or ``bin``; ``legend=False`` omits the common legend, and ``title``
            is that of the figure. A light curve without any of ``bands`` has an empty panel.

        Returns
        -------
        axes : `~numpy.ndarray` of `~matplotlib.axes.Axes`, shape (n,)
            The axes, in the order of the light curves; empty, and without a figure, if there are no light curves.

        Raises
        ------
        InvalidInputError
            If ``columns`` is not a positive integer, ``ax`` or ``interactive`` is given, no light curve has any of
            ``bands``, or for the reasons of `LightCurve.plot`.
        ImportError
            If matplotlib is not installed.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-05-15")
        >>> axes = curves.plot(y="flux")
        >>> axes[0].get_title()
        'ATLAS18qqn'
        """
        from atlasquery.lightcurve.plotting.draw import draw_grid

        refuse_unknown([name for name in kwargs if name not in PLOT_ARGUMENTS], GRID_HINTS)
        if kwargs.pop("interactive", False):
            raise InvalidInputError(
                "`interactive` must be False for several light curves: each has its own figure.",
                hint="Draw them one by one: curve.plot(interactive=True).",
            )
        if not (isinstance(columns, Integral) and columns > 0):
            raise InvalidInputError(f"`columns` must be a positive integer, got {abbreviate(columns)}.")
        if "ax" in kwargs:
            raise InvalidInputError(
                "`ax` must not be given for several light curves: each has its own panel.",
                hint="Draw them one by one: for curve in curves.values(): curve.plot(ax).",
            )
        panels = axes.new_grid(len(self), columns, PANEL_SIZE)
        try:
            draw_grid(panels, self, **kwargs)
        except Exception:
            axes.close_figure(panels)  # the caller has no reference to it
            raise
        return panels


def _check_curve(curve, key):
    """Return a light curve; raise an error for another type."""
    if isinstance(curve, LightCurve):
        return curve
    raise InvalidTypeError(
        f"`curves` must have light curves as values, got {abbreviate(curve)} for {shorten_repr(key)}.",
        hint="LightCurve.from_table makes one of a table or a DataFrame.",
    )


def _columns_with_id(curve, key, with_key):
    """Return the columns of a light curve, with its id in every row, or its own ids, and with the key if required."""
    columns = dict(curve.columns)
    if id_or_none(key) is not None:
        columns["atlas_id"] = OBJECT["atlas_id"].decode([key] * len(curve)).column()
    if with_key:
        if KEY_FIELD.name in columns:
            raise InvalidInputError(
                f"Column {KEY_FIELD.name!r} must not be in light curves without ATLAS ids, got one in {key!r}.",
                hint="Rename it.",
            )
        columns[KEY_FIELD.name] = KEY_FIELD.decode([str(key)] * len(curve)).column()
    return columns
