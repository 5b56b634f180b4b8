# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``auth-token/``: a token for a user name and a password."""

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
    """The valid token of a user, or a new one if it has expired."""

    description = ""
    authentication_classes = [BasicAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = [AuthThrottle]
    parser_classes = [FormParser, MultiPartParser, JSONParser]
    renderer_classes = [JSONRenderer]

    def post(self, request):
        """Answer with a token; a group without a profile gives status 500, as on the real server."""
        serializer = AuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            token, refreshed = _get_valid_token(serializer.validated_data["user"])
        return Response({"token": token.key, "expires_in": token.remaining_seconds, "refreshed": refreshed})


def _get_valid_token(user):
    """Return the token of a user and whether it is new."""
    token, _ = Token.objects.get_or_create(user=user)
    if token.remaining_seconds > 0:
        return token, False
    token.delete()
    return Token.objects.create(user=user), True
