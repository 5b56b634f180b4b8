# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text of results: one line an exposure of the sky, as the forced-photometry server writes it."""

import math

import numpy as np

__all__ = ["HEADER", "damaged_result", "format_result", "has_rows", "is_parsable", "parse_rows"]

DIAGNOSTICS = "Error: could not open image 02a59100o0400o"
CAMERA_ANGLE = 180.0  # deg, of all cameras of the sandbox
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
    if fault is None or fault.kind not in DAMAGES:
        return text
    header, *rows = text.splitlines()
    return "\n".join([*DAMAGES[fault.kind](header, rows), ""])


def _insert_angle(row):
    before, sky, name = row.rsplit(maxsplit=2)
    return f"{before} {CAMERA_ANGLE:7.3f} {sky} {name}"


# Kind of fault: the lines of the file.
DAMAGES = {
    "task_diagnostics": lambda header, rows: [DIAGNOSTICS, header, *rows],
    "task_diagnostics_below": lambda header, rows: [header, DIAGNOSTICS, *rows],
    "task_no_rows": lambda header, rows: [DIAGNOSTICS, header],
    "task_long_line": lambda header, rows: [header, *rows, f"{DIAGNOSTICS} " * 4],
    "task_empty_file": lambda header, rows: [],
    # The limit and the sky brightness stand below other names.
    "task_older_header": lambda header, rows: [header.replace("mag5sig Sky  ", "  Sky   ZP  "), *rows],
    "task_pa_deg": lambda header, rows: [header.replace(" Sky ", " PA_DEG  Sky "), *map(_insert_angle, rows)],
}


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


def parse_rows(text):
    """Return the rows of a file, dicts of words by the names of the header; lines of diagnostics are none."""
    names, rows = None, []
    for words in (line.split() for line in text.splitlines()):
        if words and words[0].startswith("###"):
            names = [word.strip("#") for word in words]
        elif names and len(words) == len(names):
            rows.append(dict(zip(names, words, strict=True)))
    return rows
