# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Make rows and records of ``objects/`` as the server sends them."""

from atlasquery import schema
from constants import COW

SECTIONS = (
    schema.DETECTION,
    schema.LIMIT,
    schema.FORCED,
    schema.SHERLOCK_CROSSMATCH,
    schema.SHERLOCK_CLASSIFICATION,
    schema.TNS_CROSSMATCH,
    schema.EXTERNAL_CROSSMATCH,
)
LIST_SECTIONS = {section.name: section for section in SECTIONS}  # by their key in a record


def make_row(row_schema, **values):
    """Return a row with every declared key; None where no value is given."""
    return {field.server_key: None for field in row_schema.values()} | values


def make_expname(site, mjd, band):
    """Return an exposure name that is unique for this site and time."""
    night, fraction = divmod(mjd, 1) if isinstance(mjd, float | int) else (0, 0)  # some tests give an invalid time
    return f"{site}{int(night):05d}o{int(fraction * 9999):04d}{band}"


def make_detection(mjd, mag, magerr=0.1, **values):
    """Return a row of the section ``lc``."""
    defaults = {
        "id": COW,
        "filter": "o",
        "mag5sig": 19.5,
        "exptime": 30.0,
        "expname": make_expname("02a", mjd, "o"),
        "pointing": "TA244N22",
    }
    return make_row(schema.DETECTION, **defaults | {"mjd": mjd, "mag": mag, "magerr": magerr} | values)


def make_limit(mjd, mag5sig=19.5, **values):
    """Return a row of the section ``lcnondets``."""
    expname = make_expname("01a", mjd, "c")
    defaults = {"id": 1, "filter": "c", "exptime": 30.0, "expname": expname, "pointing": "TA244N22"}
    return make_row(schema.LIMIT, **defaults | {"mjd": mjd, "mag5sig": mag5sig} | values)


def make_forced(mjd, uJy=100.0, duJy=10.0, **values):
    """Return a row of the section ``fp``."""
    defaults = {
        "atlas_object_id": COW,
        "filter": "o",
        "limiting_mag": False,
        "snrlimit": 3.0,
        "expname": make_expname("03a", mjd, "o"),
    }
    return make_row(schema.FORCED, **defaults | {"mjd_obs": mjd, "uJy": uJy, "duJy": duJy} | values)


def make_record(lc=(), lcnondets=(), fp=(), **values):
    """Return a record with these rows of photometry, and values of its object."""
    names = {"atlas_designation": "ATLAS18qqn", "other_designation": "2018cow"}
    object_row = make_row(schema.OBJECT, id=COW, **names, ra=244.0, dec=22.3) | values
    return {"object": object_row, "lc": list(lc), "lcnondets": list(lcnondets), "fp": list(fp)}


def make_full_record():
    """Return a record with one row in every section."""
    sections = {section.name: [make_row(section)] for section in SECTIONS}
    sections["lc"][0] |= {"mjd": 58285.44, "mag": 14.739, "magerr": 0.009, "filter": "o"}
    sections["lcnondets"][0] |= {"mjd": 58281.49, "mag5sig": 19.35, "filter": "o"}
    sections["fp"][0] |= {"mjd_obs": 58286.0, "limiting_mag": False}
    sections["sherlock_classifications"][0] |= {"classification": "SN", "summary": "near a galaxy"}
    sections["sherlock_crossmatches"][0] |= {"rank": 1, "separationarcsec": 1.7, "catalogue_object_id": "CGCG 137-068"}
    sections["tns_crossmatches"][0] |= {"transient_object_id": COW, "external_designation": "2018cow"}
    sections["tns_crossmatches"][0] |= {"type": "SN Ic", "object_z": 0.0141}
    sections["external_crossmatches"][0] |= {"transient_object_id": COW, "external_designation": "ZTF18abcfcoo"}
    record = make_record(ra=244.000917, dec=22.268031, detection_list_id=2, sherlockClassification="SN")
    return record | sections


def make_bare_record():
    """Return a record with nothing but the id of the object."""
    return {"object": make_row(schema.OBJECT, id=COW)} | {section.name: [] for section in SECTIONS}
