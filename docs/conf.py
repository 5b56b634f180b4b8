# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Settings of the documentation; sphinx-astropy has the settings that all astropy packages share."""

import os
from importlib.metadata import metadata

from sphinx_astropy.conf.v3 import *

_package = metadata("atlasquery")
project = _package["Name"]
author = "The atlasquery developers"
copyright = f"2026, {author}"
version = release = _package["Version"]

extensions += ["matplotlib.sphinxext.plot_directive"]
exclude_patterns += ["changes/*"]  # changelog fragments, no pages
html_title = f"{project} {release}"

# The pages are built from an installed package, where the order of the class's own list of methods is what counts.
automodapi_inheritance_diagram = False
automodsumm_inherited_members = False
autodoc_typehints = "none"  # the docstrings describe the types in words
numpydoc_xref_param_type = False
numpydoc_show_class_members = False
# The docstrings state the types in words.
autodoc_typehints = "none"

plot_formats = [("svg", 96), ("png", 144)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = False

# Links into the documentation of other projects need the network, which only a build on Read the Docs uses.
if os.environ.get("READTHEDOCS") != "True":
    intersphinx_mapping.clear()
    others = "astropy|astroquery|numpy|requests|matplotlib|pandas|lightkurve|sncosmo|datetime|enum|json"
    nitpick_ignore_regex = [("py:.*", rf"({others})\..*|True|False|None")]
nitpicky = True


def _skip_inherited_member(app, what, name, obj, skip, options):
    """Skip members inherited from astropy or astroquery, which are documented there."""
    module = getattr(getattr(obj, "fget", obj), "__module__", None) or "atlasquery"
    return True if not module.startswith("atlasquery") else None


def setup(app):
    app.connect("autodoc-skip-member", _skip_inherited_member)
