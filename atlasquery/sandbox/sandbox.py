# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Sandbox`: start and control the local server, which runs in a process of its own."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, Self

from atlasquery.sandbox import accounts
from atlasquery.sandbox.argument_checks import (
    MAX_OBJECTS,
    check_choice,
    check_end,
    check_faults,
    check_integer,
    check_seconds,
)
from atlasquery.sandbox.fault import Fault
from atlasquery.sandbox.forced.accounts import FORCED_ROLES
from atlasquery.sandbox.received_request import ReceivedRequest
from atlasquery.sandbox.server_process import ServerProcess
from atlasquery.sandbox.server_state import VINTAGES
from atlasquery.sandbox.settings import ATLAS_ROOT_PATH, FORCED_ROOT_PATH
from atlasquery.sandbox.throttle_rates import check_rates
from atlasquery.sandbox.truth import make_truth_table

if TYPE_CHECKING:
    from astropy.table import Table
    from astropy.time import Time

    from atlasquery.core import ATLASClass
    from atlasquery.forcedphot import ForcedPhotometryClass

__all__ = ["DEFAULT_SEED", "Sandbox"]

DEFAULT_SEED = 20180616
MAX_SEED = 2**63 - 1


class Sandbox:
    """A local ATLAS server over a synthetic sky, as a context manager.

    Parameters
    ----------
    seed : int, optional
        Seed of the sky, at least 0; the same seed gives the same sky on every machine.
    n_objects : int, optional
        Number of objects discovered before the reference date, at most 100,000; a few more are discovered later.
    end : `~astropy.time.Time`, str, `~datetime.datetime`, `~datetime.date` or float, optional
        The end of the observations: a time, a string in ISO format, or a number as MJD (40,000 to 70,000); by default
        last night. Without a time zone it is UTC. Later exposures are left out; earlier rows never change.
    rates : dict, optional
        Requests an hour for ``"user"`` (100), ``"staff"`` (100,000) and ``"auth"`` (10, for ``auth-token/`` from one
        address); a string such as ``"3/second"`` sets another period, `None` removes the limit. ``"forced_write"``
        (``"60/minute"``) and ``"forced_read"`` (``"600/minute"``) are those of the forced-photometry server.
    vintage : str, optional
        ``"new"``, or ``"old"`` for a server without list filters, ``vra`` and ``uJy``.
    faults : `Fault` or iterable of `Fault`, optional
        Faults that the server produces.
    port : int, optional
        The port; by default any free port.
    task_seconds : float, optional
        Duration of a task of the forced-photometry server, which runs one task of a user at a time.
    forced_vintage : str, optional
        ``"new"``, or ``"old"`` for the forced-photometry server of March 2026, which redirects to a log-in page where
        the new one refuses, sends web pages for ``Accept: */*``, and lacks some keys.

    Raises
    ------
    ImportError
        If the extra ``atlasquery[sandbox]`` is not installed.
    OSError
        If the port is in use.
    ~atlasquery.exceptions.ServerUnreachableError
        If the server does not start; its error output is in the message.
    TypeError
        If an argument has a wrong type, such as a fractional number of objects.
    ValueError
        If an argument is invalid; the server is not started.

    Notes
    -----
    The roles are ``reader``, ``writer`` and ``staff``, and for testing errors ``expired``, ``inactive``, ``nogroup``,
    ``noprofile`` and ``throttled``. Each role is also a user name, with the password ``f"{role}-pw"``. The server
    listens on the loopback interface only, and stops with the process that started it.

    Examples
    --------
    >>> sandbox.url  # doctest: +ELLIPSIS
    'http://127.0.0.1:.../sne/atlas4/api/'
    >>> len(sandbox.truth) >= 3000
    True
    """

    url: str
    forced_url: str

    def __init__(
        self,
        *,
        seed: int = DEFAULT_SEED,
        n_objects: int = 3000,
        end: Time | str | float | None = None,
        rates: Mapping[str, int | None] | None = None,
        vintage: Literal["new", "old"] = "new",
        faults: Fault | Iterable[Fault] | None = None,
        port: int = 0,
        task_seconds: float = 0.05,
        forced_vintage: Literal["new", "old"] = "new",
    ) -> None:
        fault_list = check_faults(faults)
        options = {
            "seed": check_integer("seed", seed, 0, MAX_SEED),
            "n_objects": check_integer("n_objects", n_objects, 1, MAX_OBJECTS),
            "end": check_end(end),
            "rates": check_rates(rates),
            "vintage": check_choice("vintage", vintage, VINTAGES),
            "port": check_integer("port", port, 0, 65_535),
            "task_seconds": check_seconds("task_seconds", task_seconds),
            "forced_vintage": check_choice("forced_vintage", forced_vintage, VINTAGES),
        }
        self._truth: Table | None = None
        self._last_requests: list[ReceivedRequest] = []
        self._process = ServerProcess(options)
        # Also at the end of the interpreter, and when the last reference to the sandbox is gone.
        self._stop = weakref.finalize(self, self._process.stop)
        self.end = options["end"]
        self.url = f"http://127.0.0.1:{self._process.port}/{ATLAS_ROOT_PATH}"
        self.forced_url = f"http://127.0.0.1:{self._process.port}/{FORCED_ROOT_PATH}"
        self.inject(fault_list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Sandbox {self.url} {'running' if self.running else 'closed'}>"

    @property
    def running(self) -> bool:
        """Whether the server is running."""
        return self._stop.alive and self._process.running

    def close(self) -> None:
        """Stop the server; `requests` can still be read."""
        if self.running:
            self._last_requests = self.requests
        self._stop()

    def client(self, role: str = "reader") -> ATLASClass:
        """Return a client of this server.

        Parameters
        ----------
        role : str, optional
            The role whose token the client uses.

        Returns
        -------
        ~atlasquery.ATLASClass
            A client, signed in as that role.

        Examples
        --------
        >>> sandbox.client("reader").count_region("244.0009d 22.2680d", "5 arcsec")
        1
        """
        from atlasquery.core import ATLASClass

        return ATLASClass(server=self.url, token=self.token(role))

    def token(self, role: str = "reader") -> str:
        """Return the current token of a role.

        Parameters
        ----------
        role : str, optional
            The role.

        Returns
        -------
        str
            40 hexadecimal digits.

        Examples
        --------
        >>> len(sandbox.token("staff"))
        40
        """
        return self._process.call("get_token", role=_check_role(role))

    def forced_client(self, role: str = "user") -> ForcedPhotometryClass:
        """Return a client of the forced-photometry server.

        Parameters
        ----------
        role : str, optional
            ``user``, ``other``, ``staff`` or ``inactive``.

        Returns
        -------
        ~atlasquery.forcedphot.ForcedPhotometryClass
            A client, signed in as that role.

        Examples
        --------
        >>> sandbox.forced_client("user").authenticated()
        True
        """
        from atlasquery.forcedphot import ForcedPhotometryClass

        return ForcedPhotometryClass(server=self.forced_url, token=self.forced_token(role))

    def forced_token(self, role: str = "user") -> str:
        """Return the token of a role at the forced-photometry server.

        Parameters
        ----------
        role : str, optional
            ``user``, ``other``, ``staff``, or ``inactive``, whose token is refused.

        Returns
        -------
        str
            40 hexadecimal digits.

        Examples
        --------
        >>> len(sandbox.forced_token("other"))
        40
        """
        return self._process.call("get_forced_token", role=check_choice("role", role, FORCED_ROLES))

    def age_token(self, role: str, seconds: float) -> None:
        """Change the age of a role's token, so that it expires soon or has expired.

        Parameters
        ----------
        role : str
            The role.
        seconds : float
            Seconds from now to the expiry; negative for an expired token.
        """
        self._process.call("age_token", role=_check_role(role), seconds=float(seconds))

    def advance_clock(self, seconds: float) -> None:
        """Move the clock of the quotas ahead, as if that much time had passed since the last request.

        Parameters
        ----------
        seconds : float
            Seconds; 3600 give every user a whole quota.

        Examples
        --------
        >>> sandbox.advance_clock(3600)
        """
        self._process.call("advance_clock", seconds=float(seconds))

    @property
    def requests(self) -> list[ReceivedRequest]:
        """All requests so far, a list of `ReceivedRequest`; complete when the call of a client returns."""
        if not self._stop.alive:
            return self._last_requests
        return [ReceivedRequest(**row) for row in self._process.call("list_requests")]

    @property
    def truth(self) -> Table:
        """The true parameters of all objects, a `~astropy.table.Table` with units and masks."""
        if self._truth is None:
            self._truth = make_truth_table(self._process.call("get_truth"))
        return self._truth.copy()

    def inject(self, fault: Fault | Iterable[Fault]) -> None:
        """Add faults, which the server produces from now on.

        Parameters
        ----------
        fault : Fault or iterable of Fault
            The faults.
        """
        for one_fault in check_faults(fault):
            self._process.call("inject_fault", fault=asdict(one_fault))

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._process.call("clear_faults")


def _check_role(role: str) -> str:
    return check_choice("role", role, accounts.ROLES)
