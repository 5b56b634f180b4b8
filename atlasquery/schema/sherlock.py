# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sections ``sherlock_crossmatches`` and ``sherlock_classifications``: what Sherlock found around the object.

The first cross-match, if there is any, is the merged best (``rank`` 1), the rest are one a catalogue. Most columns are
null for most rows: no catalogue has them all.
"""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["SHERLOCK_CLASSIFICATION", "SHERLOCK_CROSSMATCH"]

NOT_IN_CATALOGUE = "not in this catalogue"


def _magnitude(server_key, band, *, type_confirmed=True):
    """Return the fields of a magnitude of the catalogue and its uncertainty."""
    return [
        Float(
            server_key,
            f"Magnitude in {band} in the catalogue.",
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
    "A catalogued source that may be the object or its host.",
    [
        Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id"),
        Integer("rank", "1 for the best match, which is merged from several catalogues.", null="not the best match"),
        Text("association_type", "What the match makes of the object, such as SN or NT."),
        Text("catalogue_table_name", "Catalogues the source is in."),
        Text("catalogue_object_id", "Name of the source in its catalogue."),
        Text("catalogue_object_type", "What the source is, such as galaxy or star."),
        Text("catalogue_object_subtype", "Finer type.", null="none"),
        Float("separation", "Distance of the object from the source.", server_key="separationarcsec", unit=u.arcsec),
        Float(
            "north_separation", "Distance of the object northwards.", server_key="northseparationarcsec", unit=u.arcsec
        ),
        Float("east_separation", "Distance of the object eastwards.", server_key="eastseparationarcsec", unit=u.arcsec),
        Float("ra", "Right ascension of the source.", server_key="radeg", unit=u.deg),
        Float("dec", "Declination of the source.", server_key="decdeg", unit=u.deg),
        Float("z", "Spectroscopic redshift.", null=NOT_IN_CATALOGUE),
        Float("photoz", "Photometric redshift.", null=NOT_IN_CATALOGUE),
        Float("photoz_err", "Uncertainty of photoz.", server_key="photozerr", null=NOT_IN_CATALOGUE),
        Float("distance", "Distance that follows from z.", unit=u.Mpc, null="no redshift"),
        Float("distance_modulus", "Distance modulus that follows from z.", unit=u.mag, null="no redshift"),
        Float("scale", "Length on the sky that follows from z.", unit=u.kpc / u.arcsec, null="no redshift"),
        Float("direct_distance", "Distance measured otherwise than by z.", unit=u.Mpc, null=NOT_IN_CATALOGUE),
        Float("direct_distance_modulus", "Its distance modulus.", unit=u.mag, null=NOT_IN_CATALOGUE),
        Float("direct_distance_scale", "Its length on the sky.", unit=u.kpc / u.arcsec, null=NOT_IN_CATALOGUE),
        Float(
            "physical_separation",
            "Separation at the distance of the source.",
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
            "How reliable the match is, 1 the best.",
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
        *_magnitude("field_u", "u of the catalogue's filters"),
        *_magnitude("field_g", "g of the catalogue's filters"),
        *_magnitude("field_r", "r of the catalogue's filters"),
        *_magnitude("field_i", "i of the catalogue's filters"),
        *_magnitude("field_z", "z of the catalogue's filters"),
        *_magnitude("field_y", "y of the catalogue's filters"),
        Float("unkmag", "Magnitude in an unknown filter.", unit=u.mag, null=NOT_IN_CATALOGUE, type_confirmed=False),
        Float(
            "unkmag_err",
            "Uncertainty of unkmag.",
            server_key="unkmagerr",
            unit=u.mag,
            null=NOT_IN_CATALOGUE,
            type_confirmed=False,
        ),
        Text("search_name", "Name of Sherlock's search that found the source."),
        Float(
            "original_search_radius",
            "Radius of that search.",
            server_key="original_search_radius_arcsec",
            unit=u.arcsec,
        ),
        Text("catalogue_view_name", "Name of the view of the catalogue; 'multiple' for the merged match."),
        Integer("catalogue_view_id", "Number of the view of the catalogue."),
        Integer("catalogue_table_id", "Number of the catalogue."),
        Integer("association_rank", "Rank of the association.", null="not ranked", type_confirmed=False),
        Integer("id", "Number of the row in the database."),
        Integer("updated", "Whether the row has been updated."),
        Date("date_created", "When the row was made.", server_key="datecreated", null="not kept"),
        Date("date_last_modified", "When the row was last changed.", server_key="datelastmodified", null="not kept"),
    ],
)

SHERLOCK_CLASSIFICATION = RowSchema(
    "sherlock_classifications",
    "What Sherlock makes of the object.",
    [
        Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id"),
        Text("classification", "ORPHAN, SN, NT, VS, CV, BS, UNCLEAR, HPM or AGN."),
        Text("summary", "The association in a few words."),
        Text("annotation", "The association in a sentence, as HTML."),
        Integer(
            "match_verified",
            "Whether a person has verified the match.",
            server_key="matchverified",
            null="no",
            type_confirmed=False,
        ),
        Text(
            "development_comment",
            "Comment of the developers.",
            server_key="developmentcomment",
            null="none",
            type_confirmed=False,
        ),
        Text("updated", "Whether the row has been updated."),
        Date("date_created", "When the row was made.", server_key="datecreated", null="not kept"),
        Date("date_last_modified", "When the row was last changed.", server_key="datelastmodified", null="not kept"),
    ],
)
