# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A deterministic synthetic sky that looks, to a client, like what ATLAS has seen of the real one.

Data flows from the survey and the population to the rows of an answer; a module imports only from those above it::

    chance                           random numbers that belong to things: what makes rows independent
    almanac, dates, names            Sun and Moon; how times, ids and names are written
    sites, pointings, nights,
    exposures, survey                the survey: who looks where, when, how deep
    classes, places, published,
    population                       the objects: what, where, first seen when
    sources/                         true light curves, a model a class
    photometry/                      what is measured of them: the rows of lc, lcnondets, fp
    history, cow                     one object's whole history
    crossmatches, lists, vra         what Sherlock, the Transient Name Server, people and the assistant say
    catalogue                        the table of all objects
    sky                              Sky: the face of this room

Nothing is stored but one row an object; everything else follows from the seed when it is asked for. Every value is a
function of the names of what it belongs to (seed, object, exposure), so that the present, `end`, only truncates.
"""

from .published import AT2018COW_POINTS
from .sky import Sky

__all__ = ["AT2018COW_POINTS", "Sky"]
