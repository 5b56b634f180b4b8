# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""One kind of row that the server sends, and how a list of such rows becomes columns."""

from collections.abc import Mapping
from operator import itemgetter

from astropy.table import QTable

from atlasquery.exceptions import SchemaWarning, UnreadableAnswerError
from atlasquery.schema.field import FieldValueError
from atlasquery.schema.undeclared import decode_undeclared
from atlasquery.utils.warnings import warn_user

__all__ = ["RowSchema"]


class RowSchema(Mapping):
    """Declaration of one kind of row: a mapping of column name to `~atlasquery.schema.Field`.

    Parameters
    ----------
    name : str
        What the server calls it: an endpoint, or a section of a record.
    description : str
        What one row is.
    fields : iterable of `~atlasquery.schema.Field`
        The columns, in the order of our tables.

    Examples
    --------
    >>> from atlasquery import schema
    >>> schema.CONE["atlas_id"].server_key
    'object'
    >>> rows = [{"object": 1161600211221604900, "separation": 1.5, "objectname": None}]
    >>> print(schema.CONE.table(rows))
          atlas_id      name separation
                               arcsec
    ------------------- ---- ----------
    1161600211221604900   --        1.5
    """

    def __init__(self, name, description, fields):
        self.name = name
        self.description = description
        self._fields = {field.name: field for field in fields}
        self._wires = {field.server_key for field in self._fields.values()}

    def __getitem__(self, name):
        return self._fields[name]

    def __iter__(self):
        return iter(self._fields)

    def __len__(self):
        return len(self._fields)

    def __repr__(self):
        return f"<Record {self.name}: {', '.join(self)}>"

    # A record is the same as itself only, so that it can be a key; Mapping would compare the fields.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def decode(self, rows, *, url=None, reserved=()):
        """Return the rows as plain arrays.

        Parameters
        ----------
        rows : list of dict
            Rows as they come out of the JSON.
        url : str, optional
            Where they are from, for the error message.
        reserved : iterable of str, optional
            Names that a column unknown to us must not take.

        Returns
        -------
        columns : dict of str to `~atlasquery.schema.Decoded`
            Every declared column, then those that are not declared.

        Raises
        ------
        UnreadableAnswerError
            If the rows are not a list of dicts, a value is of a wrong type, or a required one is missing.
        """
        values = _values_by_key(rows, self._keys(rows, url))
        nothing = [None] * len(rows)
        decoded = {
            field.name: self._decode_field(field, values.get(field.server_key, nothing), url) for field in self.values()
        }
        taken = {*decoded, *reserved}
        for key in [key for key in values if key not in self._wires]:
            column = decode_undeclared(key, values[key], taken=taken, record=self.name)
            decoded[column.field.name] = column
            taken.add(column.field.name)
        self._warn_missing_columns(values, rows)
        return decoded

    def value(self, row, name, *, url=None):
        """Return one declared value of one row, `None` where there is none; errors as for `decode`."""
        decoded = self._decode_field(self[name], [row.get(self[name].server_key)], url)
        return None if decoded.mask[0] else decoded.data.tolist()[0]

    def columns(self, rows, *, url=None):
        """Return the rows as a dict of astropy columns; parameters and errors as for `decode`."""
        return {name: decoded.column() for name, decoded in self.decode(rows, url=url).items()}

    def table(self, rows, *, url=None, meta=None):
        """Return the rows as a table with units and descriptions; no row is left out.

        Parameters
        ----------
        rows : list of dict
            Rows as they come out of the JSON. None at all give an empty, fully typed table.
        url : str, optional
            Where they are from, for the error message.
        meta : dict, optional
            What the table's ``meta`` shall hold. ``new_columns`` is added if the server sends columns that are not
            declared.

        Returns
        -------
        table : `~astropy.table.QTable`, length ``len(rows)``
            Floats with a unit are masked quantities, dates `~astropy.time.Time`, all others masked columns.

        Raises
        ------
        UnreadableAnswerError
            If the rows are not a list of dicts, a value is of a wrong type, or a required one is missing.
        """
        columns = self.columns(rows, url=url)
        table = QTable(columns, meta=meta, copy=False)
        if new := [name for name in columns if name not in self]:
            table.meta["new_columns"] = new
        return table

    def _keys(self, rows, url):
        """Check that the rows are dicts and return their keys, in the order they come."""
        if not isinstance(rows, list):
            raise self._unreadable(f"a list of rows was expected, not {_short(rows)}", url, value=rows)
        keys = {}
        for number, row in enumerate(rows):
            if not isinstance(row, dict):
                raise self._unreadable(
                    f"row {number} should be an object, but is {_short(row)}", url, row=number, value=row
                )
            if not keys.keys() >= row.keys():
                keys.update(row)
        return list(keys)

    def _decode_field(self, field, values, url):
        try:
            return field.decode(values)
        except FieldValueError as wrong:
            if not field.type_confirmed:
                return decode_undeclared(field.server_key, values, name=field.name, record=self.name)
            raise self._unreadable(
                f"column {field.server_key!r}, row {wrong.row}: expected {wrong.expected}, found {_short(wrong.value)}",
                url,
                column=field.server_key,
                row=wrong.row,
                value=wrong.value,
            ) from None

    def _unreadable(self, what, url, **facts):
        return UnreadableAnswerError(
            f"The server's {self.name!r} rows cannot be read: {what}.",
            url=url,
            hint="If it happens again, the server is newer than this version of atlasquery: update it, or report this.",
            record=self.name,
            **facts,
        )

    def _warn_missing_columns(self, present, rows):
        """Tell of columns that the server used to send in every row."""
        missing = [
            field.server_key for field in self.values() if field.is_always_sent and field.server_key not in present
        ]
        if rows and missing:
            warn_user(
                f"The server's {self.name!r} rows no longer have {', '.join(missing)}; the columns are masked.",
                SchemaWarning,
            )


def _values_by_key(rows, keys):
    """Return the values of each key, `None` where a row does not have it."""
    if len(keys) > 1:
        try:
            # In C, five times as fast as asking each dict: the rows of one answer have the same keys.
            return dict(zip(keys, zip(*map(itemgetter(*keys), rows), strict=True), strict=True))
        except KeyError:
            pass
    return {key: [row.get(key) for row in rows] for key in keys}


def _short(value):
    """Return a value and its type in at most a line."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
