# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The join of a catalogue with matched objects."""

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Column, QTable, Table
from astropy.timeseries import TimeSeries

from atlasquery import schema
from atlasquery.crossmatch.join import as_extensible_table, join_matches

POSITIONS = SkyCoord([244.000917, 10.5], [22.268031, -45.25], unit="deg")


def hour_angle_table():
    return Table({"ra": Column(POSITIONS.ra.hour, unit=u.hourangle), "dec": Column(POSITIONS.dec.deg, unit="deg")})


def test_a_time_series_is_extensible_as_a_qtable():
    series = TimeSeries(time=["2018-06-16"])
    assert type(as_extensible_table(series)) is QTable
    table = hour_angle_table()
    assert as_extensible_table(table) is table
    assert as_extensible_table(POSITIONS) is POSITIONS


def test_join_of_matches():
    row = {field.server_key: None for field in schema.LIST_ROW.values()} | {"id": 1, "ra": 10.5, "dec": -45.25}
    objects = schema.LIST_ROW.table([row])["atlas_id", "name", "ra", "dec"]
    rows = (np.array([0, 1]), objects, np.array([-1, 0]))
    joined = join_matches(hour_angle_table(), *rows, np.array([np.nan, 0.5]), source="id")
    assert joined.colnames == [
        "catalogue_index", "ra_catalogue", "dec_catalogue", "atlas_id", "name", "ra", "dec", "separation",
    ]  # fmt: skip
    assert joined["atlas_id"].tolist() == [None, 1]
    assert joined["name"].mask.tolist() == [True, True]
    assert joined["separation"].mask.tolist() == [True, False]
    assert joined.meta["position_source"] == "id"
