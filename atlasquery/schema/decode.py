# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From the bytes of an answer to its rows: JSON, and the shape of the answer of ``objects/``."""

import msgspec

from atlasquery.exceptions import SchemaWarning, ServerFaultError, UnreadableAnswerError
from atlasquery.utils.warnings import warn_user

__all__ = ["CROSSMATCH_SECTIONS", "PHOTOMETRY_SECTIONS", "check_objects_answer", "decode_json", "is_missing_object"]

PHOTOMETRY_SECTIONS = ("lc", "lcnondets", "fp")
CROSSMATCH_SECTIONS = (
    "sherlock_crossmatches",
    "sherlock_classifications",
    "tns_crossmatches",
    "external_crossmatches",
)


def decode_json(body, *, url=None):
    """Decode JSON strictly: NaN, infinities, damaged text and what follows the end are errors.

    Parameters
    ----------
    body : bytes
        The body of an answer.
    url : str, optional
        Where it is from, for the error message.

    Returns
    -------
    document : object
        Lists, dicts, strings, numbers, bools and `None`. Integers are exact, however long.

    Raises
    ------
    UnreadableAnswerError
        If the body is not JSON.

    Examples
    --------
    >>> from atlasquery import schema
    >>> schema.parse(b'{"count": 3}')
    {'count': 3}
    """
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        reason = "it is nested too deeply"
    except (msgspec.MsgspecError, ValueError) as error:  # ValueError is also that of damaged UTF-8
        reason = str(error)
    raise UnreadableAnswerError(f"The answer is not JSON: {reason}. It begins with {bytes(body[:40])!r}.", url=url)


def is_missing_object(record):
    """Whether a record of ``objects/`` says that the server has no such object.

    Parameters
    ----------
    record : dict
        One element of the answer.

    Returns
    -------
    unknown : bool
        Whether its ``object`` is an error text instead of an object.

    Examples
    --------
    >>> from atlasquery import schema
    >>> schema.is_missing_object({"object": "AtlasDiffObjects matching query does not exist.", "lc": None})
    True
    """
    return isinstance(record["object"], str)


def check_objects_answer(document, *, url=None):
    """Check the shape of an answer of ``objects/``.

    Parameters
    ----------
    document : object
        The decoded JSON.
    url : str, optional
        Where it is from, for the error message.

    Returns
    -------
    records : list of dict
        The records as they came, one for each id that was asked for; see `is_missing_object`.

    Raises
    ------
    ServerFaultError
        If the server refuses to answer, as it does for more than 50,000 ids.
    UnreadableAnswerError
        If the answer is not a list of records.

    Warns
    -----
    SchemaWarning
        If the server no longer sends a section of cross-matches.

    Examples
    --------
    >>> from atlasquery import schema
    >>> schema.check_objects_answer([])
    []
    """
    if isinstance(document, dict) and isinstance(document.get("info"), str):
        raise ServerFaultError(f"The server refused: {document['info']}.", url=url, hint="Ask for fewer objects.")
    if not isinstance(document, list):
        raise _unreadable(f"a list was expected, not {_kind(document)}", url)
    for number, record in enumerate(document):
        _check_record(record, number, url)
    return document


def _check_record(record, number, url):
    what = record.get("object") if isinstance(record, dict) else record
    if isinstance(record, dict) and isinstance(what, dict):
        return _check_sections(record, number, url)
    if not isinstance(record, dict) or not isinstance(what, str):
        raise _unreadable(f"record {number} has no 'object': {_kind(what)}", url)
    if "does not exist" not in what:
        # Any other text is a fault; taken for an unknown object, it would be a gap nobody sees.
        raise ServerFaultError(f"The server has no record but an error, number {number}: {what}", url=url)
    return None


def _check_sections(record, number, url):
    for section in PHOTOMETRY_SECTIONS + CROSSMATCH_SECTIONS:
        if section not in record and section in CROSSMATCH_SECTIONS:
            warn_user(
                f"The server's records no longer have {section!r}; it is taken as empty.",
                SchemaWarning,
            )
        elif not isinstance(record.get(section), list):
            raise _unreadable(
                f"record {number}: {section!r} should be a list of rows, not {_kind(record.get(section))}", url
            )


def _unreadable(what, url):
    return UnreadableAnswerError(f"The answer of objects/ cannot be read: {what}.", url=url, record="objects")


def _kind(value):
    return "null" if value is None else type(value).__name__
