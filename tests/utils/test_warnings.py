# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A warning points at the line of the user's call, not at a line of the package."""

import warnings
from pathlib import Path

import pytest

import atlasquery
from atlasquery import ATLASClass
from atlasquery.exceptions import NoResultsWarning
from atlasquery.utils.warnings import warn_user


def test_warning_of_a_query(sandbox):
    with pytest.warns(NoResultsWarning) as caught:
        sandbox.client().query_region("0d -89.99d", "1 arcsec")
    assert caught[0].filename == __file__


def test_warning_of_login(sandbox):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ATLASClass(server=sandbox.url).login(token=sandbox.token())
    assert "not stored" in str(caught[0].message)
    assert caught[0].filename == __file__


def test_warning_in_a_folder_whose_name_starts_with_that_of_the_package():
    script = f"{Path(atlasquery.__file__).parent}_scripts/mine.py"
    code = compile("def call(warn):\n    warn('Nothing.', NoResultsWarning)", script, "exec")
    names = {"NoResultsWarning": NoResultsWarning}
    exec(code, names)
    with pytest.warns(NoResultsWarning) as caught:
        names["call"](warn_user)
    assert (caught[0].filename, caught[0].lineno) == (script, 2)
