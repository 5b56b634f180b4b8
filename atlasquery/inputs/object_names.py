# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What objects are called: the names a user may write instead of an id, and those that were seen in answers.

The server looks up the names of other surveys and of the Transient Name Server. For its own designations, such as
ATLAS18qqn, it has no look-up: they are remembered from the answers that this process has seen.
"""

import re

import numpy as np
from astropy.table import Row, Table

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.inputs.object_ids import N_DIGITS, check_id

__all__ = ["check_name", "check_names", "check_object_id", "check_object_ids", "is_designation"]

_MAX_NAME_LENGTH = 100
# The Transient Name Server's own form, without the prefix that people write before it.
_TNS = re.compile(r"(?:AT|SN|TDE)[ _]*(\d{4}[a-z]+)", re.IGNORECASE)
_DESIGNATION = re.compile(r"ATLAS[ _]*(\d\d[a-z]+)", re.IGNORECASE)


def check_name(name):
    """Check a name and bring it to the form that the server knows.

    Parameters
    ----------
    name : str
        As the user wrote it.

    Returns
    -------
    str
        Without blanks around it, and without the prefix of a TNS name.

    Raises
    ------
    InvalidQueryTypeError
        If it is no text.
    InvalidQueryError
        If no object can be called so.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_name
    >>> check_name("SN 2018cow"), check_name(" AT2018cow"), check_name("ZTF18abcfcoo")
    ('2018cow', '2018cow', 'ZTF18abcfcoo')
    """
    if not isinstance(name, str):
        if np.ma.is_masked(name):
            raise InvalidQueryError("A name is masked.", hint="Leave masked rows out, as in column.compressed().")
        raise InvalidQueryTypeError(f"A name is a text, not {type(name).__name__} ({name!r}).")
    text = " ".join(name.split())
    if "," in text or not text.isprintable() or len(text) > _MAX_NAME_LENGTH or not re.search("[A-Za-z]", text):
        raise InvalidQueryError(
            f"{name!r} is neither an ATLAS id of {N_DIGITS} digits nor a name: a name has letters, and no comma."
        )
    if found := _TNS.fullmatch(text):
        return found[1]
    return f"ATLAS{found[1].lower()}" if (found := _DESIGNATION.fullmatch(text)) else text


def check_names(names):
    """Check one name or several.

    Parameters
    ----------
    names : str or sequence of str
        A text, or a list, tuple, set, array or table column of texts.

    Returns
    -------
    list of str
        As they were written, each once; at least one.

    Raises
    ------
    InvalidQueryTypeError
        If one is no text.
    InvalidQueryError
        If there is none, or no object can be called so.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_names
    >>> check_names(["SN 2018cow", "ZTF18abcfcoo", "SN 2018cow"])
    ['SN 2018cow', 'ZTF18abcfcoo']
    """
    if isinstance(names, (Table, Row)):
        raise InvalidQueryTypeError("The names of a table are in one of its columns: pass table['name'].")
    several = hasattr(names, "__iter__") and not isinstance(names, (str, bytes)) and getattr(names, "ndim", 1) > 0
    words = list(names) if several else [names.item() if isinstance(names, np.ndarray) else names]
    for word in words:
        check_name(word)
    if not words:
        raise InvalidQueryError("No name is given.")
    return list(dict.fromkeys(map(str, words)))


def is_designation(name):
    """Tell whether a name is one that ATLAS gives, such as ``ATLAS18qqn``.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    bool
        Whether it is of this form.
    """
    return _DESIGNATION.fullmatch(name) is not None


def check_object_id(object_id):
    """Check what the user means an object by.

    Parameters
    ----------
    object_id : int or str
        An ATLAS id of 19 digits, or a name.

    Returns
    -------
    int or str
        The id, or the name as it is written.

    Raises
    ------
    InvalidQueryTypeError
        If it is neither a number nor a text; a float has lost digits.
    InvalidQueryError
        If it is neither an id nor a name.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_object_id
    >>> check_object("1161600211221604900"), check_object_id("AT 2018cow")
    (1161600211221604900, 'AT 2018cow')
    """
    if isinstance(object_id, str) and any(one.isalpha() for one in object_id):
        check_name(object_id)
        return str(object_id)
    return check_id(object_id)


def check_object_ids(object_ids):
    """Check one object or many.

    Parameters
    ----------
    object_ids : int, str, or sequence of those
        Ids and names, mixed as they come; a list, tuple, set, array or table column.

    Returns
    -------
    list of int and str
        Ids as integers, names as texts; at least one. Order and repetitions are kept.

    Raises
    ------
    InvalidQueryTypeError
        If one is of a wrong type.
    InvalidQueryError
        If there is none, or one is neither an id nor a name.

    Examples
    --------
    >>> from atlasquery.inputs.object_names import check_object_ids
    >>> check_object_ids(["1161600211221604900", "SN 2018cow"])
    [1161600211221604900, 'SN 2018cow']
    """
    if isinstance(object_ids, (Table, Row)):
        raise InvalidQueryTypeError("The ids of a table are in one of its columns: pass table['atlas_id'].")
    if isinstance(object_ids, (str, bytes)) or not hasattr(object_ids, "__iter__"):
        return [check_object_id(object_ids)]
    if getattr(object_ids, "ndim", 1) == 0:
        return [check_object_id(object_ids)]
    if getattr(object_ids, "ndim", 1) > 1:
        raise InvalidQueryError(f"Ids are expected in one dimension, not in {object_ids.ndim}.")
    checked = [check_object_id(one) for one in object_ids]
    if not checked:
        raise InvalidQueryError("No ATLAS id is given.")
    return checked
