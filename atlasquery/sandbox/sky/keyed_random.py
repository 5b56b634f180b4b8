# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Random numbers that are a pure function of their keys.

A value is computed from its keys (seed, object, exposure) and its purpose, not drawn from a stream. It does not depend
on how many others were drawn before, so that a row cannot change when another is added. The purpose strings and the
order of the keys belong to the sky: a change of either changes the rows.
"""

import zlib

import numpy as np

__all__ = ["KeyedRandom"]

_KEY_INCREMENT = np.uint64(0x9E3779B97F4A7C15)
_SHIFTS_AND_FACTORS = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST_SHIFT = np.uint64(31)
_DROPPED_BITS = np.uint64(11)


def _mix_bits(word):
    """Scramble 64-bit words: the output function of SplitMix64 (Steele, Lea & Flood 2014)."""
    for shift, factor in _SHIFTS_AND_FACTORS:
        word = (word ^ (word >> shift)) * factor
    return word ^ (word >> _LAST_SHIFT)


class KeyedRandom:
    """Random values that depend only on the given keys.

    Parameters
    ----------
    *keys : int or array_like of int
        For example a seed and an array of object keys. They are broadcast; each method returns one value for each.

    Examples
    --------
    >>> from atlasquery.sandbox.sky.keyed_random import KeyedRandom
    >>> pair, single = KeyedRandom(1, [7, 8]).uniform("phase"), KeyedRandom(1, [8]).uniform("phase")
    >>> bool(pair[1] == single[0])
    True
    """

    def __init__(self, *keys):
        # Shape (1,) rather than (): numpy warns when a scalar overflows, and the hash relies on overflow.
        word = np.zeros(1, dtype=np.uint64)
        for key in keys:
            word = _mix_bits(word + _KEY_INCREMENT ^ np.asarray(key, dtype=np.int64).view(np.uint64))
        self._word = word

    def _purpose_words(self, purpose):
        """Return one 64-bit word for each key, independent of those for other purposes."""
        salt = np.uint64(zlib.crc32(purpose.encode()) * 0x9E3779B1 & 0xFFFFFFFFFFFFFFFF)
        return _mix_bits(self._word ^ salt)

    def uniform(self, purpose, low=0.0, high=1.0):
        """Draw floats from a uniform distribution over the open interval from `low` to `high`."""
        fraction = ((self._purpose_words(purpose) >> _DROPPED_BITS).astype(float) + 0.5) * 2.0**-53
        return low + (high - low) * fraction

    def normal(self, purpose):
        """Draw floats from the standard normal distribution (Box & Muller 1958)."""
        word = self._purpose_words(purpose)
        # Two 32-bit halves are enough: the resolution in the tail is finer than any photometric error.
        upper = ((word >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
        lower = (word & np.uint64(0xFFFFFFFF)).astype(float) * (2.0**-32 * 2 * np.pi)
        return np.sqrt(-2.0 * np.log(upper)) * np.cos(lower)

    def integers(self, purpose, high):
        """Draw integers from 0 to ``high - 1``."""
        return np.floor(self.uniform(purpose) * high).astype(np.int64)
