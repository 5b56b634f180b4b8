# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sections ``tns_crossmatches`` and ``external_crossmatches``, and the rows of ``externalxmlist/``.

The three have the same columns: the same object in the Transient Name Server and in the lists of other surveys.
"""

import astropy.units as u

from atlasquery.schema.field import Date, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["EXTERNAL_CROSSMATCH", "TNS_CROSSMATCH"]

FIELDS = [
    Integer("atlas_id", "ATLAS id of the object.", server_key="transient_object_id", required=True),
    Text("external_designation", "Name in the other list, such as 2018cow."),
    Text("matched_list", "Which list it is."),
    Float("separation", "Distance from the ATLAS position.", unit=u.arcsec),
    Text("type", "Spectroscopic type.", null="not classified"),
    Float("object_z", "Redshift of the object.", null="not known"),
    Float("host_z", "Redshift of the host galaxy.", null="not known"),
    Text("host_galaxy", "Name of the host galaxy.", null="not known"),
    Float("mag", "Magnitude at discovery.", unit=u.mag, null="not given"),
    Text("disc_filter", "Filter of the discovery.", null="not given"),
    Date("disc_date", "Date of the discovery.", null="not given"),
    Text("discoverer", "Who discovered it.", null="not given"),
    Text("other_info", "Further names.", null="none"),
    Text("comments", "Comments.", null="none", type_confirmed=False),
    Text("url", "Page of the object in that list.", null="none"),
    Integer("id", "Number of the row in the database."),
]

TNS_CROSSMATCH = RowSchema("tns_crossmatches", "The object in the Transient Name Server.", FIELDS)
EXTERNAL_CROSSMATCH = RowSchema("external_crossmatches", "The object in the list of another survey.", FIELDS)
