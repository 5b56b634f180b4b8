# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text of results: one line an exposure of the sky, as the forced-photometry server writes it."""

import math

import numpy as np

__all__ = ["HEADER", "format_result", "has_rows", "is_parsable"]

HEADER = (
    "###MJD          m      dm   uJy   duJy F err chi/N     RA       Dec        x        y     maj  min   phi  apfit "
    "mag5sig Sky   Obs"
)


def format_result(measurements):
    """Return the content of a file with these measurements, a `~atlasquery.sandbox.sky.sky.ForcedMeasurements`."""
    columns = (np.asarray(values).tolist() for values in measurements.columns().values())
    return "\n".join([HEADER, *(_format_row(*row) for row in zip(*columns, strict=True)), ""])


def _format_row(mjd, flux, error, band, chi, ra, dec, x, y, major, minor, phi, apfit, limit, sky, name):
    flux, error = round(flux), max(round(error), 1)  # whole uJy, as the server prints them
    mag = math.copysign(23.9 - 2.5 * math.log10(abs(flux)), flux) if flux else 0.0
    mag_err = error / abs(flux) if flux else 0.0
    return (
        f"{mjd:12.6f} {mag:7.3f} {min(mag_err, 99.999):6.3f} {flux:5d} {error:4d} {band}  0 {chi:7.2f} {ra:9.5f} "
        f"{dec:+9.5f} {x:8.2f} {y:8.2f} {major:4.2f} {minor:4.2f} {phi:5.1f} {apfit:6.3f} {limit:5.2f} {sky:5.2f} "
        f"{name}"
    )


def has_rows(text):
    """Return whether the server finds rows below the header."""
    return any(not line.startswith("#") for line in text.splitlines()[1:] if line.strip())


def is_parsable(text):
    """Return whether no line below a row has more words than the header."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    n_words = next((len(words) for words in lines if words[0].startswith("###")), 0)
    below = False
    for words in lines:
        if below and len(words) > n_words:
            return False
        below |= len(words) == n_words and not words[0].startswith("#")
    return True
