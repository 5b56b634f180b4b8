# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Names of the filters of ATLAS in other programs."""

import re

__all__ = ["filter_of", "is_band_name"]

FILTERS = {"cyan": "c", "orange": "o", "C": "c", "O": "o"}
# As in ATLAS-c, atlasc or atlas::o; the last character is the filter.
BAND_NAME = re.compile(r"atlas(?:[-_./ ]|::)?(?:\w/)?(\w|cyan|orange)", flags=re.IGNORECASE)


def filter_of(name):
    """Return the filter of the name of a band: c of ATLAS-c and of cyan; other names are kept."""
    if name is None:
        return None
    match = BAND_NAME.fullmatch(name)
    name = match[1] if match else name
    return FILTERS.get(name, FILTERS.get(name.lower(), name))


# Of ATLAS (c, o, t, w and H) and of other surveys; a name of a survey may precede it, as in ztfg and ps1::r.
LETTERS = "cotwHugrizyYUBVRIJKLG"
SURVEY_BAND = re.compile(
    rf"(?:(?:atlas|ztf|sdss|ps1|lsst|des|gaia|swift|bessell|asassn|goto)(?:[-_./ ]|::)?)?(?:\w/)?[{LETTERS}]p?",
)


def is_band_name(name):
    """Return whether this is the name of a band of ATLAS or another survey."""
    return SURVEY_BAND.fullmatch(filter_of(name.strip())) is not None
