# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""All database tables of the sandbox, written by ``makemigrations``."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import atlasquery.sandbox.models

__all__ = ["Migration"]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AtlasObject",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("ra", models.FloatField()),
                ("dec", models.FloatField(db_index=True)),
                ("atlas_designation", models.CharField(max_length=40, null=True)),
                ("detection_list_id", models.IntegerField(db_index=True, null=True)),
                ("sherlock_classification", models.CharField(max_length=20, null=True)),
                ("observation_status", models.CharField(max_length=40, null=True)),
                ("vra", models.FloatField(null=True)),
                ("rb_pix", models.FloatField(null=True)),
                ("followup_flag_date", models.DateTimeField(null=True)),
                ("date_modified", models.DateTimeField(null=True)),
                ("updated_by", models.CharField(max_length=150, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ObjectGroup",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="VraRank",
            fields=[
                ("transient_object_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("rank", models.FloatField()),
                ("rank_alt1", models.FloatField()),
                ("is_gal_cand", models.IntegerField()),
                ("timestamp", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="VraScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transient_object_id", models.BigIntegerField(db_index=True)),
                ("preal", models.FloatField(null=True)),
                ("pgal", models.FloatField(null=True)),
                ("pfast", models.FloatField(null=True)),
                ("rank", models.FloatField(null=True)),
                ("rank_alt1", models.FloatField(null=True)),
                ("is_gal_cand", models.IntegerField(null=True)),
                ("timestamp", models.DateTimeField(db_index=True)),
                ("apiusername", models.CharField(max_length=150, null=True)),
                ("username", models.CharField(max_length=150, null=True)),
                ("debug", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="VraTodo",
            fields=[
                ("transient_object_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("timestamp", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="GroupMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transient_object_id", models.BigIntegerField()),
                ("object_group_id", models.IntegerField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("transient_object_id", "object_group_id"), name="unique_membership")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_lifetime", models.DurationField()),
                ("write_access", models.BooleanField(default=False)),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profile", to="auth.group"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "key",
                    models.CharField(
                        default=atlasquery.sandbox.models.make_random_token,
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
