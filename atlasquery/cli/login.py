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
def login_command(username: str | None, token_stdin: bool, output: str | None) -> None:
    """Sign in with user name and password, and store the token in the system keyring.

    A computer without a keyring can keep the token in a file that only its owner can read.

    \b
    Examples:
      atlasquery login
      atlasquery login --token-stdin < token.txt
      atlasquery login --output token.txt
      export ATLASQUERY_TOKEN=$(cat token.txt)
    """
    from atlasquery import ATLAS
    from atlasquery.exceptions import TokenNotStoredWarning

    token = sys.stdin.readline().strip() if token_stdin else None
    with warnings.catch_warnings():
        warnings.simplefilter("error", TokenNotStoredWarning)
        try:
            ATLAS.login(username, token=token, store=output is None)
        except TokenNotStoredWarning as problem:
            raise ExitCode(2, _NOT_STORED.format(problem=str(problem).partition("; ")[2])) from None
    if output is not None:
        ATLAS.write_token(output)
    place = f" The token is in {output}." if output else ""
    expires = f" It expires on {ATLAS.token_expires.utc.iso[:16]} UTC." if ATLAS.token_expires is not None else ""
    click.echo(f"Signed in to {ATLAS.server}.{place}{expires}")


@command("logout")
def logout_command() -> None:
    """Remove the token from the system keyring.

    \b
    Example:
      atlasquery logout
    """
    from atlasquery import ATLAS

    ATLAS.logout()
    click.echo(f"Signed out of {ATLAS.server}.")


@command("status")
def status_command() -> None:
    """Print the server, where the token is from and when it expires, and the quota; no request is sent.

    \b
    Example:
      atlasquery status
    """
    from atlasquery import ATLAS
    from atlasquery.exceptions import NoTokenError, TokenExpiredError

    expires, source, quota = ATLAS.token_expires, ATLAS.token_source, ATLAS.quota
    unknown = "unknown; `atlasquery login` on this computer records it" if source else "-"
    click.echo(f"server   {ATLAS.server}")
    click.echo(f"token    {source or 'none'}")
    click.echo(f"expires  {expires.utc.iso[:16] + ' UTC' if expires is not None else unknown}")
    click.echo(f"quota    {_describe_quota(quota)}")
    try:
        ATLAS.check_token()
    except TokenExpiredError as error:
        raise ExitCode(4, error.reason) from None
    except NoTokenError as error:
        raise ExitCode(3, str(error)) from None


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
