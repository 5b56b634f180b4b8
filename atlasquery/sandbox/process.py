# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Sandbox`: the user's side of the local server, which runs in a process of its own."""

import weakref
from dataclasses import asdict

from atlasquery.sandbox import accounts
from atlasquery.sandbox.child import Child
from atlasquery.sandbox.seen import RequestSeen
from atlasquery.sandbox.settings import ROOT_PATH, hourly
from atlasquery.sandbox.world import VINTAGES

__all__ = ["DEFAULT_SEED", "Sandbox"]

DEFAULT_SEED = 20180616
MAX_OBJECTS = 100_000


class Sandbox:
    """A local ATLAS server over a synthetic sky, as a context manager.

    Parameters
    ----------
    seed : int, optional
        Which sky; the same seed gives the same sky on every machine.
    n_objects : int, optional
        How many objects the sky has by the reference date; a few more come later.
    end : `~astropy.time.Time`, str or float, optional
        The end of the observations, a string in ISO format, a number as MJD; by default last night. Later exposures are
        cut off; what is before never changes.
    rates : dict, optional
        Requests an hour for ``"user"`` (100), ``"staff"`` (100,000) and ``"auth"`` (10, for ``auth-token/`` from one
        address); a text such as ``"3/second"`` names another period, `None` lifts the limit.
    vintage : str, optional
        ``"new"``, or ``"old"`` for a server without list filters, ``vra`` and ``uJy``.
    faults : iterable of `Fault`, optional
        What shall go wrong.
    port : int, optional
        The port; by default any that is free.

    Raises
    ------
    ImportError
        If the extra ``atlasquery[sandbox]`` is not installed.
    OSError
        If the port is in use.
    ~atlasquery.exceptions.ServerUnreachableError
        If the server does not start; what it said is in the message.
    ValueError
        If an argument cannot be right.

    Notes
    -----
    The roles are ``reader``, ``writer`` and ``staff``, and for the sake of trying what can go wrong ``expired``,
    ``inactive``, ``nogroup``, ``noprofile`` and ``throttled``. Each is a user name too, with the password
    ``f"{role}-pw"``. The server listens on the loopback interface only, and ends with the process that started it.

    Examples
    --------
    >>> sandbox.url  # doctest: +ELLIPSIS
    'http://127.0.0.1:.../sne/atlas4/api/'
    >>> len(sandbox.truth) >= 3000
    True
    """

    def __init__(self, *, seed=DEFAULT_SEED, n_objects=3000, end=None, rates=None, vintage="new", faults=None, port=0):
        options = {
            "seed": int(seed),
            "n_objects": _checked_number(n_objects),
            "end": _mjd(end),
            "rates": hourly(rates),
            "vintage": _checked_vintage(vintage),
            "port": int(port),
        }
        self._truth = None
        self._last_requests = []
        self._child = Child(options)
        # Also at the end of the interpreter, and when nobody holds the sandbox any more.
        self._stop = weakref.finalize(self, self._child.stop)
        self.end = options["end"]
        self.url = f"http://127.0.0.1:{self._child.port}/{ROOT_PATH}"
        for fault in faults or ():
            self.inject(fault)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __repr__(self):
        return f"<Sandbox {self.url} {'running' if self.running else 'closed'}>"

    @property
    def running(self):
        """Whether the server lives."""
        return self._stop.alive and self._child.running

    def close(self):
        """End the server; what was asked can still be read from `requests`."""
        if self.running:
            self._last_requests = self.requests
        self._stop()

    def client(self, role="reader"):
        """Return a client of this server.

        Parameters
        ----------
        role : str, optional
            Whose token it has.

        Returns
        -------
        ~atlasquery.ATLASClass
            Signed in as that role.

        Examples
        --------
        >>> sandbox.client("reader").count_region("244.0009d 22.2680d", "5 arcsec")
        1
        """
        from atlasquery.core import ATLASClass

        return ATLASClass(server=self.url, token=self.token(role))

    def token(self, role="reader"):
        """Return the token a role has at present.

        Parameters
        ----------
        role : str, optional
            Whose.

        Returns
        -------
        str
            40 hexadecimal digits.

        Examples
        --------
        >>> len(sandbox.token("staff"))
        40
        """
        return self._child.ask("token", role=_checked_role(role))

    def age_token(self, role, seconds):
        """Let a role's token have been made so long ago that it ends soon, or has ended.

        Parameters
        ----------
        role : str
            Whose.
        seconds : float
            When it shall end, from now; negative for the past.
        """
        self._child.ask("age_token", role=_checked_role(role), seconds=float(seconds))

    @property
    def requests(self):
        """What was asked so far, a list of `RequestSeen`; complete when a client's call returns."""
        if not self._stop.alive:
            return self._last_requests
        return [RequestSeen(**row) for row in self._child.ask("requests")]

    @property
    def truth(self):
        """The true parameters of all objects, a `~astropy.table.Table`."""
        if self._truth is None:
            from astropy.table import Table

            self._truth = Table(self._child.ask("truth"))
        return self._truth.copy()

    def inject(self, fault):
        """Let something go wrong from now on.

        Parameters
        ----------
        fault : Fault
            What, where and how often.
        """
        self._child.ask("inject", fault=asdict(fault))

    def clear_faults(self):
        """Let nothing go wrong any more."""
        self._child.ask("clear_faults")


def _mjd(end):
    """Return the end of the observations as MJD: a Time, an ISO string, a number, or by default last midnight UTC."""
    if isinstance(end, (int, float)):
        return float(end)
    from astropy.time import Time

    if end is None:
        return float(int(Time.now().utc.mjd))
    return float(Time(end, scale="utc").mjd if isinstance(end, str) else end.utc.mjd)


def _checked_number(n_objects):
    if not 1 <= int(n_objects) <= MAX_OBJECTS:
        raise ValueError(f"n_objects: expected 1 to {MAX_OBJECTS}, found {n_objects}")
    return int(n_objects)


def _checked_vintage(vintage):
    if vintage not in VINTAGES:
        raise ValueError(f"vintage: expected one of {', '.join(VINTAGES)}; found {vintage!r}")
    return vintage


def _checked_role(role):
    if role not in accounts.ROLES:
        raise ValueError(f"role: expected one of {', '.join(accounts.ROLES)}; found {role!r}")
    return role
