# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From the sky and the accounts to rows in the database."""

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
from atlasquery.sandbox.throttling import exhaust

__all__ = ["CUSTOM_LISTS", "fill"]

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
COPIED = (
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


def fill(sky, seed):
    """Write all rows in one transaction.

    Parameters
    ----------
    sky : `~atlasquery.sandbox.sky.Sky`
        The synthetic sky.
    seed : int
        Its seed, from which the tokens follow.
    """
    with transaction.atomic():
        _write_accounts(seed)
        _write_objects(sky.catalogue)
        _write_lists(sky)
        _write_vra(sky)


def _write_accounts(seed):
    names = {name for name, _ in accounts.ROLES.values() if name}
    groups = {name: Group.objects.create(name=name) for name in sorted(names)}
    for name, (days, may_write) in accounts.LIFETIMES.items():
        GroupProfile.objects.create(group=groups[name], token_lifetime=timedelta(days=days), write_access=may_write)
    for role, (group, trait) in accounts.ROLES.items():
        _write_account(role, groups.get(group), trait, accounts.token(role, seed))


def _write_account(role, group, trait, key):
    user = User.objects.create_user(
        role, password=accounts.password(role), is_active=trait != "inactive", is_staff=trait == "is_staff"
    )
    if group:
        user.groups.add(group)
    age = timedelta(days=400) if trait == "expired" else timedelta(0)
    Token.objects.create(key=key, user=user, created=timezone.now() - age)
    if trait == "throttled":
        exhaust(user.pk)


def _write_objects(catalogue):
    columns = {name: _plain(catalogue[name]) for name in COPIED}
    _insert(AtlasObject, {**columns, "followup_flag_date": [_stored(date) for date in catalogue["followup_flag_date"]]})


def _plain(values):
    """Return a column as plain values, with `None` where the sky has nan."""
    values = values.tolist() if hasattr(values, "tolist") else values
    # Only nan differs from itself.
    return [None if value != value else value for value in values]


def _stored(text):
    """Return a date of the sky, UTC with or without the Z, as Django stores it in SQLite."""
    return text and text.removesuffix("Z").replace("T", " ")


def _write_lists(sky):
    ObjectGroup.objects.bulk_create([ObjectGroup(id=number, name=name) for number, name in CUSTOM_LISTS.items()])
    objects, groups = zip(*sky.groups, strict=True) if sky.groups else ((), ())
    _insert(GroupMembership, {"transient_object_id": map(int, objects), "object_group_id": map(int, groups)})


def _write_vra(sky):
    for table, rows in ((VraScore, sky.vra_scores()), (VraRank, sky.vra_ranks()), (VraTodo, sky.vra_todo())):
        columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
        dates = [_stored(date) for date in columns.get("timestamp", ())]
        _insert(table, {**columns, "timestamp": dates})


def _insert(table, columns):
    """Write whole columns; going through Django's objects would take five times as long, two seconds of a big sky."""
    quoted = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f'INSERT INTO "{table._meta.db_table}" ({quoted}) VALUES ({places})'
    with connection.cursor() as cursor:
        cursor.executemany(statement, zip(*columns.values(), strict=True))
