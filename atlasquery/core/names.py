# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The questions about what objects are called."""

from atlasquery.core.query_warnings import warn_no_results
from atlasquery.endpoints.names import names_payload
from atlasquery.inputs.object_names import ObjectName, check_names, check_object_id

__all__ = ["NameQueries"]


class NameQueries:
    """The part of `~atlasquery.ATLASClass` that looks names up."""

    def resolve_name(self, name, *, get_query_payload=False):
        """Find the ATLAS id of an object by its name.

        Every argument that takes an id takes such a name, too; several names in one call cost one request together.

        Parameters
        ----------
        name : str or int
            A TNS name, with or without its prefix (``"2018cow"``, ``"AT 2018cow"``), or another survey's. An ATLAS
            designation (``"ATLAS18qqn"``) has no look-up on the server: it resolves, without a request, if an answer
            to this client has shown it. An id is given back as it is, without asking whether there is such an object.
        get_query_payload : bool
            Send nothing, and return what would be sent; an empty list where no request is needed, for an id or an
            ATLAS designation.

        Returns
        -------
        int
            The ATLAS id.

        Raises
        ------
        InvalidQueryError
            If it is neither a name nor an id; no request is spent.
        ObjectNotFoundError
            If nobody knows the name.
        AmbiguousNameError
            If it means several objects; ``candidates`` holds their ids.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Examples
        --------
        >>> atlas.resolve_name("AT 2018cow")
        1161600211221604900
        """
        checked = check_object_id(name)
        if get_query_payload:
            return names_payload([checked]) if _needs_lookup(checked) else []
        return self._endpoints.names.resolve_one(checked)

    def query_external_crossmatches(self, names, *, get_query_payload=False):
        """Ask what the Transient Name Server and other surveys know of objects, by the names they gave them.

        Parameters
        ----------
        names : str or sequence of str, length n
            Such as ``"2018cow"``, ``"AT 2018cow"`` or ``"ZTF18abcfcoo"``, in capitals or not. ATLAS ids and
            designations are not matched by the server.
        get_query_payload : bool
            Send nothing, and return what would be sent.

        Returns
        -------
        `~astropy.table.Table`
            One row a match: ``query_name``, ``atlas_id``, ``external_designation``, ``matched_list``, ``separation``
            [arcsec], ``type``, redshifts, magnitude and date of the discovery, ... Names without a match are left out,
            warned of, and listed in ``meta['missing']``.

        Raises
        ------
        InvalidQueryError
            If a name cannot be one; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.

        Warns
        -----
        NoResultsWarning
            If some of the names are not known, or none.

        Examples
        --------
        >>> print(atlas.query_external_crossmatches("SN 2018cow")["query_name", "atlas_id", "matched_list"])
        query_name       atlas_id           matched_list
        ---------- ------------------- ---------------------
        SN 2018cow 1161600211221604900 Transient Name Server
        """
        checked_names = check_names(names)
        if get_query_payload:
            return names_payload(checked_names)
        table = self._endpoints.names.query(checked_names)
        if missing := table.meta["missing"]:
            warn_no_results(
                f"The server does not know {len(missing)} of {len(checked_names)} names; meta['missing'] lists them."
            )
        return table


def _needs_lookup(checked):
    return isinstance(checked, ObjectName) and not checked.is_designation
