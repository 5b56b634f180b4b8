# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about what the Virtual Research Assistant makes of objects."""

from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints.vra import vra_payload, vra_payloads
from atlasquery.inputs.object_names import check_object_ids
from atlasquery.inputs.times import check_since

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
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        options = {"debug": True} if debug else {}
        if get_query_payload:
            return _vra_payload(unique_ids, bound, options)
        table = self._query_vra(self._endpoints.vra_scores, unique_ids, bound, options)
        is_requested = table["debug"].filled(False) == bool(debug)
        if n_dropped := len(table) - is_requested.sum():
            warn_no_results(f"{n_dropped} rows that were written as tests are left out; see `debug`.")
        table = table[is_requested]
        table.meta["debug"] = bool(debug)
        _warn_missing_rows(table, unique_ids)
        return table

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
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        if get_query_payload:
            return _vra_payload(unique_ids, bound)
        table = self._query_vra(self._endpoints.vra_ranks, unique_ids, bound)
        _warn_missing_rows(table, unique_ids)
        return table

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
        unique_ids, bound = _unique_ids(object_ids), check_since(since)
        if get_query_payload:
            return _vra_payload(unique_ids, bound)
        table = self._query_vra(self._endpoints.vra_todo, unique_ids, bound)
        _warn_missing_rows(table, unique_ids)
        return table

    def _query_vra(self, endpoint, unique_ids, bound, options=None):
        resolved = () if unique_ids is None else self._endpoints.names.resolve(unique_ids)
        return endpoint.query(*resolved, since=bound, **(options or {}))


def _unique_ids(object_ids):
    return None if object_ids is None else list(dict.fromkeys(check_object_ids(object_ids)))


def _vra_payload(unique_ids, bound, options=None):
    options = options or {}
    if unique_ids is None:
        return vra_payload(since=bound, **options)
    payloads = [payload for _, payload in vra_payloads(unique_ids, **options)]
    return payloads[0] if len(payloads) == 1 else payloads


def _warn_missing_rows(table, unique_ids):
    if message := _missing_message(table, unique_ids):
        warn_no_results(message)


def _missing_message(table, unique_ids):
    """Return what is missing from the answer, or an empty string."""
    if missing := table.meta.get("missing"):
        if len(unique_ids) == 1:
            return f"The server has no such row for {unique_ids[0]}."
        return (
            f"The server has no such row for {len(missing)} of {len(unique_ids)} objects; meta['missing'] lists them."
        )
    return "" if len(table) else "The server has no such row."
