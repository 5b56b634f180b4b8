# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about what the Virtual Research Assistant makes of objects."""

from atlasquery import schema
from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints import payloads
from atlasquery.inputs.object_names import check_object_ids
from atlasquery.inputs.times import since_mjd

__all__ = ["VRAQueries"]


class VRAQueries:
    """The part of `~atlasquery.ATLASClass` that reads the tables of the Virtual Research Assistant."""

    def query_vra_scores(self, object_ids=None, *, since=None, debug=False, get_query_payload=False):
        """Ask for the scores that the Virtual Research Assistant has given, with their history.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows of this ``timestamp`` or later: a moment, an ISO text (UTC), or a duration that looks back from
            now.
        debug : bool
            The rows that were written as tests, and only those; by default the others, and only those.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of them for several requests.

        Returns
        -------
        `~astropy.table.Table`
            One row a score: ``atlas_id``, ``preal``, ``pgal``, ``pfast``, ``rank``, ``rank_alt1``, ``is_gal_cand``,
            ``timestamp``, ... Of several objects, object by object as they were asked; ``meta['missing']`` lists those
            that have no score. ``meta['debug']`` is what was asked for.

        Raises
        ------
        InvalidQueryError
            If an id or the moment is wrong; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If some of the objects have no score, nothing is found, or rows that were written as tests are left out.

        Examples
        --------
        >>> scores = atlas.query_vra_scores(since="2026-10-01")
        >>> scores["timestamp"].min() >= "2026-10-01"
        True
        """
        asked, mjd = _unique_ids(object_ids), since_mjd(since)
        options = {"debug": True} if debug else {}
        if get_query_payload:
            return _vra_payload(asked, mjd, options)
        found = self._query_vra(schema.VRA_SCORE, asked, mjd, options)
        as_asked = found["debug"].filled(False) == bool(debug)
        if left_out := len(found) - as_asked.sum():
            warn_no_results(f"{left_out} rows that were written as tests are left out; see debug=True.")
        found = found[as_asked]
        found.meta["debug"] = bool(debug)
        if lack := _missing_message(found, asked):
            warn_no_results(lack)
        return found

    def query_vra_ranks(self, object_ids=None, *, since=None, get_query_payload=False):
        """Ask for the present ranks of the Virtual Research Assistant, one an object.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows of this ``timestamp`` or later.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of them for several requests.

        Returns
        -------
        `~astropy.table.Table`
            One row an object: ``atlas_id``, ``rank`` (0 to 10), ``rank_alt1``, ``is_gal_cand``, ``timestamp``.
            ``meta['missing']`` lists the objects without a rank.

        Raises
        ------
        InvalidQueryError
            If an id or the moment is wrong; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If some of the objects have no rank, or nothing is found.

        Examples
        --------
        >>> ranks = atlas.query_vra_ranks(since="2026-10-01")
        >>> print(ranks.colnames)
        ['atlas_id', 'rank', 'rank_alt1', 'is_gal_cand', 'timestamp']
        """
        asked, mjd = _unique_ids(object_ids), since_mjd(since)
        if get_query_payload:
            return _vra_payload(asked, mjd)
        found = self._query_vra(schema.VRA_RANK, asked, mjd)
        if lack := _missing_message(found, asked):
            warn_no_results(lack)
        return found

    def query_vra_todo(self, object_ids=None, *, since=None, get_query_payload=False):
        """Ask which objects wait to be looked at.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n, optional
            ATLAS object ids or names; by default all objects.
        since : `~astropy.time.Time`, str, `~datetime.datetime` or `~astropy.units.Quantity`, optional
            Only rows of this ``timestamp`` or later.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of them for several requests.

        Returns
        -------
        `~astropy.table.Table`
            One row an object: ``atlas_id`` and ``timestamp``. ``meta['missing']`` lists the objects that do not wait.

        Raises
        ------
        InvalidQueryError
            If an id or the moment is wrong; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If some of the objects do not wait, or none does.

        Examples
        --------
        >>> atlas.query_vra_todo().colnames
        ['atlas_id', 'timestamp']
        """
        asked, mjd = _unique_ids(object_ids), since_mjd(since)
        if get_query_payload:
            return _vra_payload(asked, mjd)
        found = self._query_vra(schema.VRA_TODO, asked, mjd)
        if lack := _missing_message(found, asked):
            warn_no_results(lack)
        return found

    def _query_vra(self, record, asked, mjd, options=None):
        known = () if asked is None else self._endpoints.resolve(asked)
        return self._endpoints.vra(record, *known, since=mjd, **(options or {}))


def _unique_ids(object_ids):
    return None if object_ids is None else list(dict.fromkeys(check_object_ids(object_ids)))


def _vra_payload(asked, mjd, options=None):
    options = options or {}
    if asked is None:
        return payloads.vra(since=mjd, **options)
    parts = [payload for _, payload in payloads.vra_parts(asked, **options)]
    return parts[0] if len(parts) == 1 else parts


def _missing_message(found, asked):
    """Say what the answer lacks, if anything."""
    if missing := found.meta.get("missing"):
        if len(asked) == 1:
            return f"The server has no such row of {asked[0]}."
        return f"The server has no such row of {len(missing)} of {len(asked)} objects; they are in meta['missing']."
    return "The server has no such row." if not len(found) else ""
