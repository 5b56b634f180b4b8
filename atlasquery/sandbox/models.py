# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The tables: accounts with their tokens, the objects as far as they can change, and what is written about them."""

import secrets
from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone

__all__ = [
    "AtlasObject",
    "GroupMembership",
    "GroupProfile",
    "ObjectGroup",
    "Token",
    "VraRank",
    "VraScore",
    "VraTodo",
]

# A user in no group gets a token of a day, as on the real server.
DEFAULT_LIFETIME = timedelta(days=1)


def new_key():
    """Return a fresh token: 40 hexadecimal digits."""
    return secrets.token_hex(20)


class GroupProfile(models.Model):
    """What the members of a group may do, and for how long a token of theirs lives."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="profile")
    token_lifetime = models.DurationField()
    write_access = models.BooleanField(default=False)


class Token(models.Model):
    """The token of a user; when its time is over it stays until ``auth-token/`` replaces it."""

    key = models.CharField(max_length=40, primary_key=True, default=new_key)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="auth_token")
    created = models.DateTimeField(default=timezone.now)

    @property
    def expires(self):
        """The moment when the token ends; raises `GroupProfile.DoesNotExist` for a group without profile."""
        group = self.user.groups.select_related("profile").first()
        return self.created + (group.profile.token_lifetime if group else DEFAULT_LIFETIME)

    @property
    def seconds_left(self):
        """How long the token still lives, in seconds; negative once it has ended."""
        return (self.expires - timezone.now()).total_seconds()


class AtlasObject(models.Model):
    """An object: what is searched for in the database, and the little that a user can change."""

    id = models.BigIntegerField(primary_key=True)
    ra = models.FloatField()
    dec = models.FloatField(db_index=True)
    atlas_designation = models.CharField(max_length=40, null=True)
    detection_list_id = models.IntegerField(db_index=True)
    sherlock_classification = models.CharField(max_length=20, null=True)
    observation_status = models.CharField(max_length=40, null=True)
    vra = models.FloatField(null=True)
    rb_pix = models.FloatField(null=True)
    followup_flag_date = models.DateTimeField(null=True)
    date_modified = models.DateTimeField(null=True)
    updated_by = models.CharField(max_length=150, null=True)


class ObjectGroup(models.Model):
    """A custom list."""

    id = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=40)


class GroupMembership(models.Model):
    """An object on a custom list."""

    transient_object_id = models.BigIntegerField()
    object_group_id = models.IntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transient_object_id", "object_group_id"], name="once_a_list")]


class VraScore(models.Model):
    """One judgement of the Virtual Research Assistant, or of a person, on an object."""

    transient_object_id = models.BigIntegerField(db_index=True)
    preal = models.FloatField(null=True)
    pgal = models.FloatField(null=True)
    pfast = models.FloatField(null=True)
    rank = models.FloatField(null=True)
    rank_alt1 = models.FloatField(null=True)
    is_gal_cand = models.IntegerField(null=True)
    timestamp = models.DateTimeField(db_index=True)
    apiusername = models.CharField(max_length=150, null=True)
    username = models.CharField(max_length=150, null=True)
    debug = models.BooleanField(default=False)


class VraRank(models.Model):
    """The present rank of an object."""

    transient_object_id = models.BigIntegerField(primary_key=True)
    rank = models.FloatField()
    rank_alt1 = models.FloatField()
    is_gal_cand = models.IntegerField()
    timestamp = models.DateTimeField(db_index=True)


class VraTodo(models.Model):
    """An object that waits for a person to look at it."""

    transient_object_id = models.BigIntegerField(primary_key=True)
    timestamp = models.DateTimeField(db_index=True)
