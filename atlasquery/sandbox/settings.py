# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Django's settings, made in the server's own process: no settings module, nothing of the user's is read."""

import secrets
from collections.abc import Mapping
from pathlib import Path

__all__ = ["ROOT_PATH", "configure", "hourly"]

ROOT_PATH = "sne/atlas4/api/"

RATES = {"user": 100, "staff": 100_000, "auth": 10}


def hourly(rates):
    """Complete the rates of the three throttles and write them as Django REST framework does.

    Parameters
    ----------
    rates : dict or None
        Any of ``user``, ``staff``, ``auth``: requests an hour, or text such as ``"3/second"``, or `None` (no limit).

    Returns
    -------
    dict
        All three, each a text or `None`.

    Raises
    ------
    TypeError
        If the rates are no dict.
    ValueError
        If there is no such throttle, or a rate cannot be read.

    Examples
    --------
    >>> from atlasquery.sandbox.settings import hourly
    >>> hourly({"user": 5})
    {'user': '5/hour', 'staff': '100000/hour', 'auth': '10/hour'}
    """
    if not isinstance(rates, Mapping | None):
        raise TypeError(f"rates: expected a dict of requests an hour, found {rates!r}")
    unknown = set(rates or {}) - set(RATES)
    if unknown:
        raise ValueError(f"rates: expected {', '.join(RATES)}; found {', '.join(sorted(unknown))}")
    return {name: _rate(name, value) for name, value in {**RATES, **(rates or {})}.items()}


def _rate(name, value):
    if value is None:
        return None
    number, slash, period = str(value).partition("/")
    if not number.isdigit() or (slash and period[:1] not in {"s", "m", "h", "d"}):
        raise ValueError(f"rates: expected requests an hour or e.g. '3/second' for {name!r}, found {value!r}")
    return f"{number}/{period or 'hour'}"


def configure(directory, world, rates):
    """Set Django up in this process.

    Parameters
    ----------
    directory : path-like
        A directory of ours; the database file is made in it.
    world : World
        What the views stand on.
    rates : dict
        The rates of the three throttles, as `hourly` returns them.
    """
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY=secrets.token_hex(32),
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="atlasquery.sandbox.urls",
        STATIC_URL="/sne/atlas4/static/",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",  # the default differs between versions of Django
        TIME_ZONE="UTC",
        LOGGING_CONFIG=None,
        SANDBOX_WORLD=world,
        # The passwords are public; a slow hash would only delay the start.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "atlasquery.sandbox"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DATABASES={"default": _database(Path(directory) / "atlas.sqlite3")},
        REST_FRAMEWORK=_rest_framework(rates),
    )
    django.setup()


def _database(path):
    # A file, not memory: a shared in-memory database refuses most of concurrent writes. IMMEDIATE, so that two writers
    # queue instead of both reading first and one failing.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
    }


def _rest_framework(rates):
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": ["atlasquery.sandbox.authentication.ExpiringTokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["atlasquery.sandbox.authentication.MayWrite"],
        "DEFAULT_THROTTLE_CLASSES": [
            "atlasquery.sandbox.throttling.UserThrottle",
            "atlasquery.sandbox.throttling.StaffThrottle",
        ],
        "DEFAULT_THROTTLE_RATES": rates,
        "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
        "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%SZ",
    }
