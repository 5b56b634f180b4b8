# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about lists, and about who is on which."""

import numpy as np
from astropy.table import Table

from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints.lists import list_payload, membership_payload
from atlasquery.inputs.list_filters import ListFilters
from atlasquery.inputs.lists import DetectionList, custom_lists, resolve_list
from atlasquery.inputs.object_names import check_object_ids

__all__ = ["ListQueries"]


class ListQueries:
    """The part of `~atlasquery.ATLASClass` that reads lists."""

    def list_lists(self):
        """Name the lists that can be asked for; no request is sent, for the server has no endpoint that names them.

        Returns
        -------
        `~astropy.table.Table`
            One row a list: ``name``, ``number``, ``kind`` (``detection`` or ``custom``) and ``description``. The
            numbers of the two kinds overlap. Custom lists that are not here can be asked for by
            `~atlasquery.CustomList`, or named in ``conf.custom_lists``.

        Examples
        --------
        >>> lists = atlas.list_lists()
        >>> print(lists["name", "number", "kind"][lists["number"] == 2])
          name  number    kind
        ------- ------ ---------
           good      2 detection
        mookodi      2    custom
        """
        rows = [(one.name, one.number, "detection", _DETECTION_LIST_DESCRIPTIONS[one.name]) for one in DetectionList]
        rows += [
            (name, number, "custom", _CUSTOM_LIST_DESCRIPTIONS.get(name, "Named in conf.custom_lists."))
            for name, number in custom_lists().items()
        ]
        table = Table(rows=rows, names=["name", "number", "kind", "description"])
        table["number"] = table["number"].astype(np.int64)
        for column, text in _COLUMN_DESCRIPTIONS.items():
            table[column].description = text
        return table

    def query_list(
        self, name, *, since=None, vra=None, rb_pix=None, ra=None, dec=None,
        sherlock_class=None, exclude_sherlock_class=None, spec_type=None, get_query_payload=False,
    ):  # fmt: skip
        """Ask for the objects of a list; one request, and the whole list unless conditions are given.

        Older servers ignore most conditions without saying so; each is applied here, too, to what comes back.

        Parameters
        ----------
        name : str, int, `DetectionList` or `CustomList`
            The list. A bare number is a detection list's; a custom list goes by its name or ``CustomList(number)``.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only objects put into their list at this moment or later (``followup_flag_date``): a moment, an ISO text
            (UTC), or a duration that looks back from now.
        vra : (low, high), optional
            Range of the score of the Virtual Research Assistant, 0 to 10. Ranges include both ends, and `None` is an
            open one. An object without the value is in no range.
        rb_pix : (low, high), optional
            Range of the real/bogus score of the pixels, 0 to 1.
        ra : (low, high), optional
            Range of right ascension, as numbers of degrees or with a unit; ``(350, 10)`` goes across 0. An open range
            ends at 0 or 360.
        dec : (low, high), optional
            Range of declination, as numbers of degrees or with a unit.
        sherlock_class : str or sequence of str, optional
            One or several of ``ORPHAN``, ``SN``, ``NT``, ``VS``, ``CV``, ``BS``, ``UNCLEAR``, ``HPM``, ``AGN``.
        exclude_sherlock_class : str or sequence of str, optional
            Those that are not wanted. Objects that are not classified are kept.
        spec_type : str or sequence of str, optional
            One or several spectroscopic types, such as ``"SN Ia"``, in capitals or not.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        `~astropy.table.Table`
            One row an object: ids, names, ``ra``, ``dec``, classes, scores, and of the light curve the first and the
            last point. ``meta['lists']`` names the list.

        Raises
        ------
        InvalidQueryError
            If there is no such list or class (the nearest names are said), or a range is the wrong way round; no
            request is spent. Also if the server is too old to have the score that is asked about.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If nothing is left; the table is then empty.

        Examples
        --------
        >>> from astropy import units as u
        >>> found = atlas.query_list("follow up", since="2026-10-01", dec=(-30 * u.deg, None), sherlock_class="SN")
        >>> set(found["detection_list"].tolist()), set(found["sherlock_class"].tolist())
        ({1}, {'SN'})
        """
        object_list = resolve_list(name)
        filters = ListFilters(
            since=since, vra=vra, rb_pix=rb_pix, ra=ra, dec=dec, sherlock_class=sherlock_class,
            exclude_sherlock_class=exclude_sherlock_class, spec_type=spec_type,
        )  # fmt: skip
        if get_query_payload:
            return list_payload(object_list, filters)
        table = self._endpoints.lists.query(object_list, filters)
        if not len(table):
            warn_no_results(f"No object of {object_list!r} matches the conditions.")
        return table

    def query_list_membership(self, object_ids, *, get_query_payload=False):
        """Ask which custom lists objects are on.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids or names. Several take the whole table of the server, in one request.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        `~astropy.table.Table`
            One row an object and list: ``atlas_id``, ``custom_list``, ``custom_list_name``. ``meta['missing']`` lists
            the objects that are on no custom list, or do not exist: the server does not tell these apart.

        Raises
        ------
        InvalidQueryError
            If an id or name is wrong; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If some of the objects are on no custom list, or none is.

        Examples
        --------
        >>> len(atlas.query_list_membership(1161600211221604900))  # doctest: +IGNORE_WARNINGS
        0
        """
        unique_ids = list(dict.fromkeys(check_object_ids(object_ids)))
        if get_query_payload:
            return membership_payload(unique_ids)
        table = self._endpoints.memberships.query(*self._endpoints.names.resolve(unique_ids))
        if missing := table.meta["missing"]:
            warn_no_results(f"{len(missing)} of {len(unique_ids)} objects are on no custom list, or do not exist.")
        return table


_COLUMN_DESCRIPTIONS = {
    "name": "Name, as query_list takes it.",
    "number": "The server's number; those of detection lists and of custom lists overlap.",
    "kind": "detection: every object is in exactly one; custom: kept by a team, an object can be in many.",
    "description": "What is in it.",
}
_DETECTION_LIST_DESCRIPTIONS = {
    "garbage": "Not real.",
    "follow_up": "To be followed up.",
    "good": "Good candidates.",
    "possible": "Possible candidates.",
    "eyeball": "New, to be looked at.",
    "attic": "Put away.",
    "stars": "Variable stars.",
    "agn": "Active galactic nuclei.",
    "fasttrack": "Urgent candidates, such as those in near galaxies.",
    "movers": "Moving objects.",
    "magellanic_clouds": "In the Magellanic Clouds.",
    "pm_stars": "Stars of high proper motion.",
    "galcand": "Candidates in catalogued near galaxies.",
    "duplicates": "Second entries of other objects.",
}
_CUSTOM_LIST_DESCRIPTIONS = {
    "mookodi": "Targets of the Mookodi spectrograph.",
    "salt": "Targets of the Southern African Large Telescope.",
    "mookodi_live": "Targets of Mookodi at present.",
    "mookodi_peak": "Targets of Mookodi at their peak.",
    "cv": "Cataclysmic variables.",
    "mdwarf": "Flares of M dwarfs.",
    "heloise": "Kept by one of the team.",
    "vra": "Kept by the Virtual Research Assistant.",
}
