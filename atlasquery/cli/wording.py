# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`for_command_line`: messages of the package, whose hints name Python calls, in words of the command line."""

from __future__ import annotations

import re

__all__ = ["for_command_line"]

# Patterns and what replaces them, in this order.
_REPLACEMENTS = (
    (r"Call \w+\.(login|logout)\(\)", r"Run `atlasquery \1`"),
    (r"or \w+\.login\(token=\.\.\.\);", "or `atlasquery login --token-stdin`;"),
    (r"\b[A-Z]\w+\.(login|logout)\(\)", r"`atlasquery \1`"),
    (r"list_lists\(\)", "`atlasquery lists`"),
    (r"; for others use CustomList\(number\) or conf\.custom_lists", "; other custom lists are given by number"),
    (r"is CustomList\((\d+)\)", r"is read with --custom \1"),
    (r"with set_detection_list", "in Python, with ATLAS.set_detection_list"),
    (r"\bquery_region\b", "`atlasquery region`"),
    (r"\bquery_list\b", "`atlasquery list`"),
    (r"use SkyCoord\.from_name\(name\)", "`atlasquery object` shows the position of an object"),
    (r"; meta\['missing'\] lists them", ""),
    (r"<CustomList unnamed: (\d+)>", r"list \1"),
    (r"<(?:Detection|Custom)List[. ](\w+): \d+>", r"\1"),
    (r"catalogue\[('\w+')\]\.unit = 'deg'", r"the unit of the column \1 in the file"),
    (r"pass `since`", "use --since"),
    (r"`coordinates`", "POSITION"),
    (r"`(mpc|start|end|timeout|status)`", r"--\1"),
    (r"list_jobs\(\)|ForcedPhotometry\.list_jobs\(\)", "`atlasquery forced-jobs`"),
    (r"`atlasquery login`(?= of the forced)", "`atlasquery login --forced`"),
    (r"`radius`", "RADIUS"),
    (r"`name` must be (a known list|a detection list|a custom list|the name or number)", r"LIST must be \1"),
    (r"`name` must be", "A name must be"),
    (r"`since`", "--since"),
    (r"`catalogue`", "CATALOGUE"),
    (r"`conf\.(\w+)`", r"`\1` in atlasquery.cfg"),
    (r"\bconf\.(\w+)", r"\1 in atlasquery.cfg"),
    (r"`results` of this error has", "The table above has"),
)


def for_command_line(text: str) -> str:
    """Return a message on one line, in words of the command line."""
    for pattern, words in _REPLACEMENTS:
        text = re.sub(pattern, words, text)
    return " ".join(text.split())
