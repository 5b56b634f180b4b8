# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Fields of a submission, checked as the forced-photometry server checks them, and the lines of ``radeclist``."""

import ipaddress
import math
import re
from urllib.parse import urlsplit

from rest_framework import serializers

__all__ = ["MAX_LINES", "SubmissionSerializer", "parse_radeclist"]

MAX_LINES = 100
DEFAULT_DAYS = 30.0  # before now, where no start is given
MAX_TEXT = 300  # characters
SEXAGESIMAL = re.compile(r"([+-]?)(\d+)[: ](\d+)[: ](\d+(?:\.\d*)?)")
MPC_LINE = re.compile(r"mpc[ _](.+)", re.IGNORECASE)
TWO_COLUMNS = (
    "Could not find two columns. Separate RA and Dec by a comma or a space. For MPC object names, start the line with "
    "'mpc ', e.g., 'mpc Makemake'"
)


class PlainFloatField(serializers.FloatField):
    """A finite number; nan and infinity are none for this server."""

    def to_internal_value(self, data):
        """Return the number."""
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


def _number():
    return PlainFloatField(required=False, allow_null=True, default=None)


class SubmissionSerializer(serializers.Serializer):
    """The fields of a single task; unknown ones are ignored. ``context["now_mjd"]`` is the time of the submission."""

    ra, dec = _number(), _number()
    mpc_name = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=MAX_TEXT)
    mjd_min = PlainFloatField(required=False, allow_null=True)
    mjd_max = _number()
    radec_epoch_year = serializers.DecimalField(
        max_digits=7, decimal_places=1, required=False, allow_null=True, default=None
    )
    propermotion_ra, propermotion_dec = _number(), _number()
    use_reduced = serializers.BooleanField(default=False)
    comment = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_TEXT, default=None
    )
    send_email = serializers.BooleanField(default=True)
    callback_url = serializers.CharField(required=False, allow_null=True, max_length=500, default=None)
    request_type = serializers.ChoiceField(["FP", "SSOSTACK", "IMGZIP"], default="FP")

    def validate_callback_url(self, url):
        """Check that it is https; no host is looked up here."""
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise serializers.ValidationError({"callback_url": "callback_url must use https"})
        if (parts.hostname or "").endswith(".invalid"):  # reserved: no such host can exist
            text = "callback_url hostname could not be resolved: [Errno -2] Name or service not known"
            raise serializers.ValidationError({"callback_url": text})
        if _is_private(parts.hostname):
            raise serializers.ValidationError({"callback_url": "callback_url must resolve to a public address"})
        return url

    def validate_mpc_name(self, name):
        """Check the characters of the name of a moving object."""
        if name and re.search("['\";]", name):
            raise serializers.ValidationError({"mpc_name": "Invalid mpc_name. May not contain quotes or semicolons"})
        return name or None

    def validate(self, attrs):
        """Check fields that depend on each other, in the order of the server."""
        attrs.setdefault("mpc_name", None)
        _check_target(attrs)
        attrs.setdefault("mjd_min", round(self.context["now_mjd"] - DEFAULT_DAYS, 5))
        start, end = attrs["mjd_min"], attrs["mjd_max"]
        if end is not None and end <= 0:
            raise serializers.ValidationError({"mjd_max": ["mjd_max must be a positive MJD."]})
        if end is not None and start is not None and end <= start and not self.context["is_old"]:
            text = f"mjd_max must be greater than mjd_min ({start} was applied)."
            raise serializers.ValidationError({"mjd_max": [text]})
        if attrs["request_type"] == "IMGZIP" and not self.context["has_parent"]:
            raise serializers.ValidationError("IMGZIP requests must have a parent_task_id set to an FP task.")
        if attrs["request_type"] == "SSOSTACK" and attrs["mpc_name"] is None:
            raise serializers.ValidationError("Image stacking only works on MPC objects.")
        return attrs


def _check_target(attrs):
    ra, dec, name = attrs["ra"], attrs["dec"], attrs["mpc_name"]
    if name is not None and (ra is not None or dec is not None):
        raise serializers.ValidationError({"mpc_name": ["mpc_name was given but RA and Dec were not empty."]})
    for given, value, missing, other in (("ra", ra, "dec", dec), ("dec", dec, "ra", ra)):
        if value is not None and other is None:
            raise serializers.ValidationError({missing: [f"{given} was set but {missing} is missing."]})
    if name is None and ra is None:
        raise serializers.ValidationError("Either an mpc_name or (ra, dec) must be specified.")


def _is_private(host):
    try:
        return not ipaddress.ip_address(host or "").is_global
    except ValueError:
        return host in (None, "localhost")


def parse_radeclist(text):
    """Return the targets of the lines: dicts with ``ra`` and ``dec``, or ``mpc_name``; raise a `ValueError`."""
    if not isinstance(text, str):
        raise ValueError("radeclist must be a string of newline-separated coordinates or MPC names")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("No coordinates or MPC object names were given.")
    if len(lines) > MAX_LINES:
        raise ValueError(f"Number of lines ({len(lines)}) is above the limit of {MAX_LINES}")
    targets = []
    for number, line in enumerate(lines, 1):
        try:
            targets.append(_parse_line(line))
        except ValueError as error:
            raise ValueError(f"Error on line {number}: {error}") from None
    return targets


def _parse_line(line):
    if match := MPC_LINE.fullmatch(line):
        return {"mpc_name": match[1].strip()}
    words = line.replace(",", " ").split()
    if len(words) == 6:
        words = [" ".join(words[:3]), " ".join(words[3:])]
    if len(words) < 2:
        raise ValueError(TWO_COLUMNS)
    ra = _parse_angle(words[0], "ra", 15.0, 6, lambda value: 0 <= value <= 360)
    return {"ra": ra, "dec": _parse_angle(words[1], "dec", 1.0, 5, lambda value: -90 < value < 90)}


def _parse_angle(text, name, factor, digits, is_valid):
    """Return degrees, from a decimal number or sexagesimal."""
    number = None
    try:
        number = float(text)
    except ValueError:
        if match := SEXAGESIMAL.fullmatch(text):
            degrees = (int(match[2]) + (int(match[3]) + float(match[4]) / 60) / 60) * factor
            degrees = -degrees if match[1] == "-" else degrees
            return degrees if "." in match[4] else round(degrees, digits)  # whole seconds only are rounded
    if number is not None and is_valid(number):
        return number
    original = text if number is None else number
    raise ValueError(
        f"could not convert {name} to decimal degrees, could not parse sexegesimal input. Original value was "
        f"`{original}`"
    )
