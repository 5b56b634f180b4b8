# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Previews: JPEG images in grey."""

import io

import numpy as np
from PIL import Image

__all__ = ["make_preview"]

ZOOM = 8  # pixels of the JPEG for one of the image


def make_preview(pixels):
    """Return the JPEG of an image, from its faintest pixel in black to its brightest in white."""
    low, high = float(np.min(pixels)), float(np.max(pixels))
    grey = np.round(255 * (pixels - low) / (high - low or 1)).astype(np.uint8)[::-1]  # the lowest row is the last
    content = io.BytesIO()
    Image.fromarray(np.kron(grey, np.ones((ZOOM, ZOOM), dtype=np.uint8))).save(content, format="JPEG", quality=95)
    return content.getvalue()
