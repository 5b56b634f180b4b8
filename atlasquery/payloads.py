# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is sent for a question: checked words become the parameters of a request, none of them secret."""

from atlasquery.filters import date_threshold
from atlasquery.lists import CustomList
from atlasquery.parameters import icrs_coordinates, radius_arcsec

__all__ = [
    "IDS_PER_REQUEST",
    "NO_ROWS_MJD",
    "batches",
    "cones",
    "membership",
    "names",
    "object_list",
    "objects",
    "vra",
]

# About 5 s of the server's time and 6 MB: well inside its time limit of 600 s and its 50,000 ids a request.
IDS_PER_REQUEST = 1000
# No exposure is later than this (the year 2050), so the record comes without its light curve: 6 kB instead of 300.
NO_ROWS_MJD = 70000.0
# The server leaves out rows exactly at the bound in two of its three sections. Ask from a little earlier, by half of
# the last digit of its times; `>=` is applied to what comes back.
_BEFORE = 5e-9


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
    >>> from atlasquery.payloads import cones
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


def batches(ids):
    """Split ids into those of one request each.

    Parameters
    ----------
    ids : list of int, length n
        ATLAS object ids.

    Returns
    -------
    list of list of int
        In the same order, up to `IDS_PER_REQUEST` each.

    Examples
    --------
    >>> from atlasquery.payloads import batches
    >>> [len(batch) for batch in batches([1161600211221604900] * 2500)]
    [1000, 1000, 500]
    """
    return [ids[first : first + IDS_PER_REQUEST] for first in range(0, len(ids), IDS_PER_REQUEST)]


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
    >>> from atlasquery.payloads import objects
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
    >>> from atlasquery.lists import CustomList, DetectionList
    >>> from atlasquery.payloads import object_list
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
    >>> from atlasquery.payloads import membership
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
    >>> from atlasquery.payloads import vra
    >>> vra([1161600211221604900])
    {'objects': '1161600211221604900'}
    """
    if objects is not None:
        return {"objects": ",".join(map(str, objects)), **options}
    return options if since is None else {"datethreshold": date_threshold(since), **options}


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
    >>> from atlasquery.payloads import names
    >>> names(["2018cow", "ZTF18abcfcoo"])
    {'externalObjects': '2018cow,ZTF18abcfcoo'}
    """
    return {"externalObjects": ",".join(words)}
