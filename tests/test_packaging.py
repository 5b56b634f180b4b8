# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The package in a zip file, a frozen program, or with a damaged dependency."""

import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import atlasquery
from atlasquery._pyinstaller import hook_folders

ROOT = Path(atlasquery.__file__).parent
FROM_ZIP = """
import sys
sys.path.insert(0, sys.argv[1])
import atlasquery
from atlasquery import ATLAS, photometry
from importlib import metadata
metadata.Distribution.discover = classmethod(lambda cls, **kwargs: iter(()))  # no metadata of any package
from atlasquery.transport.request import _user_agent
print(atlasquery.__file__.startswith(sys.argv[1]), atlasquery.__version__, "@" in atlasquery.__citation__)
print(_user_agent())
"""
DAMAGED_NUMPY = """
import numpy
del numpy.isnan
import atlasquery
for _ in range(2):
    try:
        {statement}
    except ImportError as error:
        print(error)
"""


def run_python(*args):
    result = subprocess.run([sys.executable, *map(str, args)], capture_output=True, text=True, timeout=120, check=False)
    return result.stdout.splitlines(), result.stderr.splitlines()


def all_modules():
    files = [path.relative_to(ROOT.parent) for path in ROOT.rglob("*.py") if "_pyinstaller" not in path.parts]
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files}


def test_zip_without_metadata_has_an_unknown_version(tmp_path):
    """As on AWS Lambda: the package works, and the User-Agent header says "unknown"."""
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in ROOT.rglob("*"):
            if file.suffix in {".py", ".bib", ".typed"}:
                archive.write(file, file.relative_to(ROOT.parent))
    lines, errors = run_python("-c", FROM_ZIP, path)
    names = "atlasquery/unknown astroquery/unknown astropy/unknown python-requests/unknown"
    assert lines == ["True unknown True", names], errors


@pytest.mark.parametrize("statement", ["from atlasquery import ATLAS", "atlasquery.LightCurve"])
def test_damaged_dependency_is_named(statement):
    """Python alone would say "cannot import name 'ATLAS'", also the second time."""
    lines, errors = run_python("-c", DAMAGED_NUMPY.format(statement=statement))
    name = statement.replace(".", " ").split()[-1]
    assert len(lines) == 2, errors
    for line in lines:
        assert line.startswith(
            f"Cannot load atlasquery.{name}: AttributeError: module 'numpy' has no attribute 'isnan'"
        )


def test_import_error_of_a_dependency_is_kept():
    code = "import requests.adapters\ndel requests.adapters.HTTPAdapter\nfrom atlasquery import ATLAS"
    _, errors = run_python("-c", code)
    assert errors[-1].startswith("ImportError: cannot import name 'HTTPAdapter' from 'requests.adapters'")


def test_removed_docstrings():
    """With ``-OO``, either all dependencies work, or the error names the option."""
    lines, errors = run_python("-OO", "-c", "from atlasquery import ATLAS; print(ATLAS.server)")
    assert lines == ["https://psweb.mp.qub.ac.uk/sne/atlas4/api/"] or "python -OO removes" in errors[-1]


def test_hook_of_pyinstaller_is_registered():
    (folder,) = hook_folders()
    assert (Path(folder) / "hook-atlasquery.py").is_file()


def test_hook_of_pyinstaller_lists_every_module():
    """Modules that are loaded on first use are in none of the statements that PyInstaller reads."""
    pytest.importorskip("PyInstaller", reason="freezes programs")
    pytest.importorskip("django", reason="the sandbox needs it")
    hook = runpy.run_path(str(ROOT / "_pyinstaller" / "hook-atlasquery.py"))
    lazy = {*atlasquery._MODULES.values(), *atlasquery._SUBMODULES}
    assert {f"atlasquery.{name}" for name in lazy} <= set(hook["hiddenimports"])
    assert set(hook["hiddenimports"]) == all_modules()
    assert {Path(source).name for source, _ in hook["datas"]} >= {"CITATION.bib", "CITATION"}


def loaded_by(statement, after="pass"):
    """Return the packages outside of the standard library that a statement loads in a new process."""
    program = (
        f"import sys; {after}; before = set(sys.modules); {statement}; "
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    result = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    return {name for name in result.stdout.split() if not name.startswith(("__", "_"))}


def test_the_package_itself_loads_nothing_else():
    assert loaded_by("import atlasquery") == {"atlasquery"}


def test_a_client_loads_little_beyond_its_base_class():
    """Nothing heavy is loaded before it is used, such as matplotlib, pandas, pyarrow, scipy or plotly."""
    extra = loaded_by("from atlasquery import ATLAS", after="import astroquery.query")
    assert extra <= {"atlasquery", "msgspec", "typing_extensions"}


def test_a_light_curve_loads_no_library_of_plots_or_files():
    extra = loaded_by("from atlasquery import LightCurve", after="import astroquery.query, astropy.timeseries")
    assert extra <= {"atlasquery", "msgspec", "typing_extensions"}
