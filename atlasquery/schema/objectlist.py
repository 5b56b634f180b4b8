# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Rows of ``objectlist/``: the objects of a detection list or a custom list."""

import astropy.units as u

from atlasquery.schema.field import Float, Integer, Text
from atlasquery.schema.object import OBJECT
from atlasquery.schema.row_schema import RowSchema

__all__ = ["LIST_ROW"]

NO_CURVE = "no detections counted"
NO_SOURCE = "no catalogued source nearby"

LIST_ROW = RowSchema(
    "objectlist",
    "An object in a list.",
    [
        *(
            OBJECT[name]
            for name in (
                "atlas_id",
                "name",
                "tns_name",
                "ra",
                "dec",
                "detection_list",
                "sherlock_class",
                "spec_type",
                "vra",
                "realbogus_factor",
                "rb_pix",
                "followup_flag_date",
            )
        ),
        Float("earliest_mjd", "Time of the first detection (MJD, UTC).", unit=u.d, null=NO_CURVE),
        Float("earliest_mag", "AB magnitude of the first detection.", unit=u.mag, null=NO_CURVE),
        Text("earliest_band", "Filter of the first detection.", server_key="earliest_filter", null=NO_CURVE),
        Float("latest_mjd", "Time of the last detection (MJD, UTC).", unit=u.d, null=NO_CURVE),
        Float("latest_mag", "AB magnitude of the last detection.", unit=u.mag, null=NO_CURVE),
        Text("latest_band", "Filter of the last detection.", server_key="latest_filter", null=NO_CURVE),
        OBJECT["current_trend"],
        Float(
            "ra_avg",
            "Mean right ascension of the detections; wrong near RA 0, where the mean crosses 360 degrees: use ra.",
            unit=u.deg,
            null=NO_CURVE,
        ),
        Float("dec_avg", "Mean declination of the detections.", unit=u.deg, null=NO_CURVE),
        Float("rms", "Scatter of the positions of the detections.", unit=u.arcsec, null=NO_CURVE),
        Text("discovery_target", "Name of the field of the first detection.", null=NO_CURVE),
        Text("catalogue", "Catalogue of the source matched by Sherlock.", null=NO_SOURCE),
        Text("catalogue_object_id", "Identifier of the matched source in its catalogue.", null=NO_SOURCE),
        Float("separation", "Separation of the object from the matched source.", unit=u.arcsec, null=NO_SOURCE),
        Text("external_crossmatches", "Names in lists of other surveys.", null="none"),
        OBJECT["local_comments"],
        OBJECT["object_classification"],
        Integer(
            "custom_list",
            "Number of the custom list.",
            server_key="object_group_id",
            null="the row is of a detection list",
        ),
        Integer("rank", "Rank by which the server sorts the list.", null="in no detection list"),
        OBJECT["date_modified"],
        OBJECT["images_id"],
    ],
)
