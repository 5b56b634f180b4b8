# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whether the positions of the rows of a light curve can be those of one object.

Solar-system objects move, so positions may differ, but not those of one exposure, nor faster than any object moves, and
no object that moves returns.
"""

import numpy as np
from astropy.coordinates import angular_separation

from atlasquery.lightcurve.arrays import column_mask, float_array, plain_array, string_array
from atlasquery.lightcurve.position import median_of
from atlasquery.lightcurve.times import MJD, time_axis

__all__ = ["two_positions"]

# Detections are up to 3.5 arcsec from their object, so two of one exposure are up to 7 arcsec apart.
MAX_SEPARATION = 8.0  # arcsec
MAX_FORCED_SEPARATION = 1.0  # arcsec; forced photometry of one exposure has one position for each service
MAX_SPEED = 100 * 3600.0  # arcsec a day; asteroids that pass the Earth closely are slower
# Slow objects stay in a place for days where their motion turns, and cross their own path once, weeks later.
PLACE_SIZE = 2.0  # arcsec
MAX_STAY = 10.0  # days
MAX_NIGHTS = 2  # in a place to which an object returns
NO_RETURN = 1.0  # days


def two_positions(light_curve):
    """Return in words how positions differ that one object cannot have; None if there are none."""
    if not {"ra", "dec"} <= set(light_curve.colnames) or time_axis(light_curve) is not MJD:
        return None
    position = np.radians([float_array(light_curve, "ra"), float_array(light_curve, "dec")])
    known = np.flatnonzero(np.isfinite(position.sum(axis=0)) & ~column_mask(light_curve.time))
    position = position[:, known]
    groups = _groups(light_curve)[known]
    if _are_close(position, groups):
        return None
    mjd, names = plain_array(light_curve.time.mjd)[known], string_array(light_curve, "expname")[known]
    if (separation := _largest_of_one_exposure(position, mjd, names, groups)) > 0:
        return f"two positions at one time, {separation:.3g} arcsec apart"
    if (separation := _largest_from_a_place(position, mjd)) > 0:
        return f"two positions that alternate, {separation:.3g} arcsec apart"
    return None


def _groups(light_curve):
    """Return the groups of rows that have one position an exposure; an empty string for others."""
    is_forced = string_array(light_curve, "kind") == "forced"
    if "service" not in light_curve.colnames:
        return np.where(is_forced, "forced", "")
    return np.where(is_forced, np.char.add("forced ", string_array(light_curve, "service")), "")


def _are_close(position, groups):
    """Return whether the positions are so close together that those of any two rows can be of one object."""
    if not position.size:
        return True
    centre = np.radians(median_of(*np.degrees(position)))[:, np.newaxis]
    if _separations(position, centre).max() > MAX_SEPARATION / 2:
        return False
    forced = (position[:, groups == group] for group in set(groups.tolist()) - {""})
    return all(_separations(rows, rows[:, [0]]).max() <= MAX_FORCED_SEPARATION / 2 for rows in forced)


def _separations(position, other):
    """Return angular separations in arcsec of positions in radians."""
    return np.degrees(angular_separation(*position, *other)) * 3600


def _largest_of_one_exposure(position, mjd, names, groups):
    """Return the largest separation of a row from the next one of its exposure, or in time, that is not possible."""
    excess = []
    for group in {"", *groups.tolist()}:
        rows = np.flatnonzero((groups == group) | (group == ""))  # "" stands for all rows
        limit = MAX_FORCED_SEPARATION if group else MAX_SEPARATION
        by_time = rows[np.argsort(mjd[rows], kind="stable")]
        by_name = rows[np.argsort(names[rows], kind="stable")]
        excess.append(_excess(position, mjd, by_time, limit))
        is_same = (names[by_name[1:]] == names[by_name[:-1]]) & (names[by_name[1:]] != "")
        separation = _separations(position[:, by_name[1:]], position[:, by_name[:-1]])
        excess.append(separation[is_same & (separation > limit)].max(initial=0))
    return max(excess)


def _excess(position, mjd, order, limit):
    """Return the largest separation of a row from the next one in time that is faster than any object moves."""
    separation = _separations(position[:, order[1:]], position[:, order[:-1]])
    return separation[separation > np.maximum(limit, np.diff(mjd[order]) * MAX_SPEED)].max(initial=0)


def _largest_from_a_place(position, mjd):
    """Return the largest separation of a row from a place to which others return; 0 if there is no such place."""
    ra, dec = np.degrees(position) * 3600
    cells = np.column_stack([np.round(ra * np.cos(position[1].mean()) / PLACE_SIZE), np.round(dec / PLACE_SIZE)])
    places, place = np.unique(cells, axis=0, return_inverse=True)
    place = place.reshape(-1)
    order = np.lexsort((mjd, place))
    starts = np.searchsorted(place[order], np.arange(len(places)))
    for rows in np.split(order, starts[1:]):
        if len(rows) < 2:
            continue
        times = mjd[rows]
        is_other = _separations(position, position[:, rows[:1]]) > MAX_SEPARATION
        if is_other.any() and _is_returning(times, mjd[is_other]):
            return float(_separations(position, position[:, rows[:1]])[is_other].max())
    return 0.0


def _is_returning(times, others):
    """Return whether rows of one place have rows elsewhere between them that no moving object has."""
    if np.ptp(times) > MAX_STAY and len(np.unique(np.floor(times))) > MAX_NIGHTS:
        return True
    between = np.searchsorted(np.sort(others), times)
    return bool(((np.diff(between) > 0) & (np.diff(times) < NO_RETURN)).any())
