# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Things that are sent to the server and shown to nobody: `Token` and `Password`."""

import hmac
import re

from atlasquery.exceptions import InvalidQueryTypeError, InvalidTokenError

__all__ = ["Password", "Secret", "Token"]

_HIDDEN = "[secure]"
# A token is much longer. What is shorter may well stand in an answer by chance, and rows are not to be changed.
_MIN_REDACTED_LENGTH = 16


class Secret:
    """A text that appears in no repr, message, log, pickle or traceback.

    Parameters
    ----------
    value : str
        The text.

    Examples
    --------
    >>> from atlasquery.transport import Password
    >>> Password("correct horse")
    Password([secure])
    >>> f"{Password('correct horse')}"
    '[secure]'
    """

    __slots__ = ("__value",)

    def __init__(self, value):
        self._set_value(value)
        del value  # a traceback may show the local variables of this frame
        self._check()

    def _set_value(self, value):
        self.__value = value.reveal() if isinstance(value, Secret) else value

    def _check(self):
        if not isinstance(self.__value, str):
            kind = type(self.__value).__name__
            raise InvalidQueryTypeError(f"A {type(self).__name__.lower()} must be a text, not {kind}.")

    def reveal(self):
        """The text itself; the one way to it.

        Returns
        -------
        value : str
            The secret. Never keep it in a variable longer than it takes to hand it on.
        """
        return self.__value

    def redact(self, text):
        """Blot the secret out of a text, such as a message in which the server repeats it.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        text : str
            The same, with ``[secure]`` where the secret was.
        """
        # Fewer characters are no secret worth the name, and blotting them out would leave no text.
        return text.replace(self.__value, _HIDDEN) if len(self.__value) > 3 else text

    def __repr__(self):
        return f"{type(self).__name__}({_HIDDEN})"

    def __str__(self):
        return _HIDDEN

    def __format__(self, spec):
        return format(_HIDDEN, spec)

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.__value.encode())

    def __hash__(self):
        return hash((type(self), self.__value))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __getstate__(self):
        raise TypeError(f"a {type(self).__name__} is never pickled")

    def __reduce_ex__(self, protocol):
        raise TypeError(f"a {type(self).__name__} is never pickled")


class Password(Secret):
    """A password, on its way to be exchanged for a token."""

    __slots__ = ()


class Token(Secret):
    """What the server knows a signed-in user by; usually 40 hexadecimal digits.

    Parameters
    ----------
    value : str or Token
        The token.

    Raises
    ------
    InvalidQueryTypeError
        If it is not a text.
    InvalidTokenError
        If it is empty, or holds characters that no token has.

    Examples
    --------
    >>> from atlasquery.transport import Token
    >>> Token("0123456789abcdef0123456789abcdef01234567")
    Token([secure])
    """

    __slots__ = ()

    def _check(self):
        super()._check()
        if not re.fullmatch(r"[!-~]+", self.reveal()):
            raise InvalidTokenError(
                "This cannot be a token: it is empty, or holds white space or characters other than ASCII.",
                hint="A token is what the server gave, usually 40 hexadecimal digits.",
            )

    def redact_body(self, body):
        """Blot the token out of a successful answer in which the server repeats it, whoever will quote that.

        Parameters
        ----------
        body : bytes
            The body of an answer.

        Returns
        -------
        body : bytes
            The same, with ``[secure]`` where the token was; one of fewer than 16 characters is left.
        """
        value = self.reveal().encode()
        return body.replace(value, _HIDDEN.encode()) if len(value) >= _MIN_REDACTED_LENGTH else body

    @classmethod
    def wrap(cls, value):
        """Wrap what a caller gave, unchecked; this never raises, so that no frame shows it.

        Parameters
        ----------
        value : str, Token or None
            What a caller gave.

        Returns
        -------
        token : Token or None
            Assign it to the very variable that held the text, and `check` it then.
        """
        if value is None or isinstance(value, cls):
            return value
        token = cls.__new__(cls)
        token._set_value(value)
        return token

    def check(self):
        """Raise what the class itself would have raised for the value that was wrapped.

        Returns
        -------
        token : Token
            This one.
        """
        self._check()
        return self
