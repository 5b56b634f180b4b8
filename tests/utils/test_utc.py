# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""UTC without warnings, compared with astropy in years whose leap seconds are known."""

import warnings
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time
from erfa import ErfaWarning

from atlasquery.utils.utc import iso_from_utc_mjd, time_from_datetime, time_from_datetime64, utc_iso, utc_mjd

TEXTS = [
    "1972-01-01T00:00:00", "1998-12-31T12:00:00.123456", "2016-12-31T12:00:00", "2016-12-31T23:59:59.999999",
    "2017-01-01T00:00:00", "2018-06-16T10:35:02.5", "2026-11-26T03:14:15.926535",
]  # fmt: skip


def test_datetimes_equal_those_of_astropy():
    times = time_from_datetime64(np.array(TEXTS, dtype="datetime64[us]"))
    expected = Time(TEXTS, scale="utc")
    assert (times.scale, times.format) == ("utc", "isot")
    assert np.abs((times - expected).to_value(u.us)).max() < 1
    assert times.isot.tolist() == expected.isot.tolist()


def test_offsets_from_utc():
    local = datetime(2026, 1, 1, 2, 0, tzinfo=timezone(timedelta(hours=2)))
    assert time_from_datetime(local).isot == time_from_datetime(datetime(2026, 1, 1)).isot == "2026-01-01T00:00:00.000"


@pytest.mark.parametrize("scale", ["utc", "tai", "tt", "tdb"])
def test_scales(scale):
    times = getattr(Time(TEXTS, scale="utc"), scale)
    assert utc_mjd(times) == pytest.approx(Time(TEXTS, scale="utc").mjd, abs=1e-9)


@pytest.mark.parametrize(("year", "offset"), [(1950, 10.0), (2050, 37.0), (2500, 37.0), (9990, 37.0)])
@pytest.mark.parametrize("scale", ["tai", "tt", "utc"])
def test_far_years_do_not_warn(year, offset, scale):
    """Erfa warns of these years; a warning is an error in the tests."""
    mjd = (datetime(year, 7, 1) - datetime(1858, 11, 17)).days + 0.25
    time = Time(mjd, format="mjd", scale=scale)
    if scale != "utc":
        with pytest.warns(ErfaWarning):
            assert time.utc.mjd > 0
    shift = {"utc": 0.0, "tai": offset, "tt": offset + 32.184}[scale]
    assert utc_mjd(time) == pytest.approx(mjd - shift / 86400, abs=1e-9)
    assert utc_iso(time)[:4] == str(year)


def test_masked_and_array_times():
    times = Time([60000.0, 100000.0], format="mjd", scale="tai")
    times[0] = np.ma.masked
    assert np.ma.filled(utc_mjd(times), np.nan)[1] == pytest.approx(100000 - 37 / 86400, abs=1e-9)


def test_iso():
    assert iso_from_utc_mjd(58285.5) == "2018-06-16T12:00:00.000000"
    assert utc_iso(Time("2016-12-31T23:59:60.5")) == "2016-12-31T23:59:60.500000"
    assert utc_iso(Time(88069.5, format="mjd")) == "2100-01-01T12:00:00.000000"


def test_the_filters_of_warnings_are_not_touched(monkeypatch):
    def forbidden(*arguments, **options):
        raise AssertionError("a filter was changed")

    for name in ("catch_warnings", "simplefilter", "filterwarnings"):
        monkeypatch.setattr(warnings, name, forbidden)
    from atlasquery.inputs.times import check_date, check_since
    from atlasquery.schema.dates import parse_dates

    assert check_since("2090-01-01").mjd == (datetime(2090, 1, 1) - datetime(1858, 11, 17)).days
    assert check_date(Time(88069.5, format="mjd", scale="tt")).startswith("2100-01-01T11:58")
    assert parse_dates(np.array(["2090-01-01T00:00:00Z"]), np.array([False]), "x").mjd[0] > 84000
