# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""How the documentation is built; what all astropy packages share comes from sphinx-astropy."""

import os
from importlib.metadata import metadata

from sphinx_astropy.conf.v3 import *

_package = metadata("atlasquery")
project = _package["Name"]
author = "The atlasquery developers"
copyright = f"2026, {author}"
version = release = _package["Version"]

extensions += ["matplotlib.sphinxext.plot_directive"]
html_title = f"{project} {release}"

# The pages are built from an installed package, where the order of the class's own list of methods is what counts.
automodapi_inheritance_diagram = False
automodsumm_inherited_members = False
numpydoc_xref_param_type = False
numpydoc_show_class_members = False

plot_formats = [("svg", 96), ("png", 144)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = False

# Links into the documentation of other projects need the network, which a build away from Read the Docs does without.
if os.environ.get("READTHEDOCS") != "True":
    intersphinx_mapping.clear()
    others = "astropy|astroquery|numpy|requests|matplotlib|pandas|lightkurve|sncosmo|datetime|enum|json"
    nitpick_ignore_regex = [("py:.*", rf"({others})\..*|True|False|None")]
nitpicky = True


def _skip_what_is_not_ours(app, what, name, obj, skip, options):
    """Leave out what a class has from astropy or astroquery: it is described there."""
    written_in = getattr(getattr(obj, "fget", obj), "__module__", None) or "atlasquery"
    return True if not written_in.startswith("atlasquery") else None


def setup(app):
    app.connect("autodoc-skip-member", _skip_what_is_not_ours)
