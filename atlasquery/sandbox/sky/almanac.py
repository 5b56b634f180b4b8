# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sun, Moon and sidereal time to a few tenths of a degree: enough to plan a survey, and quick.

The formulas are the low-precision ones of the Astronomical Almanac (pages C5 and D22): the Sun to 0.01 degree, the Moon
to 0.3 degree. They need neither ephemerides nor Earth-rotation tables, which would have to be downloaded.
"""

import numpy as np

__all__ = ["elevation", "moon", "separation", "sidereal", "sun"]

_J2000_MJD = 51544.5
_OBLIQUITY = np.radians(23.439)


def _equatorial(longitude, latitude):
    """Turn ecliptic coordinates (radians) into right ascension and declination (degrees)."""
    x = np.cos(latitude) * np.cos(longitude)
    y = np.cos(latitude) * np.sin(longitude)
    z = np.sin(latitude)
    north = np.sin(_OBLIQUITY) * y + np.cos(_OBLIQUITY) * z
    east = np.cos(_OBLIQUITY) * y - np.sin(_OBLIQUITY) * z
    return np.degrees(np.arctan2(east, x)) % 360.0, np.degrees(np.arcsin(north))


def _sun_longitude(mjd):
    days = np.asarray(mjd) - _J2000_MJD
    anomaly = np.radians(357.528 + 0.9856003 * days)
    return np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))


def sun(mjd):
    """Where the Sun is.

    Parameters
    ----------
    mjd : array_like
        Time [days].

    Returns
    -------
    tuple of `~numpy.ndarray`
        Right ascension and declination [deg].

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import sun
    >>> ra, dec = sun(58290.42)  # the June solstice of 2018
    >>> round(float(ra)), round(float(dec), 1)
    (90, 23.4)
    """
    return _equatorial(_sun_longitude(mjd), 0.0)


def moon(mjd):
    """Where the Moon is and how much of it is lit.

    Parameters
    ----------
    mjd : array_like
        Time [days].

    Returns
    -------
    tuple of `~numpy.ndarray`
        Right ascension and declination [deg], the lit fraction (0 to 1), and the age [days] counted from the nearest
        new Moon (-14.8 to 14.8).

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import moon
    >>> print(f"{float(moon(58326.85)[2]):.2f}")  # the total eclipse of 27 July 2018
    1.00
    """
    centuries = (np.asarray(mjd) - _J2000_MJD) / 36525.0

    def term(amplitude, phase, rate):
        return amplitude * np.sin(np.radians(phase + rate * centuries))

    longitude = 218.32 + 481267.881 * centuries + term(6.29, 135.0, 477198.87) + term(-1.27, 259.3, -413335.36)
    longitude = longitude + term(0.66, 235.7, 890534.22) + term(0.21, 269.9, 954397.74) + term(-0.19, 357.5, 35999.05)
    latitude = term(5.13, 93.3, 483202.02) + term(0.28, 228.2, 960400.89) + term(-0.28, 318.3, 6003.15)
    longitude, latitude = np.radians(longitude), np.radians(latitude)
    ahead = longitude - _sun_longitude(mjd)
    lit = (1.0 - np.cos(ahead) * np.cos(latitude)) / 2.0
    age = (np.degrees(ahead) + 180.0) % 360.0 - 180.0
    return *_equatorial(longitude, latitude), lit, age / 360.0 * 29.53


def sidereal(mjd, longitude):
    """Local mean sidereal time.

    Parameters
    ----------
    mjd : array_like
        Time, UT1 taken as UTC [days].
    longitude : array_like
        East longitude [deg].

    Returns
    -------
    `~numpy.ndarray`
        The right ascension on the meridian [deg].

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import sidereal
    >>> round(float(sidereal(51544.5, 0.0)), 2)
    280.46
    """
    return (280.46061837 + 360.98564736629 * (np.asarray(mjd) - _J2000_MJD) + longitude) % 360.0


def elevation(hour_angle, dec, latitude):
    """Height above the horizon.

    Parameters
    ----------
    hour_angle, dec, latitude : array_like
        In degrees.

    Returns
    -------
    `~numpy.ndarray`
        The height [deg].

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import elevation
    >>> round(float(elevation(0.0, -10.0, 20.0)), 6)
    60.0
    """
    hour_angle, dec, latitude = np.radians(hour_angle), np.radians(dec), np.radians(latitude)
    sine = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour_angle)
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))


def separation(ra, dec, other_ra, other_dec):
    """Angle between two directions (the haversine formula, exact for small angles too).

    Parameters
    ----------
    ra, dec, other_ra, other_dec : array_like
        In degrees.

    Returns
    -------
    `~numpy.ndarray`
        The angle [deg].

    Examples
    --------
    >>> from atlasquery.sandbox.sky.almanac import separation
    >>> round(float(separation(359.5, 0.0, 0.5, 0.0)), 6)
    1.0
    """
    half_ra = np.radians(np.subtract(other_ra, ra)) / 2.0
    half_dec = np.radians(np.subtract(other_dec, dec)) / 2.0
    cosines = np.cos(np.radians(dec)) * np.cos(np.radians(other_dec))
    chord = np.sin(half_dec) ** 2 + cosines * np.sin(half_ra) ** 2
    return np.degrees(2.0 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))
