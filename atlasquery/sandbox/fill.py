# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""From the sky and the accounts to rows in the database."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, User
from django.db import transaction
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
COPIED = ("atlas_designation", "sherlock_classification", "observation_status", "vra", "rb_pix")


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
    columns = {name: _plain(values) for name, values in catalogue.items()}
    rows = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    AtlasObject.objects.bulk_create([_object(row) for row in rows], batch_size=1000)


def _object(row):
    return AtlasObject(
        id=row["id"],
        ra=row["ra"],
        dec=row["dec"],
        detection_list_id=row["detection_list_id"],
        followup_flag_date=_date(row["followup_flag_date"]),
        **{name: row[name] for name in COPIED},
    )


def _plain(values):
    """Return a column as plain values, with `None` where the sky has nan."""
    values = values.tolist() if hasattr(values, "tolist") else values
    # Only nan differs from itself.
    return [None if value != value else value for value in values]


def _date(text):
    """Read a date of the sky; they are UTC, with or without the Z."""
    return None if text is None else datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def _write_lists(sky):
    ObjectGroup.objects.bulk_create([ObjectGroup(id=number, name=name) for number, name in CUSTOM_LISTS.items()])
    entries = [GroupMembership(transient_object_id=int(one), object_group_id=int(group)) for one, group in sky.groups]
    GroupMembership.objects.bulk_create(entries, batch_size=1000)


def _write_vra(sky):
    for table, rows in ((VraScore, sky.vra_scores()), (VraRank, sky.vra_ranks()), (VraTodo, sky.vra_todo())):
        dated = ({**row, "timestamp": _date(row["timestamp"])} for row in rows)
        table.objects.bulk_create([table(**row) for row in dated], batch_size=1000)
