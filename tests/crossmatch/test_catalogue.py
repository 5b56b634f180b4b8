# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Catalogues in many forms."""

from pathlib import Path

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.table import MaskedColumn, QTable, Table

from atlasquery.crossmatch.catalogue import as_table, check_catalogue_type
from atlasquery.crossmatch.positions import read_positions
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError

POSITIONS = SkyCoord([244.000917, 10.5], [22.268031, -45.25], unit="deg")
RA, DEC = POSITIONS.ra.deg, POSITIONS.dec.deg
COLUMNS = {"ra": RA, "dec": DEC, "name": ["a", "b"]}


def assert_positions(catalogue, unit="deg"):
    positions = read_positions(catalogue, unit)
    assert (positions.coordinates.separation(POSITIONS) < 1 * u.mas).all()
    assert not positions.is_scalar
    return positions.table


@pytest.mark.parametrize(
    "make", [Table, QTable, dict, lambda columns: np.array(Table(columns))], ids=lambda make: make.__name__
)
def test_forms_of_a_catalogue(make):
    table = assert_positions(make(COLUMNS))
    assert table.colnames == ["ra", "dec", "name"]
    assert list(table["name"]) == ["a", "b"]


def test_an_astropy_table_is_not_copied():
    table = Table(COLUMNS)
    assert as_table(table) is table


def test_fits_record_array(tmp_path):
    Table(COLUMNS).write(tmp_path / "t.fits")
    with fits.open(tmp_path / "t.fits") as hdus:
        assert_positions(hdus[1].data)


def test_dict_of_quantities():
    assert_positions({"ra": POSITIONS.ra, "dec": POSITIONS.dec.to(u.rad)}, None)
    assert_positions({"coord": POSITIONS}, None)


def test_dict_of_columns_of_different_lengths():
    with pytest.raises(InvalidQueryError, match="columns of one length"):
        as_table({"ra": [1.0, 2.0], "dec": [1.0]})


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        (Table(COLUMNS)[1], "deg"),
        (QTable({"ra": POSITIONS.ra, "dec": POSITIONS.dec})[1], None),
        ({"ra": RA[1], "dec": DEC[1]}, "deg"),
        ({"ra": POSITIONS.ra[1], "dec": POSITIONS.dec[1], "name": "b"}, None),
        ({"coord": POSITIONS[1]}, None),
    ],
    ids=["Row", "Row of quantities", "dict", "dict of quantities", "dict of a SkyCoord"],
)
def test_row(row, unit):
    positions = read_positions(row, unit)
    assert positions.is_scalar
    assert positions.coordinates[0].separation(POSITIONS[1]) < 1 * u.mas


class TestPandas:
    pd = None

    @pytest.fixture(autouse=True)
    def _pandas(self):
        self.pd = pytest.importorskip("pandas", reason="makes the catalogues of these tests")

    def frame(self, **options):
        return self.pd.DataFrame(COLUMNS, **options)

    def test_units_in_attrs(self):
        frame = self.frame()
        frame.attrs["units"] = {"ra": "deg", "dec": "deg"}
        table = assert_positions(frame, None)
        assert table["ra"].unit == "deg"
        assert assert_positions(frame, "deg").colnames == ["ra", "dec", "name"]

    def test_unit_argument(self):
        assert_positions(self.frame())

    def test_without_units(self):
        with pytest.raises(InvalidQueryError, match=r"'ra'.*unit.*pass unit='deg'"):
            read_positions(self.frame())

    def test_an_index_is_kept(self):
        frame = self.frame(index=self.pd.Index(["x", "y"], name="source"))
        assert list(assert_positions(frame)["source"]) == ["x", "y"]

    def test_a_row(self):
        positions = read_positions(self.frame().iloc[1], "deg")
        assert positions.is_scalar
        assert positions.dec == pytest.approx([DEC[1]])

    def test_missing_values(self):
        frame = self.frame()
        frame.loc[1, "ra"] = None
        assert read_positions(frame, "deg").is_missing.tolist() == [False, True]
        frame = self.pd.DataFrame({"ra": self.pd.array([244.0, None], dtype="Float64"), "dec": DEC})
        assert read_positions(frame, "deg").is_missing.tolist() == [False, True]

    def test_no_rows(self):
        assert len(read_positions(self.frame()[:0])) == 0
        assert len(read_positions(self.pd.DataFrame())) == 0


@pytest.mark.parametrize(
    ("catalogue", "hint"),
    [
        ("catalogue.fits", r"QTable\.read\('catalogue\.fits'\)"),
        ("some/where/Catalogue.CSV", r"QTable\.read"),
        (Path("catalogue.vot"), r"QTable\.read\('catalogue\.vot'\)"),
        (fits.HDUList([fits.PrimaryHDU()]), r"QTable\.read\(hdu\)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_files_have_the_line_that_reads_them(catalogue, hint):
    with pytest.raises(InvalidQueryTypeError, match=hint):
        check_catalogue_type(catalogue)


def test_existing_file_without_a_suffix(tmp_path):
    path = tmp_path / "catalogue"
    path.write_text("ra,dec")
    with pytest.raises(InvalidQueryTypeError, match="the file name"):
        check_catalogue_type(str(path))


def test_several_tables():
    from astroquery.utils import TableList

    tables = TableList([("I/355/gaiadr3", Table(COLUMNS)), ("other", Table(COLUMNS))])
    with pytest.raises(InvalidQueryTypeError, match=r"2 tables.*tables\['I/355/gaiadr3'\]"):
        check_catalogue_type(tables)


@pytest.mark.parametrize("catalogue", [[(244.0, 22.0)], None, 5, 3 * u.deg, np.array([1.0, 2.0]), {1, 2}])
def test_values_of_a_wrong_type(catalogue):
    with pytest.raises(InvalidQueryTypeError, match="SkyCoord"):
        read_positions(catalogue)


def test_masked_columns_stay_masked():
    table = Table({"ra": MaskedColumn(RA, mask=[False, True], unit="deg"), "dec": MaskedColumn(DEC, unit="deg")})
    assert read_positions(table).is_missing.tolist() == [False, True]
