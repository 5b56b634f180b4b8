# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A fault that the sandbox produces on request."""

import json
from dataclasses import asdict, dataclass, field, fields

from atlasquery.utils.near_names import did_you_mean

__all__ = ["KINDS", "STATE_KINDS", "TASK_KINDS", "Fault"]

KINDS = (
    "reset",  # connection reset before the first byte of the answer
    "reset_midbody",  # connection reset in the middle of the body
    "stall",  # no answer
    "stall_midbody",  # the answer stops in the middle of the body
    "drip",  # the body arrives a few bytes at a time
    "drip_headers",  # the header lines arrive a few bytes at a time
    "truncate",  # valid HTTP, but the JSON is cut
    "html",  # an HTML page instead of JSON, status 200
    "html500",  # an HTML page, status 500
    "empty",  # status 200 and an empty body
    "nan",  # a NaN literal in the JSON
    "wrong_shape",  # a list instead of an object, an object instead of a list
    "wrong_type",  # one value of another type
    "status",  # any status, headers and body
    "redirect",  # a redirect to another URL
    "damaged",  # the records of some objects cannot be read: produced by the application, not by the web server
    # Of tasks of forced photometry, one a task or attempt: produced by the task runner.
    "task_unreachable",  # the measuring computer is not reached: the task is tried again
    "task_error",  # the task fails, with the text of `value`
    "task_diagnostics",  # a line of diagnostics above the header of the result
    "task_long_line",  # a line of diagnostics below rows, with more words than they have: it cannot be read
    "task_no_rows",  # only diagnostics and a header, which the server takes for a result
    "task_diagnostics_below",  # a line of diagnostics between the header of the result and its rows
    "task_empty_file",  # a result without a byte
    "task_older_header",  # the columns of results until January 2021
    "task_pa_deg",  # a column more, PA_DEG
    "task_no_preview",  # a result without a preview image
    # Of the runner of all tasks.
    "runner_down",  # no task starts or ends until the faults are cleared
)
TASK_KINDS = tuple(kind for kind in KINDS if kind.startswith("task_"))
STATE_KINDS = ("damaged", "runner_down")  # not counted: they last until the faults are cleared
# Kind: the option that it requires.
REQUIRED_OPTIONS = {"status": "status", "redirect": "location", "damaged": "objects"}
INTEGER_OPTIONS = ("times", "skip", "size", "status")


@dataclass
class Fault:
    """One fault of the server.

    Parameters
    ----------
    kind : str
        One of ``atlasquery.sandbox.fault.KINDS``.
    endpoint : str, optional
        Only requests to this endpoint, such as ``"cone/"``, are affected; by default all endpoints.
    times : int or None, optional
        How many requests, or attempts of tasks, are affected; `None` for all. ``damaged`` and ``runner_down`` are not
        counted: they last until `~atlasquery.sandbox.Sandbox.clear_faults`.
    skip : int, optional
        How many matching requests are answered normally before the first fault.
    handled : bool, optional
        Whether the application processes the request although its answer is lost or replaced. Kinds that need the
        answer of the application always process the request.
    seconds : float, optional
        Length of a stall (default 3600 s), or the pause between two pieces of a drip (default 0.05 s).
    size : int, optional
        Bytes in a piece of a drip; bytes sent before a reset, a stall or a cut in the body (default: half of it).
    column : str, optional
        The key whose first value is replaced, for ``nan`` and ``wrong_type``; by default the first number.
    value : object, optional
        The replacement of a value, or for ``wrong_shape`` of the document; for ``task_error`` its text.
    status : int, optional
        The HTTP status, for ``status`` and ``redirect``.
    headers : dict, optional
        Additional header lines of the answer.
    body : str, optional
        The body of the answer; JSON unless ``headers`` have another content type.
    location : str, optional
        The target URL of a ``redirect``.
    objects : int or sequence of int, optional
        The ids of the ``damaged`` objects.

    Raises
    ------
    TypeError
        If an integer option is not an integer, or if an option cannot be written as JSON.
    ValueError
        If the kind is unknown, or if an option that it requires is missing.

    Examples
    --------
    >>> from atlasquery.sandbox import Fault
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
            guess = did_you_mean(self.kind, KINDS) or "."
            raise ValueError(f"`kind` must be one of {', '.join(KINDS)}, got {self.kind!r}{guess}")
        for option in fields(self):
            setattr(self, option.name, _to_json_types(getattr(self, option.name)))
        object_ids = self.objects if isinstance(self.objects, list) else [self.objects]
        self.objects = [_check_integer("objects", object_id) for object_id in object_ids]
        self.headers = {str(name): str(value) for name, value in self.headers.items()}
        for name in INTEGER_OPTIONS:
            if getattr(self, name) is not None:
                setattr(self, name, _check_integer(name, getattr(self, name)))
        _check_serializable(self)
        _check_options(self)

    def affects(self, endpoint):
        """Return whether requests to an endpoint are affected.

        Parameters
        ----------
        endpoint : str
            The endpoint, such as ``"cone/"``.

        Returns
        -------
        bool
            Whether the fault is meant for this endpoint.
        """
        return self.endpoint is None or self.endpoint.strip("/") == endpoint.strip("/")


def _to_json_types(value):
    """Convert values of numpy and table columns, also inside containers, to types that JSON has."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, dict):
        return {_to_json_types(key): _to_json_types(item) for key, item in value.items()}
    return [_to_json_types(item) for item in value] if isinstance(value, list | tuple | set | frozenset) else value


def _check_integer(name, value):
    """Return an integer, or a string of digits, as an int."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        kind = "integers" if name == "objects" else "an integer"
        raise TypeError(f"`{name}` must be {kind}, got {value!r}.")
    return int(value)


def _check_serializable(fault):
    try:
        json.dumps(asdict(fault))
    except (TypeError, ValueError) as error:
        raise TypeError(f"Cannot send the fault to the server as JSON: {error}.") from None


def _check_options(fault):
    required = REQUIRED_OPTIONS.get(fault.kind)
    if required and not getattr(fault, required):
        raise ValueError(f"`{required}` must be given for a fault of kind {fault.kind!r}.")
    if fault.times is not None and fault.times < 1:
        raise ValueError(f"`times` must be at least 1, or None for no limit, got {fault.times}.")
