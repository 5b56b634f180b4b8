# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Images of exposures around a position: a star of the measured flux, and noise."""

import io
import zipfile
import zlib

import numpy as np
from astropy.io import fits

__all__ = ["MAX_IMAGES", "make_cutout", "make_stack", "make_zip"]

MAX_IMAGES = 20  # in a zip; the real server gives up to 1000
SIZE = 21  # pixels
STACK_SIZE = 61  # pixels
PIXEL = 1.86  # arcsec
PIXELS_OF_FWHM = 2.3548  # a sigma of a Gaussian has 1 / 2.3548 of them


def make_cutout(row):
    """Return the pixels around the position of a row, in uJy; its star is in the middle."""
    y, x = np.indices((SIZE, SIZE)) - SIZE // 2
    sigma = float(row["maj"]) / PIXELS_OF_FWHM
    profile = np.exp(-(x**2 + y**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)
    # The error of the flux of a star on noise of one pixel.
    noise = float(row["duJy"]) / (2 * sigma * np.sqrt(np.pi))
    return float(row["uJy"]) * profile + noise * _random(row["Obs"], (SIZE, SIZE))


def make_zip(rows):
    """Return a zip with a FITS file an exposure, at most `MAX_IMAGES`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows[:MAX_IMAGES]:
            archive.writestr(f"{row['Obs']}.fits", _to_fits(make_cutout(row), _wcs_header(row)))
    return content.getvalue()


def make_stack(name):
    """Return a FITS file around a moving object, which this sky does not have: noise alone."""
    return _to_fits(_random(name, (STACK_SIZE, STACK_SIZE)), {"OBJECT": name})


def _random(name, shape):
    """Return normal deviates that are always those of a name."""
    return np.random.default_rng(zlib.crc32(name.encode())).standard_normal(shape)


def _wcs_header(row):
    header = {"OBSNAME": row["Obs"], "MJD-OBS": float(row["MJD"]), "FILTER": row["F"], "BUNIT": "uJy"}
    for axis, name, kind, scale in ((1, "RA", "RA---TAN", -PIXEL), (2, "Dec", "DEC--TAN", PIXEL)):
        header |= {f"CTYPE{axis}": kind, f"CRVAL{axis}": float(row[name]), f"CRPIX{axis}": SIZE // 2 + 1.0}
        header |= {f"CDELT{axis}": scale / 3600.0, f"CUNIT{axis}": "deg"}
    return header


def _to_fits(pixels, cards):
    content = io.BytesIO()
    fits.PrimaryHDU(pixels.astype(">f4"), fits.Header(cards)).writeto(content)
    return content.getvalue()
