# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The ATLAS transient web server as astropy objects.

``ATLAS`` takes `~astropy.coordinates.SkyCoord`, `~astropy.units.Quantity` and `~astropy.time.Time`, and returns
`~astropy.table.Table` and `~atlasquery.LightCurve`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atlasquery import exceptions, photometry, sandbox
    from atlasquery.config import Conf, conf
    from atlasquery.core import ATLAS, ATLASClass
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
    if name in _MODULES:
        value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    elif name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    elif name == "__version__":
        value = importlib.import_module("importlib.metadata").version(__name__)
    elif name in ("__citation__", "__bibtex__"):
        value = importlib.import_module("importlib.resources").files(__name__).joinpath("CITATION.bib").read_text()
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
