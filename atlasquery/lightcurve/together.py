# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Many light curves seen together: one table of all, one row an object, one picture."""

from itertools import islice
from numbers import Integral

import astropy.units as u
from astropy.table import QTable

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.build import build_columns
from atlasquery.lightcurve.plotting import axes, html
from atlasquery.lightcurve.stacking import stack_tables
from atlasquery.lightcurve.summary import KINDS, _peak_fields, summarize
from atlasquery.schema import OBJECT
from atlasquery.schema.field import Float, Integer

__all__ = ["Together"]

PANEL = (4.2, 2.8)  # inches
SHOWN = 20  # rows in a notebook
PICTURED = 3  # light curves in a notebook; each takes a tenth of a second


class Together:
    """The part of `LightCurves` that looks at all of them."""

    def stack(self):
        """Return all rows of all light curves as one table.

        Returns
        -------
        table : `~astropy.table.QTable`
            The rows object by object, each sorted by time, with the id of the object in ``atlas_id`` in every row. A
            column that only some of the light curves have is masked in the others, and one that is of numbers here and
            of text there is of text.

        Raises
        ------
        InvalidInputError
            If columns of a name cannot be one, as those of a folded light curve and another.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-06-16")
        >>> table = curves.stack()
        >>> set(table["atlas_id"].tolist())
        {1161600211221604900}
        """
        tables = [_with_id(curve, atlas_id) for atlas_id, curve in self.items()]
        if not tables:
            return QTable(build_columns({}), meta={"magsys": "AB"})
        table = stack_tables(tables)
        table.meta = {"magsys": "AB"}
        return table

    def summary(self):
        """Return one row an object: how often, when and how bright it was seen.

        Returns
        -------
        table : `~astropy.table.QTable`
            ``atlas_id``, ``name``, ``tns_name``; ``n_detections``, ``n_limits``, ``n_forced``; ``first_mjd`` and
            ``last_mjd``, of the detections of a positive flux; ``n_stray``, how many of those exposures stand alone,
            far from all others, so that ``first_mjd`` and the rise may be of something else; and for each band, as
            ``peak_mag_o``, ``peak_mjd_o`` and ``rise_o``, the brightest measurement of at least 5 sigma in
            `LightCurve.combined`, its time, and how long after ``first_mjd`` it is. Rows that are flagged are in the
            numbers only. What there is not is masked.

        Examples
        --------
        >>> curves = atlas.get_light_curves(["2018cow"], since="2018-05-15")
        >>> row = curves.summary()[0]
        >>> str(row["name"]), row["first_mjd"].round(2)
        ('ATLAS18qqn', <MaskedQuantity 58285.44 d>)
        """
        facts = [summarize(curve) for curve in self.values()]
        bands = sorted({band for fact in facts for band in fact["peaks"]})
        columns = {
            "atlas_id": OBJECT["atlas_id"].decode(list(self)).column(),
            "name": OBJECT["name"].decode(self._words("name")).column(),
            "tns_name": OBJECT["tns_name"].decode(self._words("tns_name")).column(),
        }
        fields = [Integer(name, f"Number of rows of kind {kind}.") for name, kind in KINDS.items()]
        fields += [
            Float("first_mjd", "Time of the first detection of a positive flux (UTC).", unit=u.d),
            Float("last_mjd", "Time of the last one.", unit=u.d),
            Integer("n_stray", "Number of exposures with such a detection that stand alone, far from all others."),
        ]
        for field in fields:
            columns[field.name] = field.decode([fact[field.name] for fact in facts]).column()
        for band in bands:
            peaks = [fact["peaks"].get(band, (None, None, None)) for fact in facts]
            for field, values in zip(_peak_fields(band), zip(*peaks, strict=True), strict=True):
                columns[field.name] = field.decode(list(values)).column()
        table = QTable(columns, copy=False)
        for column in table.itercols():
            column.info.format = None if column.info.unit is None else ".2f"  # to fit on a page; the values stay
        return table

    def _words(self, key):
        """Return what each ``meta`` has for a key as text: a user may have put a number there."""
        words = (curve.meta.get(key) for curve in self.values())
        return [None if word is None else str(word) for word in words]

    def plot(self, *, columns=3, **kwargs):
        """Draw each light curve in a panel of its own, with one legend below all.

        Parameters
        ----------
        columns : int
            How many panels stand side by side.
        **kwargs
            As for `LightCurve.plot`, such as ``y`` or ``bin``; ``legend=False`` draws none below. A light curve that
            has none of ``bands`` has an empty panel.

        Returns
        -------
        axes : `~numpy.ndarray` of `~matplotlib.axes.Axes`, shape (n,)
            The axes, in the order of the light curves; none, and no figure, if there are none.

        Raises
        ------
        InvalidInputError
            If ``columns`` is not a positive whole number, there is an ``ax``, none of the light curves has one of
            ``bands``, or for the other reasons of `LightCurve.plot`.
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

        if not (isinstance(columns, Integral) and columns > 0):
            raise InvalidInputError(f"columns is {columns!r}, but should be 1 or more panels.")
        if "ax" in kwargs:
            raise InvalidInputError(
                "There is no ax for many light curves: each has a panel of its own.",
                hint="Draw them one by one on yours: for curve in curves.values(): curve.plot(ax).",
            )
        panels = axes.new_grid(len(self), columns, PANEL)
        try:
            draw_grid(panels, self, **kwargs)
        except Exception:
            axes.close_figure(panels)  # nobody else could close it
            raise
        return panels

    def _repr_html_(self):
        """Return the light curves for a notebook: how many there are, pictures and the summary of the first ones."""
        few = dict(islice(self.items(), PICTURED))
        shown = {"drawn": PICTURED, "listed": SHOWN}
        part = " and ".join(f"the first {count} are {how}" for how, count in shown.items() if len(self) > count)
        return html.block(repr(self).strip("<>"), html.pictures(few), self._listed(), part and f"<p>Only {part}.</p>")

    def _listed(self):
        """Return the summary of the first light curves for a notebook; what has none can be looked at all the same."""
        first = type(self)(dict(islice(self.items(), SHOWN)))
        try:
            table = first.summary()
        except InvalidInputError as error:
            return html.not_shown("summary", error)
        return "\n".join(table.pformat(max_lines=-1, max_width=-1, html=True)) if len(table) else ""


def _with_id(curve, atlas_id):
    """Return the columns of a light curve with its id in every row."""
    return dict(curve.columns) | {"atlas_id": OBJECT["atlas_id"].decode([atlas_id] * len(curve)).column()}
