# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`ATLASClass`: each method checks its words, makes a payload, sends it, and gives a table or an object."""

import warnings

from astroquery.query import BaseQuery

from atlasquery import payloads
from atlasquery.auth import SignIn
from atlasquery.exceptions import InvalidQueryError, NoResultsWarning
from atlasquery.identifiers import check_id, check_ids
from atlasquery.parameters import since_mjd
from atlasquery.reader import Reader

__all__ = ["ATLAS", "ATLASClass"]


class ATLASClass(BaseQuery):
    """A client of the ATLAS Transient web server.

    Creating one reads and sends nothing; it signs in when it is first used. In the examples of its methods ``atlas``
    is the client of a local server, ``atlasquery.sandbox.Sandbox``.

    Parameters
    ----------
    server : str, optional
        Root URL of the server's API; by default ``conf.server``, read at each call.
    token : str, optional
        A token for this server. By default it is looked for in the environment and in the system keyring.

    See Also
    --------
    atlasquery.sandbox.Sandbox : A local server to practise on.

    Examples
    --------
    >>> from atlasquery import ATLASClass
    >>> ATLASClass()
    <ATLASClass: https://psweb.mp.qub.ac.uk/sne/atlas4/api/>
    """

    def __init__(self, server=None, token=None):
        super().__init__()
        # BaseQuery's session logs headers and bodies, the token among them. The transport has its own.
        del self._session
        self._begin(SignIn(server, token))

    def _begin(self, signin):
        self._signin = signin
        self._reader = Reader(self._request, self._url)

    def __repr__(self):
        return f"<{type(self).__name__}: {self._signin.root}>"

    def __call__(self, server=None, token=None):
        """Make another client with this one's server and token, unless others are given.

        Parameters
        ----------
        server : str, optional
            Root URL of another server's API; a token stays with the server it is for.
        token : str, optional
            Another token.

        Returns
        -------
        `ATLASClass`
            The other client.
        """
        other = type(self)()
        other._begin(self._signin.another(server, token))
        return other

    def __getstate__(self):
        return {"signin": self._signin}

    def __setstate__(self, state):
        self.__init__()
        self._begin(state["signin"])

    def login(self, username=None, *, token=None, store=True):
        """Sign in, with a token, or with a user name and password.

        Parameters
        ----------
        username : str, optional
            Asked for if it is not given, as the password always is; only where standard input is a terminal.
        token : str, optional
            A token; it is checked by one request.
        store : bool
            Whether to keep the token in the system keyring. If that cannot be, a warning says why, and the token
            serves this process.

        Returns
        -------
        bool
            `True`; what goes wrong raises.

        Raises
        ------
        LoginError
            If the token, the user name or the password is refused, or there is nobody to ask.
        ServerError
            If the server cannot be reached or read.

        Examples
        --------
        >>> atlas.login(token=sandbox.token(), store=False)
        True
        """
        return self._signin.login(username, token=token, store=store)

    def refresh_token(self, username=None, *, store=True):
        """Exchange user name and password for a token; the reference client's word for `login`.

        Parameters
        ----------
        username : str, optional
            Asked for if it is not given.
        store : bool
            Whether to keep the token in the system keyring.

        Returns
        -------
        bool
            `True`; what goes wrong raises.

        Raises
        ------
        LoginError
            If the user name or the password is refused, or there is nobody to ask.
        ServerError
            If the server cannot be reached or read.
        """
        return self._signin.refresh_token(username, store=store)

    def logout(self):
        """Forget the token, here and in the system keyring."""
        self._signin.logout()

    def authenticated(self):
        """Tell whether a usable token is at hand; no request is sent and nobody is asked.

        Returns
        -------
        bool
            `False` too if the only token has expired, or was refused by the server.

        Examples
        --------
        >>> atlas.authenticated()
        True
        """
        return self._signin.authenticated()

    @property
    def token_expires(self):
        """When the token expires (`~astropy.time.Time`), or `None` where that is not known."""
        return self._signin.token_expires

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
            _warn(f"No object lies within {radius} of what was asked for.")
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

    def query_object(self, object_ids, *, get_query_payload=False):
        """Ask for objects by their ids: names, positions, lists, classes and scores, without light curves.

        Parameters
        ----------
        object_ids : int, str, or sequence of those, length n
            ATLAS object ids, 19 digits; never a float, which would name another object. 1,000 ids are one request.
        get_query_payload : bool
            Send nothing, and return what would be sent: a dict, or a list of them for several requests.

        Returns
        -------
        `~astropy.table.Table`
            One row an object, in the order asked, repetitions too. Ids that the server does not know are left out,
            warned of, and listed in ``meta['missing']``.

        Raises
        ------
        InvalidQueryError
            If an id is wrong; no request is spent.
        LoginError
            If there is no usable token.
        ServerError
            If the server cannot be reached or read.
        BatchError
            If one of several requests fails; ``results`` is the table of those before it, ``failed`` maps the other
            ids to the error. Where the quota is used up it is a ``RateLimitError``, with the same ``results``.

        Warns
        -----
        NoResultsWarning
            If the server does not know some of the ids, or any.

        Examples
        --------
        >>> print(atlas.query_object(1161600211221604900)["name", "tns_name", "ra", "dec"])
           name    tns_name     ra        dec
                               deg        deg
        ---------- -------- ---------- ---------
        ATLAS18qqn  2018cow 244.000917 22.268031
        """
        ids = check_ids(object_ids)
        if get_query_payload:
            asked = [payloads.objects(batch, rows=False) for batch in payloads.batches(ids)]
            return asked if len(asked) > 1 else asked[0]
        found = self._reader.objects(ids)
        if missing := found.meta["missing"]:
            _warn(f"The server does not know {len(missing)} of {len(ids)} ids; they are in meta['missing'].")
        return found

    def get_transient(self, object_id, *, since=None, get_query_payload=False):
        """Get all that the server has about one object.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id, 19 digits.
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
        wanted, mjd = check_id(object_id), since_mjd(since)
        if get_query_payload:
            return payloads.objects([wanted], since=mjd)
        from atlasquery.transient import Transient

        return Transient(self._reader.record(wanted, since=mjd), url=self._url("objects/"))

    def get_light_curve(self, object_id, *, since=None, get_query_payload=False):
        """Get the light curve of one object: detections, limits and forced photometry.

        Parameters
        ----------
        object_id : int or str
            ATLAS object id, 19 digits.
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
        wanted, mjd = check_id(object_id), since_mjd(since)
        if get_query_payload:
            return payloads.objects([wanted], since=mjd)
        from atlasquery.lightcurve import LightCurve

        return LightCurve.from_record(self._reader.record(wanted, since=mjd), url=self._url("objects/"))

    def _request(self, endpoint, payload, *, retry=True):
        """Send one request, signed in, over our own wire and not astroquery's."""
        return self._signin.send(endpoint, payload, retry=retry)

    def _url(self, endpoint):
        return self._signin.root + endpoint


def _warn(message):
    warnings.warn(message, NoResultsWarning, stacklevel=3)


ATLAS = ATLASClass()
