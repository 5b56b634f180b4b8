# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Configuration of the package: server, time limits, retries, quota, magnitudes.

Values are read at each call, so that ``conf.set_temp`` works for a single call.
"""

from astropy import config

from atlasquery.utils.config_item import Item

__all__ = ["DEFAULT_FORCED_SERVER", "DEFAULT_SERVER", "Conf", "conf"]

DEFAULT_SERVER = "https://psweb.mp.qub.ac.uk/sne/atlas4/api/"
DEFAULT_FORCED_SERVER = "https://fallingstar-data.com/forcedphot/"


class Conf(config.ConfigNamespace):
    """Configuration of `atlasquery`, kept in the file ``atlasquery.cfg`` of astropy's configuration directory."""

    server = Item(
        DEFAULT_SERVER,
        "Root URL of the ATLAS Transient web server's API.",
        cfgtype="string",
    )
    forced_server = Item(
        DEFAULT_FORCED_SERVER,
        "Root URL of the ATLAS forced-photometry server.",
        cfgtype="string",
    )
    timeout = Item(
        60.0,
        "Maximum seconds to wait for a connection, and between two parts of an answer.",
        cfgtype="float(min=0.001)",
    )
    deadline = Item(
        660.0,
        "Maximum seconds of a request, including its retries. The server itself stops after 600.",
        cfgtype="float(min=0.001)",
    )
    max_bytes = Item(
        1_000_000_000,
        "Maximum size of an answer in bytes.",
        cfgtype="integer(min=1)",
    )
    max_wait = Item(
        0.0,
        "Maximum seconds to wait when the hourly quota is used up; 0 raises RateLimitError immediately.",
        cfgtype="float(min=0)",
        is_finite=False,
    )
    retries = Item(
        3,
        "Maximum number of retries of a read after a connection error, a timeout, or status 502, 503 or 504.",
        cfgtype="integer(min=0)",
    )
    backoff = Item(
        1.0,
        "Approximate seconds before the first retry; each further wait is twice as long.",
        cfgtype="float(min=0)",
    )
    keyring_timeout = Item(
        30.0,
        "Maximum seconds to wait for the system keyring, which may show a password prompt.",
        cfgtype="float(min=0.001)",
    )
    hourly_requests = Item(
        100,
        "Number of requests per hour that the server allows.",
        cfgtype="integer(min=1)",
    )
    quota_file = Item(
        "",
        "File in which all processes of an account count their requests; 'default' is one in the user's state folder.",
        cfgtype="string",
    )
    quota_reserve = Item(
        0,
        "Number of requests per hour that are left to other programs of the account.",
        cfgtype="integer(min=0)",
    )
    mag_sigma = Item(
        3.0,
        "Magnitudes of a lower significance are masked; None keeps them.",
        cfgtype="float(min=0.1)",
        is_optional=True,
    )
    custom_lists = Item(
        [],
        "Names and numbers of further custom lists, as in: custom_lists = tidal:81, nuclear:82",
        cfgtype="force_list",
        entry=r".*\w.*[:=]\s*[0-9]+\s*",
        example="tidal:81",
    )


conf = Conf()
