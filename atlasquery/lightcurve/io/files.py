# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Files of text, and which format a file has."""

import gzip
from pathlib import Path

from atlasquery.exceptions import InvalidQueryError
from atlasquery.lightcurve.io.forced import is_forced_text
from atlasquery.lightcurve.io.snana import is_snana_text

__all__ = ["format_by_content", "format_by_name", "read_text", "refuse_to_overwrite", "write_text"]

ENDINGS = {
    ".ecsv": "ascii.ecsv",
    ".fits": "fits",
    ".fit": "fits",
    ".vot": "votable",
    ".votable": "votable",
    ".xml": "votable",
    ".parquet": "parquet",
}
GZIP = b"\x1f\x8b"


def read_text(file):
    """Return the text of a file, which may be compressed with gzip, or of an open one."""
    content = file.read() if hasattr(file, "read") else Path(file).expanduser().read_bytes()
    if isinstance(content, str):
        return content
    return (gzip.decompress(content) if content.startswith(GZIP) else content).decode("utf-8")


def write_text(file, text, *, overwrite=False):
    """Write a text to a file, or to an open one."""
    if hasattr(file, "write"):
        file.write(text)
        return
    refuse_to_overwrite(file, overwrite)
    Path(file).expanduser().write_text(text, encoding="utf-8")


def refuse_to_overwrite(file, overwrite):
    """Raise an `OSError` if the file is there and must stay."""
    if not overwrite and not hasattr(file, "write") and Path(file).expanduser().exists():
        raise OSError(f"File {file} already exists. If you mean to replace it then use the argument overwrite=True.")


def format_by_name(file, known):
    """Return the format that the ending of a file's name stands for, None if it does not tell."""
    if hasattr(file, "read") or hasattr(file, "write"):
        return None
    endings = [ending.lower() for ending in Path(file).suffixes]
    return next((ENDINGS[ending] for ending in reversed(endings) if ENDINGS.get(ending) in known), None)


def format_by_content(file):
    """Return the format of a text file by how it begins."""
    if not hasattr(file, "read"):
        first = next(iter(read_text(file).splitlines()), "")
        if is_forced_text(first):
            return "atlas.forced"
        if is_snana_text(first):
            return "snana"
    raise InvalidQueryError(f"The format of {file} is not clear.", hint="Say it with format=.")
