# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Made-up records of one object, and the real ones."""

import json
import sys

import pytest

from atlasquery import schema
from atlasquery.lightcurve import LightCurve

COW = 1161600211221604900
FORMATS = {"ascii.ecsv": "ecsv", "fits": "fits", "votable": "vot", "parquet": "parquet"}


@pytest.fixture(autouse=True)
def no_figures_left():
    """Close the figures of a test, if it has drawn any."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def row(record, **values):
    """Return a row with every declared key; null where nothing is given."""
    return {field.server_key: None for field in record.values()} | values


def expname(site, mjd, band):
    """Return a name that no other exposure of this site has."""
    night, fraction = divmod(mjd, 1) if isinstance(mjd, float | int) else (0, 0)  # a wrong time is part of some tests
    return f"{site}{int(night):05d}o{int(fraction * 9999):04d}{band}"


def detection(mjd, mag, magerr=0.1, **values):
    usual = {
        "id": COW,
        "filter": "o",
        "mag5sig": 19.5,
        "exptime": 30.0,
        "expname": expname("02a", mjd, "o"),
        "pointing": "TA244N22",
    }
    return row(schema.DETECTION, **usual | {"mjd": mjd, "mag": mag, "magerr": magerr} | values)


def limit(mjd, mag5sig=19.5, **values):
    usual = {"id": 1, "filter": "c", "exptime": 30.0, "expname": expname("01a", mjd, "c"), "pointing": "TA244N22"}
    return row(schema.LIMIT, **usual | {"mjd": mjd, "mag5sig": mag5sig} | values)


def forced(mjd, uJy=100.0, duJy=10.0, **values):
    usual = {
        "atlas_object_id": COW,
        "filter": "o",
        "limiting_mag": False,
        "snrlimit": 3.0,
        "expname": expname("03a", mjd, "o"),
    }
    return row(schema.FORCED, **usual | {"mjd_obs": mjd, "uJy": uJy, "duJy": duJy} | values)


def record(lc=(), lcnondets=(), fp=(), **values):
    thing = row(schema.OBJECT, id=COW, atlas_designation="ATLAS18qqn", other_designation="2018cow", ra=244.0, dec=22.3)
    return {"object": thing | values, "lc": list(lc), "lcnondets": list(lcnondets), "fp": list(fp)}


@pytest.fixture
def make():
    """The makers of rows and records, as attributes."""

    class Make:
        pass

    for maker in (detection, limit, forced, record):
        setattr(Make, maker.__name__, staticmethod(maker))
    Make.id = COW
    return Make


@pytest.fixture(params=FORMATS)
def file(request, tmp_path):
    """A format, and a file name that says so."""
    if request.param == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    return request.param, tmp_path / f"curve.{FORMATS[request.param]}"


@pytest.fixture
def lc(make):
    """Eight rows of all three kinds in two bands, one of them a failed fit, one a negative detection."""
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


REAL = {"1000005291314656200": (21, 2991, 305), "1134751930091216800": (18, 2727, 121)}


@pytest.fixture(params=REAL, scope="module")
def real_record(request, shared_data):
    """A whole record of the real server."""
    (record,) = json.loads((shared_data / "recordings" / f"objects_{request.param}.json").read_text())
    return record


@pytest.fixture(scope="module")
def real(real_record):
    return LightCurve.from_record(real_record)


@pytest.fixture
def real_counts(real_record):
    """How many rows of each kind it has, as counted when it was recorded."""
    return REAL[str(real_record["object"]["id"])]
