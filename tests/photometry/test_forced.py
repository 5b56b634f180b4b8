# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Flux from the fit of forced photometry; it reproduces the fluxes of the real server."""

import json

import astropy.units as u
import numpy as np
import pytest
from numpy.testing import assert_allclose

from atlasquery import photometry

FIT = {"peakfit": u.ct, "dpeak": u.ct, "major": u.pix, "minor": u.pix, "zp": u.mag, "apfit": u.mag}


@pytest.mark.parametrize(
    ("number", "measured", "limits"), [("1000005291314656200", 132, 160), ("1134751930091216800", 29, 89)]
)
def test_forced_fluxes_reproduce_recorded_magnitudes(shared_data, number, measured, limits):
    (record,) = json.loads((shared_data / "recordings" / f"objects_{number}.json").read_text())
    rows = [row for row in record["fp"] if row["mag"] is not None]
    value = {
        key: np.array([row[key] for row in rows])
        for key in rows[0]
        if key not in ("expname", "filter", "date_inserted")
    }
    is_limit = value["limiting_mag"]
    assert ((~is_limit).sum(), is_limit.sum()) == (measured, limits)
    flux, flux_err = photometry.forced_flux(**{key: value[key] * unit for key, unit in FIT.items()})
    # Magnitudes are rounded to 0.01.
    mag = photometry.flux_to_mag(flux[~is_limit]).value
    assert np.abs(mag - value["mag"][~is_limit]).max() < 0.0051
    # The server's uncertainty is one-sided.
    one_sided = 2.5 * np.log10(1 + (flux_err / flux)[~is_limit].value)
    assert np.abs(one_sided - value["dm"][~is_limit]).max() < 0.0051
    # The server's limits lack the aperture correction, which its magnitudes include.
    limit = photometry.limiting_mag(flux_err, 3).value - value["apfit"]
    assert np.abs(limit - value["mag"])[is_limit].max() < 0.0051


def test_fluxes_of_a_newer_server_agree_with_the_fit(shared_data):
    (record,) = json.loads((shared_data / "recorded" / "objects_single.json").read_text())["body"]
    for row in record["fp"]:
        fit = {key: row[key] * unit for key, unit in FIT.items()}
        flux, flux_err = photometry.forced_flux(**fit, exptime=row["texp"] * u.s)
        assert_allclose([flux.value, flux_err.value], [row["uJy"], row["duJy"]], rtol=1e-12)
