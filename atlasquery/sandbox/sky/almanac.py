# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sun, Moon and sidereal time to a few tenths of a degree: enough to plan a survey, and fast.

The formulas are the low-precision ones of the Astronomical Almanac (pages C5 and D22): the Sun to 0.01 degree, the Moon
to 0.3 degree. They need no ephemerides or Earth-rotation tables, which would have to be downloaded.
"""

import numpy as np

__all__ = ["altitude", "moon_position", "separation", "sidereal_time", "sun_position"]

_J2000_MJD = 51544.5
_OBLIQUITY = np.radians(23.439)


def _ecliptic_to_equatorial(longitude, latitude):
    """Convert ecliptic coordinates [rad] to right ascension and declination [deg]."""
    x = np.cos(latitude) * np.cos(longitude)
    y = np.cos(latitude) * np.sin(longitude)
    z = np.sin(latitude)
    sin_dec = np.sin(_OBLIQUITY) * y + np.cos(_OBLIQUITY) * z
    sin_ra_term = np.cos(_OBLIQUITY) * y - np.sin(_OBLIQUITY) * z
    return np.degrees(np.arctan2(sin_ra_term, x)) % 360.0, np.degrees(np.arcsin(sin_dec))


def _sun_longitude(mjd):
    days = np.asarray(mjd) - _J2000_MJD
    mean_anomaly = np.radians(357.528 + 0.9856003 * days)
    return np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(mean_anomaly) + 0.020 * np.sin(2 * mean_anomaly))


def sun_position(mjd):
    """Return right ascension and declination of the Sun [deg] at a time (MJD).

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import sun_position
    >>> ra, dec = sun_position(58290.42)  # the June solstice of 2018
    >>> round(float(ra)), round(float(dec), 1)
    (90, 23.4)
    """
    return _ecliptic_to_equatorial(_sun_longitude(mjd), 0.0)


def moon_position(mjd):
    """Return right ascension and declination [deg], lit fraction and age of the Moon at a time (MJD).

    The age [days] counts from the nearest new Moon: -14.8 to 14.8.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import moon_position
    >>> print(f"{float(moon_position(58326.85)[2]):.2f}")  # the total eclipse of 27 July 2018
    1.00
    """
    centuries = (np.asarray(mjd) - _J2000_MJD) / 36525.0

    def term(amplitude, phase, rate):
        return amplitude * np.sin(np.radians(phase + rate * centuries))

    longitude = 218.32 + 481267.881 * centuries + term(6.29, 135.0, 477198.87) + term(-1.27, 259.3, -413335.36)
    longitude = longitude + term(0.66, 235.7, 890534.22) + term(0.21, 269.9, 954397.74) + term(-0.19, 357.5, 35999.05)
    latitude = term(5.13, 93.3, 483202.02) + term(0.28, 228.2, 960400.89) + term(-0.28, 318.3, 6003.15)
    longitude, latitude = np.radians(longitude), np.radians(latitude)
    elongation = longitude - _sun_longitude(mjd)
    lit_fraction = (1.0 - np.cos(elongation) * np.cos(latitude)) / 2.0
    age = (np.degrees(elongation) + 180.0) % 360.0 - 180.0
    return *_ecliptic_to_equatorial(longitude, latitude), lit_fraction, age / 360.0 * 29.53


def sidereal_time(mjd, longitude):
    """Return the local mean sidereal time [deg] at an MJD (UT1 taken as UTC) and an east longitude [deg].

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import sidereal_time
    >>> round(float(sidereal_time(51544.5, 0.0)), 2)
    280.46
    """
    return (280.46061837 + 360.98564736629 * (np.asarray(mjd) - _J2000_MJD) + longitude) % 360.0


def altitude(hour_angle, dec, latitude):
    """Return the altitude above the horizon; all angles in degrees.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import altitude
    >>> round(float(altitude(0.0, -10.0, 20.0)), 6)
    60.0
    """
    hour_angle, dec, latitude = np.radians(hour_angle), np.radians(dec), np.radians(latitude)
    sin_altitude = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour_angle)
    return np.degrees(np.arcsin(np.clip(sin_altitude, -1.0, 1.0)))


def separation(ra, dec, other_ra, other_dec):
    """Return the angle between two directions by the haversine formula; all angles in degrees.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import separation
    >>> round(float(separation(359.5, 0.0, 0.5, 0.0)), 6)
    1.0
    """
    half_ra = np.radians(np.subtract(other_ra, ra)) / 2.0
    half_dec = np.radians(np.subtract(other_dec, dec)) / 2.0
    cos_product = np.cos(np.radians(dec)) * np.cos(np.radians(other_dec))
    haversine = np.sin(half_dec) ** 2 + cos_product * np.sin(half_ra) ** 2
    return np.degrees(2.0 * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))
