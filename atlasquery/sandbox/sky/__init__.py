# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A deterministic synthetic sky whose rows resemble what ATLAS has observed of the real one.

Data flows from the survey and the population to the rows of an answer; a module imports only from those above it::

    keyed_random                     random numbers that depend only on their keys: what makes rows independent
    almanac, dates, names            Sun and Moon; formats of dates, ids and designations
    sites, field_grids, nights,
    exposures, survey                the survey: which telescope observes which field, when, and how deep
    object_classes, positions,
    at2018cow_data, population       the objects: class, position, first detection
    source_models/                   true light curves, one model a class
    photometry/                      simulated measurements: the rows of lc, lcnondets, fp
    history, at2018cow               the whole photometric history of one object
    crossmatches, lists, vra         rows of Sherlock, the Transient Name Server, custom lists and the VRA
    catalogue                        the table of all objects
    sky                              Sky: the public class of this package

Only one row an object is stored; all other rows are computed from the seed on request. Every value is a function of
its keys (seed, object, exposure), so that `end` only truncates the rows and never changes them.
"""

from .at2018cow_data import AT2018COW_POINTS
from .sky import Sky

__all__ = ["AT2018COW_POINTS", "Sky"]
