# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing light curves in any format, and the formats of text files made known to astropy's tables."""

import contextlib

from astropy.io import registry
from astropy.table import QTable, Table

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.lightcurve.io import atlas_forced, files, snana
from atlasquery.lightcurve.io.astropy_formats import FORMATS, read_table, write_table
from atlasquery.lightcurve.io.foreign_tables import from_foreign_table, time_order

__all__ = ["ReadWrite", "register"]

SYNONYMS = {"ecsv": "ascii.ecsv"}
TIME_SERIES_FORMATS = ("kepler.fits", "tess.fits")  # which astropy knows as time series, not as tables


class ReadWrite:
    """The part of a light curve that comes from files and goes to them."""

    @classmethod
    def read(cls, filename, *, format=None, **kwargs):
        """Read a light curve from a file.

        Parameters
        ----------
        filename : str, path or file object
            What to read.
        format : str, optional
            ``"ascii.ecsv"``, ``"fits"``, ``"votable"`` or ``"parquet"`` as `write` makes them; ``"atlas.forced"``, a
            text file of the ATLAS forced-photometry server, older and newer; ``"snana"``; or any other of astropy's
            for tables and time series, such as ``"ascii.csv"``. By default it is found out, by the ending of the name
            or by how a text begins; of an open file it has to be said.
        **kwargs
            For a table of other people's ``time_column``, by default ``"time"``, ``time_format`` and ``time_scale``;
            by default numbers are MJDs, between the years 1900 and 2200, or else refused. The others are passed on to
            astropy's reader, such as ``units={"flux": "uJy"}`` for a file that cannot say them.

        Returns
        -------
        light_curve : LightCurve
            Sorted by time where the file is one of other people's, with their ``meta``.

        Raises
        ------
        UnreadableFileError
            If the file is not of that format, or damaged. Of formats that are not named here, astropy's errors tell.
        InvalidInputError
            If the format cannot be found out, there is none of that name, or it is not clear what the times are.
        InvalidTypeError
            If ``atlas.forced`` or ``snana`` are given any of ``kwargs``, which they do not have.
        OSError
            If there is no such file, or it may not be read.

        Notes
        -----
        The rows of ``atlas.forced`` are of kind ``forced``, their ``limit`` is the 5-sigma limit of the exposure, and
        ``flux`` is masked where the fit failed (``duJy`` of 0); ``mag_err`` is the server's ``dm``, which is
        ``duJy / uJy``, 8 % less than the uncertainty of the magnitude. Columns that are not known are kept. These text
        formats are known to `astropy.table.Table.read` as well, once ``atlasquery.LightCurve`` has been used.

        Examples
        --------
        >>> from io import StringIO
        >>> from atlasquery import LightCurve
        >>> text = '''###MJD m dm uJy duJy F err mag5sig Obs
        ... 58285.441 14.739 0.009 4617 38 o 0 19.5 02a58285o0375o
        ... '''
        >>> LightCurve.read(StringIO(text), format="atlas.forced")
        <LightCurve: 1 forced (1 o); MJD 58285.44 to 58285.44>
            time     kind  band  flux  flux_err  mag   mag_err limit
                                 uJy     uJy     mag     mag    mag
        ----------- ------ ---- ------ -------- ------ ------- -----
        58285.44100 forced    o 4617.0     38.0 14.739   0.009 19.50
        """
        format = SYNONYMS.get(format, format) or _guess_format(filename)
        if format in FORMATS:
            columns, meta = read_table(filename, format, **kwargs)
            return cls(columns, copy=False, meta=meta)
        if format in TEXT_FORMATS:
            columns, meta = _read_text(filename, format, **kwargs)
            return cls(columns, copy=False, meta=meta)
        if format in TIME_SERIES_FORMATS:
            light_curve = super().read(filename, format=format, **kwargs)
            return light_curve[time_order(light_curve.time)]
        columns, meta = _read_any(filename, format, **kwargs)
        return cls(columns, copy=False, meta=meta)

    def write(self, filename, *, format=None, overwrite=False, **kwargs):
        """Write the light curve to a file.

        Parameters
        ----------
        filename : str, path or file object
            Where to.
        format : str, optional
            ``"ascii.ecsv"``, ``"fits"``, ``"votable"``, ``"parquet"``, ``"atlas.forced"``, ``"snana"``, or any other of
            astropy's for tables. By default what the ending of the name says: ``.ecsv``, ``.fits``, ``.vot``, ``.xml``,
            ``.parquet``. One that ends in ``.gz`` is compressed.
        overwrite : bool
            Whether a file that is there may be replaced.
        **kwargs
            Passed on to astropy's writer.

        Raises
        ------
        InvalidInputError
            If the light curve has what the format cannot express, such as a unit, the format is not given, or there is
            none of that name. No file is written then.
        InvalidTypeError
            If ``atlas.forced`` or ``snana`` are given any of ``kwargs``, which they do not have.
        OSError
            If the file is there, and ``overwrite`` is not set.

        Notes
        -----
        ECSV, FITS, VOTable and Parquet keep all rows and columns, with units, masks, descriptions, ids of 19 digits and
        ``meta``, and `read` gives the same light curve again. For other programs: in all but ECSV ``time`` is a float,
        MJD (UTC), and dates are text; unknown text is empty, unknown bools are -1. Empty text comes back as unknown,
        numbers as float64 and int64, text without the blanks around it, tuples and arrays in ``meta`` as lists.

        ``atlas.forced`` takes forced photometry only, in the digits of the forced-photometry server, but fluxes that
        are not whole uJy have six; its limits are at 5 sigma. Columns that the server's files do not have, such as
        ``quality`` and those of your own, are left out. ``snana`` takes the fluxes of `combined`, with name and
        position, and ``quality`` as ``PHOTFLAG``, which is not read again. Parquet needs pyarrow:
        ``pip install "atlasquery[export]"``.

        Examples
        --------
        >>> import sys
        >>> import astropy.units as u
        >>> from atlasquery import LightCurve
        >>> lc = LightCurve(time=["2026-11-01"], data={
        ...     "band": ["o"], "flux": [100.0] * u.uJy, "flux_err": [20.0] * u.uJy})
        >>> lc.write(sys.stdout, format="snana")
        SURVEY: ATLAS
        SNID: unknown
        FILTERS: o
        NOBS: 1
        NVAR: 6
        VARLIST: MJD BAND FLUXCAL FLUXCALERR ZPFLUX PHOTFLAG
        OBS: 61345.0000000 o 2754.23 550.846 27.5 0
        END:
        """
        format = SYNONYMS.get(format, format) or _native_format(filename)
        if format is None:
            raise _undetermined_format(filename)
        files.check_compression(filename, allowed=".gz" if format in (*FORMATS, *TEXT_FORMATS) else "")
        if format in FORMATS:
            write_table(self, filename, format, overwrite=overwrite, **kwargs)
        elif format in TEXT_FORMATS:
            _write_text(self, filename, format, overwrite=overwrite, **kwargs)
        else:
            with _report_unknown_format(format):
                QTable(self, copy=False).write(filename, format=format, overwrite=overwrite, **kwargs)


def _forced(text, name):
    return atlas_forced.forced_columns(text, name), {"magsys": "AB"}


TEXT_FORMATS = {"atlas.forced": (_forced, atlas_forced.forced_text), "snana": (snana.snana_columns, snana.snana_text)}
CHOICE = f"There are {', '.join([*FORMATS, *TEXT_FORMATS])}, and others of astropy's, such as ascii.csv."
IS_TEXT = {"atlas.forced": atlas_forced.is_forced_text, "snana": snana.is_snana_text}


def _read_any(filename, format, time_column="time", time_format=None, time_scale=None, **kwargs):
    with _report_unknown_format(format):
        table = QTable.read(filename, format=format, **kwargs)
    columns = from_foreign_table(table, time_column=time_column, time_format=time_format, time_scale=time_scale)
    return columns, dict(table.meta)


@contextlib.contextmanager
def _report_unknown_format(format):
    """Say of a format that astropy does not know which there are, in fewer words than astropy does."""
    try:
        yield
    except registry.IORegistryError as error:
        raise InvalidInputError(f"There is no format {format!r}.", hint=CHOICE) from error


def _native_format(filename):
    """Return the format by the name of a file, if it keeps all; another has to be asked for."""
    format = files.format_by_name(filename)
    return format if format in FORMATS else None


def _guess_format(filename):
    """Return the format of a file by its name or how it begins; many kinds of texts are called ``.csv``."""
    format = _native_format(filename) or files.format_by_content(filename) or files.format_by_name(filename)
    if format is None:
        raise _undetermined_format(filename)
    return format


def _undetermined_format(filename):
    return InvalidInputError(f"The format of {filename} is not clear.", hint=f"Say it with format=. {CHOICE}")


def _read_text(filename, format, **kwargs):
    _reject_kwargs(format, kwargs)
    with files.wrap_reader_errors(filename, format):
        return TEXT_FORMATS[format][0](files.read_text(filename), files.file_label(filename))


def _write_text(light_curve, filename, format, *, overwrite=False, **kwargs):
    _reject_kwargs(format, kwargs)
    files.write_content(filename, TEXT_FORMATS[format][1](light_curve), overwrite=overwrite)


def _reject_kwargs(format, kwargs):
    if kwargs:
        raise InvalidTypeError(f"The format {format} has no argument {', '.join(kwargs)}.")


def _register(format, light_curve_class):
    """Make a format of text known to astropy's tables."""

    def read(filename, **kwargs):
        columns, meta = _read_text(filename, format, **kwargs)
        return QTable(columns, copy=False, meta=meta)

    def write(table, filename, **kwargs):
        _write_text(light_curve_class(table, copy=False), filename, format, **kwargs)

    def identify(origin, path, fileobj, *args, **kwargs):
        if origin != "read" or fileobj is None:
            return False
        with contextlib.suppress(UnicodeDecodeError):
            start = fileobj.tell()
            first = fileobj.readline()
            fileobj.seek(start)
            return IS_TEXT[format](first.decode("utf-8-sig") if isinstance(first, bytes) else first)
        return False

    registry.register_reader(format, Table, read)
    registry.register_writer(format, Table, write)
    registry.register_identifier(format, Table, identify)


def register(light_curve_class):
    """Make all formats of text known to astropy's tables; ``light_curve_class`` is what is written."""
    for format in TEXT_FORMATS:
        _register(format, light_curve_class)
