# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of result files, which are the raw output of the server's remote tool."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

import numpy as np

from atlasquery.exceptions import DataQualityWarning, UnreadableAnswerError
from atlasquery.forcedphot.target import ForcedTarget
from atlasquery.utils.text import shorten
from atlasquery.utils.warnings import warn_user

if TYPE_CHECKING:
    from atlasquery.lightcurve import LightCurve

__all__ = ["light_curve_of"]

SERVICE_NAME = "forcedphot"
HEADER = "###MJD m dm uJy duJy F err chi/N RA Dec x y maj min phi apfit mag5sig Sky Obs"
MAX_OFFSET = 1.0  # arcsec between the target and the position of rows
MAX_YEARS = 25.0  # that a star moves, from its epoch to any exposure
MAX_SHOWN = 3


def light_curve_of(
    text: str, target: ForcedTarget, *, images: Literal["difference", "reduced"], url: str | None = None
) -> LightCurve:
    """Return the light curve of a result file; one without rows is empty, with all columns.

    Parameters
    ----------
    text : str
        Content of the file: a header, rows, and lines of diagnostics anywhere.
    target : ForcedTarget
        What was asked for.
    images : {"difference", "reduced"}
        Which images were measured; the file does not say it.
    url : str, optional
        URL of the file.

    Raises
    ------
    UnreadableAnswerError
        If there are rows without a header, a row is invalid, or rows are of another position than the target.

    Warns
    -----
    DataQualityWarning
        If lines below a row are no rows: measurements may be missing.
    """
    from atlasquery.lightcurve import LightCurve
    from atlasquery.lightcurve.columns import COLUMNS

    table, diagnostics, damaged = _split(text, url)
    try:
        light_curve = LightCurve.read(io.StringIO(table), format="atlas.forced", images=images)
    except ValueError as error:
        raise UnreadableAnswerError(f"Cannot read the result of forced photometry: {error}", url=url) from error
    _check_position(light_curve, target, url)
    light_curve["service"] = COLUMNS["service"].decode([SERVICE_NAME] * len(light_curve)).column()
    light_curve.meta.pop("notes", None)
    light_curve.meta |= {"name": target.mpc, "url": url, "diagnostics": diagnostics + damaged}
    if damaged:
        shown = "; ".join(shorten(line) for line in damaged[:MAX_SHOWN])
        warn_user(
            f"{len(damaged)} lines of the result are no measurements and are left out, such as {shown!r}; all are in "
            "meta['diagnostics'].",
            DataQualityWarning,
        )
    return light_curve


def _split(text: str, url: str | None) -> tuple[str, list[str], list[str]]:
    """Return the header with the rows, the lines that are neither above the first row, and those below it."""
    header, rows, diagnostics, damaged = None, [], [], []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if header is None and words[0].lstrip("#") == "MJD":
            header = line
        elif header is not None and len(words) == len(header.split()) and _is_number(words[0]):
            rows.append(line)
        elif rows:
            damaged.append(line)
        else:
            diagnostics.append(line)
    if header is None and any(_is_number(line.split()[0]) for line in diagnostics):
        raise UnreadableAnswerError(
            "The result of forced photometry must have a header, got rows without one.", url=url
        )
    return "\n".join([header or HEADER, *rows, ""]), diagnostics, damaged


def _is_number(word: str) -> bool:
    try:
        return bool(np.isfinite(float(word)))
    except ValueError:
        return False


def _check_position(light_curve: LightCurve, target: ForcedTarget, url: str | None) -> None:
    """Raise an error if rows are of another position: a task can be changed after it was measured."""
    if target.ra is None or target.dec is None or not len(light_curve):
        return
    ra, dec = (light_curve[name].filled(np.nan).value for name in ("ra", "dec"))
    known = np.isfinite(ra + dec)
    east = ((ra - target.ra + 180) % 360 - 180) * np.cos(np.radians(target.dec))
    offset = np.hypot(east, dec - target.dec)[known].max(initial=0) * 3600
    allowed = MAX_OFFSET + np.hypot(target.pm_ra, target.pm_dec) / 1000 * MAX_YEARS
    if offset > allowed:
        raise UnreadableAnswerError(
            f"The rows must be of RA {target.ra:.5f}, Dec {target.dec:+.5f}, got rows {offset:.1f} arcsec from it.",
            url=url,
            hint="The task was changed after it was measured: submit it again.",
        )
