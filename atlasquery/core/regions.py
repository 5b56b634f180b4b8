# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about a place on the sky."""

from astropy.table import Table

from atlasquery.core.query_warnings import warn_large_query, warn_missing_details, warn_no_results
from atlasquery.crossmatch.catalogue import catalogue_coordinates
from atlasquery.crossmatch.search import PositionSearch
from atlasquery.endpoints.cone import cone_payloads
from atlasquery.endpoints.position_search import multi_position_table, shared_cone_payloads
from atlasquery.exceptions import InvalidQueryError
from atlasquery.inputs.coordinates import icrs_coordinates, radius_arcsec

__all__ = ["RegionQueries"]


class RegionQueries:
    """The part of `~atlasquery.ATLASClass` that searches around positions."""

    def query_region(self, coordinates, radius, *, nearest=False, details=False, get_query_payload=False):
        """Search for objects around a position, or around each of many.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, `~astropy.table.Table`, or str
            One position or a vector of n, in any frame, or a table as for `crossmatch`; a text is what
            `~astropy.coordinates.SkyCoord` parses. Names are not resolved. Each position is a request, but those close
            together share one where that saves any.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, such as ``10 * u.arcsec`` or ``"1 arcmin"``; up to 300 arcsec.
        nearest : bool
            Give only the nearest object of each position.
        details : bool
            Spend one request more (per 1,000 objects) on the server's positions and all columns of `query_object`.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of n.

        Returns
        -------
        `~astropy.table.Table`
            One row an object, nearest first: ``atlas_id``, ``name``, ``separation`` [arcsec], ``ra``, ``dec`` [deg];
            for a vector one table, with ``query_index`` from 0. The positions are read from the ids and may be 3 arcsec
            off (``meta['position_source']`` is ``'id'``); those of ``details=True``, and of positions that shared a
            request, are the server's (``'server'``). The separation is never that of the id: it is the server's, or
            follows from the server's positions. Tables with ``details=True`` stack with each other, whatever was asked;
            of others, whose sources of positions may differ, `~astropy.table.vstack` then says so in a warning.

        Raises
        ------
        InvalidQueryError
            If a position or the radius cannot be asked for; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.
        BatchError
            If one of several cones fails after others succeeded; ``results`` is the table of those, ``failed`` maps the
            indices of the others to the error. The first cone's error, and where the quota is used up the
            ``RateLimitError``, keep their class, with the same ``results``.

        Warns
        -----
        NoResultsWarning
            If nothing is found; the table is then empty. Also if a cone named objects that the server has no details
            of, which are then listed in ``meta['missing']``.
        DataQualityWarning
            If positions shared a request and the server has no position of some of the objects: their rows are kept
            with the position of the id and the distance that follows from the cone's, and
            ``meta['position_from_id']`` lists them.
        LargeQueryWarning
            If this needs more requests than are left.

        Examples
        --------
        >>> from astropy import units as u
        >>> from astropy.coordinates import SkyCoord
        >>> found = atlas.query_region(SkyCoord("16h16m00.22s +22d16m04.9s"), 10 * u.arcsec)
        >>> print(found["atlas_id", "name"])
              atlas_id         name
        ------------------- ----------
        1161600211221604900 ATLAS18qqn
        """
        if isinstance(coordinates, Table):
            coordinates = catalogue_coordinates(coordinates)
        arcsec, positions = radius_arcsec(radius), icrs_coordinates(coordinates)
        search = None if positions.isscalar else _plan_shared_cones(positions, arcsec, nearest, details)
        payloads = (
            cone_payloads(positions, arcsec, "nearest" if nearest else "all")
            if search is None
            else shared_cone_payloads(search)
        )
        if get_query_payload:
            return payloads
        if isinstance(payloads, list):
            warn_large_query(self.quota, len(payloads) + (details or search is not None))
        table = self._search(search, payloads, details)
        if not len(table):
            warn_no_results(f"No object is within {radius} of `coordinates`.")
        warn_missing_details(table)
        return table

    def _search(self, search, payloads, details):
        if search is not None:
            return self._endpoints.positions.search_shared_cones(search)
        table = self._endpoints.cone.search(payloads)
        return self._endpoints.positions.add_details(table) if details else table

    def count_region(self, coordinates, radius, *, get_query_payload=False):
        """Count the objects around a position; the cheapest question there is.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
            One position, in any frame.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, up to 300 arcsec.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        int
            The number of objects.

        Raises
        ------
        InvalidQueryError
            If the position or the radius cannot be asked for; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Examples
        --------
        >>> atlas.count_region("244.0009d 22.2680d", "10 arcsec")
        1
        """
        arcsec, position = radius_arcsec(radius), icrs_coordinates(coordinates)
        if not position.isscalar:
            raise InvalidQueryError(
                f"`coordinates` must be a single position, got a vector of {len(position)}.",
                hint="query_region accepts a vector; vector[0] is a single position.",
            )
        payload = cone_payloads(position, arcsec, "count")
        return payload if get_query_payload else self._endpoints.cone.count(payload)


def _plan_shared_cones(positions, arcsec, nearest, details):
    """Return the search in which positions share cones, or None if a cone for each costs no more requests."""

    def make_table(matches, *, source="server"):
        return multi_position_table(*matches.select(nearest=nearest), details=details, source=source)

    search = PositionSearch(positions, arcsec, make_table)
    return search if len(search.cones) + 1 < len(positions) + details else None
