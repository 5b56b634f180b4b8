# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Random numbers that are a pure function of what they belong to.

A value is drawn from the *names* of the thing (seed, object, exposure, purpose) instead of from a stream, so that it
does not depend on how many others were drawn before: a row cannot change because another one was added.
"""

import zlib

import numpy as np

__all__ = ["Chance"]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST_SHIFT = np.uint64(31)
_DROPPED_BITS = np.uint64(11)


def _mixed(word):
    """Scramble 64-bit words: the output function of SplitMix64 (Steele, Lea & Flood 2014)."""
    for shift, factor in _MIXERS:
        word = (word ^ (word >> shift)) * factor
    return word ^ (word >> _LAST_SHIFT)


class Chance:
    """Random values that belong to the given keys.

    Parameters
    ----------
    *keys : int or array_like of int
        What the values belong to, for example a seed and an array of object ids. They are broadcast.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.keyed_random import Chance
    >>> both, one = Chance(1, [7, 8]).uniform("phase"), Chance(1, [8]).uniform("phase")
    >>> bool(both[1] == one[0])
    True
    """

    def __init__(self, *keys):
        # A word of shape (1,) rather than (): numpy warns when a *scalar* overflows, and overflow is the method here.
        word = np.zeros(1, dtype=np.uint64)
        for key in keys:
            word = _mixed(word + _STEP ^ np.asarray(key, dtype=np.int64).view(np.uint64))
        self._word = word

    def _words(self, purpose):
        salt = np.uint64(zlib.crc32(purpose.encode()) * 0x9E3779B1 & 0xFFFFFFFFFFFFFFFF)
        return _mixed(self._word ^ salt)

    def uniform(self, purpose, low=0.0, high=1.0):
        """Draw from a uniform distribution.

        Parameters
        ----------
        purpose : str
            What the value is for; another purpose gives an independent value.
        low, high : float or array_like
            The open interval.

        Returns
        -------
        `~numpy.ndarray` of float
            One value for each key.
        """
        fraction = ((self._words(purpose) >> _DROPPED_BITS).astype(float) + 0.5) * 2.0**-53
        return low + (high - low) * fraction

    def normal(self, purpose):
        """Draw from the standard normal distribution (Box & Muller 1958).

        Parameters
        ----------
        purpose : str
            What the value is for.

        Returns
        -------
        `~numpy.ndarray` of float
            One value for each key.
        """
        word = self._words(purpose)
        # Two 32-bit halves suffice: the resolution in the tail stays finer than any photometric error.
        upper = ((word >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
        lower = (word & np.uint64(0xFFFFFFFF)).astype(float) * (2.0**-32 * 2 * np.pi)
        return np.sqrt(-2.0 * np.log(upper)) * np.cos(lower)

    def integer(self, purpose, high):
        """Draw whole numbers from 0 to ``high - 1``.

        Parameters
        ----------
        purpose : str
            What the value is for.
        high : int or array_like of int
            How many values there are.

        Returns
        -------
        `~numpy.ndarray` of int
            One value for each key.
        """
        return np.floor(self.uniform(purpose) * high).astype(np.int64)
