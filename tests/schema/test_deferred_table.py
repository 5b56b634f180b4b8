# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows that are checked at once, and become a table later."""

import astropy.units as u
import pytest

from atlasquery.exceptions import DataQualityWarning, UnreadableAnswerError
from atlasquery.schema.deferred_table import DeferredTable
from atlasquery.schema.field import Date, Float, Text
from atlasquery.schema.row_schema import RowSchema

ROWS = RowSchema(
    "rows", "A row.", [Text("name", "Name."), Float("flux", "Flux.", unit=u.uJy), Date("date", "Date.", null="unknown")]
)


def test_the_table_is_that_of_the_rows():
    rows = [{"name": "a", "flux": 1.5, "date": "2026-11-01T00:00:00Z", "new": 3}, {"name": "b", "flux": 2, "new": None}]
    table, expected = DeferredTable(ROWS, {"rows": rows}).make(), ROWS.table(rows)
    assert table.colnames == expected.colnames == ["name", "flux", "date", "new"]
    assert table.meta == expected.meta
    assert table["flux"].unit == u.uJy
    assert table["date"].mask.tolist() == expected["date"].mask.tolist() == [False, True]
    assert table.pformat() == expected.pformat()


def test_invalid_rows_are_an_error_at_once():
    with pytest.raises(UnreadableAnswerError, match="'flux' in row 0 must be a number"):
        DeferredTable(ROWS, {"rows": [{"name": "a", "flux": "bright"}]})


def test_invalid_dates_warn_at_once_and_only_once(recwarn):
    with pytest.warns(DataQualityWarning, match="'date' has 1 invalid dates"):
        table = DeferredTable(ROWS, {"rows": [{"name": "a", "flux": 1.0, "date": "soon"}]})
    recwarn.clear()
    assert table.make()["date"].mask.tolist() == table.make()["date"].mask.tolist() == [True]
    assert not recwarn.list
