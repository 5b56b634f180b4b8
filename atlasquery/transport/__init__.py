# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The one way to the server: time-outs, repetitions, errors, and secrets that stay secret."""

from atlasquery.transport.address import check_root, endpoint_url, origin
from atlasquery.transport.answer import Answer
from atlasquery.transport.calloff import CallOff
from atlasquery.transport.quota import Quota, quota_of
from atlasquery.transport.refusals import SIGN_IN
from atlasquery.transport.session import Transport
from atlasquery.transport.token import Password, Secret, Token
from atlasquery.transport.waits import moment_in

__all__ = [
    "SIGN_IN",
    "Answer",
    "CallOff",
    "Password",
    "Quota",
    "Secret",
    "Token",
    "Transport",
    "check_root",
    "endpoint_url",
    "moment_in",
    "origin",
    "quota_of",
]
