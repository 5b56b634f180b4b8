# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Answers that are encoded as JSON before Django REST framework renders them: ten times as fast for light curves."""

import msgspec
from rest_framework.renderers import JSONRenderer

__all__ = ["EncodedJSON", "EncodedJSONRenderer", "encode_rows"]


class EncodedJSON(bytes):
    """An answer that is JSON already."""


class EncodedJSONRenderer(JSONRenderer):
    """The JSON renderer, which leaves encoded answers as they are."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return the JSON of ``data``, as bytes."""
        if isinstance(data, EncodedJSON):
            return data
        return super().render(data, accepted_media_type, renderer_context)


def encode_rows(rows):
    """Return an encoded answer of rows, which may themselves be encoded (`msgspec.Raw`)."""
    return EncodedJSON(msgspec.json.encode(rows))
