# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``auth-token/``: a user name and a password for a token."""

from django.db import transaction
from rest_framework.authentication import BasicAuthentication
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from atlasquery.sandbox.models import Token
from atlasquery.sandbox.throttling import AuthThrottle

__all__ = ["ObtainTokenView"]


class ObtainTokenView(APIView):
    """Hands out the token that lives, or a new one for a token whose time is over."""

    description = ""
    authentication_classes = [BasicAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = [AuthThrottle]
    parser_classes = [FormParser, MultiPartParser, JSONParser]
    renderer_classes = [JSONRenderer]

    def post(self, request):
        """Exchange; a group without profile is a fault that the real server does not catch."""
        words = AuthTokenSerializer(data=request.data, context={"request": request})
        words.is_valid(raise_exception=True)
        with transaction.atomic():
            token, refreshed = _living_token(words.validated_data["user"])
        return Response({"token": token.key, "expires_in": token.seconds_left, "refreshed": refreshed})


def _living_token(user):
    token, _ = Token.objects.get_or_create(user=user)
    if token.seconds_left > 0:
        return token, False
    token.delete()
    return Token.objects.create(user=user), True
