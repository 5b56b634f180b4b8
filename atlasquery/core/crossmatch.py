# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The match of a catalogue with the objects of the server."""

from functools import partial

from atlasquery.core.query_warnings import warn_large_query, warn_missing_details, warn_no_results
from atlasquery.crossmatch.catalogue import as_extensible_table, catalogue_coordinates, join_matches
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.lists import list_payload
from atlasquery.endpoints.position_search import shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import radius_arcsec
from atlasquery.inputs.lists import resolve_list
from atlasquery.utils.progress import Progress

__all__ = ["CrossmatchQueries"]

_LISTS_HINT = "lists=[...] takes one request a list, whatever the number of positions."


class CrossmatchQueries:
    """The part of `~atlasquery.ATLASClass` that matches catalogues."""

    def crossmatch(
        self, catalogue, radius, *, nearest=False, join="inner", lists=None, progress=None, get_query_payload=False,
    ):  # fmt: skip
        """Find the objects near each row of a catalogue, with as few requests as the sky allows.

        Positions close together share one cone of up to 300 arcsec; the match is made here, with the exact positions
        of the objects, which are one request more for some thousand of them.

        Parameters
        ----------
        catalogue : `~astropy.coordinates.SkyCoord`, or `~astropy.table.Table` of length n
            A table has a column of coordinates, or right ascension and declination under the names that Gaia, SIMBAD,
            VizieR and others use, with units. Positions are taken as they are, in ICRS; proper motions are not applied.
        radius : `~astropy.units.Quantity` or str
            How far an object may be from a position, up to 300 arcsec.
        nearest : bool
            Give only the nearest object for each row.
        join : {"inner", "left"}
            Whether rows without a match are left out, or kept with the columns of the object masked.
        lists : sequence of str, int, DetectionList or CustomList, optional
            Match with these lists instead: one request a list, whatever the number of positions.
        progress : bool, optional
            Whether to show a bar; by default in a terminal or a notebook.
        get_query_payload : bool
            Send nothing, and return what would be sent: the cones (or lists), without the request for the positions.

        Returns
        -------
        `~astropy.table.Table`
            Of the catalogue's class (a `~astropy.table.QTable` if that must begin with a column of its own, as a
            `~astropy.timeseries.TimeSeries` must), one row a match, sorted by row of the catalogue and distance:
            ``catalogue_index`` (from 0), the catalogue's columns, ``atlas_id``, ``name``, ``ra``, ``dec`` [deg],
            ``separation`` [arcsec]. A column of the catalogue whose name is one of these has ``_catalogue`` added.

        Raises
        ------
        InvalidQueryError
            If the catalogue has no positions that can be told, or the radius cannot be asked for; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.
        BatchError
            If a request fails after others succeeded; ``results`` is the table of the rows that were searched,
            ``failed`` maps the numbers of the other rows, or the ids of objects whose positions are not known, to the
            errors. The first request's error, and where the quota is used up the ``RateLimitError``, keep their class,
            with the same ``results``, whose ``meta['not_searched']`` lists the other rows; the positions in it are then
            those of the ids, up to 3 arcsec off (``meta['position_source']``).

        Warns
        -----
        NoResultsWarning
            If nothing matches, rows have no position, or the server has no details of objects that a cone named, which
            are then in ``meta['missing']``.
        DataQualityWarning
            If the server has no position of some of the objects: that of the id is then taken, and where a cone said
            how far the object is from its centre, that distance; ``meta['position_from_id']`` lists them.
        LargeQueryWarning
            If this needs more requests than are left.

        Examples
        --------
        >>> from astropy import units as u
        >>> from astropy.table import QTable
        >>> hosts = QTable({"galaxy": ["CGCG 137-068"], "ra": [244.0009] * u.deg, "dec": [22.2681] * u.deg})
        >>> print(atlas.crossmatch(hosts, 10 * u.arcsec)["catalogue_index", "galaxy", "atlas_id", "name"])
        catalogue_index    galaxy          atlas_id         name
        --------------- ------------ ------------------- ----------
                      0 CGCG 137-068 1161600211221604900 ATLAS18qqn
        """
        arcsec, coordinates = radius_arcsec(radius), catalogue_coordinates(catalogue)
        if join not in ("inner", "left"):
            raise InvalidQueryError(f"`join` must be 'inner' or 'left', got {join!r}.")
        object_lists = None if lists is None else _resolve_lists(lists)
        make_table = partial(_join_matches, as_extensible_table(catalogue), nearest, join == "left")
        search = PositionSearch(coordinates, arcsec, make_table)
        payloads = shared_cone_payloads(search) if object_lists is None else list(map(list_payload, object_lists))
        if get_query_payload:
            return payloads
        hint = _LISTS_HINT if object_lists is None else ""
        warn_large_query(self.quota, len(payloads) + (object_lists is None), hint)
        table = self._run_search(search, object_lists, len(payloads), progress)
        if n_without := search.n_without_position:
            warn_no_results(f"{n_without} of {len(coordinates)} rows have no position, and match nothing.")
        if not search.has_matches:
            warn_no_results(f"No object is within {radius} of the catalogue.")
        warn_missing_details(table)
        return table

    def _run_search(self, search, object_lists, n_requests, progress):
        with Progress(n_requests, "requests", show=progress, note=self._quota_note) as bar:
            if object_lists is None:
                return self._endpoints.positions.search_shared_cones(search, advance=bar.advance)
            return self._endpoints.positions.search_lists(search, object_lists, advance=bar.advance)


def _join_matches(catalogue, nearest, left, matches, *, source="server"):
    return join_matches(catalogue, *matches.select(nearest=nearest, left=left), source=source)


def _resolve_lists(lists):
    """Return the lists, each once."""
    items = [lists] if isinstance(lists, (str, int)) or not hasattr(lists, "__iter__") else lists
    object_lists = list(dict.fromkeys(resolve_list(item) for item in items))
    if not object_lists:
        raise InvalidQueryError("`lists` must have at least one list, got none.", hint="None searches the whole sky.")
    return object_lists
