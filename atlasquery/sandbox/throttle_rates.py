# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Check the rates of the throttles."""

from collections.abc import Mapping

__all__ = ["DEFAULT_RATES", "check_rates"]

# Requests an hour unless another period is given, as on the real servers.
DEFAULT_RATES = {
    "user": 100,
    "staff": 100_000,
    "auth": 10,
    "forced_write": "60/minute",
    "forced_read": "600/minute",
}
PERIODS = {"s", "m", "h", "d"}


def check_rates(rates):
    """Return the rates of all throttles as Django REST framework writes them, such as ``"100/hour"``, or `None`."""
    if not isinstance(rates, Mapping | None):
        raise TypeError(f"`rates` must be a dict of requests an hour, got {rates!r}.")
    unknown = set(rates or {}) - set(DEFAULT_RATES)
    if unknown:
        raise ValueError(f"`rates` must have no keys but {', '.join(DEFAULT_RATES)}, got {', '.join(sorted(unknown))}.")
    return {name: _format_rate(name, rate) for name, rate in {**DEFAULT_RATES, **(rates or {})}.items()}


def _format_rate(name, rate):
    if rate is None:
        return None
    number, slash, period = str(rate).partition("/")
    if not number.isdigit() or (slash and period[:1] not in PERIODS):
        raise ValueError(f"`rates[{name!r}]` must be requests an hour or a string such as '3/second', got {rate!r}.")
    return f"{number}/{period or 'hour'}"
