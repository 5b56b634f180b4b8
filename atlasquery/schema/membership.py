# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of ``objectgroupslist/``: the custom lists of objects."""

from atlasquery.schema.field import Integer
from atlasquery.schema.row_schema import RowSchema

__all__ = ["LIST_MEMBERSHIP"]

LIST_MEMBERSHIP = RowSchema(
    "objectgroupslist",
    "An object in a custom list.",
    [
        Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id", required=True),
        Integer("custom_list", "Number of the custom list.", server_key="object_group_id", required=True),
        Integer("id", "Number of the row in the server's database."),
    ],
)
