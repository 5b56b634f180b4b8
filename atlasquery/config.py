# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Configuration of the package: server, time limits, retries, quota.

Values are read at each call, so that ``conf.set_temp`` works for a single call.
"""

import functools
import os
from typing import Any

from astropy import config

__all__ = ["DEFAULT_SERVER", "Conf", "conf"]

DEFAULT_SERVER = "https://psweb.mp.qub.ac.uk/sne/atlas4/api/"
# By default the items would be in a section [config], after the name of this module.
_item = functools.partial(config.ConfigItem, module="atlasquery")


class _PathItem(config.ConfigItem):
    """An item that takes a path also as a `pathlib.Path`."""

    def set(self, value: Any) -> None:
        super().set(os.fspath(value) if isinstance(value, os.PathLike) else value)


class Conf(config.ConfigNamespace):
    """Configuration of `atlasquery`, kept in the file ``atlasquery.cfg`` of astropy's configuration directory."""

    server = _item(
        DEFAULT_SERVER,
        "Root URL of the ATLAS Transient web server's API.",
        cfgtype="string",
    )
    timeout = _item(
        60.0,
        "Maximum seconds to wait for a connection, and between two parts of an answer.",
        cfgtype="float(min=0.001)",
    )
    deadline = _item(
        660.0,
        "Maximum seconds of a request, including its retries. The server itself stops after 600.",
        cfgtype="float(min=0.001)",
    )
    max_bytes = _item(
        1_000_000_000,
        "Maximum size of an answer in bytes.",
        cfgtype="integer(min=1)",
    )
    max_wait = _item(
        0.0,
        "Maximum seconds to wait when the hourly quota is used up; 0 raises RateLimitError immediately.",
        cfgtype="float(min=0)",
    )
    retries = _item(
        3,
        "Maximum number of retries of a read after a connection error, a timeout, or status 502, 503 or 504.",
        cfgtype="integer(min=0)",
    )
    backoff = _item(
        1.0,
        "Approximate seconds before the first retry; each further wait is twice as long.",
        cfgtype="float(min=0)",
    )
    keyring_timeout = _item(
        30.0,
        "Maximum seconds to wait for the system keyring, which may show a password prompt.",
        cfgtype="float(min=0.001)",
    )
    hourly_requests = _item(
        100,
        "Number of requests per hour that the server allows.",
        cfgtype="integer(min=1)",
    )
    quota_file = _PathItem(
        "",
        "File in which all processes of an account count their requests; 'default' is one in the user's state folder.",
        cfgtype="string",
        module="atlasquery",
    )
    quota_reserve = _item(
        0,
        "Number of requests per hour that are left to other programs of the account.",
        cfgtype="integer(min=0)",
    )
    custom_lists = _item(
        [],
        "Names and numbers of further custom lists, as in: custom_lists = tidal:81, nuclear:82",
        cfgtype="force_list",
    )


conf = Conf()
