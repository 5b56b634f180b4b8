# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The rows of the Virtual Research Assistant: scores, ranks, and what is still to be looked at."""

from atlasquery.schema.field import Date, Flag, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["VRA_RANK", "VRA_SCORE", "VRA_TODO"]

ATLAS_ID = Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id", required=True)
TIMESTAMP = Date("timestamp", "When the row was written.")
NOT_SCORED = "not scored; the row is a person's decision"

VRA_SCORE = RowSchema(
    "vrascoreslist",
    "The scores of an object at one time.",
    [
        ATLAS_ID,
        Float("preal", "Probability that the object is real.", null=NOT_SCORED),
        Float("pgal", "Probability that the object is galactic.", null=NOT_SCORED),
        Float("pfast", "Probability that the object is fast.", null=NOT_SCORED),
        Float("rank", "Rank, 0 to 10.", null=NOT_SCORED),
        Float("rank_alt1", "Rank by another recipe.", null="not ranked by it"),
        Integer("is_gal_cand", "Whether the object is a candidate of a galactic event: 0 or 1.", null=NOT_SCORED),
        TIMESTAMP,
        Text("username", "User name of the person who decided.", null="no person did"),
        Text("apiusername", "User name of the program that scored.", null="no program did"),
        Flag("debug", "Whether the row was written as a test."),
        Integer("id", "Number of the row in the database."),
    ],
)

VRA_RANK = RowSchema(
    "vraranklist",
    "The present rank of an object.",
    [
        ATLAS_ID,
        Float("rank", "Rank, 0 to 10."),
        Float("rank_alt1", "Rank by another recipe."),
        Integer("is_gal_cand", "Whether the object is a candidate of a galactic event: 0 or 1."),
        TIMESTAMP,
    ],
)

VRA_TODO = RowSchema("vratodolist", "An object still to be looked at.", [ATLAS_ID, TIMESTAMP])
