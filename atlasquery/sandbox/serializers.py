# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What each endpoint accepts. The messages of refusal are Django REST framework's own, as on the real server."""

from rest_framework import serializers

__all__ = [
    "ConeQuery",
    "DetectionListWrite",
    "ExternalQuery",
    "GroupDelete",
    "GroupQuery",
    "GroupWrite",
    "ListFilters",
    "ListQuery",
    "ObjectsQuery",
    "VraRankQuery",
    "VraRankWrite",
    "VraScoreQuery",
    "VraScoreWrite",
    "VraTodoQuery",
    "VraTodoWrite",
]


class Number(serializers.FloatField):
    """A number as the real server reads it: its Django REST framework is older than 3.18 and lets nan and inf pass."""

    def to_internal_value(self, data):
        """Return a float."""
        try:
            return float(data)
        except (TypeError, ValueError):
            self.fail("invalid")


class ConeQuery(serializers.Serializer):
    """A position in degrees and a radius in arcsec."""

    ra = Number()
    dec = Number()
    radius = Number()
    requestType = serializers.ChoiceField(choices=["all", "nearest", "count"])


class ObjectsQuery(serializers.Serializer):
    """Ids joined by commas in one string: a list is refused."""

    objects = serializers.CharField(trim_whitespace=False)
    mjd = Number(required=False, allow_null=True)


class ListQuery(serializers.Serializer):
    """A list, detection or custom."""

    objectlistid = serializers.IntegerField()
    getcustomlist = serializers.BooleanField(required=False)
    datethreshold = serializers.DateTimeField(required=False)


class ListFilters(ListQuery):
    """What a newer server filters by; an older one does not even look at these."""

    vra_gte = Number(required=False)
    vra_lte = Number(required=False)
    rb_pix_gte = Number(required=False)
    rb_pix_lte = Number(required=False)
    ra_gte = Number(required=False)
    ra_lte = Number(required=False)
    dec_gte = Number(required=False)
    dec_lte = Number(required=False)
    sherlock_class = serializers.CharField(required=False)
    spec_type = serializers.CharField(required=False)


class GroupQuery(serializers.Serializer):
    """An object or a custom list."""

    objectid = serializers.IntegerField(required=False)
    objectgroupid = serializers.IntegerField(required=False)


class VraScoreQuery(serializers.Serializer):
    """Which scores."""

    objects = serializers.CharField(required=False, allow_blank=True)
    debug = serializers.BooleanField(required=False)
    datethreshold = serializers.DateTimeField(required=False)
    idthreshold = serializers.IntegerField(required=False)


class VraRankQuery(serializers.Serializer):
    """Which ranks."""

    objects = serializers.CharField(required=False, allow_blank=True)
    datethreshold = serializers.DateTimeField(required=False)


class VraTodoQuery(VraRankQuery):
    """Which objects that wait."""

    idthreshold = serializers.IntegerField(required=False)


class ExternalQuery(serializers.Serializer):
    """Names joined by commas."""

    externalObjects = serializers.CharField(required=False, allow_blank=True)


class GroupWrite(serializers.Serializer):
    """One object and one custom list."""

    objectid = serializers.IntegerField()
    objectgroupid = serializers.IntegerField()


class GroupDelete(GroupWrite):
    """The same; but the real server does not catch what is wrong with it."""


class DetectionListWrite(serializers.Serializer):
    """One object and the detection list it shall go to."""

    objectid = serializers.IntegerField()
    objectlist = serializers.IntegerField()
    insertdate = serializers.DateTimeField(required=False)


class VraScoreWrite(serializers.Serializer):
    """One score; only the object is required."""

    objectid = serializers.IntegerField()
    preal = Number(required=False, allow_null=True)
    pgal = Number(required=False, allow_null=True)
    pfast = Number(required=False, allow_null=True)
    rank = Number(required=False, allow_null=True)
    rank_alt1 = Number(required=False, allow_null=True)
    is_gal_cand = serializers.IntegerField(required=False, allow_null=True)
    debug = serializers.BooleanField(required=False, default=False)
    insertdate = serializers.DateTimeField(required=False)


class VraRankWrite(serializers.Serializer):
    """One rank."""

    objectid = serializers.IntegerField()
    rank = Number()
    rank_alt1 = Number(required=False, allow_null=True)
    is_gal_cand = serializers.IntegerField(required=False, allow_null=True)
    insertdate = serializers.DateTimeField(required=False)


class VraTodoWrite(serializers.Serializer):
    """One object to be looked at."""

    objectid = serializers.IntegerField()
    insertdate = serializers.DateTimeField(required=False)
