# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Token` and `Password`: strings that are sent to the server and never shown."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any, NoReturn, Self, overload

from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError, InvalidTokenError
from atlasquery.utils.text import is_encodable

__all__ = ["Password", "Secret", "Token"]

_HIDDEN = "[secure]"
# A token is much longer. A shorter string may occur in an answer by chance, and rows must not be changed.
_MIN_REDACTED_LENGTH = 16

# Common mistakes when a token is copied, and what a token must be.
_MALFORMED = (
    (r"$", "a string of printable ASCII, got an empty one"),
    (r"""["'`\u2018-\u201f<]""", "the token alone, got one with a quotation mark or a bracket before it"),
    (r"[\[{]", "the token alone, got a whole answer of the server"),
    (r"(authorization|bearer|[\w.-]*token)[\s:='\"]", "the token alone, got one with a word such as 'Token' before it"),
    (r"(?![!-~]+$)", "printable ASCII without white space, got another string"),
)


def _json_pattern(value: str) -> str:
    """Return a pattern of a string in JSON, where each character may be written with an escape."""
    return "".join(rf"(?:\\?{re.escape(character)}|\\u(?i:{ord(character):04x}))" for character in value)


class Secret:
    """A string that appears in no repr, message, log, pickle or traceback.

    Parameters
    ----------
    value : str or Secret
        The string.

    Examples
    --------
    >>> from atlasquery.transport import Password
    >>> Password("correct horse")
    Password([secure])
    >>> f"{Password('correct horse')}"
    '[secure]'
    """

    __slots__ = ("__value",)

    __value: str

    def __init__(self, value: str | Secret) -> None:
        self._set_value(value)
        del value  # a traceback may show the local variables of this frame
        self._check()

    def _set_value(self, value: str | Secret) -> None:
        self.__value = value.reveal() if isinstance(value, Secret) else value

    def _check(self) -> None:
        if not isinstance(self.__value, str):
            kind = type(self.__value).__name__
            raise InvalidQueryTypeError(f"`{type(self).__name__.lower()}` must be a string, got {kind}.")

    def reveal(self) -> str:
        """Return the string itself; never keep it in a variable longer than needed to pass it on."""
        return self.__value

    def redact(self, text: str) -> str:
        """Return a text with ``[secure]`` in place of the secret, such as a message in which the server repeats it."""
        if len(self.__value) <= 3:  # a shorter string is no secret, and would occur everywhere
            return text
        text = text.replace(self.__value, _HIDDEN)
        return re.sub(_json_pattern(self.__value), _HIDDEN, text) if "\\" in text else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_HIDDEN})"

    def __str__(self) -> str:
        return _HIDDEN

    def __format__(self, spec: str) -> str:
        return format(_HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret) or type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.__value.encode())

    def __hash__(self) -> int:
        return hash((type(self), self.__value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be pickled")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be pickled")


class Password(Secret):
    """A password, to be exchanged for a token."""

    __slots__ = ()

    def _check(self) -> None:
        super()._check()
        if not is_encodable(self.reveal()):
            # The exception of an encoder would contain the password.
            raise InvalidQueryError("`password` must be text that UTF-8 can encode, got another string.")


class Token(Secret):
    """The token that authenticates a user; usually 40 hexadecimal digits.

    Parameters
    ----------
    value : str or Token
        The token.

    Raises
    ------
    InvalidQueryTypeError
        If it is not a string.
    InvalidTokenError
        If it is empty, or has characters that no token has.

    Examples
    --------
    >>> from atlasquery.transport import Token
    >>> Token("0123456789abcdef0123456789abcdef01234567")
    Token([secure])
    """

    __slots__ = ()

    def _set_value(self, value: str | Secret) -> None:
        # A file ends with a line feed, and may begin with a byte-order mark.
        super()._set_value(value.strip().strip("\ufeff").strip() if isinstance(value, str) else value)

    def _check(self) -> None:
        super()._check()
        for pattern, rule in _MALFORMED:
            if re.match(pattern, self.reveal(), re.IGNORECASE):
                raise InvalidTokenError(f"`token` must be {rule}.", hint="A token usually has 40 hexadecimal digits.")

    def redact_body(self, body: bytes) -> bytes:
        """Return an answer with ``[secure]`` in place of the token; one of fewer than 16 characters is left."""
        value = self.reveal()
        if len(value) < _MIN_REDACTED_LENGTH:
            return body
        body = body.replace(value.encode(), _HIDDEN.encode())
        return re.sub(_json_pattern(value).encode(), _HIDDEN.encode(), body) if b"\\u00" in body else body

    def hash_with(self, context: str) -> str:
        """Return a hash of the token and a context, from which the token cannot be found."""
        return hashlib.sha256(f"atlasquery {context} {self.reveal()}".encode()).hexdigest()

    @overload
    @classmethod
    def wrap(cls, value: None) -> None: ...
    @overload
    @classmethod
    def wrap(cls, value: str | Token) -> Token: ...
    @classmethod
    def wrap(cls, value: str | Token | None) -> Token | None:
        """Wrap an argument without any check; this never raises, so no frame shows the value.

        Assign the result to the variable that held the string, and call `check` then.
        """
        if value is None or isinstance(value, cls):
            return value
        token = cls.__new__(cls)
        token._set_value(value)
        return token

    def check(self) -> Self:
        """Return this token, or raise what the class raises for its value."""
        self._check()
        return self
