# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Section ``object`` of a record of ``objects/``: the object itself."""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["OBJECT"]

OBJECT = RowSchema(
    "object",
    "An object.",
    [
        Integer("atlas_id", "ATLAS id of the object, 19 digits.", server_key="id", required=True),
        Text(
            "name",
            "ATLAS designation, such as ATLAS18qqn.",
            server_key="atlas_designation",
            null="the object has no designation",
        ),
        Text(
            "tns_name",
            "Name in the Transient Name Server, such as 2018cow.",
            server_key="other_designation",
            null="not reported by ATLAS",
        ),
        Float("ra", "Right ascension (ICRS) of the first night's best detection.", unit=u.deg),
        Float("dec", "Declination (ICRS) of the first night's best detection.", unit=u.deg),
        Integer(
            "detection_list",
            "Number of the detection list that has the object.",
            server_key="detection_list_id",
            null="in no list",
        ),
        Text(
            "sherlock_class",
            "Contextual classification by Sherlock, such as SN, NT, CV, AGN or VS.",
            server_key="sherlockClassification",
            null="not classified",
        ),
        Text(
            "spec_type",
            "Spectroscopic type.",
            server_key="observation_status",
            null="not classified; an empty string means the same",
            blank_is_null=True,
        ),
        Float("vra", "Virtual Research Assistant (VRA) score, 0 to 10.", null="not scored, or an older server"),
        Float(
            "realbogus_factor",
            "Score of the earlier real/bogus classifier, 0 to 1.",
            null="not scored, or a newer server, which sends ``vra`` instead",
        ),
        Float("rb_pix", "Score of the pixel-based real/bogus classifier, 0 to 1.", null="not scored"),
        Date("followup_flag_date", "Date when the object was put into its detection list (UTC).", null="in no list"),
        Date("date_inserted", "Date when the object was added to the database (UTC)."),
        Date("date_modified", "Date of the last change of the object (UTC).", null="never changed"),
        Text(
            "current_trend",
            "Current trend of the light curve: rising or fading, its rate and its bands.",
            null="not known",
        ),
        Text("local_comments", "Comments by the survey team.", null="no comments"),
        Integer("ndetections", "Number of detections.", null="not counted"),
        Integer("object_classification", "Bit flags of the classification.", null="not classified"),
        Integer("processing_flags", "Bit flags of the completed processing stages.", null="none"),
        Integer("followup_id", "Number of the object in its detection list.", null="in no list"),
        Integer(
            "followup_counter",
            "Counter from which the ATLAS designation is made.",
            null="the object has no designation",
        ),
        Integer("followup_priority", "Priority of the follow-up.", null="not set", type_confirmed=False),
        Text("external_reference_id", "Identifier in another survey.", null="none", type_confirmed=False),
        Text("survey_field", "Name of the survey.", null="not known"),
        Integer("detection_id", "Number of the first detection in the server's database."),
        Integer("images_id", "Number of the image stamps in the server's database.", null="no stamps"),
        Integer("htm16id", "Index of the position in the Hierarchical Triangular Mesh, level 16."),
        Integer("jtindex", "Index in the image archive of the survey.", null="none"),
        Text("updated_by", "User name of the last change.", null="never changed by a user"),
    ],
)
