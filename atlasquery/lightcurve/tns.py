# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Make a report for the Transient Name Server (TNS), in its bulk-report format (https://www.wis-tns.org/)."""

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord

from atlasquery.exceptions import DataQualityWarning, InvalidInputError, InvalidTypeError
from atlasquery.inputs.times import check_since
from atlasquery.lightcurve.arrays import float_array, int_array, string_array
from atlasquery.lightcurve.checks import require_single_object
from atlasquery.lightcurve.exposure_gaps import find_isolated
from atlasquery.lightcurve.kinds import row_kinds
from atlasquery.lightcurve.limits import is_detected
from atlasquery.lightcurve.position import median_position
from atlasquery.lightcurve.times import mjd_values
from atlasquery.utils.text import abbreviate
from atlasquery.utils.warnings import warn_user

__all__ = ["tns_report"]

# Codes of the TNS.
FILTER_CODES = {"c": "71", "o": "72", "w": "73"}
INSTRUMENT_CODES = {"02a": "159", "01a": "160", "03a": "255", "04a": "256", "05r": "290"}
ATLAS_DATA_SOURCE = "18"
AB_MAG_UNIT = "1"


def tns_report(light_curve, reporter, reporting_group_id, *, coord=None, since=None, **fields):
    """Return the report; parameters and errors as for `atlasquery.LightCurve.to_tns`."""
    _check_reporter(reporter, reporting_group_id)
    require_single_object(light_curve)
    unflagged = light_curve[int_array(light_curve, "quality") == 0]
    rows = unflagged[np.argsort(mjd_values(unflagged), kind="stable")]
    detections = _select_detections(rows, since)
    discovery = detections[:1]
    _warn_isolated(detections)
    position = _detected_position(detections) if coord is None else _check_coord(coord)
    report = {
        "ra": {"value": f"{position.ra.deg:.6f}", "error": "", "units": "arcsec"},
        "dec": {"value": f"{position.dec.deg:.6f}", "error": "", "units": "arcsec"},
        "reporting_group_id": str(reporting_group_id),
        "discovery_data_source_id": ATLAS_DATA_SOURCE,
        "reporter": reporter,
        "discovery_datetime": _format_date(discovery),
        "internal_name": light_curve.meta.get("name") or "",
        "non_detection": _last_non_detection(rows, discovery),
        "photometry": {"photometry_group": {"0": _discovery_photometry(discovery)}},
    }
    user_fields = {key: str(value) for key, value in fields.items() if value is not None}
    return {"at_report": {"0": report | user_fields}}


def _check_reporter(reporter, reporting_group_id):
    """Raise an error if the names of who reports are invalid."""
    if not isinstance(reporter, str) or not reporter.strip():
        raise InvalidInputError(f"`reporter` must be a string that is not empty, got {abbreviate(reporter)}.")
    if isinstance(reporting_group_id, bool) or not str(reporting_group_id).isdecimal():
        raise InvalidInputError(
            f"`reporting_group_id` must be the number of a group of the TNS, got {abbreviate(reporting_group_id)}.",
            hint="ATLAS is group 18.",
        )


def _select_detections(rows, since):
    """Return the detections with a magnitude from ``since`` on, at least one."""
    detections = rows[is_detected(rows)]
    if (bound := check_since(since)) is not None:
        detections = detections[mjd_values(detections) >= bound.mjd]
    if not len(detections):
        raise InvalidInputError("The light curve must have a detection with a magnitude to report, got none.")
    return detections


def _warn_isolated(detections):
    is_isolated, _ = find_isolated(mjd_values(detections))
    if is_isolated[0]:
        first_other = detections[~is_isolated][:1]
        warn_user(
            f"The discovery, {_format_date(detections[:1])}, is isolated: the other detections begin "
            f"{_format_date(first_other)}. If it is not of this object, flag it or pass a later since=.",
            DataQualityWarning,
        )


def _check_coord(coord):
    if not isinstance(coord, SkyCoord) or not coord.isscalar:
        raise InvalidTypeError(f"`coord` must be a single SkyCoord, got {abbreviate(coord)}.")
    return coord.icrs


def _detected_position(detections):
    position = median_position(detections)
    if position is None:
        raise InvalidInputError(
            "Cannot determine the position: the detections have no `ra` and `dec`.", hint="Pass coord=."
        )
    return SkyCoord(*position, unit=u.deg)


def _last_non_detection(rows, discovery):
    """Return the last limit before the discovery that the TNS has codes for, or the remark that there is none."""
    limits = rows[(row_kinds(rows) == "limit") & (rows.time < discovery.time[0])]
    limits = limits[~np.isnan(float_array(limits, "limit"))]
    if not len(limits):
        return {"archiveid": "0", "archival_remarks": "No earlier ATLAS exposure"}
    bands, sites = string_array(limits, "band"), string_array(limits, "site")
    has_codes = np.isin(bands, list(FILTER_CODES)) & np.isin(sites, list(INSTRUMENT_CODES))
    last = (limits[has_codes] if has_codes.any() else limits)[-1:]
    limit = f"{float_array(last, 'limit')[0]:.2f}"
    return _exposure_fields(last) | {"limiting_flux": limit, "archiveid": "", "archival_remarks": ""}


def _discovery_photometry(discovery):
    mag, mag_err, limit = (float_array(discovery, name)[0] for name in ("mag", "mag_err", "limit"))
    if np.isnan(mag) or np.isnan(mag_err):
        raise InvalidInputError(
            f"The first detection ({_format_date(discovery)}) must have `mag` and `mag_err`, got none.",
            hint="Flag that row, or pass a later since=.",
        )
    return _exposure_fields(discovery) | {
        "flux": f"{mag:.3f}",
        "flux_error": f"{mag_err:.3f}",
        "limiting_flux": "" if np.isnan(limit) else f"{limit:.2f}",
    }


def _exposure_fields(row):
    """Return the fields of the report that describe one exposure."""
    band, site = (string_array(row, name).tolist()[0] for name in ("band", "site"))
    if band not in FILTER_CODES or site not in INSTRUMENT_CODES:
        raise InvalidInputError(
            f"Cannot report band {band!r} at site {site!r}: the TNS has codes only for bands {', '.join(FILTER_CODES)} "
            f"at sites {', '.join(INSTRUMENT_CODES)}."
        )
    exptime = float_array(row, "exptime")[0]
    return {
        "obsdate": _format_date(row),
        "flux_units": AB_MAG_UNIT,
        "filter_value": FILTER_CODES[band],
        "instrument_value": INSTRUMENT_CODES[site],
        "exptime": "" if np.isnan(exptime) else f"{exptime:g}",
        "observer": "",
        "comments": "",
    }


def _format_date(row):
    return row.time[0].utc.iso
