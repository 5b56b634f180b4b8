# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Crossmatches of an object: Sherlock's host galaxies and stars, the Transient Name Server, other surveys.

Hosts and identifiers are invented; only those of AT2018cow are real.
"""

import numpy as np

from .dates import format_date
from .keyed_random import KeyedRandom
from .names import letters_from_number

__all__ = ["make_external_rows", "make_sherlock_rows", "make_tns_rows", "summarize_best_match"]

_SHERLOCK_KEYS = (
    "transient_object_id", "catalogue_object_id", "catalogue_table_id", "separationarcsec", "northseparationarcsec",
    "eastseparationarcsec", "id", "z", "scale", "distance", "distance_modulus", "photoz", "photozerr",
    "association_type", "datecreated", "physical_separation_kpc", "catalogue_object_type", "catalogue_object_subtype",
    "association_rank", "catalogue_table_name", "catalogue_view_name", "rank", "rankscore", "search_name",
    "major_axis_arcsec", "direct_distance", "direct_distance_scale", "direct_distance_modulus", "radeg", "decdeg",
    "original_search_radius_arcsec", "catalogue_view_id", "u", "uerr", "b", "berr", "v", "verr", "r", "rerr", "i",
    "ierr", "j", "jerr", "h", "herr", "k", "kerr", "field_u", "field_uerr", "field_g", "field_gerr", "field_r",
    "field_rerr", "field_i", "field_ierr", "field_z", "field_zerr", "field_y", "field_yerr", "g", "gerr", "unkmag",
    "unkmagerr", "datelastmodified", "updated", "classificationreliability", "transientabsmag",
)  # fmt: skip
_EXTERNAL_KEYS = ("id", "transient_object_id", "external_designation", "type", "host_galaxy", "mag", "discoverer",
             "matched_list", "other_info", "separation", "comments", "url", "host_z", "object_z", "disc_date",
             "disc_filter")  # fmt: skip

# Name in a merged match, names of the table, the view and the search, numbers of the table and the view, bands.
_GALAXIES = (
    (
        "SDSS",
        "SDSS DR12 PhotoObjAll Table",
        "tcs_view_galaxy_sdss_phot_dr12",
        "sdss phot galaxy angular",
        47,
        13,
        "ugriz",
    ),
    ("2MASS", "2MASS Extended Source Catalogue", "tcs_view_galaxy_2mass_xsc", "2mass galaxy angular", 43, 2, "jhk"),
    ("PS1", "PanSTARRS DR1", "tcs_view_galaxy_ps1_dr1", "ps1 galaxy r angular", 80, 49, "grizy"),
    ("DESI DR1", "DESI DR1", "tcs_view_galaxy_desi_dr1", "desi spec galaxy", 95, 61, "griz"),
)
_STARS = (
    ("2MASS", "2MASS Point Source Catalogue", "tcs_view_star_2mass_psc", "2mass star synonym", 6, 3, "jhk"),
    ("PS1", "PanSTARRS DR1", "tcs_view_star_ps1_dr1", "ps1 star synonym", 80, 50, "grizy"),
    ("GAIA", "GAIA DR2", "tcs_view_star_gaia_dr2", "gaia star synonym", 85, 55, "g"),
)
_COLOURS = {"u": 1.9, "g": 0.7, "r": 0.0, "i": -0.25, "z": -0.45, "y": -0.55, "j": -1.4, "h": -1.9, "k": -2.1}
_LIGHT_SPEED = 299792.458  # km/s
_HUBBLE_CONSTANT = 70.0  # km/s/Mpc


def _draw_host(obj):
    """Draw the true host of an object: offset [arcsec] and magnitude; a star is nearly at the position."""
    rng = KeyedRandom(obj.seed, obj.key)
    is_star = obj.classification in ("VS", "CV", "BS", "HPM")
    offset_scale = (
        0.35 if is_star or obj.classification in ("NT", "AGN") else 4.0 + 0.3 / max(obj.redshift or 0.05, 0.004)
    )
    if obj.classification == "BS":
        offset_scale = 9.0
    return {
        "star": is_star,
        "north": float(np.round(offset_scale * 0.7 * rng.normal("host north")[0], 4)),
        "east": float(np.round(offset_scale * 0.7 * rng.normal("host east")[0], 4)),
        "mag": float(np.clip(16.8 + 1.6 * rng.normal("host mag")[0], 10.0, 21.0)) - (4.0 if is_star else 0.0),
    }


def _draw_catalogues(obj, is_star):
    """Draw the catalogues that contain the host, at least one."""
    rng = KeyedRandom(obj.seed, obj.key, np.arange(4))
    catalogues = [c for c, draw in zip(_STARS if is_star else _GALAXIES,
                  rng.uniform("catalogue").tolist(), strict=False) if draw < 0.62 and not (c[0] in
                  ("SDSS", "PS1", "DESI DR1") and obj.dec < -30)]  # fmt: skip
    return catalogues or [_GALAXIES[1] if not is_star else _STARS[2]]


def summarize_best_match(obj):
    """Return merged catalogue names, identifier and separation [arcsec] of the best match; None for an orphan."""
    if obj.classification == "ORPHAN":
        return None
    host = _draw_host(obj)
    merged = "/".join(catalogue[0] for catalogue in _draw_catalogues(obj, host["star"]))
    return merged, _catalogue_object_id(obj, 0), round(float(np.hypot(host["north"], host["east"])), 3)


def _catalogue_object_id(obj, number):
    """Draw the identifier of the host in a catalogue."""
    draw = KeyedRandom(obj.seed, obj.key, number).integers("identifier", 10**15)
    return str(1237600000000000000 + int(draw[0])) if number % 2 == 0 else str(10**17 + int(draw[0]))


def make_sherlock_rows(obj):
    """Make the JSON-ready rows of Sherlock: crossmatches (the merged one first) and one classification."""
    best = summarize_best_match(obj)
    if best is None:
        return [], [_make_classification_row(obj, None, "")]
    host = _draw_host(obj)
    catalogues = _draw_catalogues(obj, host["star"])
    rows = [_make_catalogue_row(obj, host, number, catalogue) for number, catalogue in enumerate(catalogues, start=1)]
    merged = {**rows[0]}
    for row in rows[1:]:
        merged.update({name: value for name, value in row.items() if value is not None and merged[name] is None})
    merged.update(catalogue_table_name=best[0], catalogue_object_id=best[1], catalogue_view_name="multiple", rank=1,
                  search_name="multiple", catalogue_object_subtype="multiple", catalogue_table_id=1 + obj.key % 9,
                  original_search_radius_arcsec=0.0, catalogue_view_id=10 + obj.key % 30,
                  id=rows[0]["id"] - 1, datecreated=format_date(obj.first_mjd + 0.6), updated=1)  # fmt: skip
    return [merged, *rows], [_make_classification_row(obj, best, _annotation(obj, host, best))]


def _make_catalogue_row(obj, host, number, catalogue):
    """Make the match of one catalogue, slightly offset from the merged one; most columns are null."""
    rng = KeyedRandom(obj.seed, obj.key, number)
    row = dict.fromkeys(_SHERLOCK_KEYS)
    north = host["north"] + 0.08 * float(rng.normal("north")[0])
    east = host["east"] + 0.08 * float(rng.normal("east")[0])
    _, table, view, search, table_id, view_id, bands = catalogue
    row.update(
        transient_object_id=obj.id, catalogue_object_id=_catalogue_object_id(obj, number), catalogue_table_id=table_id,
        separationarcsec=float(np.hypot(north, east)), northseparationarcsec=round(north, 4),
        eastseparationarcsec=round(east, 4), id=30_000_000 + obj.serial * 10 + number,
        association_type=obj.classification, catalogue_object_type="star" if host["star"] else "galaxy",
        catalogue_object_subtype=None, catalogue_table_name=table, catalogue_view_name=view, search_name=search,
        rankscore=round(2000.0 + 20.0 * float(rng.uniform("rank")[0]), 2),
        radeg=round(float(obj.ra + east / 3600.0 / max(np.cos(np.radians(obj.dec)), 1e-3)) % 360.0, 6),
        decdeg=round(obj.dec - north / 3600.0, 6), original_search_radius_arcsec=20.0 if host["star"] else 35.0,
        catalogue_view_id=view_id, updated=0, classificationreliability=2 if host["star"] is False else 1,
        datelastmodified=format_date(obj.first_mjd + 0.6),
    )  # fmt: skip
    row.update(_host_photometry(host, bands, rng))
    if not host["star"] and obj.redshift is not None:
        row.update(_host_distance(obj, float(np.hypot(north, east)), rng, spectroscopic="spec" in search))
    return row


def _host_photometry(host, bands, rng):
    """Return magnitudes and errors of the host in the bands of a catalogue."""
    values = {}
    for band in bands:
        name = band if band in "jhk" else f"field_{band}"
        magnitude = host["mag"] + _COLOURS[band] + 0.1 * float(rng.normal(band)[0])
        values[name] = round(magnitude, 4)
        values[f"{name}err"] = round(0.002 + 10.0 ** (0.4 * (magnitude - 21.0)) * 0.1, 4)
    return values


def _host_distance(obj, separation_arcsec, rng, spectroscopic):
    """Return the columns that follow from the redshift (small, Hubble's law)."""
    distance_mpc = _LIGHT_SPEED * obj.redshift / _HUBBLE_CONSTANT
    modulus = 5.0 * np.log10(distance_mpc) + 25.0
    if not spectroscopic and float(rng.uniform("has z")[0]) > 0.4:
        estimate = max(obj.redshift + 0.02 * float(rng.normal("photoz")[0]), 0.003)
        return {"photoz": round(estimate, 6), "photozerr": round(0.01 + 0.1 * estimate, 6)}
    kpc_per_arcsec = distance_mpc * 1000.0 / 206264.806 / (1.0 + obj.redshift) ** 2
    return {
        "z": round(obj.redshift, 6),
        "scale": round(kpc_per_arcsec, 4),
        "distance": round(distance_mpc, 3),
        "distance_modulus": round(float(modulus), 4),
        "physical_separation_kpc": round(separation_arcsec * kpc_per_arcsec, 4),
        "transientabsmag": round(obj.peak_mag - float(modulus), 4),
        "major_axis_arcsec": round(float(rng.uniform("axis", 4.0, 40.0)[0]), 4),
    }


def _annotation(obj, host, best):
    """Return Sherlock's sentence about the host."""
    kind = "star" if host["star"] else "galaxy"
    centre = "the star" if host["star"] else "the galaxy centre"
    north = f'{abs(host["north"]):.2f}" {"N" if host["north"] < 0 else "S"}'
    east = f'{abs(host["east"]):.2f}" {"E" if host["east"] < 0 else "W"}'
    return (
        f"The transient is possibly associated with <em>{best[1]}</em>; a r={host['mag']:.2f} mag {kind} found in the "
        f"{best[0]} catalogues. It's located {north}, {east} from {centre}."
    )


def _make_classification_row(obj, best, annotation):
    """Make the JSON-ready row of Sherlock's classification."""
    kind = "star" if obj.classification in ("VS", "CV", "BS", "HPM") else "galaxy"
    return {
        "transient_object_id": obj.id,
        "classification": obj.classification,
        "annotation": annotation or "The transient location is not matched against any known catalogued source",
        "summary": f'{best[2]:.1f}" from {kind} in {best[0]}' if best else "No catalogued match",
        "matchverified": None,
        "developmentcomment": None,
        "datelastmodified": format_date(obj.first_mjd + 0.62),
        "datecreated": format_date(obj.first_mjd + 0.61),
        "updated": "1" if obj.key % 3 else "0",
    }


def make_tns_rows(obj):
    """Make the JSON-ready rows of the Transient Name Server: one or none."""
    if obj.tns_name is None:
        return []
    rng = KeyedRandom(obj.seed, obj.key)
    is_ztf = float(rng.uniform("discoverer")[0]) < 0.3 and obj.key > 0
    has_spectrum = obj.spectrum is not None
    row = dict.fromkeys(_EXTERNAL_KEYS)
    row.update(
        id=500_000_000 + obj.serial, transient_object_id=obj.id, external_designation=obj.tns_name,
        type=obj.spectrum, host_galaxy=obj.host, mag=round(obj.first_mag, 3),
        discoverer="ZTF" if is_ztf else "ATLAS", matched_list="Transient Name Server", other_info=obj.atlas_name,
        separation=round(abs(0.25 * float(rng.normal("tns")[0])), 6),
        url=f"https://wis-tns.org/object/{obj.tns_name}",
        host_z=round(obj.redshift, 4) if obj.redshift and float(rng.uniform("host z")[0]) < 0.5 else None,
        object_z=round(obj.redshift, 4) if has_spectrum and obj.redshift else None,
        disc_date=format_date(obj.first_mjd - (1.0 if is_ztf else 0.0)),
        disc_filter="r-ZTF" if is_ztf else ("cyan-ATLAS", "orange-ATLAS", "orange-ATLAS")[obj.first_band],
    )  # fmt: skip
    return [row]


def make_external_rows(obj):
    """Make the JSON-ready rows of other surveys: none to two."""
    if obj.atlas_name is None:
        return []
    rng = KeyedRandom(obj.seed, obj.key, [1, 2])
    is_present = rng.uniform("survey") < 0.28
    number = (10_000_000 + obj.serial * 13, 20_000 + obj.serial * 3)
    names = (
        f"ZTF{obj.year % 100:02d}{letters_from_number(number[0]):a>7}",
        f"PS{obj.year % 100:02d}{letters_from_number(number[1])}",
    )
    is_present &= np.array([obj.dec > -31, obj.dec > -30]) & (obj.key > 0)
    return [_make_external_row(obj, rng, survey, names[survey]) for survey in np.flatnonzero(is_present).tolist()]


def _make_external_row(obj, rng, survey, name):
    """Make the JSON-ready row of one survey."""
    row = dict.fromkeys(_EXTERNAL_KEYS)
    row.update(
        id=600_000_000 + obj.serial * 2 + survey, transient_object_id=obj.id, external_designation=name,
        type=obj.spectrum if survey == 0 else None,
        mag=round(obj.first_mag + 0.3 * float(rng.normal("mag")[survey]), 2) if survey or obj.key % 2 else None,
        matched_list=("ZTF", "Pan-STARRS")[survey],
        separation=round(abs(0.4 * float(rng.normal("apart")[survey])), 4),
        disc_date=format_date(np.floor(obj.first_mjd)) if survey == 0 else None,
    )  # fmt: skip
    return row
