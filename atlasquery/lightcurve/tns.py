# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A report for the Transient Name Server, in the form of its bulk reports (https://www.wis-tns.org/)."""

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.arrays import float_array, int_array, string_array
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.position import median_position
from atlasquery.lightcurve.times import mjd_values
from atlasquery.utils.warnings import warn_user

__all__ = ["tns_report"]

BANDS = {"c": "71", "o": "72", "w": "73"}
SITES = {"02a": "159", "01a": "160", "03a": "255", "04a": "256", "05r": "290"}
ATLAS = "18"  # its group
AB_MAG = "1"


def tns_report(light_curve, reporter, *, coord=None, since=None, **fields):
    """Return the report; parameters and errors as for `atlasquery.LightCurve.to_tns`."""
    if not isinstance(reporter, str) or not reporter.strip():
        raise InvalidInputError(f"The report needs a reporter, not {reporter!r}.")
    require_single_object(light_curve)
    unflagged = light_curve[int_array(light_curve, "quality") == 0]
    rows = unflagged[np.argsort(mjd_values(unflagged), kind="stable")]
    found = rows[(string_array(rows, "kind") == "detection") & (float_array(rows, "flux") > 0)]
    if (bound := check_since(since)) is not None:
        found = found[mjd_values(found) >= bound.mjd]
    if not len(found):
        raise InvalidInputError("There is no detection to report.")
    discovery = found[:1]
    _warn_isolated(found)
    place = _median(found) if coord is None else _checked(coord)
    when = _date(discovery)
    report = {
        "ra": {"value": f"{place.ra.deg:.6f}", "error": "", "units": "arcsec"},
        "dec": {"value": f"{place.dec.deg:.6f}", "error": "", "units": "arcsec"},
        "reporting_group_id": ATLAS,
        "discovery_data_source_id": ATLAS,
        "reporter": reporter,
        "discovery_datetime": when,
        "internal_name": light_curve.meta.get("name") or "",
        "non_detection": _non_detection(rows, discovery),
        "photometry": {"photometry_group": {"0": _photometry(discovery)}},
    }
    given = {key: str(value) for key, value in fields.items() if value is not None}
    return {"at_report": {"0": report | given}}


def _warn_isolated(found):
    is_stray, _ = find_isolated(mjd_values(found))
    if is_stray[0]:
        first = found[~is_stray][:1]
        warn_user(
            f"The discovery, {_date(found[:1])}, stands alone: the other detections begin {_date(first)}. If it is not "
            "of this object, flag it or begin later with since=.",
            DataQualityWarning,
        )


def _checked(coord):
    if not isinstance(coord, SkyCoord) or not coord.isscalar:
        raise InvalidTypeError(f"coord is {coord!r}, but should be one SkyCoord.")
    return coord.icrs


def _median(found):
    place = median_position(found)
    if place is None:
        raise InvalidInputError("The detections have no position.", hint="Give coord=.")
    return SkyCoord(*place, unit=u.deg)


def _non_detection(rows, discovery):
    """Return the last limit before the discovery that can be expressed, or the words for that there is none."""
    limits = rows[(string_array(rows, "kind") == "limit") & (rows.time < discovery.time[0])]
    limits = limits[~np.isnan(float_array(limits, "limit"))]
    if not len(limits):
        return {"archiveid": "0", "archival_remarks": "No earlier ATLAS exposure"}
    has_codes = np.isin(string_array(limits, "band"), list(BANDS)) & np.isin(string_array(limits, "site"), list(SITES))
    last = (limits[has_codes] if has_codes.any() else limits)[-1:]
    limit = f"{float_array(last, 'limit')[0]:.2f}"
    return _exposure(last) | {"limiting_flux": limit, "archiveid": "", "archival_remarks": ""}


def _photometry(discovery):
    mag, mag_err, limit = (float_array(discovery, name)[0] for name in ("mag", "mag_err", "limit"))
    if np.isnan(mag) or np.isnan(mag_err):
        raise InvalidInputError(
            f"The discovery, {_date(discovery)}, has no magnitude with an uncertainty.",
            hint="Flag it, or begin later with since=.",
        )
    return _exposure(discovery) | {
        "flux": f"{mag:.3f}",
        "flux_error": f"{mag_err:.3f}",
        "limiting_flux": "" if np.isnan(limit) else f"{limit:.2f}",
    }


def _exposure(row):
    """Return what the Transient Name Server wants to know of any exposure."""
    band, site = (string_array(row, name).tolist()[0] for name in ("band", "site"))
    if band not in BANDS or site not in SITES:
        raise InvalidInputError(
            f"The Transient Name Server has no code for band {band!r} at site {site!r}; there are "
            f"{', '.join(BANDS)} at {', '.join(SITES)}."
        )
    exptime = float_array(row, "exptime")[0]
    return {
        "obsdate": _date(row),
        "flux_units": AB_MAG,
        "filter_value": BANDS[band],
        "instrument_value": SITES[site],
        "exptime": "" if np.isnan(exptime) else f"{exptime:g}",
        "observer": "",
        "comments": "",
    }


def _date(row):
    return row.time[0].utc.iso
