# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Content of files, their compression and their format."""

import gzip
from pathlib import Path

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.io.atlas_forced import is_forced_text
from atlasquery.lightcurve.io.errors import unreadable_file, wrap_reader_errors
from atlasquery.lightcurve.io.snana import is_snana_text

__all__ = ["check_compression", "format_by_content", "format_by_name", "read_bytes", "read_text", "write_content"]

SUFFIX_FORMATS = {
    ".ecsv": "ascii.ecsv",
    ".fits": "fits",
    ".fit": "fits",
    ".vot": "votable",
    ".votable": "votable",
    ".xml": "votable",
    ".parquet": "parquet",
    ".h5": "hdf5",
    ".hdf5": "hdf5",
    ".csv": "ascii.csv",
}
TEXT_TESTS = {"atlas.forced": is_forced_text, "snana": is_snana_text}
GZIP_MAGIC = b"\x1f\x8b"
BOM = "\ufeff"  # byte order mark, which some editors put at the beginning
COMPRESSIONS = (".gz", ".bz2", ".xz", ".lzma", ".z", ".zip", ".zst")


def read_bytes(file):
    """Return the content of a file or an open file, decompressed if it is compressed with gzip."""
    content = file.read() if hasattr(file, "read") else Path(file).expanduser().read_bytes()
    return gzip.decompress(content) if content[:2] == GZIP_MAGIC else content


def read_text(file, errors="strict"):
    """Return the content of a file or an open file as a string, decompressed if it is compressed with gzip."""
    content = read_bytes(file)
    return content.removeprefix(BOM) if isinstance(content, str) else content.decode("utf-8-sig", errors)


def write_content(file, content, *, overwrite=False):
    """Write a string or bytes to an open file, or to a file that is compressed if its name ends in ``.gz``."""
    if hasattr(file, "write"):
        file.write(content)
        return
    _check_overwrite(file, overwrite)
    path = Path(file).expanduser()
    content = content.encode("utf-8") if isinstance(content, str) else content
    path.write_bytes(gzip.compress(content) if path.suffix.lower() == ".gz" else content)


def check_compression(file, *, allowed=".gz"):
    """Raise an error if the name of a file ends in a compression that is not available."""
    suffix = "" if hasattr(file, "write") else Path(file).suffix.lower()
    if suffix != allowed and suffix in COMPRESSIONS:
        choice = f"use {allowed!r} or no compression" if allowed else "use no compression with this format"
        raise InvalidInputError(f"Cannot write {suffix!r} files, got {file}; {choice}.")


def _check_overwrite(file, overwrite):
    if not overwrite and Path(file).expanduser().exists():
        raise OSError(f"File {file} already exists. If you mean to replace it then use the argument overwrite=True.")


def format_by_name(file):
    """Return the format that the suffix of a file belongs to, None if it is unknown or the file is open."""
    if hasattr(file, "read") or hasattr(file, "write"):
        return None
    suffixes = [suffix.lower() for suffix in Path(file).suffixes if suffix.lower() not in COMPRESSIONS]
    return SUFFIX_FORMATS.get(suffixes[-1]) if suffixes else None


def format_by_content(file):
    """Return the format of a text file by its column names or header, None if it is unknown or the file is open."""
    if hasattr(file, "read"):
        return None
    with wrap_reader_errors(file, "text"):
        text = read_text(file, errors="replace")
    if not text.strip():
        raise unreadable_file(file, "the file must have content, got an empty file.")
    return next((format for format, is_format in TEXT_TESTS.items() if is_format(text)), None)
