# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about objects that are known by their ids."""

from atlasquery.core.query_warnings import warn_large_query, warn_no_results
from atlasquery.endpoints.objects import objects_payload, plan_requests
from atlasquery.inputs.object_names import check_object_id, check_object_ids
from atlasquery.inputs.times import check_since

__all__ = ["ObjectQueries"]


class ObjectQueries:
    """The part of `~atlasquery.ATLASClass` that asks for objects by id."""

    def query_object(self, object_ids, *, get_query_payload=False):
        """Ask for objects by their ids: names, positions, lists, classes and scores, without light curves.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids, 19 digits, or names; never a float, which would name another object. 1,000 ids are one
            request, all names another; see `resolve_name`.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of them for several requests.

        Returns
        -------
        `~astropy.table.Table`
            One row an object, in the order asked, repetitions too. Ids and names that the server does not know are left
            out, warned of, and listed in ``meta['missing']``.

        Raises
        ------
        InvalidQueryError
            If an id is wrong; no request is spent.
        AmbiguousNameError
            If a name means several objects.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.
        BatchError
            If some of the objects are not obtained, such as one whose record is damaged; ``results`` is the table of
            all others, ``failed`` maps the ids to the errors. Where the quota is used up it is a ``RateLimitError``,
            with the same ``results``.

        Warns
        -----
        NoResultsWarning
            If the server does not know some of the ids, or any.
        LargeQueryWarning
            If this needs more requests than are left.

        Examples
        --------
        >>> print(atlas.query_object(1161600211221604900)["name", "tns_name", "ra", "dec"])
           name    tns_name     ra        dec
                               deg        deg
        ---------- -------- ---------- ---------
        ATLAS18qqn  2018cow 244.000917 22.268031
        """
        checked_ids = check_object_ids(object_ids)
        plan = plan_requests(checked_ids, with_photometry=False)
        if get_query_payload:
            return plan.query_payload()
        warn_large_query(self.quota, plan.n_requests)
        table = self._endpoints.objects.query(*self._endpoints.names.resolve(checked_ids))
        if missing := table.meta["missing"]:
            warn_no_results(
                f"The server does not know {len(missing)} of {len(checked_ids)} objects; meta['missing'] lists them."
            )
        return table

    def get_transient(self, object_id, *, since=None, get_query_payload=False):
        """Get all that the server has about one object.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id, 19 digits, or a name, which costs a request more; see `resolve_name`.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Leave earlier rows of the light curve out: a moment, an ISO text (UTC), or a duration that looks back from
            now. A recent one makes the answer smaller and faster.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        `Transient`
            The object, its light curve, cross-matches and classification.

        Raises
        ------
        InvalidQueryError
            If the id or the moment is wrong; no request is spent.
        ObjectNotFoundError
            If the server has no such object.
        AmbiguousNameError
            If a name means several.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Examples
        --------
        >>> cow = atlas.get_transient(1161600211221604900, since="2018-06-01")
        >>> cow.name
        'ATLAS18qqn'
        >>> cow.coord
        <SkyCoord (ICRS): (ra, dec) in deg
            (244.000917, 22.268031)>
        """
        checked_id, bound = check_object_id(object_id), check_since(since)
        if get_query_payload:
            return objects_payload([checked_id], since=bound)
        from atlasquery.transient import Transient

        return Transient(self._get_record(checked_id, bound), url=self._endpoints.objects.url)

    def get_light_curve(self, object_id, *, since=None, get_query_payload=False):
        """Get the light curve of one object: detections, limits and forced photometry.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id, 19 digits, or a name, which costs a request more; see `resolve_name`.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Leave earlier rows out: a moment, an ISO text (UTC), or a duration that looks back from now.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        `LightCurve`
            One row a measurement, sorted by time.

        Raises
        ------
        InvalidQueryError
            If the id or the moment is wrong; no request is spent.
        ObjectNotFoundError
            If the server has no such object.
        AmbiguousNameError
            If a name means several.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Examples
        --------
        >>> light_curve = atlas.get_light_curve(1161600211221604900, since="2018-06-01")
        >>> first = light_curve.detections[0]
        >>> print(first["time"].mjd, first["band"], first["mag"], first["mag_err"])
        58285.4409954 o 14.739 mag 0.009 mag
        """
        checked_id, bound = check_object_id(object_id), check_since(since)
        if get_query_payload:
            return objects_payload([checked_id], since=bound)
        from atlasquery.lightcurve import LightCurve

        return LightCurve.from_record(self._get_record(checked_id, bound), url=self._endpoints.objects.url)

    def _get_record(self, checked_id, bound):
        return self._endpoints.objects.get_record(self._endpoints.names.resolve_one(checked_id), since=bound)
