# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of the Virtual Research Assistant (VRA): scores, ranks, and objects to be checked by eye."""

from atlasquery.schema.field import Date, Flag, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["VRA_RANK", "VRA_SCORE", "VRA_TODO"]

ATLAS_ID = Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id", required=True)
TIMESTAMP = Date("timestamp", "Date when the row was written (UTC).")
NOT_SCORED = "not scored: the row is a decision by a person"

VRA_SCORE = RowSchema(
    "vrascoreslist",
    "The scores of an object at one time.",
    [
        ATLAS_ID,
        Float("preal", "Probability that the object is real.", null=NOT_SCORED),
        Float("pgal", "Probability that the object is Galactic.", null=NOT_SCORED),
        Float("pfast", "Probability that the object is a fast transient.", null=NOT_SCORED),
        Float("rank", "Rank, 0 to 10.", null=NOT_SCORED),
        Float("rank_alt1", "Rank by an alternative algorithm.", null="not ranked by that algorithm"),
        Integer("is_gal_cand", "Whether the object is a Galactic candidate: 0 or 1.", null=NOT_SCORED),
        TIMESTAMP,
        Text("username", "User name of the person who decided.", null="not a decision by a person"),
        Text("apiusername", "User name of the program that scored.", null="not scored by a program"),
        Flag("debug", "Whether the row was written as a test."),
        Integer("id", "Number of the row in the server's database."),
    ],
)

VRA_RANK = RowSchema(
    "vraranklist",
    "The current rank of an object.",
    [
        ATLAS_ID,
        Float("rank", "Rank, 0 to 10."),
        Float("rank_alt1", "Rank by an alternative algorithm."),
        Integer("is_gal_cand", "Whether the object is a Galactic candidate: 0 or 1."),
        TIMESTAMP,
    ],
)

VRA_TODO = RowSchema("vratodolist", "An object still to be checked by eye.", [ATLAS_ID, TIMESTAMP])
