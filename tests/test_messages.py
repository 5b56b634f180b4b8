# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The grammar of error messages: the argument first, what it must be, what it is; and words that are not used.

Other tests match facts of a message (argument and value); its form is tested here only.
"""

import ast
import re
from pathlib import Path

import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.time import Time

import atlasquery
from atlasquery import ATLASClass, CustomList, LightCurves
from atlasquery.exceptions import InvalidInputError
from constants import COW

ROOT = Path(atlasquery.__file__).parent
POSITION = SkyCoord(244.0, 22.3, unit="deg")
atlas = ATLASClass()

# A call, the argument at fault, and a part of its value in the message.
CALLS = [
    (lambda: atlas.query_region(POSITION, 10), "radius", "10"),
    (lambda: atlas.query_region(POSITION, 5 * u.deg), "radius", "5.0 deg"),
    (lambda: atlas.query_region(POSITION, -1 * u.arcsec), "radius", "-1"),
    (lambda: atlas.query_region((1, 2), 1 * u.arcsec), "coordinates", "tuple"),
    (lambda: atlas.query_region("M 31", 1 * u.arcsec), "coordinates", "M 31"),
    (lambda: atlas.query_region(SkyCoord([1, float("nan")], [2, 3], unit="deg"), "1 arcsec"), "coordinates", "row 1"),
    (lambda: atlas.count_region(SkyCoord([1, 2], [2, 3], unit="deg"), "1 arcsec"), "coordinates", "vector of 2"),
    (lambda: atlas.query_object(1.5), "object_id", "1.5"),
    (lambda: atlas.query_object(123), "object_id", "123"),
    (lambda: atlas.query_object([[1]]), "object_id", "list"),
    (lambda: atlas.resolve_name("a,b"), "name", "a,b"),
    (lambda: atlas.query_external_crossmatches(5), "name", "5"),
    (lambda: atlas.get_light_curve("2018cow", since=58285.5), "since", "58285.5"),
    (lambda: atlas.get_light_curve("2018cow", since="last week"), "since", "last week"),
    (lambda: atlas.get_light_curve("2018cow", since=-3 * u.day), "since", "-3"),
    (lambda: atlas.get_light_curve("2018cow", since=Time([1, 2], format="mjd")), "since", r"\(2,\)"),
    (lambda: atlas.get_light_curves("2018cow", on_error="ignore"), "on_error", "ignore"),
    (lambda: atlas.query_list("gud"), "name", "gud"),
    (lambda: atlas.query_list(99), "name", "99"),
    (lambda: CustomList(-1), "which", "-1"),
    (lambda: atlas.query_list("good", vra=5), "vra", "5"),
    (lambda: atlas.query_list("good", vra=(8, 5)), "vra", r"\(8, 5\)"),
    (lambda: atlas.query_list("good", sherlock_class="SX"), "sherlock_class", "SX"),
    (lambda: atlas.crossmatch(POSITION, "1 arcsec", join="outer"), "join", "outer"),
    (lambda: atlas.add_to_list(COW, "good"), "name", "good"),
    (lambda: atlas.add_to_list(COW, "vra", dry_run="no"), "dry_run", "no"),
    (lambda: atlas.set_detection_list(COW, "garbage"), "name", "garbage"),
    (lambda: atlas.set_detection_list(COW, "vra"), "name", "vra"),
    (lambda: atlas.add_vra_todo(COW, date=60000), "date", "60000"),
    (lambda: atlas.write_vra_score(COW, preal=2), "preal", "2.0"),
    (lambda: atlas.write_vra_score(COW, rank="high"), "rank", "high"),
    (lambda: atlas.write_vra_rank(COW, rank=1, rank_alt1=2), "is_gal_cand", "None"),
    (lambda: ATLASClass("http://example.org/api/"), "server", "http://example.org"),
    (lambda: LightCurves([]), None, "list"),
]


@pytest.mark.parametrize(("call", "argument", "value"), CALLS)
def test_argument_first_then_the_rule_then_the_value(call, argument, value):
    with pytest.raises(InvalidInputError) as raised:
        call()
    name = re.escape(argument) if argument else r"\w+"
    assert re.match(rf"`{name}` must .*, got .*{value}", raised.value.reason, flags=re.DOTALL), raised.value.reason


# Persons, riddles and private words; see "Rules" in CONTRIBUTING.rst.
UNUSED_WORDS = re.compile(
    r"\b(nobody|somebody|everybody|anybody|besides?|theirs|ours|whom|heed(?:ed|s)?|mend(?:ed|s)?|at hand|lonely"
    r"|obtained|vouch\w*|hammer\w*|told)\b",
    re.IGNORECASE,
)


def strings_of(path):
    """Yield (line, text) of all string constants of a file, docstrings included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_persons_and_no_riddles(path):
    found = [(line, match[0]) for line, text in strings_of(path) for match in UNUSED_WORDS.finditer(text)]
    comments = re.findall(r"#(.*)", path.read_text(encoding="utf-8"))
    found += [("comment", match[0]) for text in comments for match in UNUSED_WORDS.finditer(text)]
    assert not found
