# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The two things that are asked of the server about tokens: give me one, and is this one good?"""

import json
import math

from atlasquery.auth.credential import Credential
from atlasquery.exceptions import InvalidTokenError, UnreadableAnswerError
from atlasquery.transport import SIGN_IN, Token, time_from_now

__all__ = ["request_token", "verify_token"]

# No endpoint only checks a token. This is the cheapest question, and its answer is of no interest.
_CHEAPEST = {"ra": 0.0, "dec": 0.0, "radius": 1.0, "requestType": "count"}


def request_token(transport, root, username, password):
    """Exchange a user name and a password for a token.

    Parameters
    ----------
    transport : Transport
        The way to the server.
    root : str
        Root URL of the API.
    username : str
        The user name.
    password : Password
        The password.

    Returns
    -------
    held : Held
        The token, with the moment of its expiry if the server says so.

    Raises
    ------
    LoginError
        If the user name or the password is wrong.
    UnreadableAnswerError
        If the answer holds no token.
    """
    answer = transport.send(root, SIGN_IN, {"username": username, "password": password})
    held = _parse_token_answer(answer)
    if held is None:
        # Raised here, for the frames that read the answer may hold a token.
        raise UnreadableAnswerError("The answer holds no token.", url=answer.url, record=SIGN_IN)
    return held


def verify_token(transport, root, token):
    """Ask the server whether a token is good; this spends one request of the hourly quota.

    Parameters
    ----------
    transport : Transport
        The way to the server.
    root : str
        Root URL of the API.
    token : Token
        The token.

    Raises
    ------
    LoginError
        If it is not; the subclass says why.
    """
    transport.send(root, "cone/", _CHEAPEST, token=token, retry=True)


def _parse_token_answer(answer):
    try:
        grant = json.loads(answer.body)
        return Credential(Token(grant["token"]), "login", _expiry(grant.get("expires_in")))
    except (ValueError, TypeError, KeyError, RecursionError, InvalidTokenError):
        return None


def _expiry(seconds):
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not math.isfinite(seconds):
        return None
    return time_from_now(seconds)
