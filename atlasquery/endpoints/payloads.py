# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is sent for a question: checked words become the parameters of a request, none of them secret."""

from atlasquery.batches.batch_size import FULL, OBJECT_ROWS, RECENT, BatchSize
from atlasquery.inputs.coordinates import icrs_coordinates, radius_arcsec
from atlasquery.inputs.lists import CustomList
from atlasquery.inputs.times import format_date_threshold

__all__ = [
    "NO_ROWS_MJD",
    "batches",
    "cones",
    "membership",
    "names",
    "object_list",
    "objects",
    "pace",
    "requests",
    "vra",
    "vra_parts",
]

# No exposure is later than this (the year 2050), so the record comes without its light curve: 6 kB instead of 300.
NO_ROWS_MJD = 70000.0
# The server leaves out rows exactly at the bound in two of its three sections. Ask from a little earlier, by half of
# the last digit of its times; `>=` is applied to what comes back.
_BEFORE = 5e-9
# The server looks ids and names of these up one by one in its database: quick, but not without end.
_KEYS_PER_REQUEST = 5000


def cones(coordinates, radius, request_type):
    """Payloads of cone searches.

    Parameters
    ----------
    coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
        One position or a vector of n.
    radius : `~astropy.units.Quantity` or str
        One radius, up to 300 arcsec.
    request_type : {"all", "nearest", "count"}
        What is wanted of each cone.

    Returns
    -------
    dict or list of dict
        One payload for a single position, a list of n for a vector.

    Raises
    ------
    InvalidQueryError
        If a position or the radius cannot be asked for.

    Examples
    --------
    >>> from astropy import units as u
    >>> from atlasquery.endpoints.payloads import cones
    >>> cones("244.0009d 22.2680d", 10 * u.arcsec, "all")
    {'ra': 244.0009, 'dec': 22.268, 'radius': 10.0, 'requestType': 'all'}
    """
    arcsec = radius_arcsec(radius)
    icrs = icrs_coordinates(coordinates)
    payloads = [
        {"ra": ra, "dec": dec, "radius": arcsec, "requestType": request_type}
        for ra, dec in zip(icrs.ra.deg.ravel().tolist(), icrs.dec.deg.ravel().tolist(), strict=True)
    ]
    return payloads[0] if icrs.isscalar else payloads


def pace(*, rows, since=None):
    """Say how many objects to ask for at once.

    Parameters
    ----------
    rows : bool
        Whether their light curves are wanted.
    since : float, optional
        From when on.

    Returns
    -------
    `~atlasquery.batches.BatchSize`
        What to begin with; it learns from the answers.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import pace
    >>> pace(rows=True).ids, pace(rows=False).ids
    (50, 1000)
    """
    if not rows:
        return BatchSize(*OBJECT_ROWS)
    return BatchSize(*FULL) if since is None else BatchSize(*RECENT)


def batches(ids, *, rows=True, since=None):
    """Payloads that ask for many objects, as far as their number can be foreseen.

    Parameters
    ----------
    ids : list of int or str, length n
        ATLAS object ids, or names still to be resolved; repetitions are asked for once.
    rows : bool
        Whether the light curves are wanted.
    since : float, optional
        The Modified Julian Date from which rows of the light curves are wanted; `None` is everything.

    Returns
    -------
    dict or list of dict
        One payload, or several. What is sent can differ in size: batches grow as fast as the server answers.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import batches
    >>> ids = range(1161600211221604900, 1161600211221606400)
    >>> [payload["objects"].count(",") + 1 for payload in batches(ids, rows=False)]
    [1000, 500]
    """
    left, payloads = list(dict.fromkeys(ids)), []
    for size in pace(rows=rows, since=since).planned_sizes(len(left)):
        payloads.append(objects(left[:size], rows=rows, since=since))
        left = left[size:]
    return payloads[0] if len(payloads) == 1 else payloads


def requests(ids, *, rows=True, since=None):
    """Say how many requests many objects take, as far as can be foreseen.

    Parameters
    ----------
    ids : list of int or str, length n
        ATLAS object ids, or names still to be resolved, which take one request together.
    rows : bool
        Whether the light curves are wanted.
    since : float, optional
        The Modified Julian Date from which rows of the light curves are wanted; `None` is everything.

    Returns
    -------
    int
        The number.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import requests
    >>> requests([1161600211221604900]), requests(["2018cow", "2020tjh"])
    (1, 2)
    """
    return len(pace(rows=rows, since=since).planned_sizes(len(set(ids)))) + any(isinstance(one, str) for one in ids)


def objects(ids, *, rows=True, since=None):
    """Payload that asks for objects.

    Parameters
    ----------
    ids : list of int or str
        ATLAS object ids, checked; or names still to be resolved.
    rows : bool
        Whether the light curves are wanted.
    since : float, optional
        The Modified Julian Date from which rows of the light curves are wanted; `None` is everything.

    Returns
    -------
    dict
        The payload.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import objects
    >>> objects([1161600211221604900, 1000005291314656200], rows=False)
    {'objects': '1161600211221604900,1000005291314656200', 'mjd': 70000.0}
    """
    payload = {"objects": ",".join(map(str, ids))}
    if not rows:
        return {**payload, "mjd": NO_ROWS_MJD}
    return payload if since is None else {**payload, "mjd": since - _BEFORE}


def object_list(which, filters=None):
    """Payload that asks for a list.

    Parameters
    ----------
    which : DetectionList or CustomList
        The list.
    filters : ListFilters, optional
        Which of its rows.

    Returns
    -------
    dict
        The payload.

    Examples
    --------
    >>> from atlasquery.inputs.lists import CustomList, DetectionList
    >>> from atlasquery.endpoints.payloads import object_list
    >>> object_list(DetectionList.good), object_list(CustomList(72))
    ({'objectlistid': 2}, {'objectlistid': 72, 'getcustomlist': True})
    """
    kind = {"getcustomlist": True} if isinstance(which, CustomList) else {}
    return {"objectlistid": which.number, **kind, **(filters.payload() if filters else {})}


def membership(objects):
    """Payload that asks which custom lists objects are on; several can only be had with the whole table.

    Parameters
    ----------
    objects : list of int or str
        ATLAS object ids, or names still to be resolved.

    Returns
    -------
    dict
        The payload.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import membership
    >>> membership([1161600211221604900]), membership([1161600211221604900, 1000005291314656200])
    ({'objectid': 1161600211221604900}, {})
    """
    return {"objectid": objects[0]} if len(objects) == 1 else {}


def vra(objects=None, *, since=None, **options):
    """Payload that asks for rows of the Virtual Research Assistant.

    Parameters
    ----------
    objects : list of int or str, optional
        ATLAS object ids, or names still to be resolved; by default the whole table. The server then ignores dates.
    since : float, optional
        The Modified Julian Date from which rows are wanted.
    **options
        Further parameters, as they are sent.

    Returns
    -------
    dict
        The payload.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import vra
    >>> vra([1161600211221604900])
    {'objects': '1161600211221604900'}
    """
    if objects is not None:
        return {"objects": ",".join(map(str, objects)), **options}
    return options if since is None else {"datethreshold": format_date_threshold(since), **options}


def vra_parts(objects, **options):
    """Payloads that ask for rows of the Virtual Research Assistant of many objects.

    Parameters
    ----------
    objects : list of int or str, length n
        ATLAS object ids, or names still to be resolved; at least one.
    **options
        Further parameters, as they are sent.

    Returns
    -------
    list of (list, dict)
        Of each request the objects, up to 5,000, and the payload.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import vra_parts
    >>> [len(part) for part, payload in vra_parts(list(range(12000)))]
    [5000, 5000, 2000]
    """
    firsts = range(0, len(objects), _KEYS_PER_REQUEST)
    parts = [objects[first : first + _KEYS_PER_REQUEST] for first in firsts]
    return [(part, vra(part, **options)) for part in parts]


def names(words):
    """Payload that looks names up.

    Parameters
    ----------
    words : list of str
        The names, checked.

    Returns
    -------
    dict
        The payload.

    Examples
    --------
    >>> from atlasquery.endpoints.payloads import names
    >>> names(["2018cow", "ZTF18abcfcoo"])
    {'externalObjects': '2018cow,ZTF18abcfcoo'}
    """
    return {"externalObjects": ",".join(words)}
