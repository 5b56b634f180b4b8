# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What to do about a token that is missing or expired: the line to run, and on which machine."""

from __future__ import annotations

import platform

from atlasquery.transport import Service

__all__ = ["renewal_hint", "sign_in_hint", "transfer_hint"]


def sign_in_hint(service: Service, origin: str) -> str:
    """Return the ways to sign in."""
    client = service.client_name
    return (
        f"Call {client}.login() once at a terminal, which stores the token in the keyring; or "
        f"{client}.login(token=...); or set {service.token_variable} to a token for {origin} (and, for another "
        f"server than the default one, {service.server_variable} to its URL)."
    )


def renewal_hint(service: Service, source: str) -> str:
    """Return how to replace an expired token of a source, and on which machine."""
    machine = f"this machine ({platform.node() or 'its name is unknown'})"
    if source == "environment":
        return (
            f"On a machine with a terminal run: {_command(service, ' --output token.txt')}; then set "
            f"{service.token_variable} on {machine} to the content of that file."
        )
    if source == "argument":
        return (
            f"On a machine with a terminal run: {_command(service, ' --output token.txt')}; then pass its content as "
            f"`token` on {machine}."
        )
    python = "" if service.client_name != "ATLAS" else ", or in Python ATLAS.login()"
    return f"Run at a terminal of {machine}: {_command(service)}{python}. It stores the new token in the keyring."


def transfer_hint(service: Service) -> str:
    """Return how to hand a token to a client that came from another process without one."""
    return (
        f"Hand it one there: `client = client(token=token)`, with a token that the worker reads itself; or set "
        f"{service.token_variable} in the environment of the worker."
    )


def _command(service: Service, options: str = "") -> str:
    # The command signs in at the transient server; other services have no command.
    return f"`atlasquery login{options}`" if service.client_name == "ATLAS" else f"`{service.client_name}.login()`"
