# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The detection lists carry the server's numbers and words."""

import pytest

from atlasquery import DetectionList


def test_numbers_and_words_are_the_servers():
    expected = "garbage follow_up good possible eyeball attic stars agn fasttrack movers"
    expected += " magellanic_clouds pm_stars galcand duplicates"
    assert [one.name for one in DetectionList] == expected.split()
    assert [int(one) for one in DetectionList] == list(range(14))


def test_an_unknown_number_is_refused():
    with pytest.raises(ValueError, match="99 is not a valid DetectionList"):
        DetectionList(99)
