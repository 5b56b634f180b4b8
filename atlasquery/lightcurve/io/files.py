# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Content of files, their compression and their format."""

import bz2
import gzip
import lzma
import os
import re
from pathlib import Path

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.io.atlas_forced import is_forced_text
from atlasquery.lightcurve.io.errors import unreadable_file, wrap_reader_errors
from atlasquery.lightcurve.io.snana import is_snana_text
from atlasquery.lightcurve.io.text_lines import is_number
from atlasquery.utils.text import abbreviate, shorten

__all__ = [
    "check_compression",
    "check_readable",
    "describe_content",
    "format_by_content",
    "format_by_name",
    "read_bytes",
    "read_text",
    "write_content",
]

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
# By the beginning of a file whose name has another suffix.
BINARY_FORMATS = {
    b"# %ECSV": "ascii.ecsv",
    b"SIMPLE  =": "fits",
    b"PAR1": "parquet",
    b"\x89HDF\r\n": "hdf5",
}
TEXT_TESTS = {"atlas.forced": is_forced_text, "snana": is_snana_text}
# By the beginning of compressed files.
DECOMPRESSIONS = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ\x00": lzma.decompress}
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
BOM = "\ufeff"  # byte order mark, which some editors put at the beginning
PAGE = re.compile(r"<(?:!doctype|html|head|body|\?xml)", flags=re.IGNORECASE)
COMPRESSIONS = (".gz", ".bz2", ".xz", ".lzma", ".z", ".zip", ".zst")


def read_bytes(file):
    """Return the content of a file or an open file, decompressed if it is compressed with gzip, bzip2 or xz."""
    content = file.read() if hasattr(file, "read") else Path(file).expanduser().read_bytes()
    if isinstance(content, str):
        return content
    is_start = content.startswith
    return next((decompress for start, decompress in DECOMPRESSIONS.items() if is_start(start)), bytes)(content)


def check_readable(file):
    """Raise an error for what is neither a path nor an open file, such as the text of a file."""
    if hasattr(file, "read"):
        return
    if not isinstance(file, str | os.PathLike):
        raise InvalidTypeError(f"`filename` must be a path or an open file, got {abbreviate(file)}.")
    if "\n" in str(file):
        raise InvalidInputError(
            f"`filename` must be a path or an open file, got {abbreviate(str(file))}.",
            hint="Pass text as io.StringIO(text).",
        )


def read_text(file, errors="strict"):
    """Return the content of a file or an open file as a string, decompressed as `read_bytes` does."""
    content = read_bytes(file)
    return content.removeprefix(BOM) if isinstance(content, str) else _decode(content, errors)


def _decode(content, errors):
    """Return bytes as text: UTF-8, UTF-16 with its mark, or Latin-1, as of editors on Windows."""
    if content.startswith(UTF16_BOMS):
        return content.decode("utf-16", errors)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Any bytes are Latin-1; control characters are of a file that is no text.
        is_text = errors == "strict" and not CONTROL.search(content)
        return content.decode("latin-1") if is_text else content.decode("utf-8-sig", errors)


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
        content = read_bytes(file)
        text = _decode(content, "replace")
    if format := next((format for start, format in BINARY_FORMATS.items() if content.startswith(start)), None):
        return format
    if not text.strip():
        raise unreadable_file(file, "the file must have content, got an empty file.")
    return next((format for format, is_format in TEXT_TESTS.items() if is_format(text)), None)


def describe_content(file):
    """Return what a file that has no known format has in place of a light curve: its first line, or another kind."""
    with wrap_reader_errors(file, "text"):
        text = _decode(read_bytes(file), "replace")
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if PAGE.match(line):
        return f"a page of a website, {shorten(line)!r}"
    if CONTROL.search(line.encode()) or "\ufffd" in line:
        return "a binary file"
    words = re.split(r"[\s,;]+", line)
    kind = "numbers without column names" if is_number(words[0]) and len(words) > 1 else "the first line"
    return f"{kind} {shorten(line)!r}"
