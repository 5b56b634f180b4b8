# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The ATLAS transient web server and the ATLAS forced-photometry server as astropy objects.

``ATLAS`` and ``ForcedPhotometry`` take `~astropy.coordinates.SkyCoord`, `~astropy.units.Quantity` and
`~astropy.time.Time`, and return `~astropy.table.Table` and `~atlasquery.LightCurve`.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atlasquery import exceptions, photometry, sandbox
    from atlasquery.config import Conf, conf
    from atlasquery.core import ATLAS, ATLASClass
    from atlasquery.forcedphot import ForcedPhotometry, ForcedPhotometryClass, Jobs
    from atlasquery.inputs.lists import CustomList, DetectionList
    from atlasquery.lightcurve import LightCurve, LightCurves
    from atlasquery.transient import Transient
    from atlasquery.utils.votable import to_votable

    __citation__: str
    __version__: str

# Each name and its module, which is loaded on first use: `import atlasquery` takes no time, and a query that returns a
# table does not load what draws a light curve.
_MODULES = {
    "ATLAS": "core",
    "ATLASClass": "core",
    "Conf": "config",
    "conf": "config",
    "CustomList": "inputs.lists",
    "DetectionList": "inputs.lists",
    "ForcedPhotometry": "forcedphot",
    "ForcedPhotometryClass": "forcedphot",
    "Jobs": "forcedphot",
    "LightCurve": "lightcurve",
    "LightCurves": "lightcurve",
    "Transient": "transient",
    "to_votable": "utils.votable",
}
_SUBMODULES = ("exceptions", "photometry", "sandbox")

__all__ = [
    "ATLAS",
    "ATLASClass",
    "Conf",
    "CustomList",
    "DetectionList",
    "ForcedPhotometry",
    "ForcedPhotometryClass",
    "Jobs",
    "LightCurve",
    "LightCurves",
    "Transient",
    "__citation__",
    "__version__",
    "conf",
    "exceptions",
    "photometry",
    "sandbox",
    "to_votable",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES or name in _SUBMODULES:
        value = _load(name)
    elif name == "__version__":
        value = importlib.import_module(f"{__name__}.utils.versions").find_version(__name__)
    elif name in ("__citation__", "__bibtex__"):
        value = importlib.import_module("importlib.resources").files(__name__).joinpath("CITATION.bib").read_text()
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_did_you_mean(name)}")
    globals()[name] = value
    return value


def _load(name: str) -> Any:
    """Return a public object from its module, or a public module."""
    try:
        module = importlib.import_module(f"{__name__}.{_MODULES.get(name, name)}")
        return getattr(module, name) if name in _MODULES else module
    except AttributeError as error:
        # Not passed on: `from atlasquery import ATLAS` would only say "cannot import name 'ATLAS'".
        raise ImportError(_describe_failed_load(name, error), name=f"{__name__}.{name}") from error


def _did_you_mean(name: str) -> str:
    if name.startswith("_"):  # asked for by Python and its tools
        return ""
    near_names = importlib.import_module(f"{__name__}.utils.near_names")
    return str(near_names.did_you_mean(name, __all__))


def _describe_failed_load(name: str, error: AttributeError) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" ({last.tb_frame.f_code.co_filename}, line {last.tb_lineno})" if last is not None else ""
    hint = " python -OO removes docstrings, which some packages need: use python -O." if sys.flags.optimize > 1 else ""
    return f"Cannot load {__name__}.{name}: {type(error).__name__}: {error}{place}.{hint}"


def __dir__() -> list[str]:
    return sorted(__all__)
