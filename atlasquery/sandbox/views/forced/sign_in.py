# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views that sign in: a token for a name and a password, or the cookie of a browser."""

from django.http import HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.views import View
from rest_framework import exceptions
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from atlasquery.sandbox.forced.accounts import FORCED_ROLES, make_forced_token, make_session_key
from atlasquery.sandbox.forced.authentication import CSRF_COOKIE, SESSION_COOKIE, make_csrf_token
from atlasquery.sandbox.server_state import get_state
from atlasquery.sandbox.settings import FORCED_ROOT_PATH
from atlasquery.sandbox.views.forced.base import PAGE

__all__ = ["LoginView", "TokenView"]


class TokenView(APIView):
    """The token of a name and a password; it never expires."""

    description = ""
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = [JSONRenderer]

    def post(self, request):
        """Answer with the token."""
        serializer = ForcedAuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        return Response({"token": make_forced_token(serializer.validated_data["user"].username, get_state().sky.seed)})


class ForcedAuthTokenSerializer(AuthTokenSerializer):
    """Name and password of an account of this server."""

    def validate(self, attrs):
        """Return the account, or raise one error for all that can be wrong."""
        user = FORCED_ROLES.get(attrs["username"])
        if user is None or not user.has_password(attrs["password"]):
            raise exceptions.ValidationError("Unable to log in with provided credentials.", code="authorization")
        return attrs | {"user": user}


class LoginView(View):
    """The page with the form for name and password, to which those who are not signed in are sent."""

    def get(self, request):
        """Answer with the page, and with the token that its form sends back."""
        response = HttpResponse(PAGE)
        response.set_cookie(CSRF_COOKIE, make_csrf_token(get_state().sky.seed))
        return response

    def post(self, request):
        """Sign in and go to the page that was asked for; a wrong password gives the form again."""
        token = make_csrf_token(get_state().sky.seed)
        if not request.COOKIES.get(CSRF_COOKIE) == request.POST.get("csrfmiddlewaretoken") == token:
            return HttpResponseForbidden(PAGE)
        serializer = ForcedAuthTokenSerializer(data=request.POST)
        if not serializer.is_valid():
            return HttpResponse(PAGE)
        target = request.GET.get("next", "")
        is_here = target.startswith(f"/{FORCED_ROOT_PATH}")
        response = HttpResponseRedirect(target if is_here else f"/{FORCED_ROOT_PATH}queue/")
        key = make_session_key(serializer.validated_data["user"].username, get_state().sky.seed)
        response.set_cookie(SESSION_COOKIE, key, httponly=True)
        return response
