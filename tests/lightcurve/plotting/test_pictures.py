# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Complete plots: with ``--mpl``, each is compared with its baseline image.

Without it they are only drawn. All measurements are simulated with a fixed seed.
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
from matplotlib import pyplot as plt  # noqa: E402 -- after the backend is set

PEAK_MJD = 58300.3
TYPICAL_FLUX_ERR = 15.0  # uJy, typical uncertainty of the flux in a clear night
CLOUDY_PERIOD = 7  # every seventh night is cloudy
SAVEFIG_KWARGS = {"dpi": 60, "pil_kwargs": {"optimize": True}}
IS_COMPARED = importlib.util.find_spec("pytest_mpl") is not None


def compare_figure(test):
    """Turn a function that returns a figure into a test that compares it with its baseline."""

    @pytest.mark.mpl_image_compare(style="default", tolerance=0.5, savefig_kwargs=SAVEFIG_KWARGS)
    @functools.wraps(test)
    def draw_and_return(*args, **kwargs):
        figure = test(*args, **kwargs)
        figure.canvas.draw()
        return figure if IS_COMPARED else plt.close(figure)

    return draw_and_return


def supernova_flux(day):
    """Return the flux of a supernova at a number of days after its peak, in units of the peak."""
    return math.exp(-((day / 9) ** 2)) if day < 0 else math.exp(-day / 25)


def outburst_flux(day):
    """Return the flux of an object with an outburst every 40 days."""
    return supernova_flux(day % 40 - 8) ** 2


def make_rows(make, mjd, flux, err, band):
    """Return the rows of one exposure: a detection or a limit, and forced photometry."""
    snr = flux / err
    limit = 23.9 - 2.5 * math.log10(err)
    values = {"filter": band, "expname": f"02a{mjd:.4f}{band}"}
    mag, mag_err = (23.9 - 2.5 * math.log10(flux), 1.0857 / snr) if snr > 3 else (limit - 2.5 * math.log10(3), 0.0)
    faintest = limit - 2.5 * math.log10(5)
    is_detected = snr > 5
    return (
        [make.detection(mjd, mag, mag_err, mag5sig=faintest, **values)] if is_detected else [],
        [] if is_detected else [make.limit(mjd, faintest, **values)],
        [make.forced(mjd, flux, err, mag=mag, dm=mag_err, snr=snr, limiting_mag=bool(snr <= 3), **values)],
    )


def make_record(
    make, *, flux=900.0, shape=supernova_flux, days=range(-30, 70, 3), forced_until=20, bands="oc", **values
):
    """Return a record with four exposures a night; the band changes every 14 days, and some nights are cloudy."""
    random = np.random.RandomState(8)  # its sequence is the same in all versions of numpy
    sections = [], [], []
    for number, day in enumerate(days):
        band = bands[day // 14 % len(bands)]
        err = TYPICAL_FLUX_ERR * random.uniform(0.7, 1.3) * (6 if number % CLOUDY_PERIOD == 5 else 1)
        for exposure in range(4):
            measured_flux = flux * shape(day) + err * random.standard_normal()
            rows = make_rows(make, PEAK_MJD + day + exposure / 100, float(measured_flux), err, band)
            for section, row in zip(sections, rows, strict=True):
                section.extend(row)
    fp = [row for row in sections[2] if row["mjd_obs"] < PEAK_MJD + forced_until]
    return make.record(sections[0], sections[1], fp, **values)


def make_curve(make, **values):
    return LightCurve.from_record(make_record(make, **values))


@compare_figure
def test_magnitudes(make):
    return make_curve(make).plot().figure


@compare_figure
def test_fluxes(make):
    """The whole time span, with the noise before the explosion."""
    return make_curve(make).plot(y="flux", window="all").figure


@compare_figure
def test_bins_over_single_points(make):
    return make_curve(make, flux=150.0, forced_until=70).plot(bin="nightly", window="all").figure


@compare_figure
def test_bands_of_other_telescopes(make):
    return make_curve(make, bands="wocHtI", forced_until=-10).plot(show_limits=False, window="all").figure


@compare_figure
def test_three_curves_on_axes_of_the_user(make):
    figure, axes = plt.subplots(figsize=(9, 4.6), layout="constrained")
    for label, flux in (("A", 900.0), ("B", 500.0), ("C", 250.0)):
        make_curve(make, flux=flux, forced_until=-100).plot(axes, y="flux", label=label, show_limits=False)
    return figure


@compare_figure
def test_two_curves_in_a_dark_style(make):
    """Markers of the second light curve are half-filled."""
    with plt.style.context("dark_background"):
        axes = plt.subplots(figsize=(9, 4.6), layout="constrained")[1]
        for label, flux in (("A", 900.0), ("B", 200.0)):
            make_curve(make, flux=flux, forced_until=40).plot(
                axes, label=label, bin="nightly" if label == "B" else None
            )
    return axes.figure


@compare_figure
def test_a_phase(make):
    """Phases of an object with outbursts; no dates at the top."""
    lc = make_curve(make, shape=outburst_flux, days=range(0, 400, 5), forced_until=100)
    return lc.fold(period=80 * u.d, epoch_time=Time(PEAK_MJD + 8, format="mjd")).plot().figure


@compare_figure
def test_one_night(make):
    """Hours on the axis of dates."""
    rows = [make.detection(PEAK_MJD + step / 150, 17 + math.sin(step / 4), 0.05) for step in range(30)]
    window = Time([PEAK_MJD - 0.02, PEAK_MJD + 0.22], format="mjd")
    return LightCurve.from_record(make.record(lc=rows)).plot(window=window).figure


@compare_figure
def test_a_transient(make):
    record = make_record(make, sherlockClassification="SN", forced_until=70)
    empty = [schema.SHERLOCK_CROSSMATCH, schema.SHERLOCK_CLASSIFICATION, schema.TNS_CROSSMATCH]
    host, _, known = ({field.server_key: None for field in section.values()} for section in empty)
    host |= {"rank": 1, "separationarcsec": 1.7, "catalogue_object_id": "CGCG 137-068", "z": 0.014}
    known |= {"transient_object_id": make.id, "type": "SN Ic-BL", "object_z": 0.0141}
    record |= {"sherlock_crossmatches": [host], "tns_crossmatches": [known]}
    return Transient(record).plot(y="flux", bin="nightly").figure


@compare_figure
def test_a_grid(make):
    full = make_record(make)
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
