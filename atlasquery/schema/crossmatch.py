# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sections ``tns_crossmatches`` and ``external_crossmatches`` of a record, and rows of ``externalxmlist/``.

All three have the same columns: matches in the Transient Name Server (TNS) and in lists of other surveys.
"""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["EXTERNAL_CROSSMATCH", "TNS_CROSSMATCH"]

FIELDS = [
    Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id", required=True),
    Text("external_designation", "Name in the matched list, such as 2018cow."),
    Text("matched_list", "Name of the matched list."),
    Float("separation", "Separation from the ATLAS position.", unit=u.arcsec),
    Text("type", "Spectroscopic type of the object.", null="not classified"),
    Float("object_z", "Redshift of the object.", null="not known"),
    Float("host_z", "Redshift of the host galaxy.", null="not known"),
    Text("host_galaxy", "Name of the host galaxy.", null="not known"),
    Float("mag", "Discovery magnitude.", unit=u.mag, null="not given"),
    Text("disc_filter", "Discovery filter.", null="not given"),
    Date("disc_date", "Discovery date (UTC).", null="not given"),
    Text("discoverer", "Discoverer or discovering survey.", null="not given"),
    Text("other_info", "Other information, such as further names.", null="none"),
    Text("comments", "Comments.", null="none", type_confirmed=False),
    Text("url", "Web page of the object in the matched list.", null="none"),
    Integer("id", "Number of the row in the server's database."),
]

TNS_CROSSMATCH = RowSchema("tns_crossmatches", "A match in the Transient Name Server.", FIELDS)
EXTERNAL_CROSSMATCH = RowSchema("external_crossmatches", "A match in a list of another survey.", FIELDS)
