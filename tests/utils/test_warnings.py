# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A warning names the line of the user's call, not one of ours."""

import warnings
from pathlib import Path

import pytest

import atlasquery
from atlasquery import ATLASClass
from atlasquery.exceptions import NoResultsWarning
from atlasquery.utils.warnings import warn_user


def test_a_query_without_a_result(sandbox):
    with pytest.warns(NoResultsWarning) as caught:
        sandbox.client().query_region("0d -89.99d", "1 arcsec")
    assert caught[0].filename == __file__


def test_a_token_that_is_not_stored(sandbox):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ATLASClass(server=sandbox.url).login(token=sandbox.token())
    assert "not stored" in str(caught[0].message)
    assert caught[0].filename == __file__


def test_a_folder_beside_the_package_whose_name_begins_like_it():
    script = f"{Path(atlasquery.__file__).parent}_scripts/mine.py"
    code = compile("def call(warn):\n    warn('Nothing.', NoResultsWarning)", script, "exec")
    names = {"NoResultsWarning": NoResultsWarning}
    exec(code, names)
    with pytest.warns(NoResultsWarning) as caught:
        names["call"](warn_user)
    assert (caught[0].filename, caught[0].lineno) == (script, 2)
