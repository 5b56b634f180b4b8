# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Item`: an item of astropy's configuration, whose errors name the item and the file.

At the first use of an item the whole file is checked, so that a mistake is found before a request is sent.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from astropy import config
from astropy.extern.configobj.configobj import ConfigObj
from astropy.extern.configobj.validate import ValidateError
from astropy.utils.exceptions import AstropyUserWarning

from atlasquery.utils.text import shorten_repr
from atlasquery.utils.warnings import warn_user

__all__ = ["Item", "source_hint"]

_MODULE = "atlasquery"
_TYPES = {
    "float": "a finite number",
    "integer": "an integer",
    "string": "one value; one with a comma needs quotation marks",
    "force_list": "a list",
}
# The items of the package by name, and the configuration that was checked last, which a reload replaces.
_ITEMS: dict[str, Item] = {}
_CHECKED: dict[str, ConfigObj] = {}


class Item(config.ConfigItem):
    """An item of ``atlasquery.cfg``.

    Parameters
    ----------
    defaultvalue : object
        Its value without a file.
    description : str
        A sentence.
    cfgtype : str
        Type of ``configobj``.
    is_finite : bool
        Whether a number must be finite.
    is_optional : bool
        Whether it can be None.
    entry : str, optional
        Regular expression of the items of a list.
    example : str, optional
        An entry of a list, for messages.
    """

    def __init__(
        self,
        defaultvalue: Any,
        description: str,
        cfgtype: str,
        *,
        is_finite: bool = True,
        is_optional: bool = False,
        entry: str = "",
        example: str = "",
    ) -> None:
        self.is_finite, self.is_optional = is_finite, is_optional  # used by the check of the default value
        self.entry, self.example = entry, example
        super().__init__(defaultvalue, description, cfgtype, _MODULE)

    def __set_name__(self, owner: type, name: str) -> None:
        _ITEMS[name] = self

    def __get__(self, obj: Any, objtype: type | None = None) -> Any:
        # As in astropy; here, so that a warning of the file points at the line of the user.
        return self if obj is None else self()

    def set(self, value: Any) -> None:
        """Set the value, also a path, or raise `InvalidTypeError`."""
        value = os.fspath(value) if isinstance(value, os.PathLike) else value
        with _file_errors():
            try:
                super().set(value)
            except TypeError:
                problem = value
            else:
                return
        raise self.invalid_value(problem, "")

    def __call__(self) -> Any:
        """Return the value, or raise an error that names the item and the file."""
        with _file_errors():
            loaded = config.get_config(_MODULE)
        if loaded is not _CHECKED.get(_MODULE):
            _check_file(loaded)
            _CHECKED[_MODULE] = loaded
        return super().__call__()

    def _validate_val(self, val: Any) -> Any:
        if self.is_optional and val in (None, "None"):  # text in a file
            return None
        if isinstance(val, bool) and not self.cfgtype.startswith("boolean"):
            raise ValidateError("a bool")
        value = super()._validate_val(val)
        if isinstance(value, float) and (math.isnan(value) or (self.is_finite and math.isinf(value))):
            raise ValidateError("not finite")
        return value

    def check_stored(self, value: Any, filename: str) -> None:
        """Check the value of a file."""
        try:
            value = self._validate_val(value)
        except ValidateError:
            raise self.invalid_value(value, filename) from None
        if self.entry and (wrong := [text for text in value if not re.fullmatch(self.entry, text)]):
            raise self.invalid_value(wrong[0], filename)

    def invalid_value(self, value: Any, filename: str) -> Exception:
        """Return the error of an invalid value."""
        from atlasquery.exceptions import InvalidTypeError  # imports astroquery, which takes time

        place = f" in {filename}" if filename else ""
        hint = f"Correct the line `{self.name} = ...` of the file." if filename else None
        return InvalidTypeError(
            f"`conf.{self.name}` must be {self.requirement}, got {shorten_repr(value)}{place}.", hint=hint
        )

    @property
    def requirement(self) -> str:
        """What a value must be."""
        if self.entry:
            return f"a list of entries such as {self.example!r}"
        kind, _, rest = self.cfgtype.partition("(")
        minimum = rest.removeprefix("min=").rstrip(")")
        text = _TYPES[kind] + (f" of at least {minimum}" if minimum else "")
        return f"{text}, or None" if self.is_optional else text


def source_hint(name: str) -> str:
    """Return a sentence that names the file in which an item is set; empty if the program has set it."""
    loaded = config.get_config(_MODULE)
    if loaded.filename and ConfigObj(loaded.filename, interpolation=False).get(name, loaded) == loaded.get(name):
        return f"It is set in {loaded.filename}."
    return ""


def _check_file(loaded: ConfigObj) -> None:
    """Raise the error of the first invalid value, and warn of what is not an item."""
    for name in loaded.scalars:
        if name in _ITEMS:
            _ITEMS[name].check_stored(loaded[name], loaded.filename)
    for name in loaded.scalars:
        if name not in _ITEMS:
            matches = get_close_matches(name.lower(), _ITEMS, n=1)
            guess = f"; did you mean {matches[0]!r}?" if matches else "; items are " + ", ".join(sorted(_ITEMS)) + "."
            warn_user(f"{loaded.filename} has {name!r}, which is not an item of conf{guess}", AstropyUserWarning)
    if loaded.sections:
        text = f"{loaded.filename} has the section [{loaded.sections[0]}], which is not read: remove that line."
        warn_user(text, AstropyUserWarning)


@contextmanager
def _file_errors() -> Iterator[None]:
    """Turn the errors of a file that cannot be parsed into `UnreadableFileError`."""
    try:
        yield
    except (SyntaxError, UnicodeError) as error:  # the errors of configobj are a SyntaxError
        problem = error
    else:
        return
    raise _unreadable_file(problem)


def _unreadable_file(problem: Exception) -> Exception:
    from atlasquery.exceptions import UnreadableFileError

    filename = os.path.join(config.get_config_dir("astropy"), f"{_MODULE}.cfg")
    line = getattr(problem, "line_number", None)
    # Only the name: a value may be a secret that was written there by mistake.
    item = re.match(r"\s*[\w-]*", str(getattr(problem, "line", "") or ""))
    name = item[0].strip() if item else ""
    place = f" at line {line}" + (f" ({name})" if name else "") if line else ""
    reason, hint = f"cannot be read{place}", "A line is `item = value`, and each item is there once."
    if isinstance(problem, UnicodeError):
        reason, hint = "is not UTF-8", "Save it as UTF-8."
    return UnreadableFileError(f"The configuration {filename} {reason}.", filename=filename, line=line, hint=hint)
