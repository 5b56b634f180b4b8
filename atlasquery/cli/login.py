# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``atlasquery login``, ``logout`` and ``status``."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import click

from atlasquery.cli.command import command
from atlasquery.cli.exit_codes import ExitCode
from atlasquery.cli.output import parse_output

__all__ = ["login_command", "logout_command", "status_command"]

forced_option = click.option("--forced", is_flag=True, help="The public forced-photometry server, not the other one.")
_NOT_STORED = "Signed in, but {problem} `atlasquery login --output FILE` stores it in a file."


@command("login")
@click.argument("username", required=False)
@click.option("--token-stdin", is_flag=True, help="Read a token from standard input; one request checks it.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    callback=parse_output,
    help="Write the token to this file, and not to the keyring.",
)
@forced_option
def login_command(username: str | None, token_stdin: bool, output: str | None, forced: bool) -> None:
    """Sign in with user name and password, and store the token in the system keyring.

    A computer without a keyring can keep the token in a file that only its owner can read.

    \b
    Examples:
      atlasquery login
      atlasquery login --token-stdin < token.txt
      atlasquery login --output token.txt
      export ATLASQUERY_TOKEN=$(cat token.txt)
      atlasquery login --forced
    """
    from atlasquery.exceptions import TokenNotStoredWarning

    client = _client(forced)
    token = sys.stdin.readline().strip() if token_stdin else None
    with warnings.catch_warnings():
        warnings.simplefilter("error", TokenNotStoredWarning)
        try:
            client.login(username, token=token, store=output is None)
        except TokenNotStoredWarning as problem:
            raise ExitCode(2, _NOT_STORED.format(problem=str(problem).partition("; ")[2])) from None
    if output is not None:
        client.write_token(output)
    place = f" The token is in {output}." if output else ""
    expires = f" It expires on {client.token_expires.utc.iso[:16]} UTC." if client.token_expires is not None else ""
    click.echo(f"Signed in to {client.server}.{place}{expires}")


@command("logout")
@forced_option
def logout_command(forced: bool) -> None:
    """Remove the token from the system keyring.

    \b
    Example:
      atlasquery logout
    """
    client = _client(forced)
    client.logout()
    click.echo(f"Signed out of {client.server}.")


@command("status")
@forced_option
def status_command(forced: bool) -> None:
    """Print the server, where the token is from and when it expires, and the quota; no request is sent.

    \b
    Example:
      atlasquery status
    """
    from atlasquery.exceptions import NoTokenError, TokenExpiredError

    client = _client(forced)
    expires, source = client.token_expires, client.token_source
    unknown = "unknown; `atlasquery login` on this computer records it" if source else "-"
    unknown = "never" if source and forced else unknown
    click.echo(f"server   {client.server}")
    click.echo(f"token    {source or 'none'}")
    click.echo(f"expires  {expires.utc.iso[:16] + ' UTC' if expires is not None else unknown}")
    if not forced:  # its limits are by the minute
        click.echo(f"quota    {_describe_quota(client.quota)}")
    try:
        client.check_token()
    except TokenExpiredError as error:
        raise ExitCode(4, error.reason) from None
    except NoTokenError as error:
        raise ExitCode(3, str(error)) from None


def _client(forced: bool) -> Any:
    """Return the client of one of the two services."""
    from atlasquery import ATLAS, ForcedPhotometry

    return ForcedPhotometry if forced else ATLAS


def _describe_quota(quota: Any) -> str:
    """Return what is left, which a process of its own knows from ``quota_file`` only."""
    if not quota.is_shared:
        return f"{quota.limit} requests an hour; set quota_file in atlasquery.cfg to count those of all programs"
    resets_at = quota.resets_at
    when = (
        f"; the next is free at {resets_at.utc.iso[:16]} UTC" if not quota.remaining and resets_at is not None else ""
    )
    reserved = f", without {quota.reserved} that quota_reserve leaves to others" if quota.reserved else ""
    counted_by = "as counted by all programs that share quota_file"
    return f"{quota.remaining} of {quota.limit} requests left{reserved}, {counted_by}{when}"
