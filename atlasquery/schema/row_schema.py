# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`RowSchema`: declaration of one kind of row, and conversion of a list of rows to columns."""

from collections.abc import Mapping
from operator import itemgetter

from astropy.table import QTable

from atlasquery.exceptions import SchemaWarning, UnreadableAnswerError
from atlasquery.schema.field import FieldValueError
from atlasquery.schema.record import Record
from atlasquery.schema.typed_rows import TypedRows
from atlasquery.schema.undeclared import decode_undeclared
from atlasquery.utils.text import abbreviate
from atlasquery.utils.warnings import warn_user

__all__ = ["RowSchema"]


class RowSchema(Mapping):
    """Declaration of one kind of row: a mapping of column names to `~atlasquery.schema.Field`.

    Parameters
    ----------
    name : str
        Name on the server: an endpoint, or a section of a record.
    description : str
        Meaning of a row.
    fields : iterable of `~atlasquery.schema.Field`
        Columns, in the order of the tables.
    """

    def __init__(self, name, description, fields):
        self.name = name
        self.description = description
        self._fields = {field.name: field for field in fields}
        self._server_keys = {field.server_key for field in self._fields.values()}
        self._typed_rows = TypedRows(name, self._fields.values())

    def __getitem__(self, name):
        return self._fields[name]

    def __iter__(self):
        return iter(self._fields)

    def __len__(self):
        return len(self._fields)

    def __repr__(self):
        return f"<RowSchema {self.name}: {', '.join(self)}>"

    # Compared by identity, so that it can be a key of a dict; Mapping would compare the fields.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def decode(self, rows, *, url=None, reserved=()):
        """Return the rows as a dict of `DecodedColumn`: declared columns, then undeclared ones.

        Parameters
        ----------
        rows : list of dict
            Decoded JSON.
        url : str, optional
            URL of the answer, for error messages.
        reserved : iterable of str, optional
            Names that an undeclared column must not have.

        Raises
        ------
        UnreadableAnswerError
            If the rows are not a list of dicts, a value has a wrong type, or a required value is missing.
        """
        values = _uniform_values(rows) or _values_by_key(rows, self._keys(rows, url))
        nulls = [None] * len(rows)
        decoded = {
            field.name: self._decode_field(field, values.get(field.server_key, nulls), url) for field in self.values()
        }
        taken = {*decoded, *reserved}
        for key in [key for key in values if key not in self._server_keys]:
            column = decode_undeclared(key, values[key], taken=taken, record=self.name)
            decoded[column.field.name] = column
            taken.add(column.field.name)
        self._warn_missing_columns(values, rows)
        return decoded

    def decode_section(self, record, *, url=None, reserved=()):
        """Return the rows of a record's section, which may be absent, as `decode` does; errors as for `decode`.

        A section of a `~atlasquery.schema.record.Record` that fits the declaration is decoded four times as fast.
        """
        json = record.rows_json(self.name) if isinstance(record, Record) else None
        values = None if json is None else self._typed_rows.values(json)
        if values is not None:
            try:
                return {name: field.decode_checked(values[field.server_key]) for name, field in self.items()}
            except FieldValueError:
                pass  # reported below
        return self.decode(record.get(self.name) or [], url=url, reserved=reserved)

    def value(self, row, name, *, url=None):
        """Return a declared value of one row, `None` if it is null; errors as for `decode`."""
        decoded = self._decode_field(self[name], [row.get(self[name].server_key)], url)
        return None if decoded.mask[0] else decoded.data.tolist()[0]

    def columns(self, rows, *, url=None):
        """Return the rows as a dict of astropy columns; parameters and errors as for `decode`."""
        return {name: decoded.column() for name, decoded in self.decode(rows, url=url).items()}

    def table(self, rows, *, url=None, meta=None):
        """Return the rows as a `~astropy.table.QTable` with units and descriptions; errors as for `decode`.

        An empty list gives an empty table with typed columns. Names of undeclared columns are added to ``meta`` as
        ``new_columns``.
        """
        return self.table_of(self.columns(rows, url=url), meta=meta)

    def table_of(self, columns, *, meta=None):
        """Return astropy columns as a table; see `table`."""
        table = QTable(columns, meta=meta, copy=False)
        if undeclared := [name for name in columns if name not in self]:
            table.meta["new_columns"] = undeclared
        return table

    def _keys(self, rows, url):
        """Return the keys of the rows in the order of the answer; all rows must be dicts."""
        if not isinstance(rows, list):
            raise self._unreadable(f"the rows must be a list, got {abbreviate(rows)}", url, value=rows)
        keys = {}
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                raise self._unreadable(
                    f"row {index} must be an object, got {abbreviate(row)}", url, row=index, value=row
                )
            if not keys.keys() >= row.keys():
                keys.update(row)
        return list(keys)

    def _decode_field(self, field, values, url):
        try:
            return field.decode(values)
        except FieldValueError as error:
            if not field.type_confirmed:
                return decode_undeclared(field.server_key, values, name=field.name, record=self.name)
            raise self._unreadable(
                f"{field.server_key!r} in row {error.row} must be {error.expected}, got {abbreviate(error.value)}",
                url,
                column=field.server_key,
                row=error.row,
                value=error.value,
            ) from None

    def _unreadable(self, reason, url, **facts):
        return UnreadableAnswerError(
            f"Cannot decode the {self.name!r} rows of the server: {reason}.",
            url=url,
            hint="If it happens again, the server has changed: update atlasquery, or report the problem.",
            record=self.name,
            **facts,
        )

    def _warn_missing_columns(self, present, rows):
        """Warn of columns that the server no longer sends."""
        missing = [
            field.server_key for field in self.values() if field.is_always_sent and field.server_key not in present
        ]
        if rows and missing:
            warn_user(
                f"The server no longer sends {', '.join(missing)} in its {self.name!r} rows; the columns are masked.",
                SchemaWarning,
            )


def _uniform_values(rows):
    """Return the values of each key of dicts that all have the same keys, None for other rows.

    All steps are in C, and the rows of one answer usually have the same keys.
    """
    if not isinstance(rows, list) or set(map(type, rows)) != {dict}:
        return None
    keys = list(rows[0])
    if len(keys) < 2 or set(map(len, rows)) != {len(keys)}:
        return None
    try:
        return dict(zip(keys, zip(*map(itemgetter(*keys), rows), strict=True), strict=True))
    except KeyError:
        return None


def _values_by_key(rows, keys):
    """Return the values of each key, `None` where a row does not have the key."""
    return {key: [row.get(key) for row in rows] for key in keys}
