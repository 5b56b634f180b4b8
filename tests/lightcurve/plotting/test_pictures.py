# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Whole pictures, as a reader sees them: with ``--mpl``, each is compared with its baseline, pixel by pixel.

Without it they are drawn all the same. All measurements are made up here, of nothing but a frozen generator.
"""

import functools
import importlib.util
import math

import astropy.units as u
import numpy as np
import pytest
from astropy.time import Time

from atlasquery import schema
from atlasquery.lightcurve import LightCurve, LightCurves
from atlasquery.transient import Transient

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib import pyplot as plt  # noqa: E402 -- the backend is chosen first

PEAK = 58300.3  # MJD
DEPTH = 15.0  # uJy, the uncertainty on a clear night
CLOUDY = 7  # every seventh night
SMALL = {"dpi": 60, "pil_kwargs": {"optimize": True}}
IS_COMPARED = importlib.util.find_spec("pytest_mpl") is not None


def picture(test):
    """Make a test of a function that returns a figure."""

    @pytest.mark.mpl_image_compare(style="default", tolerance=0.5, savefig_kwargs=SMALL)
    @functools.wraps(test)
    def drawn(*args, **kwargs):
        figure = test(*args, **kwargs)
        figure.canvas.draw()
        return figure if IS_COMPARED else plt.close(figure)

    return drawn


def supernova(night):
    """Return the flux of a supernova so many days after its peak, in units of the peak."""
    return math.exp(-((night / 9) ** 2)) if night < 0 else math.exp(-night / 25)


def outbursts(night):
    """Return the flux of something that flares every 40 days."""
    return supernova(night % 40 - 8) ** 2


def measured(make, mjd, flux, err, band):
    """Return the rows of one exposure: a detection or a limit, and forced photometry."""
    snr = flux / err
    limit = 23.9 - 2.5 * math.log10(err)
    values = {"filter": band, "expname": f"02a{mjd:.4f}{band}"}
    mag, mag_err = (23.9 - 2.5 * math.log10(flux), 1.0857 / snr) if snr > 3 else (limit - 2.5 * math.log10(3), 0.0)
    faintest = limit - 2.5 * math.log10(5)
    found = snr > 5
    return (
        [make.detection(mjd, mag, mag_err, mag5sig=faintest, **values)] if found else [],
        [] if found else [make.limit(mjd, faintest, **values)],
        [make.forced(mjd, flux, err, mag=mag, dm=mag_err, snr=snr, limiting_mag=bool(snr <= 3), **values)],
    )


def observed(make, *, flux=900.0, shape=supernova, nights=range(-30, 70, 3), forced_until=20, bands="oc", **values):
    """Return a record of four exposures a night; the band changes with the Moon, and some nights are cloudy."""
    random = np.random.RandomState(8)  # its numbers never change
    sections = [], [], []
    for number, night in enumerate(nights):
        band = bands[night // 14 % len(bands)]
        err = DEPTH * random.uniform(0.7, 1.3) * (6 if number % CLOUDY == 5 else 1)
        for exposure in range(4):
            seen = flux * shape(night) + err * random.standard_normal()
            rows = measured(make, PEAK + night + exposure / 100, float(seen), err, band)
            for section, row in zip(sections, rows, strict=True):
                section.extend(row)
    fp = [row for row in sections[2] if row["mjd_obs"] < PEAK + forced_until]
    return make.record(sections[0], sections[1], fp, **values)


def curve(make, **values):
    return LightCurve.from_record(observed(make, **values))


@picture
def test_magnitudes(make):
    return curve(make).plot().figure


@picture
def test_fluxes(make):
    """All there is: the noise before the explosion, too."""
    return curve(make).plot(y="flux", window="all").figure


@picture
def test_bins_over_single_points(make):
    return curve(make, flux=150.0, forced_until=70).plot(bin="nightly", window="all").figure


@picture
def test_bands_of_other_telescopes(make):
    return curve(make, bands="wocHtI", forced_until=-10).plot(show_limits=False, window="all").figure


@picture
def test_three_curves_on_the_axes_of_somebody(make):
    figure, axes = plt.subplots(figsize=(9, 4.6), layout="constrained")
    for label, flux in (("A", 900.0), ("B", 500.0), ("C", 250.0)):
        curve(make, flux=flux, forced_until=-100).plot(axes, y="flux", label=label, show_limits=False)
    return figure


@picture
def test_two_curves_in_a_dark_style(make):
    """All kinds of the second one, filled by half."""
    with plt.style.context("dark_background"):
        axes = plt.subplots(figsize=(9, 4.6), layout="constrained")[1]
        for label, flux in (("A", 900.0), ("B", 200.0)):
            curve(make, flux=flux, forced_until=40).plot(axes, label=label, bin="nightly" if label == "B" else None)
    return axes.figure


@picture
def test_a_phase(make):
    """Two turns; no dates on top."""
    lc = curve(make, shape=outbursts, nights=range(0, 400, 5), forced_until=100)
    return lc.fold(period=80 * u.d, epoch_time=Time(PEAK + 8, format="mjd")).plot().figure


@picture
def test_one_night(make):
    """Hours on the axis of dates."""
    rows = [make.detection(PEAK + step / 150, 17 + math.sin(step / 4), 0.05) for step in range(30)]
    night = Time([PEAK - 0.02, PEAK + 0.22], format="mjd")
    return LightCurve.from_record(make.record(lc=rows)).plot(window=night).figure


@picture
def test_a_transient(make):
    record = observed(make, sherlockClassification="SN", forced_until=70)
    empty = [schema.SHERLOCK_CROSSMATCH, schema.SHERLOCK_CLASSIFICATION, schema.TNS_CROSSMATCH]
    host, _, known = ({field.server_key: None for field in section.values()} for section in empty)
    host |= {"rank": 1, "separationarcsec": 1.7, "catalogue_object_id": "CGCG 137-068", "z": 0.014}
    known |= {"transient_object_id": make.id, "type": "SN Ic-BL", "object_z": 0.0141}
    record |= {"sherlock_crossmatches": [host], "tns_crossmatches": [known]}
    return Transient(record).plot(y="flux", bin="nightly").figure


@picture
def test_a_grid(make):
    full = observed(make)
    records = {
        "supernova": full,
        "nothing but limits": full | {"lc": [], "fp": []},
        "one point": full | {"lc": full["lc"][:1], "lcnondets": [], "fp": []},
        "nothing": full | {"lc": [], "lcnondets": [], "fp": []},
    }
    curves = {make.id + number: LightCurve.from_record(record) for number, record in enumerate(records.values())}
    for name, lc in zip(records, curves.values(), strict=True):
        lc.meta["name"] = name
    return LightCurves(curves).plot(columns=2)[0].figure
