# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`DeferredTable`: rows that are checked at once, and whose table is made when it is used."""

from atlasquery.schema.dates import are_dates
from atlasquery.schema.field import Date

__all__ = ["DeferredTable"]


class DeferredTable:
    """Rows of the server, decoded and checked; a table of one row with 70 columns takes most time for its columns.

    Parameters
    ----------
    row_schema : `~atlasquery.schema.row_schema.RowSchema`
        Declaration of the rows.
    record : dict or `~atlasquery.schema.record.Record`
        The record whose section has the name of the rows.
    url : str, optional
        URL of the answer, for error messages.

    Raises
    ------
    UnreadableAnswerError
        As `~atlasquery.schema.row_schema.RowSchema.decode`.
    """

    def __init__(self, row_schema, record, *, url=None):
        self._schema = row_schema
        self._decoded = row_schema.decode_section(record, url=url)
        # Dates that cannot be parsed cause a warning, which belongs to the answer and not to the first use.
        self._dates = {
            name: column.column()
            for name, column in self._decoded.items()
            if isinstance(column.field, Date) and not are_dates(column.data, column.mask)
        }

    def make(self):
        """Return the table."""
        columns = {name: self._dates.get(name) for name in self._decoded}
        columns |= {name: column.column() for name, column in self._decoded.items() if name not in self._dates}
        return self._schema.table_of(columns)
