# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What a user can set once and for all: the server, the time-outs, the patience.

The values are read at each call, so ``conf.set_temp`` works for a single one.
"""

import functools

from astropy import config

__all__ = ["DEFAULT_SERVER", "Conf", "conf"]

DEFAULT_SERVER = "https://psweb.mp.qub.ac.uk/sne/atlas4/api/"
# By default an item would belong to a section [config], after this module, where nobody would look for it.
_item = functools.partial(config.ConfigItem, module="atlasquery")


class Conf(config.ConfigNamespace):
    """Configuration of `atlasquery`, kept in the file ``atlasquery.cfg`` of astropy's configuration directory."""

    server = _item(
        DEFAULT_SERVER,
        "Root URL of the ATLAS Transient web server's API.",
        cfgtype="string",
    )
    timeout = _item(
        60.0,
        "Seconds to wait for a connection, and between two pieces of an answer.",
        cfgtype="float(min=0.001)",
    )
    deadline = _item(
        660.0,
        "Seconds a call may take in all, its repeated attempts included. The server itself gives up after 600.",
        cfgtype="float(min=0.001)",
    )
    max_bytes = _item(
        1_000_000_000,
        "An answer larger than this many bytes is refused.",
        cfgtype="integer(min=1)",
    )
    max_wait = _item(
        0.0,
        "Seconds to wait when the server says that the hourly quota is used up; 0 raises RateLimitError at once.",
        cfgtype="float(min=0)",
    )
    retries = _item(
        3,
        "How often a read is repeated after a broken connection, a time-out or a 502, 503 or 504; writes never are.",
        cfgtype="integer(min=0)",
    )
    backoff = _item(
        1.0,
        "Seconds before the first repetition, about; each further wait is twice as long.",
        cfgtype="float(min=0)",
    )
    keyring_timeout = _item(
        30.0,
        "Seconds to wait for the system keyring, which may be asking its owner for a password.",
        cfgtype="float(min=0.001)",
    )
    hourly_requests = _item(
        100,
        "Requests the server allows an hour.",
        cfgtype="integer(min=1)",
    )
    custom_lists = _item(
        [],
        "Names of further custom lists and their numbers, as in: custom_lists = tidal:81, nuclear:82",
        cfgtype="force_list",
    )


conf = Conf()
