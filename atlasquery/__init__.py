# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The ATLAS Transient web server as astropy objects.

``ATLAS`` asks the server; it takes `~astropy.coordinates.SkyCoord`, `~astropy.units.Quantity` and `~astropy.time.Time`,
and gives `~astropy.table.Table` and `~atlasquery.LightCurve`.
"""

import importlib

# Each name and the room it lives in. They are loaded on first use: `import atlasquery` is instant, and who asks
# for a table does not wait for what draws a light curve.
_ROOMS = {
    "ATLAS": "core",
    "ATLASClass": "core",
    "Conf": "config",
    "conf": "config",
    "CustomList": "inputs.lists",
    "DetectionList": "inputs.lists",
    "LightCurve": "lightcurve",
    "LightCurves": "lightcurve",
    "Transient": "transient",
}
_SUBMODULES = ("exceptions", "photometry", "sandbox")

__all__ = [*_ROOMS, *_SUBMODULES, "__citation__", "__version__"]


def __getattr__(name):
    if name in _ROOMS:
        value = getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
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


def __dir__():
    return sorted(__all__)
