# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A fault to order, and the plan of those that are still to happen."""

import json
import threading
from dataclasses import asdict, dataclass, field, fields

__all__ = ["KINDS", "Fault", "FaultPlan"]

KINDS = (
    "reset",  # the connection is reset before a byte of the answer is out
    "reset_midbody",  # ... in the middle of the body
    "stall",  # the answer never comes
    "stall_midbody",  # the answer stops in the middle of the body
    "drip",  # the body comes a few bytes at a time
    "drip_headers",  # the header lines come a byte at a time
    "truncate",  # valid HTTP, but the JSON is cut
    "html",  # a page instead of JSON, with status 200
    "html500",  # a page, with status 500
    "empty",  # status 200 and nothing
    "nan",  # a NaN literal in the JSON
    "wrong_shape",  # a list instead of an object, an object instead of a list
    "wrong_type",  # one value of another type
    "status",  # any status, headers and body
    "redirect",  # sent elsewhere
    "damaged",  # some objects cannot be read: acted on by the application, not on the wire
)


@dataclass
class Fault:
    """One thing that goes wrong.

    Parameters
    ----------
    kind : str
        One of ``atlasquery.sandbox.fault.KINDS``.
    endpoint : str, optional
        Only requests to this endpoint, such as ``"cone/"``, are hit; by default any.
    times : int or None, optional
        How many requests are hit; `None` for all.
    skip : int, optional
        How many requests pass unharmed before.
    handled : bool, optional
        Whether the application carries the request out although its answer is lost or replaced; those kinds that
        need its answer always do.
    seconds : float, optional
        How long to stall (default 3600), or the pause between two drips (default 0.05).
    size : int, optional
        Bytes in a drip; bytes let through before a reset, a stall or a cut in the body (default: half of it).
    column : str, optional
        The key whose first value is replaced, for ``nan`` and ``wrong_type``; by default the first number's.
    value : object, optional
        What a value, or for ``wrong_shape`` the document, is replaced by.
    status : int, optional
        The status, for ``status`` and ``redirect``.
    headers : dict, optional
        Further header lines of the answer.
    body : str, optional
        The answer's body; JSON unless ``headers`` name another content type.
    location : str, optional
        Where a ``redirect`` points to.
    objects : int or sequence of int, optional
        The ids of the ``damaged`` objects.

    Raises
    ------
    TypeError
        If something that must be a whole number is none, or cannot be written as JSON.
    ValueError
        If there is no such kind, or what it needs is missing.

    Examples
    --------
    >>> from atlasquery.sandbox.fault import Fault
    >>> Fault("status", endpoint="cone/", status=503, headers={"Retry-After": "2"}).times
    1
    """

    kind: str
    endpoint: str | None = None
    times: int | None = 1
    skip: int = 0
    handled: bool = False
    seconds: float | None = None
    size: int | None = None
    column: str | None = None
    value: object = None
    status: int | None = None
    headers: dict = field(default_factory=dict)
    body: str | None = None
    location: str | None = None
    objects: list = field(default_factory=list)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}; the kinds are {', '.join(KINDS)}")
        for column in fields(self):
            setattr(self, column.name, _plain(getattr(self, column.name)))
        objects = self.objects if isinstance(self.objects, list) else [self.objects]
        self.objects = [_whole("objects", one) for one in objects]
        self.headers = {str(name): str(value) for name, value in self.headers.items()}
        for name in ("times", "skip", "size", "status"):
            if getattr(self, name) is not None:
                setattr(self, name, _whole(name, getattr(self, name)))
        _check_it_can_be_sent(self)
        needs = {"status": "status", "redirect": "location", "damaged": "objects"}.get(self.kind)
        if needs and not getattr(self, needs):
            raise ValueError(f"a fault of kind {self.kind!r} needs {needs}=")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be positive, or None for ever; got {self.times}")

    def hits(self, endpoint):
        """Tell whether requests to an endpoint are meant.

        Parameters
        ----------
        endpoint : str
            Such as ``"cone/"``.

        Returns
        -------
        bool
            Whether they are.
        """
        return self.endpoint is None or self.endpoint.strip("/") == endpoint.strip("/")


def _plain(value):
    """Return what JSON knows of a value of numpy, or of a column, whatever holds it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else value


def _whole(name, value):
    """Return a whole number, which may be written in digits, as an int."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise TypeError(f"{name}: expected whole numbers, found {value!r}")
    return int(value)


def _check_it_can_be_sent(fault):
    try:
        json.dumps(asdict(fault))
    except (TypeError, ValueError) as error:
        raise TypeError(f"a fault is handed to the server as JSON, and this one cannot be: {error}") from None


class FaultPlan:
    """The faults still to happen, in the order they were ordered; safe to share between threads.

    Parameters
    ----------
    faults : iterable of Fault, optional
        What goes wrong from the start.

    Examples
    --------
    >>> from atlasquery.sandbox.fault import Fault, FaultPlan
    >>> plan = FaultPlan([Fault("reset", endpoint="cone/")])
    >>> plan.take("/sne/atlas4/api/objects/") is None
    True
    >>> plan.take("/sne/atlas4/api/cone/").kind
    'reset'
    >>> plan.take("/sne/atlas4/api/cone/") is None
    True
    """

    def __init__(self, faults=()):
        self._lock = threading.Lock()
        self._waiting = []
        self._cleared = threading.Event()
        for fault in faults:
            self.add(fault)

    def add(self, fault):
        """Order one more fault.

        Parameters
        ----------
        fault : Fault
            It happens after those that were ordered before.
        """
        with self._lock:
            self._waiting.append([fault, fault.skip, fault.times])

    def clear(self):
        """Forget all that was ordered, and let the stalled requests go."""
        with self._lock:
            self._waiting.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def take(self, path):
        """Take the fault that a request meets; it is then used up once.

        Parameters
        ----------
        path : str
            The path of the request's URL.

        Returns
        -------
        Fault or None
            What goes wrong.
        """
        endpoint = path.rstrip("/").rpartition("/")[2]
        with self._lock:
            for entry in self._waiting:
                if entry[0].kind != "damaged" and entry[0].hits(endpoint) and self._is_due(entry):
                    return entry[0]
        return None

    def _is_due(self, entry):
        if entry[1] > 0:
            entry[1] -= 1
            return False
        if entry[2] is not None:
            entry[2] -= 1
            if not entry[2]:
                self._waiting.remove(entry)
        return True

    @property
    def damaged_objects(self):
        """The ids whose records cannot be read at present, as a set."""
        with self._lock:
            return {int(one) for fault, *_ in self._waiting if fault.kind == "damaged" for one in fault.objects}

    def wait(self, seconds):
        """Pause, but no longer than until `clear`.

        Parameters
        ----------
        seconds : float
            How long.

        Returns
        -------
        bool
            Whether the plan was cleared.
        """
        return self._cleared.wait(seconds)
