# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The base classes of the views: check the parameters, then answer."""

from rest_framework import status
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from atlasquery.sandbox.views.encoded_json import EncodedJSONRenderer

__all__ = ["Endpoint", "ReadEndpoint", "WriteEndpoint"]


class Endpoint(APIView):
    """A view that answers GET and POST in the same way."""

    # Empty: by default Django REST framework would send this docstring in answer to OPTIONS.
    description = ""
    renderer_classes = [EncodedJSONRenderer, BrowsableAPIRenderer]
    # Not named serializer_class: the HTML page would change to a form for that serializer.
    params_serializer = None
    requires_write_access = False

    def get(self, request):
        """Answer a GET with the parameters of its query string."""
        return self.check_and_answer(request, request.query_params)

    def post(self, request):
        """Answer a POST with the parameters of its body."""
        return self.check_and_answer(request, request.data)

    def check_and_answer(self, request, data):
        """Check the parameters and answer, with status 400 if some are invalid."""
        serializer = self.params_serializer(data=data)
        if not serializer.is_valid():
            return Response(serializer.errors, status=status.HTTP_400_BAD_REQUEST)
        return self.answer(request, serializer.validated_data)

    def answer(self, request, params):
        """Answer a request whose parameters are valid."""
        raise NotImplementedError


class ReadEndpoint(Endpoint):
    """A view that only reads."""


class WriteEndpoint(Endpoint):
    """A view that writes, on POST."""

    requires_write_access = True

    def get(self, request):
        """Answer that GET is not supported, with status 200 as on the real server."""
        return Response({"Error": "GET is not implemented for this service."})
