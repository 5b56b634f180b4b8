# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about a place on the sky."""

from atlasquery import payloads
from atlasquery.core.emptiness import warn_of_nothing
from atlasquery.exceptions import InvalidQueryError

__all__ = ["RegionQueries"]


class RegionQueries:
    """The part of `~atlasquery.ATLASClass` that searches around positions."""

    def query_region(self, coordinates, radius, *, nearest=False, details=False, get_query_payload=False):
        """Search for objects around a position, or around each of many.

        Parameters
        ----------
        coordinates : `~astropy.coordinates.SkyCoord`, frame with data, or str
            One position or a vector of n, in any frame; a text is what `~astropy.coordinates.SkyCoord` parses. Names
            are not resolved. Each position is a request.
        radius : `~astropy.units.Quantity` or str
            Radius of the cone, such as ``10 * u.arcsec`` or ``"1 arcmin"``; up to 300 arcsec.
        nearest : bool
            Give only the nearest object of each cone.
        details : bool
            Spend one request more (per 1,000 objects) on the server's positions and all columns of `query_object`.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of n.

        Returns
        -------
        `~astropy.table.Table`
            One row an object, nearest first: ``atlas_id``, ``name``, ``separation`` [arcsec], ``ra``, ``dec`` [deg];
            for a vector one table, with ``query_index`` from 0. The positions are read from the ids and may be 3 arcsec
            off (``meta['position_source']`` is ``'id'``), those of ``details=True`` are the server's (``'server'``);
            the separation is always the server's.

        Raises
        ------
        InvalidQueryError
            If a position or the radius cannot be asked for; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.
        BatchError
            If one of several cones fails; ``results`` is the table of those before it, ``failed`` maps its index to
            the error. Where the quota is used up it is a ``RateLimitError``, with the same ``results``.

        Warns
        -----
        NoResultsWarning
            If nothing is found; the table is then empty.

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
        asked = payloads.cones(coordinates, radius, "nearest" if nearest else "all")
        if get_query_payload:
            return asked
        found = self._reader.region(asked)
        if details:
            found = self._reader.with_details(found)
        if not len(found):
            warn_of_nothing(f"No object lies within {radius} of what was asked for.")
        return found

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
        asked = payloads.cones(coordinates, radius, "count")
        if isinstance(asked, list):
            raise InvalidQueryError(
                f"count_region takes one position, not {len(asked)}.", hint="query_region takes a vector."
            )
        if get_query_payload:
            return asked
        return self._reader.count(asked)
