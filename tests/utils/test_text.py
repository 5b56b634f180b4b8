# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Text of messages."""

from atlasquery.utils.text import abbreviate, shorten


def test_shorten_gives_one_line():
    assert shorten("two\n  lines") == "two lines"
    assert shorten("x" * 100, 10) == "x" * 10 + "..."


def test_abbreviate_has_type_and_value():
    assert abbreviate(5) == "int (5)"
    assert abbreviate("a") == "str ('a')"
    assert len(abbreviate(list(range(1000)))) < 80
