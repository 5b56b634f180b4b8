# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in astropy's own formats: ECSV, FITS, VOTable, Parquet."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import astropy.units as u
from astropy.io.votable import from_table, parse
from astropy.io.votable.tree import Info
from astropy.table import Table

from atlasquery.exceptions import InvalidInputError, UnreadableFileError
from atlasquery.lightcurve.io import files
from atlasquery.lightcurve.io.column_types import as_time
from atlasquery.lightcurve.io.fits import read_fits, write_fits
from atlasquery.lightcurve.io.foreign_tables import from_foreign_table
from atlasquery.lightcurve.io.serialize import KEY, from_plain_table, to_plain_table

__all__ = ["FORMATS", "read_table", "write_table"]

# How each format writes units.
UNITS = {"ascii.ecsv": "generic", "fits": "fits", "votable": "vounit", "parquet": "generic"}


def read_table(filename, format, *, time_column=None, time_format=None, time_scale=None, **kwargs):
    """Return the columns and the meta of the light curve in a file; ``format`` is one of `FORMATS`."""
    told = {"time_column": time_column, "time_format": time_format, "time_scale": time_scale}
    told = {name: value for name, value in told.items() if value is not None}
    with files.wrap_reader_errors(filename, format, kwargs):
        table, note = FORMATS[format][0](filename, **kwargs)
        if note is not None and not told:
            return from_plain_table(table, note)
    if note is None:
        return from_foreign_table(table, **told), dict(table.meta)
    raise InvalidInputError(f"The file says itself what its times are; leave out {', '.join(told)}.")


def write_table(light_curve, filename, format, *, overwrite=False, **kwargs):
    """Write a light curve; ``format`` is one of `FORMATS`."""
    table, note = to_plain_table(light_curve)
    _check_units(table, format)
    files.write_content(filename, _serialize(table, note, format, kwargs), overwrite=overwrite)


def _check_units(table, format):
    for name in table.colnames:
        unit = table[name].unit
        if unit is not None and not _unit_round_trips(unit, UNITS[format]):
            raise InvalidInputError(
                f"Column {name!r} cannot be written: the format has no unit {unit}.", hint="Convert it, or remove it."
            )


def _unit_round_trips(unit, how):
    try:
        return u.Unit(unit.to_string(how), format=how) == unit
    except ValueError:
        return False


def _serialize(table, note, format, kwargs):
    """Return what the file shall be: it is made aside, so that no half of one is left where an error is met."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "curve"
        try:
            FORMATS[format][1](table, note, path, **kwargs)
        except InvalidInputError:
            raise
        except ValueError as error:
            raise InvalidInputError(f"The light curve cannot be written as {format}: {error}") from error
        content = path.read_bytes()
    return content.decode("utf-8") if format == "ascii.ecsv" else content


def _read_ecsv(filename, **kwargs):
    table = Table.read(filename, format="ascii.ecsv", **kwargs)
    return table, table.meta.pop(KEY, None)


def _write_ecsv(table, note, path, **kwargs):
    for name, kind in json.loads(note)["columns"].items():
        if isinstance(kind, dict):
            table[name] = as_time(kind, table[name])  # ECSV has times, and their masks
    table.meta[KEY] = note
    table.write(path, format="ascii.ecsv", **kwargs)


def _read_votable(filename, **kwargs):
    votable = parse(filename, **kwargs)
    notes = [info.value for resource in votable.resources for info in resource.infos if info.name == KEY]
    try:
        table = votable.get_first_table().to_table(use_names_over_ids=True)
    except IndexError:
        raise UnreadableFileError(f"There is no table in {filename}.") from None
    if "name" in table.meta:  # an object's name in a light curve
        table.meta["table_name"] = table.meta.pop("name")
    for name in table.colnames:  # long ones come back broken into lines
        description = table[name].description
        table[name].description = description and " ".join(description.split())
    return table, notes[0] if notes else None


def _write_votable(table, note, path, **kwargs):
    votable = from_table(table)
    votable.resources[0].infos.append(Info(name=KEY, value=note))
    votable.to_xml(str(path), **kwargs)


def _need_pyarrow():
    try:
        import pyarrow  # noqa: F401 -- astropy imports it, and does not say what to install
    except ImportError as error:
        raise ImportError('Parquet needs pyarrow: pip install "atlasquery[export]".') from error


def _read_parquet(filename, **kwargs):
    _need_pyarrow()
    table = Table.read(io.BytesIO(files.read_bytes(filename)), format="parquet", **kwargs)
    return table, table.meta.pop(KEY, None)


def _write_parquet(table, note, path, **kwargs):
    _need_pyarrow()
    table.meta[KEY] = note
    table.write(path, format="parquet", **kwargs)


FORMATS = {
    "ascii.ecsv": (_read_ecsv, _write_ecsv),
    "fits": (read_fits, write_fits),
    "votable": (_read_votable, _write_votable),
    "parquet": (_read_parquet, _write_parquet),
}
