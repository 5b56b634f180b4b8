# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The section ``object`` of a record of ``objects/``: the object itself."""

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
            null="the object has not been named",
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
            "Number of the detection list the object is in.",
            server_key="detection_list_id",
            null="in no list",
        ),
        Text(
            "sherlock_class",
            "Sherlock's contextual classification, such as SN, NT, CV, AGN or VS.",
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
        Float("vra", "Score of the Virtual Research Assistant, 0 to 10.", null="not scored, or an older server"),
        Float(
            "realbogus_factor",
            "Score of an earlier real/bogus classifier, 0 to 1.",
            null="not scored, or a newer server, which sends ``vra`` instead",
        ),
        Float("rb_pix", "Score of the real/bogus classifier of the pixels, 0 to 1.", null="not scored"),
        Date("followup_flag_date", "When the object was put into its list.", null="in no list"),
        Date("date_inserted", "When the object was put into the database."),
        Date("date_modified", "When the object was last changed.", null="never changed"),
        Text("current_trend", "Rising or fading, by how much, and from which bands.", null="not known"),
        Text("local_comments", "Comments of the survey's staff.", null="no comments"),
        Integer("ndetections", "Number of detections.", null="not counted"),
        Integer("object_classification", "Flags of the object's classification.", null="not classified"),
        Integer("processing_flags", "Flags of the stages of processing that the object has been through.", null="none"),
        Integer("followup_id", "Number of the object in the list it is in.", null="in no list"),
        Integer("followup_counter", "Counter behind the ATLAS designation.", null="the object has not been named"),
        Integer("followup_priority", "Priority of the follow-up.", null="not set", type_confirmed=False),
        Text("external_reference_id", "Reference of another survey.", null="none", type_confirmed=False),
        Text("survey_field", "Name of the survey the object is of.", null="not known"),
        Integer("detection_id", "Number of the first detection in the database."),
        Integer("images_id", "Number of the object's stamps in the database.", null="no stamps"),
        Integer("htm16id", "Index of the position in the Hierarchical Triangular Mesh, level 16."),
        Integer("jtindex", "Index of the survey's image archive.", null="none"),
        Text("updated_by", "User name of who changed the object last.", null="nobody"),
    ],
)
