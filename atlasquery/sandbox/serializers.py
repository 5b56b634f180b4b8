# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The parameters of each endpoint; the error messages are those of Django REST framework, as on the real server."""

from rest_framework import serializers

__all__ = [
    "ConeQuery",
    "DetectionListWrite",
    "ExternalCrossmatchQuery",
    "FilteredListQuery",
    "GroupDeletion",
    "GroupQuery",
    "GroupWrite",
    "ListQuery",
    "ObjectsQuery",
    "VraRankQuery",
    "VraRankWrite",
    "VraScoreQuery",
    "VraScoreWrite",
    "VraTodoQuery",
    "VraTodoWrite",
]


class UncheckedFloatField(serializers.FloatField):
    """A float that may be nan or inf: the real server uses Django REST framework before 3.18, which accepts both."""

    def to_internal_value(self, data):
        """Return the value as a float."""
        try:
            return float(data)
        except (TypeError, ValueError):
            self.fail("invalid")


class ConeQuery(serializers.Serializer):
    """A position in degrees and a radius in arcsec."""

    ra = UncheckedFloatField()
    dec = UncheckedFloatField()
    radius = UncheckedFloatField()
    requestType = serializers.ChoiceField(choices=["all", "nearest", "count"])


class ObjectsQuery(serializers.Serializer):
    """Ids joined by commas in one string; a list is rejected."""

    objects = serializers.CharField(trim_whitespace=False)
    mjd = UncheckedFloatField(required=False, allow_null=True)


class ListQuery(serializers.Serializer):
    """A detection list or a custom list."""

    objectlistid = serializers.IntegerField()
    getcustomlist = serializers.BooleanField(required=False)
    datethreshold = serializers.DateTimeField(required=False)


class FilteredListQuery(ListQuery):
    """The filters of a new server; an old server ignores them."""

    vra_gte = UncheckedFloatField(required=False)
    vra_lte = UncheckedFloatField(required=False)
    rb_pix_gte = UncheckedFloatField(required=False)
    rb_pix_lte = UncheckedFloatField(required=False)
    ra_gte = UncheckedFloatField(required=False)
    ra_lte = UncheckedFloatField(required=False)
    dec_gte = UncheckedFloatField(required=False)
    dec_lte = UncheckedFloatField(required=False)
    sherlock_class = serializers.CharField(required=False)
    spec_type = serializers.CharField(required=False)


class GroupQuery(serializers.Serializer):
    """An object, a custom list, both or neither."""

    objectid = serializers.IntegerField(required=False)
    objectgroupid = serializers.IntegerField(required=False)


class VraScoreQuery(serializers.Serializer):
    """Objects or thresholds, for the scores."""

    objects = serializers.CharField(required=False, allow_blank=True)
    debug = serializers.BooleanField(required=False)
    datethreshold = serializers.DateTimeField(required=False)
    idthreshold = serializers.IntegerField(required=False)


class VraRankQuery(serializers.Serializer):
    """Objects or a threshold, for the ranks."""

    objects = serializers.CharField(required=False, allow_blank=True)
    datethreshold = serializers.DateTimeField(required=False)


class VraTodoQuery(VraRankQuery):
    """Objects or thresholds, for the objects to be inspected."""

    idthreshold = serializers.IntegerField(required=False)


class ExternalCrossmatchQuery(serializers.Serializer):
    """External names joined by commas."""

    externalObjects = serializers.CharField(required=False, allow_blank=True)


class GroupWrite(serializers.Serializer):
    """One object and one custom list."""

    objectid = serializers.IntegerField()
    objectgroupid = serializers.IntegerField()


class GroupDeletion(GroupWrite):
    """One object and one custom list; the real server answers errors with status 500."""


class DetectionListWrite(serializers.Serializer):
    """One object and its new detection list."""

    objectid = serializers.IntegerField()
    objectlist = serializers.IntegerField()
    insertdate = serializers.DateTimeField(required=False)


class VraScoreWrite(serializers.Serializer):
    """One score; only the object id is required."""

    objectid = serializers.IntegerField()
    preal = UncheckedFloatField(required=False, allow_null=True)
    pgal = UncheckedFloatField(required=False, allow_null=True)
    pfast = UncheckedFloatField(required=False, allow_null=True)
    rank = UncheckedFloatField(required=False, allow_null=True)
    rank_alt1 = UncheckedFloatField(required=False, allow_null=True)
    is_gal_cand = serializers.IntegerField(required=False, allow_null=True)
    debug = serializers.BooleanField(required=False, default=False)
    insertdate = serializers.DateTimeField(required=False)


class VraRankWrite(serializers.Serializer):
    """One rank."""

    objectid = serializers.IntegerField()
    rank = UncheckedFloatField()
    rank_alt1 = UncheckedFloatField(required=False, allow_null=True)
    is_gal_cand = serializers.IntegerField(required=False, allow_null=True)
    insertdate = serializers.DateTimeField(required=False)


class VraTodoWrite(serializers.Serializer):
    """One object to be inspected."""

    objectid = serializers.IntegerField()
    insertdate = serializers.DateTimeField(required=False)
