# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Errors for files that cannot be read."""

import contextlib
import gzip

from atlasquery.exceptions import AtlasQueryError, UnreadableFileError

__all__ = ["unreadable_file", "wrap_reader_errors"]

NOT_DAMAGE = (AtlasQueryError, ImportError, MemoryError)


def unreadable_file(file, reason, *, line=None, row=None, hint=None, **facts):
    """Return an `~atlasquery.exceptions.UnreadableFileError` whose message begins with the file and the line or row."""
    filename = None if file is None or hasattr(file, "read") else str(file)
    place = [f"{name} {number}" for name, number in (("line", line), ("row", row)) if number is not None]
    message = ": ".join([", ".join([filename or "open file", *place]), reason])
    return UnreadableFileError(message, filename=filename, line=line, row=row, hint=hint, **facts)


@contextlib.contextmanager
def wrap_reader_errors(file, format, arguments=()):
    """Turn errors that a damaged file causes in a reader into `~atlasquery.exceptions.UnreadableFileError`.

    Errors of the operating system pass, such as of a missing file. So does a `TypeError` if the user has passed
    arguments, which may be invalid.
    """
    try:
        yield
    except Exception as error:  # readers raise many types, such as those of yaml, zlib and pyarrow
        if not _is_damage(error) or (isinstance(error, TypeError) and arguments):
            raise
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise unreadable_file(file, f"the file cannot be read as {format}: {reason}") from error


def _is_damage(error):
    if isinstance(error, OSError):
        return type(error) in (OSError, gzip.BadGzipFile) and error.errno is None
    if isinstance(error, Warning):
        # Those of VOTable are errors, too; other warnings are raised only by a filter of the user.
        return isinstance(error, ValueError)
    return not isinstance(error, NOT_DAMAGE)
