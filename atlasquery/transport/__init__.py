# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The one way to the server: time-outs, repetitions, errors, and secrets that stay secret."""

from atlasquery.transport.address import check_root, endpoint_url, origin
from atlasquery.transport.answer import Answer
from atlasquery.transport.cancellation import Cancellation
from atlasquery.transport.http_errors import SIGN_IN
from atlasquery.transport.quota import Quota, get_quota
from atlasquery.transport.retry_after import time_from_now
from atlasquery.transport.token import Password, Secret, Token
from atlasquery.transport.transport import Transport

__all__ = [
    "SIGN_IN",
    "Answer",
    "Cancellation",
    "Password",
    "Quota",
    "Secret",
    "Token",
    "Transport",
    "check_root",
    "endpoint_url",
    "get_quota",
    "origin",
    "time_from_now",
]
