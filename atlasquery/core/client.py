# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The client: which server, signed in as whom, and all the questions that can be asked."""

from astroquery.query import BaseQuery

from atlasquery.auth import AuthorizedSession
from atlasquery.core.bulk import BulkQueries
from atlasquery.core.crossmatch import CrossmatchQueries
from atlasquery.core.lists import ListQueries
from atlasquery.core.names import NameQueries
from atlasquery.core.objects import ObjectQueries
from atlasquery.core.regions import RegionQueries
from atlasquery.core.vra import VRAQueries
from atlasquery.endpoints import Endpoints
from atlasquery.transport import Token

__all__ = ["ATLAS", "ATLASClass"]


class ATLASClass(
    RegionQueries, ObjectQueries, BulkQueries, NameQueries, ListQueries, VRAQueries, CrossmatchQueries, BaseQuery
):
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

    _auth = None  # a traceback may want the repr of a client whose token or server was refused

    def __init__(self, server=None, token=None):
        token = Token.wrap(token)  # here and below: a traceback may show the variables of this frame
        super().__init__()
        # BaseQuery's session logs headers and bodies, the token among them. The transport has its own.
        del self._session
        self._use_session(AuthorizedSession(server, token))

    def _use_session(self, signin):
        self._auth = signin
        self._endpoints = Endpoints(self._request, self._endpoint_url)

    def __repr__(self):
        where = f": {self._auth.display_url}" if self._auth else ""
        return f"<{type(self).__name__}{where}>"

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
        token = Token.wrap(token)
        other = type(self)()
        other._use_session(self._auth.copy_with(server, token))
        return other

    def __deepcopy__(self, memo):
        # A copy stays in this process and keeps its tokens; a pickle, whose way `copy` would go, never holds one.
        return self()

    def __getstate__(self):
        return {"signin": self._auth}

    def __setstate__(self, state):
        self.__init__()
        self._use_session(state["signin"])

    def login(self, username=None, *, token=None, store=True):
        """Sign in, with a token, or with a user name and password.

        Parameters
        ----------
        username : str, optional
            Asked for if it is not given, as the password always is; only at a terminal or in a notebook.
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
        token = Token.wrap(token)
        return self._auth.login(username, token=token, store=store)

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
        return self._auth.refresh_token(username, store=store)

    def logout(self):
        """Forget the token, here and in the system keyring."""
        self._auth.logout()

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
        return self._auth.authenticated()

    @property
    def token_expires(self):
        """When the token expires (`~astropy.time.Time`), or `None` where that is not known."""
        return self._auth.token_expires

    @property
    def quota(self):
        """What this process knows of the hourly quota (`~atlasquery.transport.Quota`); no request is sent for it.

        Its attributes are ``limit`` (``conf.hourly_requests``), ``used``, ``remaining`` and ``resets_at``, the moment
        when the next request is given back. Other processes spend from the same quota; the server's refusal (429)
        teaches it that.
        """
        return self._auth.quota

    def _request(self, endpoint, payload, *, retry=True):
        """Send one request, signed in, over our own wire and not astroquery's."""
        return self._auth.send(endpoint, payload, retry=retry)

    def _endpoint_url(self, endpoint):
        return self._auth.root + endpoint


ATLAS = ATLASClass()
