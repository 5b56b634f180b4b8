# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves of made-up records, and of recorded ones."""

import json
import sys
from types import SimpleNamespace

import astropy.units as u
import pytest
from astropy.time import Time

from atlasquery.lightcurve import LightCurve
from constants import COW
from made_records import make_detection, make_forced, make_limit, make_record

SUFFIXES = {"ascii.ecsv": "ecsv", "fits": "fits", "votable": "vot", "parquet": "parquet"}


@pytest.fixture(autouse=True)
def _close_figures():
    """Close the figures that a test has drawn."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


@pytest.fixture
def make():
    """Makers of rows and records, as attributes."""
    makers = {"detection": make_detection, "limit": make_limit, "forced": make_forced, "record": make_record}
    return SimpleNamespace(id=COW, **makers)


@pytest.fixture(params=SUFFIXES)
def file(request, tmp_path):
    """A format, and a path with its suffix."""
    if request.param == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    return request.param, tmp_path / f"curve.{SUFFIXES[request.param]}"


@pytest.fixture
def lc(make):
    """Eight rows of all three kinds in two bands, with a failed fit and a negative detection."""
    return LightCurve.from_record(
        make.record(
            lc=[
                make.detection(58287.0, 18.9, filter="c"),
                make.detection(58286.0, -20.0),
                make.detection(58285.0, 17.0),
            ],
            lcnondets=[make.limit(58280.0), make.limit(58290.0, 18.0)],
            fp=[
                make.forced(58285.0),
                make.forced(58286.0, -30.0, 12.0, mag=19.5, dm=0.0, snr=3.0, limiting_mag=True),
                make.forced(58288.0, None, None, limiting_mag=False),
            ],
        ),
        url="https://example.org/objects/",
    )


@pytest.fixture
def curve():
    """Four forced measurements in two bands."""
    return LightCurve(
        time=Time([61000.0, 61000.01, 61000.02, 61005.0], format="mjd"),
        data={
            "band": ["o", "o", "c", "o"],
            "kind": ["forced"] * 4,
            "flux": [100.0, 120.0, -50.0, 400.0] * u.uJy,
            "flux_err": [10.0, 10.0, 20.0, 300.0] * u.uJy,
            "chi_n": [1.0] * 4,
        },
    )


@pytest.fixture(params=[False, True], ids=["days", "normalized"])
def folded(lc, request):
    """The curve folded with a period of 2.3 days, to phases in days or in units of the period."""
    return lc.fold(period=2.3 * u.d, epoch_time=Time(58280.0, format="mjd"), normalize_phase=request.param)


# Numbers of detections, limits and forced measurements, as counted when the records were downloaded.
RECORDED_COUNTS = {"1000005291314656200": (21, 2991, 305), "1134751930091216800": (18, 2727, 121)}


@pytest.fixture(params=RECORDED_COUNTS, scope="module")
def real_record(request, shared_data):
    """A complete record of the real server."""
    (record,) = json.loads((shared_data / "recordings" / f"objects_{request.param}.json").read_text())
    return record


@pytest.fixture(scope="module")
def real(real_record):
    """The light curve of a record of the real server."""
    return LightCurve.from_record(real_record)


@pytest.fixture
def real_counts(real_record):
    """Numbers of rows of each kind in the record."""
    return RECORDED_COUNTS[str(real_record["object"]["id"])]
