# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A redirect is never followed: it would turn POST into GET, and might give the token away."""

import pytest

from atlasquery.exceptions import UnexpectedRedirectError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_other_host_sees_nothing(server, other_server, send, status):
    server.order("redirect", status=status, location=other_server.url + "cone/")
    with pytest.raises(UnexpectedRedirectError, match="not followed") as raised:
        send()
    assert raised.value.location == other_server.url + "cone/"
    assert raised.value.status == status
    assert other_server.received == []
    assert len(server.received) == 1


def test_the_same_host_is_not_asked_again_either(server, send):
    server.order("redirect", location=server.url + "cone/")
    with pytest.raises(UnexpectedRedirectError):
        send()
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [300, 304, 305])
def test_a_redirect_to_nowhere(server, send, status):
    server.order("status", status=status, body="")
    with pytest.raises(UnexpectedRedirectError, match=f"HTTP {status}") as raised:
        send()
    assert raised.value.location is None
