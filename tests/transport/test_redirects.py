# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A redirect is never followed: it would turn POST into GET, and might give the token away."""

import pytest

from atlasquery.exceptions import UnexpectedRedirectError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_other_host_receives_nothing(server, other_server, send, status):
    server.order("redirect", status=status, location=other_server.url + "cone/")
    with pytest.raises(UnexpectedRedirectError, match="not followed") as raised:
        send()
    assert raised.value.location == other_server.url + "cone/"
    assert raised.value.status == status
    assert other_server.received == []
    assert len(server.received) == 1


def test_redirect_to_the_same_host_is_not_followed(server, send):
    server.order("redirect", location=server.url + "cone/")
    with pytest.raises(UnexpectedRedirectError):
        send()
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [300, 304, 305])
def test_redirect_without_location(server, send, status):
    server.order("status", status=status, body="")
    with pytest.raises(UnexpectedRedirectError, match=f"HTTP {status}") as raised:
        send()
    assert raised.value.location is None
