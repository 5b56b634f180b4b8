# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""HTTP: requests, answers, time limits, retries, quotas, errors, and secrets that are never shown."""

from atlasquery.transport.address import ServerURL
from atlasquery.transport.answer import Answer
from atlasquery.transport.call_limit import limit_call
from atlasquery.transport.cancellation import Cancellation
from atlasquery.transport.deadline import Deadline
from atlasquery.transport.interruption import before_sending
from atlasquery.transport.lock import ForkSafeLock
from atlasquery.transport.quota import Quota, get_quota
from atlasquery.transport.request import Request
from atlasquery.transport.retry_after import time_from_now
from atlasquery.transport.service import QuotaRule, Service
from atlasquery.transport.token import Password, Secret, Token
from atlasquery.transport.transport import Transport

__all__ = [
    "Answer",
    "Cancellation",
    "Deadline",
    "ForkSafeLock",
    "Password",
    "Quota",
    "QuotaRule",
    "Request",
    "Secret",
    "ServerURL",
    "Service",
    "Token",
    "Transport",
    "before_sending",
    "get_quota",
    "limit_call",
    "time_from_now",
]
