# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Decoding of answers: JSON, and the structure of answers of ``objects/``."""

from collections.abc import Mapping

import msgspec

from atlasquery.exceptions import SchemaWarning, ServerFaultError, UnreadableAnswerError
from atlasquery.schema.record import Record, split_records
from atlasquery.utils.warnings import warn_user

__all__ = [
    "CROSSMATCH_SECTIONS",
    "PHOTOMETRY_SECTIONS",
    "check_objects_answer",
    "decode_json",
    "decode_objects",
    "is_missing_object",
]

PHOTOMETRY_SECTIONS = ("lc", "lcnondets", "fp")
CROSSMATCH_SECTIONS = (
    "sherlock_crossmatches",
    "sherlock_classifications",
    "tns_crossmatches",
    "external_crossmatches",
)


def decode_json(body, *, url=None):
    """Decode JSON strictly: NaN, infinity, invalid UTF-8 and trailing text raise `UnreadableAnswerError`.

    Integers are exact, for any number of digits.
    """
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        reason = "it is nested too deeply"
    except (msgspec.MsgspecError, ValueError) as error:  # ValueError: invalid UTF-8
        reason = str(error)
    raise UnreadableAnswerError(f"The answer must be JSON, got {bytes(body[:40])!r}: {reason}.", url=url)


def decode_objects(body, *, url=None):
    """Return the records of an answer of ``objects/``; parameters and errors as for both other functions."""
    records = split_records(body)
    return check_objects_answer(decode_json(body, url=url) if records is None else records, url=url)


def is_missing_object(record):
    """Return whether the server has no such object: ``object`` of the record is then an error message."""
    return isinstance(record["object"], str)


def check_objects_answer(document, *, url=None):
    """Return the decoded answer of ``objects/``, a list of one record per id, after a check of its structure.

    Raises
    ------
    ServerFaultError
        If the answer is an error message, for example for more than 50,000 ids.
    UnreadableAnswerError
        If the answer is not a list of records.
    """
    if isinstance(document, dict) and isinstance(document.get("info"), str):
        raise ServerFaultError(
            f"The server rejected the request: {document['info']}.", url=url, hint="Request fewer objects."
        )
    if not isinstance(document, list):
        raise _unreadable(f"the answer must be a list, got {_type_name(document)}", url)
    absent = {}
    for index, record in enumerate(document):
        absent |= dict.fromkeys(_check_record(record, index, url))
    if absent:
        names = ", ".join(map(repr, absent))
        text = f"The server sends no {names} in its records: an older or a newer one; the sections are empty."
        warn_user(text, SchemaWarning)
    return document


def _check_record(record, index, url):
    """Check the structure of a record, and return the names of absent sections."""
    content = record.get("object") if isinstance(record, Mapping) else record
    if isinstance(record, Mapping) and isinstance(content, dict):
        return _check_sections(record, index, url)
    if not isinstance(record, Mapping) or not isinstance(content, str):
        raise _unreadable(f"record {index} must have an 'object', got {_type_name(content)}", url)
    if "does not exist" not in content:
        # Any other message is a fault: counted as a missing object, it would be a silent gap.
        raise ServerFaultError(f"The server sent an error instead of record {index}: {content}", url=url)
    return []


def _check_sections(record, index, url):
    absent = []
    for name in PHOTOMETRY_SECTIONS + CROSSMATCH_SECTIONS:
        if isinstance(record, Record) and record.rows_json(name) is not None:
            continue
        rows = record.get(name)
        if rows is None:
            absent.append(name)
        elif not isinstance(rows, list):
            reason = f"{name!r} of record {index} must be a list of rows, got {_type_name(rows)}"
            raise _unreadable(reason, url)
    return absent


def _unreadable(reason, url):
    return UnreadableAnswerError(f"Cannot decode the answer of objects/: {reason}.", url=url, record="objects")


def _type_name(value):
    return "null" if value is None else type(value).__name__
