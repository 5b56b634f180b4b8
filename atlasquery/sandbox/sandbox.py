# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Sandbox`: the user's side of the local server, which runs in a process of its own."""

import weakref
from dataclasses import asdict

from atlasquery.sandbox import accounts
from atlasquery.sandbox.argument_checks import MAX_OBJECTS, checked_end, checked_faults, checked_integer
from atlasquery.sandbox.received_request import RequestSeen
from atlasquery.sandbox.server_process import Child
from atlasquery.sandbox.server_state import VINTAGES
from atlasquery.sandbox.settings import ROOT_PATH, hourly
from atlasquery.sandbox.truth import truth_table

__all__ = ["DEFAULT_SEED", "Sandbox"]

DEFAULT_SEED = 20180616
MAX_SEED = 2**63 - 1


class Sandbox:
    """A local ATLAS server over a synthetic sky, as a context manager.

    Parameters
    ----------
    seed : int, optional
        Which sky, from 0 on; the same seed gives the same sky on every machine.
    n_objects : int, optional
        How many objects the sky has by the reference date, 100,000 at most; a few more come later.
    end : `~astropy.time.Time`, str, `~datetime.datetime`, `~datetime.date` or float, optional
        The end of the observations, a string in ISO format, a number as MJD (40,000 to 70,000); by default last night.
        Without a time zone UTC is meant. Later exposures are cut off; what is before never changes.
    rates : dict, optional
        Requests an hour for ``"user"`` (100), ``"staff"`` (100,000) and ``"auth"`` (10, for ``auth-token/`` from one
        address); a text such as ``"3/second"`` names another period, `None` lifts the limit.
    vintage : str, optional
        ``"new"``, or ``"old"`` for a server without list filters, ``vra`` and ``uJy``.
    faults : `Fault` or iterable of `Fault`, optional
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
    TypeError
        If an argument is of a wrong type, such as a number of objects with a fraction.
    ValueError
        If an argument cannot be right; nothing was started.

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
        faults = checked_faults(faults)
        options = {
            "seed": checked_integer("seed", seed, 0, MAX_SEED),
            "n_objects": checked_integer("n_objects", n_objects, 1, MAX_OBJECTS),
            "end": checked_end(end),
            "rates": hourly(rates),
            "vintage": _checked_vintage(vintage),
            "port": checked_integer("port", port, 0, 65_535),
        }
        self._truth = None
        self._last_requests = []
        self._child = Child(options)
        # Also at the end of the interpreter, and when nobody holds the sandbox any more.
        self._stop = weakref.finalize(self, self._child.stop)
        self.end = options["end"]
        self.url = f"http://127.0.0.1:{self._child.port}/{ROOT_PATH}"
        for fault in faults:
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
        """The true parameters of all objects, a `~astropy.table.Table` with units; masked where there is none."""
        if self._truth is None:
            self._truth = truth_table(self._child.ask("truth"))
        return self._truth.copy()

    def inject(self, fault):
        """Let something go wrong from now on.

        Parameters
        ----------
        fault : Fault or iterable of Fault
            What, where and how often.
        """
        for one in checked_faults(fault):
            self._child.ask("inject", fault=asdict(one))

    def clear_faults(self):
        """Let nothing go wrong any more."""
        self._child.ask("clear_faults")


def _checked_vintage(vintage):
    if vintage not in VINTAGES:
        raise ValueError(f"vintage: expected one of {', '.join(VINTAGES)}; found {vintage!r}")
    return vintage


def _checked_role(role):
    if role not in accounts.ROLES:
        raise ValueError(f"role: expected one of {', '.join(accounts.ROLES)}; found {role!r}")
    return role
