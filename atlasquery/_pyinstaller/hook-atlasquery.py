# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What PyInstaller adds to a program that imports atlasquery: all modules, its data files, and versions."""

from contextlib import suppress
from importlib.metadata import PackageNotFoundError

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

hiddenimports = collect_submodules("atlasquery", filter=lambda name: not name.startswith("atlasquery._pyinstaller"))
datas = collect_data_files("atlasquery")
# Dependencies without a hook, which read these files when they are imported.
datas += collect_data_files("astroquery", includes=["CITATION"]) + collect_data_files("pyvo", excludes=["**/tests/**"])
for package in ("atlasquery", "astroquery", "astropy", "requests"):  # named in the User-Agent header
    with suppress(PackageNotFoundError):  # run from a folder, without metadata: the version is "unknown"
        datas += copy_metadata(package)
