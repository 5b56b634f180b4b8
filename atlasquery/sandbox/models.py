# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The database tables: accounts with their tokens, the columns of objects that are searched or written, the VRA."""

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

# Lifetime of the token of a user in no group, as on the real server.
DEFAULT_TOKEN_LIFETIME = timedelta(days=1)


def make_random_token():
    """Return a new token: 40 hexadecimal digits."""
    return secrets.token_hex(20)


class GroupProfile(models.Model):
    """Token lifetime and write access of the members of a group."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="profile")
    token_lifetime = models.DurationField()
    write_access = models.BooleanField(default=False)


class Token(models.Model):
    """The token of a user; an expired token stays until ``auth-token/`` replaces it."""

    key = models.CharField(max_length=40, primary_key=True, default=make_random_token)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="auth_token")
    created = models.DateTimeField(default=timezone.now)

    @property
    def expires(self):
        """Time of expiry; raises `GroupProfile.DoesNotExist` for a group without a profile."""
        group = self.user.groups.select_related("profile").first()
        return self.created + (group.profile.token_lifetime if group else DEFAULT_TOKEN_LIFETIME)

    @property
    def remaining_seconds(self):
        """Seconds until the token expires; negative after that."""
        return (self.expires - timezone.now()).total_seconds()


class AtlasObject(models.Model):
    """An object: the columns that are searched or written; everything else comes from the sky."""

    id = models.BigIntegerField(primary_key=True)
    ra = models.FloatField()
    dec = models.FloatField(db_index=True)
    atlas_designation = models.CharField(max_length=40, null=True)
    detection_list_id = models.IntegerField(db_index=True, null=True)
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
        constraints = [
            models.UniqueConstraint(fields=["transient_object_id", "object_group_id"], name="unique_membership")
        ]


class VraScore(models.Model):
    """A score of an object, given by the Virtual Research Assistant (VRA) or a person."""

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
    """The current rank of an object."""

    transient_object_id = models.BigIntegerField(primary_key=True)
    rank = models.FloatField()
    rank_alt1 = models.FloatField()
    is_gal_cand = models.IntegerField()
    timestamp = models.DateTimeField(db_index=True)


class VraTodo(models.Model):
    """An object to be inspected by a person."""

    transient_object_id = models.BigIntegerField(primary_key=True)
    timestamp = models.DateTimeField(db_index=True)
