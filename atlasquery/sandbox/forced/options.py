# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The options of a task, from the body of a request."""

from atlasquery.sandbox.forced.older import older_fields
from atlasquery.sandbox.forced.submission import SubmissionSerializer
from atlasquery.sandbox.server_state import get_state

__all__ = ["check_options"]

MJD_1970 = 40587.0


def check_options(data, *, is_form, has_parent=False):
    """Return the checked fields; in a form a bool that is left out is false, and an empty number null."""
    fields = {name: data[name] for name in data}
    if is_form:
        fields = {name: None if value == "" else value for name, value in fields.items()}
        fields.setdefault("send_email", False)
    is_old = get_state().forced_vintage == "old"
    fields = older_fields(fields) if is_old else fields
    if is_old and "mpc_name" in fields and fields["mpc_name"] is None and not is_form:
        raise TypeError("null has no letters")  # the server fails
    context = {"is_old": is_old, "has_parent": has_parent, "now_mjd": get_state().clock() / 86400 + MJD_1970}
    serializer = SubmissionSerializer(data=fields, context=context)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
