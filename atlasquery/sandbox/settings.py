# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Configure Django in the server process, without a settings module and without any settings of the user."""

import secrets
from pathlib import Path

__all__ = ["ATLAS_ROOT_PATH", "FORCED_ROOT_PATH", "configure_django"]

ATLAS_ROOT_PATH = "sne/atlas4/api/"
FORCED_ROOT_PATH = "forcedphot/"


def configure_django(directory, state, rates):
    """Configure Django, with its database file in ``directory``, a `ServerState`, and rates from `check_rates`."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY=secrets.token_hex(32),
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="atlasquery.sandbox.urls",
        STATIC_URL="/sne/atlas4/static/",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",  # the default depends on the version of Django
        TIME_ZONE="UTC",
        LOGGING_CONFIG=None,
        SANDBOX_STATE=state,
        # The passwords are public; a slow hash would only delay the start.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "atlasquery.sandbox"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DATABASES={"default": _database_settings(Path(directory) / "atlas.sqlite3")},
        REST_FRAMEWORK=_rest_framework_settings(rates),
    )
    django.setup()


def _database_settings(path):
    # A file: a shared in-memory database rejects most concurrent writes. IMMEDIATE: two writers queue; with the default
    # both would read first and one would fail.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 30,  # seconds
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
    }


def _rest_framework_settings(rates):
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": ["atlasquery.sandbox.authentication.ExpiringTokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["atlasquery.sandbox.permissions.HasRequiredAccess"],
        "DEFAULT_THROTTLE_CLASSES": [
            "atlasquery.sandbox.throttling.UserThrottle",
            "atlasquery.sandbox.throttling.StaffThrottle",
        ],
        "DEFAULT_THROTTLE_RATES": rates,
        "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
        "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%SZ",
    }
