# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""What is kept of a real light curve by each format, counted side by side: ``pytest -s`` on this file prints it."""

import importlib.util

import numpy as np
import pytest
from astropy.time import Time

from atlasquery.lightcurve import LightCurve

WHOLE = {"ascii.ecsv": "ecsv", "fits": "fits", "votable": "vot", "parquet": "parquet"}
PARTS = {"atlas.forced": "txt", "snana": "dat"}
ASPECTS = ("rows", "columns", "types", "units", "descriptions", "masks", "values", "meta")


def plain(column):
    """Return the values of a column, and its mask."""
    if isinstance(column, Time):
        column = column.mjd
    mask = np.broadcast_to(getattr(column, "mask", False), len(column))
    return np.asarray(getattr(column, "unmasked", column)), mask


def about(column):
    """Return the type of a column, its unit and its description."""
    kind = "Time" if isinstance(column, Time) else plain(column)[0].dtype.kind
    return kind, getattr(column, "unit", None), column.info.description


def same_values(ours, theirs):
    (ours, mask), (theirs, their_mask) = plain(ours), plain(theirs)
    both = ~mask & ~their_mask
    return bool((ours[both] == theirs[both]).all())


def kept(lc, again):
    """Count of each aspect what came back: of the columns, those that are as they were."""
    names = [name for name in lc.colnames if name in again.colnames]
    pairs = [(lc[name], again[name]) for name in names] if len(again) == len(lc) else []
    abouts = [(about(ours), about(theirs)) for ours, theirs in pairs]
    return {
        "rows": len(again),
        "columns": len(names),
        **{name: sum(a[n] == b[n] for a, b in abouts) for n, name in enumerate(("types", "units", "descriptions"))},
        "masks": sum(bool((plain(ours)[1] == plain(theirs)[1]).all()) for ours, theirs in pairs),
        "values": sum(same_values(*pair) for pair in pairs),
        "meta": sum(again.meta.get(key) == value for key, value in lc.meta.items()),
    }


def written(lc, tmp_path, format_, ending):
    lc.write(tmp_path / f"curve.{ending}", format=format_)
    return LightCurve.read(tmp_path / f"curve.{ending}", format=format_)


@pytest.fixture
def available():
    return WHOLE if importlib.util.find_spec("pyarrow") else {name: WHOLE[name] for name in WHOLE if name != "parquet"}


def line(name, counts):
    print(f"{name:14}" + "".join(f"{counts[aspect]:>13}" for aspect in ASPECTS))


def test_formats_of_tables_keep_all(real, tmp_path, available):
    everything = kept(real, real)
    print(f"\n{'':14}" + "".join(f"{aspect:>13}" for aspect in ASPECTS))
    line("before", everything)
    assert everything["rows"] == len(real)
    for format_, ending in available.items():
        again = written(real, tmp_path, format_, ending)
        counts = kept(real, again)
        line(format_, counts)
        assert counts == everything, format_
        assert type(again) is LightCurve
        assert again.colnames == real.colnames


def test_formats_of_others_keep_what_they_can_say(real, tmp_path):
    """They hold measurements with a flux; of these all rows come back, with what the format has a word for."""
    forced = real.forced[~real.forced["flux"].mask]
    print()
    line("before", kept(forced, forced))
    for format_, ending in PARTS.items():
        again = written(forced, tmp_path, format_, ending)
        counts = kept(forced, again)
        line(format_, counts)
        assert counts["rows"] == len(forced)
        assert counts["units"] == counts["types"] == counts["columns"]
        assert again["band"].tolist() == forced["band"].tolist()
        # Rounded to the digits that the format has, six of a flux and 5 decimals of a day.
        assert np.abs(again.time.mjd - forced.time.mjd).max() <= 0.51e-5
        assert np.allclose(plain(again["flux"])[0], plain(forced["flux"])[0], rtol=1e-5, atol=0)
