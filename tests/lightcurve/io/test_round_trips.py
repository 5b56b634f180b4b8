# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Round trips of a real light curve through each format: ``pytest -s`` prints how much each keeps."""

import importlib.util

import numpy as np
import pytest
from astropy.time import Time

from atlasquery.lightcurve import LightCurve

TABLE_FORMATS = {"ascii.ecsv": "ecsv", "fits": "fits", "votable": "vot", "parquet": "parquet"}
TEXT_FORMATS = {"atlas.forced": "txt", "snana": "dat"}
ASPECTS = ("rows", "columns", "types", "units", "descriptions", "masks", "values", "meta")


def values_and_mask(column):
    """Return the values and the mask of a column."""
    if isinstance(column, Time):
        column = column.mjd
    mask = np.broadcast_to(getattr(column, "mask", False), len(column))
    return np.asarray(getattr(column, "unmasked", column)), mask


def column_facts(column):
    """Return the type, the unit and the description of a column."""
    kind = "Time" if isinstance(column, Time) else values_and_mask(column)[0].dtype.kind
    return kind, getattr(column, "unit", None), column.info.description


def has_same_values(first, second):
    (first, first_mask), (second, second_mask) = values_and_mask(first), values_and_mask(second)
    is_known = ~first_mask & ~second_mask
    return bool((first[is_known] == second[is_known]).all())


def count_kept(lc, restored):
    """Return the number of rows, and of columns or meta items that are unchanged in each aspect."""
    names = [name for name in lc.colnames if name in restored.colnames]
    pairs = [(lc[name], restored[name]) for name in names] if len(restored) == len(lc) else []
    facts = [(column_facts(first), column_facts(second)) for first, second in pairs]
    return {
        "rows": len(restored),
        "columns": len(names),
        **{name: sum(a[n] == b[n] for a, b in facts) for n, name in enumerate(("types", "units", "descriptions"))},
        "masks": sum(bool((values_and_mask(first)[1] == values_and_mask(second)[1]).all()) for first, second in pairs),
        "values": sum(has_same_values(*pair) for pair in pairs),
        "meta": sum(restored.meta.get(key) == value for key, value in lc.meta.items()),
    }


def write_and_read(lc, tmp_path, format_, suffix):
    lc.write(tmp_path / f"curve.{suffix}", format=format_)
    return LightCurve.read(tmp_path / f"curve.{suffix}", format=format_)


@pytest.fixture
def table_formats():
    """Names and suffixes of the table formats, without Parquet if pyarrow is missing."""
    is_available = {"parquet": importlib.util.find_spec("pyarrow") is not None}
    return {name: suffix for name, suffix in TABLE_FORMATS.items() if is_available.get(name, True)}


def print_counts(name, counts):
    print(f"{name:14}" + "".join(f"{counts[aspect]:>13}" for aspect in ASPECTS))


def test_table_formats_keep_all_aspects(real, tmp_path, table_formats):
    all_counts = count_kept(real, real)
    print(f"\n{'':14}" + "".join(f"{aspect:>13}" for aspect in ASPECTS))
    print_counts("before", all_counts)
    assert all_counts["rows"] == len(real)
    for format_, suffix in table_formats.items():
        restored = write_and_read(real, tmp_path, format_, suffix)
        counts = count_kept(real, restored)
        print_counts(format_, counts)
        assert counts == all_counts, format_
        assert type(restored) is LightCurve
        assert restored.colnames == real.colnames


def test_text_formats_keep_rows_bands_times_and_fluxes(real, tmp_path):
    """They keep measurements with a flux, with the columns that the format has."""
    forced = real.forced[~real.forced["flux"].mask]
    print()
    print_counts("before", count_kept(forced, forced))
    for format_, suffix in TEXT_FORMATS.items():
        restored = write_and_read(forced, tmp_path, format_, suffix)
        counts = count_kept(forced, restored)
        print_counts(format_, counts)
        assert counts["rows"] == len(forced)
        assert counts["units"] == counts["types"] == counts["columns"]
        assert restored["band"].tolist() == forced["band"].tolist()
        # The formats have six digits of a flux and 5 decimals of a day.
        assert np.abs(restored.time.mjd - forced.time.mjd).max() <= 0.51e-5
        assert np.allclose(values_and_mask(restored["flux"])[0], values_and_mask(forced["flux"])[0], rtol=1e-5, atol=0)
