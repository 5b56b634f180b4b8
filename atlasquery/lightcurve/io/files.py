# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Files of text, and which format a file has."""

import contextlib
import gzip
from pathlib import Path

from atlasquery.exceptions import AtlasQueryError, InvalidInputError, UnreadableFileError
from atlasquery.lightcurve.io.atlas_forced import is_forced_text
from atlasquery.lightcurve.io.snana import is_snana_text

__all__ = [
    "check_compression",
    "file_label",
    "format_by_content",
    "format_by_name",
    "read_bytes",
    "read_text",
    "wrap_reader_errors",
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
    ".csv": "ascii.csv",
}
GZIP = b"\x1f\x8b"
BOM = "\ufeff"  # that some editors put before a text
COMPRESSIONS = (".gz", ".bz2", ".xz", ".lzma", ".z", ".zip", ".zst")  # of which astropy reads some
NOT_DAMAGE = (AtlasQueryError, ImportError, MemoryError)


@contextlib.contextmanager
def wrap_reader_errors(file, format, arguments=()):
    """Turn whatever a reader raises at a damaged file into an `~atlasquery.exceptions.UnreadableFileError`.

    What the operating system says, as of a file that is not there, stays; so does a `TypeError` where arguments were
    given, which may be wrong.
    """
    try:
        yield
    except Exception as error:  # readers raise all sorts of errors: of yaml, of zlib, of pyarrow, of their own
        if not _is_damage(error) or (isinstance(error, TypeError) and arguments):
            raise
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise UnreadableFileError(f"{file_label(file)} is no {format}, or damaged: {reason}") from error


def _is_damage(error):
    if isinstance(error, OSError):
        return type(error) in (OSError, gzip.BadGzipFile) and error.errno is None
    if isinstance(error, Warning):
        return isinstance(error, ValueError)  # as those of VOTable; others are errors only by the user's filter
    return not isinstance(error, NOT_DAMAGE)


def file_label(file):
    """Return what to call a file in a message."""
    return "The file" if hasattr(file, "read") else str(file)


def read_bytes(file):
    """Return the content of a file, which may be compressed with gzip, or of an open one."""
    content = file.read() if hasattr(file, "read") else Path(file).expanduser().read_bytes()
    return gzip.decompress(content) if content[:2] == GZIP else content


def read_text(file, errors="strict"):
    """Return the text of a file, which may be compressed with gzip, or of an open one."""
    content = read_bytes(file)
    return content.removeprefix(BOM) if isinstance(content, str) else content.decode("utf-8-sig", errors)


def write_content(file, content, *, overwrite=False):
    """Write a text or bytes to an open file, or to a file of which the name says whether it is compressed."""
    if hasattr(file, "write"):
        file.write(content)
        return
    _refuse_to_overwrite(file, overwrite)
    path = Path(file).expanduser()
    content = content.encode("utf-8") if isinstance(content, str) else content
    path.write_bytes(gzip.compress(content) if path.suffix.lower() == ".gz" else content)


def check_compression(file, *, allowed=".gz"):
    """Raise an `~atlasquery.exceptions.InvalidInputError` if a name promises a compression that is not made."""
    ending = "" if hasattr(file, "write") else Path(file).suffix.lower()
    if ending != allowed and ending in COMPRESSIONS:
        raise InvalidInputError(f"The name {file} promises a compression that is not made.", hint="Leave it out.")


def _refuse_to_overwrite(file, overwrite):
    """Raise an `OSError` if the file is there and must stay."""
    if not overwrite and not hasattr(file, "write") and Path(file).expanduser().exists():
        raise OSError(f"File {file} already exists. If you mean to replace it then use the argument overwrite=True.")


def format_by_name(file):
    """Return the format that the ending of a file's name stands for, None if it does not tell."""
    if hasattr(file, "read") or hasattr(file, "write"):
        return None
    endings = [ending.lower() for ending in Path(file).suffixes if ending.lower() not in COMPRESSIONS]
    return SUFFIX_FORMATS.get(endings[-1]) if endings else None


def format_by_content(file):
    """Return the format of a text file by how it begins, None if that does not tell or it is an open one."""
    if hasattr(file, "read"):
        return None
    with wrap_reader_errors(file, "text"):
        text = read_text(file, errors="replace")
    if not text.strip():
        raise UnreadableFileError(f"{file} is empty.")
    first = text.splitlines()[0]
    tells = {"atlas.forced": is_forced_text, "snana": is_snana_text}
    return next((format for format, is_text in tells.items() if is_text(first)), None)
