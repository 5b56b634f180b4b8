# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Previews: JPEG images in grey, written without a library for images.

Each pixel becomes a square of 8 x 8 of one grey, so that a block of the JPEG is its mean alone.
"""

import struct

import numpy as np

__all__ = ["make_preview"]

BLOCK = 8  # pixels of the JPEG
N_BITS = 4  # of the code of each length: nine lengths, 0 to 8
N_LENGTHS = 9


def make_preview(pixels):
    """Return the JPEG of an image, from its faintest pixel in black to its brightest in white."""
    low, high = float(np.min(pixels)), float(np.max(pixels))
    grey = np.round(255 * (pixels - low) / (high - low or 1)).astype(int) - 128
    height, width = (BLOCK * n for n in grey.shape)
    segments = (
        (0xDB, bytes([0, *[BLOCK] * 64])),  # with a divisor of 8 the coefficient of a block is its grey
        (0xC0, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0)),
        (0xC4, bytes([0x00, *(N_LENGTHS if n == N_BITS else 0 for n in range(1, 17)), *range(N_LENGTHS)])),
        (0xC4, bytes([0x10, 1, *[0] * 15, 0])),  # one code: the end of a block
        (0xDA, bytes([1, 1, 0x00, 0, 63, 0])),
    )
    head = b"".join(struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data for kind, data in segments)
    return b"\xff\xd8" + head + _encode(grey[::-1].ravel()) + b"\xff\xd9"  # the first row is the lowest on the sky


def _encode(values):
    """Return the coded blocks: the difference of each to the one before, and the end of the block."""
    bits = "".join(_code(int(difference)) + "0" for difference in np.diff(values, prepend=0))
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")


def _code(difference):
    """Return the bits of a number: how many it has, and then these, of a negative one the complement."""
    length = abs(difference).bit_length()
    bits = difference if difference >= 0 else difference + 2**length - 1
    return f"{length:0{N_BITS}b}" + (f"{bits:0{length}b}" if length else "")
