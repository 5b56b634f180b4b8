# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sections ``sherlock_crossmatches`` and ``sherlock_classifications``: sources near the object, matched by Sherlock.

The first cross-match is the best one, merged from several catalogues (``rank`` 1); the others are one per catalogue.
Most columns are null in most rows, because no catalogue has all of them.
"""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["SHERLOCK_CLASSIFICATION", "SHERLOCK_CROSSMATCH"]

NOT_IN_CATALOGUE = "not in this catalogue"


def _magnitude(server_key, band, *, type_confirmed=True):
    """Return the fields of a catalogue magnitude and its uncertainty."""
    return [
        Float(
            server_key,
            f"Catalogue magnitude in {band}.",
            unit=u.mag,
            null=NOT_IN_CATALOGUE,
            type_confirmed=type_confirmed,
        ),
        Float(
            f"{server_key}_err",
            f"Uncertainty of {server_key}.",
            server_key=f"{server_key}err",
            unit=u.mag,
            null=NOT_IN_CATALOGUE,
            type_confirmed=type_confirmed and server_key != "g",
        ),
    ]


SHERLOCK_CROSSMATCH = RowSchema(
    "sherlock_crossmatches",
    "A catalogued source that may be the object itself or its host.",
    [
        Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id"),
        Integer(
            "rank",
            "Rank of the match: 1 for the best, which is merged from several catalogues.",
            null="not the best match",
        ),
        Text("association_type", "Class of the object that follows from the match, such as SN or NT."),
        Text("catalogue_table_name", "Catalogues that contain the source."),
        Text("catalogue_object_id", "Identifier of the source in its catalogue."),
        Text("catalogue_object_type", "Type of the source, such as galaxy or star."),
        Text("catalogue_object_subtype", "Subtype of the source.", null="none"),
        Float("separation", "Separation of the object from the source.", server_key="separationarcsec", unit=u.arcsec),
        Float(
            "north_separation",
            "Offset of the object to the north of the source.",
            server_key="northseparationarcsec",
            unit=u.arcsec,
        ),
        Float(
            "east_separation",
            "Offset of the object to the east of the source.",
            server_key="eastseparationarcsec",
            unit=u.arcsec,
        ),
        Float("ra", "Right ascension of the source.", server_key="radeg", unit=u.deg),
        Float("dec", "Declination of the source.", server_key="decdeg", unit=u.deg),
        Float("z", "Spectroscopic redshift.", null=NOT_IN_CATALOGUE),
        Float("photoz", "Photometric redshift.", null=NOT_IN_CATALOGUE),
        Float("photoz_err", "Uncertainty of photoz.", server_key="photozerr", null=NOT_IN_CATALOGUE),
        Float("distance", "Distance derived from z.", unit=u.Mpc, null="no redshift"),
        Float(
            "dist_modulus",
            "Distance modulus derived from z.",
            server_key="distance_modulus",
            unit=u.mag,
            null="no redshift",
        ),
        Float("scale", "Projected scale derived from z.", unit=u.kpc / u.arcsec, null="no redshift"),
        Float(
            "direct_dist",
            "Distance measured without redshift.",
            server_key="direct_distance",
            unit=u.Mpc,
            null=NOT_IN_CATALOGUE,
        ),
        Float(
            "direct_dist_modulus",
            "Distance modulus of direct_dist.",
            server_key="direct_distance_modulus",
            unit=u.mag,
            null=NOT_IN_CATALOGUE,
        ),
        Float(
            "direct_dist_scale",
            "Projected scale at direct_dist.",
            server_key="direct_distance_scale",
            unit=u.kpc / u.arcsec,
            null=NOT_IN_CATALOGUE,
        ),
        Float(
            "physical_separation",
            "Projected separation at the distance of the source.",
            server_key="physical_separation_kpc",
            unit=u.kpc,
            null="no distance",
        ),
        Float(
            "transient_abs_mag",
            "Absolute magnitude of the object at the distance of the source.",
            server_key="transientabsmag",
            unit=u.mag,
            null="no distance",
        ),
        Float(
            "major_axis",
            "Semi-major axis of the source.",
            server_key="major_axis_arcsec",
            unit=u.arcsec,
            null=NOT_IN_CATALOGUE,
        ),
        Float("rank_score", "Score by which the matches are ranked.", server_key="rankscore"),
        Integer(
            "classification_reliability",
            "Reliability of the match; 1 is the best.",
            server_key="classificationreliability",
        ),
        *_magnitude("u", "U", type_confirmed=False),
        *_magnitude("b", "B", type_confirmed=False),
        *_magnitude("v", "V", type_confirmed=False),
        *_magnitude("r", "R", type_confirmed=False),
        *_magnitude("i", "I", type_confirmed=False),
        *_magnitude("j", "J"),
        *_magnitude("h", "H"),
        *_magnitude("k", "K"),
        *_magnitude("g", "G (Gaia)"),
        *_magnitude("field_u", "the u filter of the catalogue"),
        *_magnitude("field_g", "the g filter of the catalogue"),
        *_magnitude("field_r", "the r filter of the catalogue"),
        *_magnitude("field_i", "the i filter of the catalogue"),
        *_magnitude("field_z", "the z filter of the catalogue"),
        *_magnitude("field_y", "the y filter of the catalogue"),
        Float("unkmag", "Magnitude in an unknown filter.", unit=u.mag, null=NOT_IN_CATALOGUE, type_confirmed=False),
        Float(
            "unkmag_err",
            "Uncertainty of unkmag.",
            server_key="unkmagerr",
            unit=u.mag,
            null=NOT_IN_CATALOGUE,
            type_confirmed=False,
        ),
        Text("search_name", "Name of the Sherlock search that matched the source."),
        Float(
            "original_search_radius",
            "Radius of the Sherlock search.",
            server_key="original_search_radius_arcsec",
            unit=u.arcsec,
        ),
        Text("catalogue_view_name", "Name of the catalogue view; 'multiple' for the merged match."),
        Integer("catalogue_view_id", "Number of the catalogue view."),
        Integer("catalogue_table_id", "Number of the catalogue."),
        Integer("association_rank", "Rank of the association.", null="not ranked", type_confirmed=False),
        Integer("id", "Number of the row in the server's database."),
        Integer("updated", "Whether the row has been updated."),
        Date("date_created", "Date when the row was written (UTC).", server_key="datecreated", null="not kept"),
        Date(
            "date_last_modified",
            "Date of the last change of the row (UTC).",
            server_key="datelastmodified",
            null="not kept",
        ),
    ],
)

SHERLOCK_CLASSIFICATION = RowSchema(
    "sherlock_classifications",
    "The classification of the object by Sherlock.",
    [
        Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id"),
        Text("classification", "Class of the object: ORPHAN, SN, NT, VS, CV, BS, UNCLEAR, HPM or AGN."),
        Text("summary", "Short description of the association."),
        Text("annotation", "Description of the association in a sentence, as HTML."),
        Integer(
            "match_verified",
            "Whether a person has verified the match.",
            server_key="matchverified",
            null="no",
            type_confirmed=False,
        ),
        Text(
            "development_comment",
            "Comment by the developers.",
            server_key="developmentcomment",
            null="none",
            type_confirmed=False,
        ),
        Text("updated", "Whether the row has been updated."),
        Date("date_created", "Date when the row was written (UTC).", server_key="datecreated", null="not kept"),
        Date(
            "date_last_modified",
            "Date of the last change of the row (UTC).",
            server_key="datelastmodified",
            null="not kept",
        ),
    ],
)
