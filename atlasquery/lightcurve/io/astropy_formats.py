# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in the formats that keep everything: ECSV, FITS, VOTable, Parquet and HDF5."""

import importlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import astropy.units as u
from astropy.io.votable import from_table, parse
from astropy.io.votable.tree import Info
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.column_types import as_time
from atlasquery.lightcurve.io.described_tables import split_description
from atlasquery.lightcurve.io.errors import unreadable_file, wrap_reader_errors
from atlasquery.lightcurve.io.fits import read_fits, write_fits
from atlasquery.lightcurve.io.serialize import KEY, from_plain_table, to_plain_table

__all__ = ["FORMATS", "read_plain_table", "read_table", "write_plain_table", "write_table"]

UNIT_FORMATS = {"ascii.ecsv": "generic", "fits": "fits", "votable": "vounit", "parquet": "generic", "hdf5": "generic"}
HDF5_PATH = "light_curve"  # of the table in the file


def read_table(file, format, **kwargs):
    """Return the columns and the meta of a light curve; ``format`` is one of `FORMATS`."""
    description, kwargs = split_description(kwargs)
    given = description.given
    with wrap_reader_errors(file, format, kwargs):
        table, note = FORMATS[format][0](file, **kwargs)
        if note is not None and not given:
            return from_plain_table(table, note, file)
    if note is None:
        return description.light_curve(table, file)
    name, value = next(iter(given.items()))
    raise InvalidInputError(f"`{name}` must be None for a file that atlasquery has written, got {value!r}.")


def write_table(light_curve, file, format, *, overwrite=False, **kwargs):
    """Write a light curve; ``format`` is one of `FORMATS`."""
    table, note = to_plain_table(light_curve)
    write_plain_table(table, note, file, format, overwrite=overwrite, **kwargs)


def write_plain_table(table, note, file, format, *, overwrite=False, **kwargs):
    """Write a plain table and its note; ``format`` is one of `FORMATS`."""
    _check_units(table, format)
    files.write_content(file, _serialize(table, note, format, kwargs), overwrite=overwrite)


def read_plain_table(file, format):
    """Return a table and its note, which is None if another program has written the file."""
    with wrap_reader_errors(file, format):
        return FORMATS[format][0](file)


def _check_units(table, format):
    for name in table.colnames:
        unit = table[name].unit
        if unit is not None and not _unit_round_trips(unit, UNIT_FORMATS[format]):
            raise InvalidInputError(
                f"Cannot write column {name!r}: {format} has no unit {unit}.", hint="Convert or remove it."
            )


def _unit_round_trips(unit, unit_format):
    try:
        return u.Unit(unit.to_string(unit_format), format=unit_format) == unit
    except ValueError:
        return False


def _serialize(table, note, format, kwargs):
    """Return the content of the file; it is made in a temporary file, so that an error leaves no partial one."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "curve"
        try:
            FORMATS[format][1](table, note, path, **kwargs)
        except InvalidInputError:
            raise
        except ValueError as error:
            raise InvalidInputError(f"Cannot write the light curve as {format}: {error}") from error
        content = path.read_bytes()
    return content.decode("utf-8") if format == "ascii.ecsv" else content


def _read_ecsv(file, **kwargs):
    lines = files.read_text(file).split("\n") if hasattr(file, "read") else file  # astropy reads no StringIO
    table = Table.read(lines, format="ascii.ecsv", **kwargs)
    return table, table.meta.pop(KEY, None)


def _write_ecsv(table, note, path, **kwargs):
    for name, kind in json.loads(note)["columns"].items():
        if isinstance(kind, dict):
            table[name] = as_time(kind, table[name])  # ECSV has times with masks
    table.meta[KEY] = note
    table.write(path, format="ascii.ecsv", **kwargs)


def _read_votable(file, **kwargs):
    votable = parse(file, **kwargs)
    notes = [info.value for resource in votable.resources for info in resource.infos if info.name == KEY]
    try:
        table = votable.get_first_table().to_table(use_names_over_ids=True)
    except IndexError:
        raise unreadable_file(file, "the file must contain a table, got none.") from None
    if "name" in table.meta:  # in a light curve, the name of the object
        table.meta["table_name"] = table.meta.pop("name")
    for name in table.colnames:  # long descriptions are read with line breaks
        description = table[name].description
        table[name].description = description and " ".join(description.split())
    return table, notes[0] if notes else None


def _write_votable(table, note, path, *, tabledata_format="binary2", **kwargs):
    if tabledata_format != "binary2":
        # The text serialization of astropy 8.0 can crash the interpreter, and BINARY has no null strings and integers.
        raise InvalidInputError(
            f"`tabledata_format` must be 'binary2', which is safe and keeps null values, got {tabledata_format!r}."
        )
    votable = from_table(table)
    votable.resources[0].infos.append(Info(name=KEY, value=note))
    votable.to_xml(str(path), tabledata_format=tabledata_format, **kwargs)


def _require(library, format, extra):
    try:
        importlib.import_module(library)
    except ImportError as error:  # the message of astropy does not name the extra
        raise ImportError(f'{format} needs {library}: pip install "atlasquery[{extra}]".') from error


def _read_parquet(file, **kwargs):
    _require("pyarrow", "Parquet", "export")
    table = Table.read(io.BytesIO(files.read_bytes(file)), format="parquet", **kwargs)
    return table, table.meta.pop(KEY, None)


def _write_parquet(table, note, path, **kwargs):
    _require("pyarrow", "Parquet", "export")
    table.meta[KEY] = note
    table.write(path, format="parquet", **kwargs)


def _read_hdf5(file, **kwargs):
    _require("h5py", "HDF5", "hdf5")
    import h5py

    with h5py.File(io.BytesIO(files.read_bytes(file)), "r") as content:
        note = content[KEY].asstr()[()] if KEY in content else None
        return Table.read(content, format="hdf5", **({} if note is None else {"path": HDF5_PATH}) | kwargs), note


def _write_hdf5(table, note, path, **kwargs):
    _require("h5py", "HDF5", "hdf5")
    import h5py

    table.write(path, format="hdf5", path=HDF5_PATH, serialize_meta=True, **kwargs)
    with h5py.File(path, "a") as content:
        content[KEY] = note


FORMATS = {
    "ascii.ecsv": (_read_ecsv, _write_ecsv),
    "fits": (read_fits, write_fits),
    "votable": (_read_votable, _write_votable),
    "parquet": (_read_parquet, _write_parquet),
    "hdf5": (_read_hdf5, _write_hdf5),
}
