# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Transient`: one decoded record of the server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import QTable, Row

from atlasquery import schema
from atlasquery.endpoints.objects import add_list_names
from atlasquery.exceptions import ObjectNotFoundError
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.plotting import html
from atlasquery.lightcurve.plotting.title import set_title
from atlasquery.schema.deferred_table import DeferredTable
from atlasquery.utils.near_names import UnknownAttributeError, did_you_mean
from atlasquery.utils.text import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Transient"]

# Sherlock classes for which the catalogued source is a host; for others it is the object itself or a close star.
HOST_CLASSES = ("SN", "NT")

_SECTIONS = (
    schema.SHERLOCK_CROSSMATCH,
    schema.TNS_CROSSMATCH,
    schema.EXTERNAL_CROSSMATCH,
    schema.SHERLOCK_CLASSIFICATION,
)

# What other packages and the server call an attribute.
_SYNONYMS = {
    "lc": "light_curve",
    "id": "atlas_id",
    "coordinates": "coord",
    "position": "coord",
    "skycoord": "coord",
    "record": "raw",
    "sherlock": "sherlock_classification",
    "host": "sherlock_crossmatches",
    "tns": "tns_crossmatches",
}

__doctest_requires__ = {"Transient.plot": ["matplotlib"]}


class Transient:
    """An object of the ATLAS Transient web server: light curve, classification and crossmatches.

    Parameters
    ----------
    record : dict
        One element of the answer of ``objects/``.
    url : str, optional
        URL of the request.

    Attributes
    ----------
    light_curve : LightCurve
        All measurements.
    url : str or None
        URL of the request.

    Raises
    ------
    ObjectNotFoundError
        If the record is the answer for an unknown object.
    UnreadableAnswerError
        If the record cannot be decoded.

    Notes
    -----
    All sections are decoded at once: an invalid record raises an error here and not later. Tables are made when they
    are used.

    Examples
    --------
    >>> from atlasquery import Transient
    >>> cow = {"id": 1161600211221604900, "atlas_designation": "ATLAS18qqn", "other_designation": "2018cow",
    ...        "ra": 244.00089, "dec": 22.26804, "sherlockClassification": "SN"}
    >>> record = {"object": cow, "lc": [], "lcnondets": [], "fp": []}
    >>> transient = Transient(record)  # doctest: +IGNORE_WARNINGS
    >>> transient
    <Transient ATLAS18qqn = 2018cow (1161600211221604900) at 16h16m00.2s +22d16m04.9s: SN; 0 measurements>
    """

    light_curve: LightCurve
    url: str | None

    def __init__(self, record: Mapping[str, Any], *, url: str | None = None) -> None:
        if schema.is_missing_object(record):
            raise ObjectNotFoundError(f"The server has no such object: {shorten(record['object'])}", url=url)
        self._record = record
        self.url = url
        self._object = DeferredTable(schema.OBJECT, {schema.OBJECT.name: [record["object"]]}, url=url)
        self.light_curve = LightCurve.from_record(record, url=url)
        self._sections = {section.name: DeferredTable(section, record, url=url) for section in _SECTIONS}

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The record as the server sent it (`dict`). It may contain user names of the survey's staff."""
        return self._record if isinstance(self._record, dict) else dict(self._record)

    @cached_property
    def info(self) -> QTable:
        """One row with the columns of `ATLASClass.query_object` (`~astropy.table.QTable`)."""
        return add_list_names(self._object.make())

    @cached_property
    def sherlock_crossmatches(self) -> QTable:
        """Catalogued sources near the object, the best one with ``rank`` 1 (`~astropy.table.QTable`)."""
        return self._sections[schema.SHERLOCK_CROSSMATCH.name].make()

    @cached_property
    def tns_crossmatches(self) -> QTable:
        """Entries of the object in the Transient Name Server (`~astropy.table.QTable`)."""
        return self._sections[schema.TNS_CROSSMATCH.name].make()

    @cached_property
    def external_crossmatches(self) -> QTable:
        """Entries of the object in lists of other surveys (`~astropy.table.QTable`)."""
        return self._sections[schema.EXTERNAL_CROSSMATCH.name].make()

    @cached_property
    def _sherlock_classifications(self) -> QTable:
        return self._sections[schema.SHERLOCK_CLASSIFICATION.name].make()

    if not TYPE_CHECKING:  # a type checker would accept every name

        def __getattr__(self, name):
            raise UnknownAttributeError(self, name, lambda: _guess_attribute(self, name))

    @property
    def atlas_id(self) -> int:
        """ATLAS id, 19 digits (`int`)."""
        return int(self.info["atlas_id"][0])

    @property
    def name(self) -> str | None:
        """ATLAS designation, such as ``ATLAS18qqn`` (`str`), or `None` if the object has none."""
        return self._string_value("name")

    @property
    def coord(self) -> SkyCoord | None:
        """Position (`~astropy.coordinates.SkyCoord`, ICRS), or `None` if the server sends none."""
        ra, dec = self.info["ra"][0], self.info["dec"][0]
        return None if ra.mask or dec.mask else SkyCoord(ra.unmasked, dec.unmasked)

    @property
    def sherlock_classification(self) -> Row | None:
        """Classification by Sherlock (`~astropy.table.Row`), or `None` if the object has not been classified."""
        return self._sherlock_classifications[0] if len(self._sherlock_classifications) else None

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Axes:
        """Draw the light curve, with name, position, classification and host in the title.

        Parameters
        ----------
        ax : `~matplotlib.axes.Axes`, optional
            The axes; by default those of a new figure.
        **kwargs
            As for `atlasquery.LightCurve.plot`.

        Returns
        -------
        ax : `~matplotlib.axes.Axes`
            The axes.

        Examples
        --------
        >>> cow = atlas.get_transient("2018cow", since="2018-05-15")
        >>> ax = cow.plot()
        >>> print(ax.get_title(loc="left"))
        ATLAS18qqn = 2018cow at 16h16m00.2s +22d16m04.9s
        ...
        """
        if kwargs.get("title") is not None:
            return self.light_curve.plot(ax, **kwargs)
        if kwargs.get("interactive"):
            return self.light_curve.plot(ax, **kwargs | {"title": "\n".join(self._title_lines())})
        ax = self.light_curve.plot(ax, **kwargs | {"title": False})
        set_title(ax, self._title_lines(), loc="left", fontsize="medium")
        return ax

    def _title_lines(self):
        """Return the lines of the title: names and position, then classification and nearest source."""
        properties = self._properties()
        labels = [label for label in ("Sherlock", "TNS", "host", "match") if properties.get(label)]
        classification = "; ".join(f"{label}: {properties[label]}" for label in labels)
        name_and_position = " at ".join(part for part in (self._label(), self._position_text()) if part)
        return [line for line in (name_and_position, classification) if line]

    def _properties(self):
        """Return properties of the object as labels and values, for the title and for notebooks."""
        return {
            "ATLAS id": self.atlas_id,
            "position": self._position_text(),
            "list": self._string_value("detection_list_name"),
            "Sherlock": self._string_value("sherlock_class"),
            "TNS": self._tns_text(),
            "host" if self._string_value("sherlock_class") in HOST_CLASSES else "match": self._best_match(),
        }

    def _tns_text(self):
        """Return type and redshift in the Transient Name Server; an empty string if both are unknown."""
        type_, z = (_first_value(self.tns_crossmatches, name) for name in ("type", "object_z"))
        return ", ".join([*([type_] if type_ else []), *([f"z = {z:g}"] if z is not None else [])])

    def _best_match(self):
        """Return separation, name and redshift of the best catalogued source; an empty string if there is none."""
        matches = self.sherlock_crossmatches
        matches = matches[np.argsort(matches["rank"].filled(len(matches) + 1), kind="stable")]
        name, separation, z = (_first_value(matches, column) for column in ("catalogue_object_id", "separation", "z"))
        if separation is None:
            return ""
        text = f'{separation.value:.1f}" from {name or "a catalogued source"}'
        return text + (f", z = {z:g}" if z is not None else "")

    def _repr_html_(self):
        """Return names, properties and light curve as HTML for a notebook."""
        return html.block(self._label(), html.rows(self._properties()), html.light_curve_image(self.light_curve))

    def _string_value(self, column):
        """Return a string column of ``info``, None if it is masked."""
        value = self.info[column][0]
        return None if value is np.ma.masked else str(value)

    def _label(self):
        names = [name for name in (self.name, self._string_value("tns_name")) if name]
        return " = ".join(names) or str(self.atlas_id)

    def _position_text(self):
        return self.coord.to_string("hmsdms", precision=1) if self.coord is not None else ""

    def __repr__(self):
        label = self._label()
        object_text = label if label == str(self.atlas_id) else f"{label} ({self.atlas_id})"
        position = f" at {text}" if (text := self._position_text()) else ""
        sherlock_class = self._string_value("sherlock_class") or "not classified"
        return f"<Transient {object_text}{position}: {sherlock_class}; {len(self.light_curve)} measurements>"


def _guess_attribute(transient, name):
    """Return the end of a message about an attribute that is not there; a column is not an attribute."""
    if "_object" in vars(transient) and name in transient.info.colnames:
        return f"; it is a column of `info`: transient.info[{name!r}][0]"
    return did_you_mean(name, [known for known in dir(transient) if not known.startswith("_")], _SYNONYMS)


def _first_value(table, column):
    """Return a value of the first row, None if it is masked or there is no row."""
    value = table[column][0] if len(table) else None
    return None if np.any(getattr(value, "mask", False)) else value
