# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Light curves in astropy's own formats: ECSV, FITS, VOTable, Parquet."""

from astropy.io.votable import from_table, parse
from astropy.io.votable.tree import Info
from astropy.table import QTable, Table
from astropy.time import Time

from atlasquery.exceptions import InvalidQueryError, UnreadableAnswerError
from atlasquery.lightcurve.io.files import refuse_to_overwrite
from atlasquery.lightcurve.io.mapping import KEY, from_plain, to_plain

__all__ = ["FORMATS", "read_table", "write_table"]

FITS_KEY = "ATLASQ"  # a keyword of FITS has eight letters
TIMES = "UTC"


def read_table(filename, format, **kwargs):
    """Return the columns and the meta of the light curve in a file; ``format`` is one of `FORMATS`."""
    return FORMATS[format][0](filename, **kwargs)


def write_table(light_curve, filename, format, *, overwrite=False, **kwargs):
    """Write a light curve; ``format`` is one of `FORMATS`."""
    table, note = to_plain(light_curve)
    FORMATS[format][1](light_curve, table, note, filename, overwrite=overwrite, **kwargs)


def _read_ecsv(filename, **kwargs):
    table = QTable.read(filename, format="ascii.ecsv", **kwargs)
    return from_plain(table, table.meta.pop(KEY, None))


def _write_ecsv(light_curve, table, note, filename, **kwargs):
    for name in table.colnames:
        if isinstance(light_curve[name], Time):
            table[name] = light_curve[name]  # ECSV has times, and their masks
    table.meta[KEY] = note
    table.write(filename, format="ascii.ecsv", **kwargs)


def _read_fits(filename, **kwargs):
    table = Table.read(filename, format="fits", **kwargs)
    return from_plain(table, table.meta.pop(FITS_KEY, None))


def _write_fits(_, table, note, filename, **kwargs):
    if wrong := [name for name in table.colnames if table[name].dtype.kind == "U" and not _is_ascii(table[name])]:
        raise InvalidQueryError(f"FITS has ASCII only, but column {wrong[0]!r} has other letters.")
    table.meta |= {FITS_KEY: note, "TIMESYS": TIMES}
    table.write(filename, format="fits", **kwargs)


def _is_ascii(column):
    return all(word.isascii() for word in column.tolist())


def _read_votable(filename, **kwargs):
    votable = parse(filename, **kwargs)
    notes = [info.value for resource in votable.resources for info in resource.infos if info.name == KEY]
    try:
        table = votable.get_first_table().to_table(use_names_over_ids=True)
    except IndexError:
        raise UnreadableAnswerError(f"There is no table in {filename}.") from None
    for name in table.colnames:  # long ones come back broken into lines
        description = table[name].description
        table[name].description = description and " ".join(description.split())
    return from_plain(table, notes[0] if notes else None)


def _write_votable(_, table, note, filename, *, overwrite=False, **kwargs):
    votable = from_table(table)
    votable.resources[0].infos.append(Info(name=KEY, value=note))
    refuse_to_overwrite(filename, overwrite)
    votable.to_xml(str(filename) if hasattr(filename, "__fspath__") else filename, **kwargs)


def _read_parquet(filename, **kwargs):
    table = Table.read(filename, format="parquet", **kwargs)
    return from_plain(table, table.meta.pop(KEY, None))


def _write_parquet(_, table, note, filename, **kwargs):
    table.meta[KEY] = note
    table.write(filename, format="parquet", **kwargs)


FORMATS = {
    "ascii.ecsv": (_read_ecsv, _write_ecsv),
    "fits": (_read_fits, _write_fits),
    "votable": (_read_votable, _write_votable),
    "parquet": (_read_parquet, _write_parquet),
}
