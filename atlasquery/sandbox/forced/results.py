# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text of results: one line an exposure of the sky, as the forced-photometry server writes it."""

import math

import numpy as np

__all__ = ["HEADER", "damaged_result", "format_result", "has_rows", "is_parsable"]

DIAGNOSTICS = "Error: could not open image 02a59100o0400o"
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


def damaged_result(text, fault):
    """Return the content of a file with the damage of a fault, None for none."""
    header, *rows = text.splitlines()
    if fault is None:
        return text
    if fault.kind == "task_diagnostics":
        lines = [DIAGNOSTICS, header, *rows]
    elif fault.kind == "task_no_rows":
        lines = [DIAGNOSTICS, header]
    else:
        lines = [header, *rows, f"{DIAGNOSTICS} " * 4]
    return "\n".join([*lines, ""])


def has_rows(text):
    """Return whether the server takes a file for one with rows: it counts lines, whatever is in them."""
    return sum(bool(line.strip()) for line in text.splitlines()) > 1


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
