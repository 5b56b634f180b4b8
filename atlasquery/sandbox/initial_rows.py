# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Write the accounts and the sky into the empty database."""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.utils import timezone

from atlasquery.sandbox import accounts
from atlasquery.sandbox.models import (
    AtlasObject,
    GroupMembership,
    GroupProfile,
    ObjectGroup,
    Token,
    VraRank,
    VraScore,
    VraTodo,
)
from atlasquery.sandbox.sky.lists import NO_LIST
from atlasquery.sandbox.throttling import use_up_quota

__all__ = ["CUSTOM_LISTS", "write_initial_rows"]

CUSTOM_LISTS = {
    2: "mookodi",
    14: "salt",
    16: "mookodi_live",
    17: "mookodi_peak",
    40: "cv",
    56: "mdwarf",
    72: "heloise",
    73: "vra",
}
CATALOGUE_COLUMNS = (
    "id",
    "ra",
    "dec",
    "detection_list_id",
    "atlas_designation",
    "sherlock_classification",
    "observation_status",
    "vra",
    "rb_pix",
)
# Longer than every lifetime in accounts.GROUP_PROFILES.
EXPIRED_TOKEN_AGE = timedelta(days=400)


def write_initial_rows(sky, seed):
    """Write all rows of a sky and the accounts, whose tokens depend on the seed, in one transaction."""
    with transaction.atomic():
        _write_accounts(seed)
        _write_objects(sky.catalogue)
        _write_custom_lists(sky)
        _write_vra(sky)


def _write_accounts(seed):
    names = {name for name, _ in accounts.ROLES.values() if name}
    groups = {name: Group.objects.create(name=name) for name in sorted(names)}
    for name, (days, write_access) in accounts.GROUP_PROFILES.items():
        GroupProfile.objects.create(group=groups[name], token_lifetime=timedelta(days=days), write_access=write_access)
    for role, (group, special) in accounts.ROLES.items():
        _write_account(role, groups.get(group), special, accounts.make_token(role, seed))


def _write_account(role, group, special, token):
    user = User.objects.create_user(
        role, password=accounts.make_password(role), is_active=special != "inactive", is_staff=special == "is_staff"
    )
    if group:
        user.groups.add(group)
    age = EXPIRED_TOKEN_AGE if special == "expired" else timedelta(0)
    Token.objects.create(key=token, user=user, created=timezone.now() - age)
    if special == "throttled":
        use_up_quota(user.pk)


def _write_objects(catalogue):
    columns = {name: _to_python_values(catalogue[name]) for name in CATALOGUE_COLUMNS}
    numbers = columns["detection_list_id"]
    columns["detection_list_id"] = [None if number == NO_LIST else number for number in numbers]
    columns["followup_flag_date"] = [_to_sqlite_date(date) for date in catalogue["followup_flag_date"]]
    _insert_columns(AtlasObject, columns)


def _to_python_values(values):
    """Return a column as a list of Python values, with `None` for NaN."""
    values = values.tolist() if hasattr(values, "tolist") else values
    # Only NaN differs from itself.
    return [None if value != value else value for value in values]


def _to_sqlite_date(date):
    """Return an ISO date (UTC, with or without Z) as Django stores it in SQLite."""
    return date and date.removesuffix("Z").replace("T", " ")


def _write_custom_lists(sky):
    ObjectGroup.objects.bulk_create([ObjectGroup(id=number, name=name) for number, name in CUSTOM_LISTS.items()])
    object_ids, group_ids = zip(*sky.memberships, strict=True) if sky.memberships else ((), ())
    columns = {"transient_object_id": map(int, object_ids), "object_group_id": map(int, group_ids)}
    _insert_columns(GroupMembership, columns)


def _write_vra(sky):
    tables = ((VraScore, sky.make_vra_scores()), (VraRank, sky.make_vra_ranks()), (VraTodo, sky.make_vra_todo()))
    for model, rows in tables:
        columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
        dates = [_to_sqlite_date(date) for date in columns.get("timestamp", ())]
        _insert_columns(model, {**columns, "timestamp": dates})


def _insert_columns(model, columns):
    """Insert whole columns by SQL; objects of Django would take five times as long, 2 s for a big sky."""
    quoted = ", ".join(f'"{name}"' for name in columns)
    placeholders = ", ".join(["%s"] * len(columns))
    statement = f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({placeholders})'
    with connection.cursor() as cursor:
        cursor.executemany(statement, zip(*columns.values(), strict=True))
