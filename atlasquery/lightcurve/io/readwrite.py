# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing of light curves in all formats, and registration of the text formats with astropy's tables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, Any, Literal, Self, TypeAlias

from astropy.io import registry
from astropy.table import QTable, Table

from atlasquery.exceptions import InvalidInputError, InvalidTypeError
from atlasquery.inputs.images import IMAGES
from atlasquery.lightcurve.images import describe_flux
from atlasquery.lightcurve.io import atlas_forced, atlas_forced_writer, files, snana
from atlasquery.lightcurve.io.astropy_formats import FORMATS, read_table, write_table
from atlasquery.lightcurve.io.atlas_names import EXPECTED
from atlasquery.lightcurve.io.described_tables import described_columns, split_description
from atlasquery.lightcurve.io.errors import unreadable_file, wrap_reader_errors
from atlasquery.lightcurve.io.foreign_tables import from_foreign_table, time_order
from atlasquery.lightcurve.io.other_formats import read_other_table, write_other_table
from atlasquery.lightcurve.mixin import Mixin
from atlasquery.utils.text import abbreviate

__all__ = ["ReadWriteMixin", "register"]

FileLike: TypeAlias = "str | os.PathLike[str] | IO[Any]"

SYNONYMS = {"ecsv": "ascii.ecsv"}
TIME_SERIES_FORMATS = ("kepler.fits", "tess.fits")  # astropy reads them as time series, not as tables


class ReadWriteMixin(Mixin):
    """Mixin of a light curve with `read` and `write`."""

    @classmethod
    def read(
        cls,
        filename: FileLike,
        *,
        format: str | None = None,
        images: Literal["difference", "reduced"] | None = None,
        **kwargs: Any,
    ) -> Self:
        """Read a light curve from a file.

        Parameters
        ----------
        filename : str, path or file object
            The file.
        format : str, optional
            ``"ascii.ecsv"``, ``"fits"``, ``"votable"``, ``"parquet"`` or ``"hdf5"`` as written by `write`;
            ``"atlas.forced"``, a text file of ATLAS photometry; ``"snana"``; or another format of astropy for tables
            and time series, such as ``"ascii.csv"``. By default it is determined from the suffix or the column names of
            the file; it is required for an open file.
        images : {"difference", "reduced"}, optional
            The images that were measured, for a file that does not say so: ``meta['images']``.
        **kwargs
            For a table of another program, ``columns``, ``time`` (or ``time_column``), ``units``, ``time_format`` and
            ``time_scale`` as in `from_table`. Further arguments are passed to astropy's reader.

        Returns
        -------
        light_curve : LightCurve
            The light curve; that of a table of another program is sorted by time and has the ``meta`` of the table.

        Raises
        ------
        UnreadableFileError
            If the file does not have that format, has none that is known, is damaged, or says wrongly which images were
            measured. For formats that are not named here, errors of astropy are raised.
        InvalidInputError
            If the format is unknown or not given for an open file, the meaning of the times is ambiguous, a column that
            is described is missing, one has no unit, or one may be meant for another as in `from_table`.
        InvalidTypeError
            If ``kwargs`` are passed for ``atlas.forced`` or ``snana``.
        OSError
            If the file does not exist or cannot be opened.

        Warns
        -----
        DataQualityWarning
            If fits have failed, rows of a text file are copies of others, or numbers that are no measurements are
            masked as in `from_table`.

        Notes
        -----
        Files that are compressed with gzip, bzip2 or xz are read too. ``atlas.forced`` is a file of any version of the
        forced-photometry server, also one that ATClean has saved, or the table ``#expname,mag,filter,mjd,...`` of other
        pages of ATLAS; separated by blanks, commas, tabs or semicolons. Lines that are not rows, such as diagnostics
        above the column names, are kept in ``meta['notes']``. The rows have the kind ``forced``. Their ``limit`` is the
        5-sigma limit of the exposure, or where the flux is below 3 sigma (``conf.mag_sigma``) the limit of the
        measurement; ``mag`` is masked there, and ``mag_server`` and ``limit_server`` have the values of the file. A
        significant flux without a magnitude in the file has that of the flux. ``flux``, ``mag`` and ``limit`` are
        masked where the fit failed (``duJy`` of 0). ``mag_err`` is the server's ``dm``, which is ``duJy / uJy``: 8 %
        less than the uncertainty of the magnitude. Unknown columns are kept. After the first use of
        ``atlasquery.LightCurve``, `astropy.table.Table.read` supports these text formats too.

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
        files.check_readable(filename)
        format = (format and SYNONYMS.get(format, format)) or _guess_format(filename)
        if format in TIME_SERIES_FORMATS:
            light_curve = super().read(filename, format=format, **kwargs)
            return _with_images(light_curve[time_order(light_curve.time)], images, filename)
        if format in FORMATS:
            columns, meta = read_table(filename, format, **kwargs)
        elif format in TEXT_FORMATS:
            columns, meta = _read_text(filename, format, **kwargs)
        else:
            columns, meta = _read_other_format(filename, format, **kwargs)
        return _with_images(cls(columns, copy=False, meta=meta), images, filename)

    @classmethod
    def from_table(
        cls,
        table: Any,
        columns: Mapping[str, str] | None = None,
        *,
        time: str | None = None,
        units: Mapping[str, Any] | None = None,
        time_format: str | None = None,
        time_scale: str | None = None,
        images: Literal["difference", "reduced"] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return the light curve of a table of another program.

        Parameters
        ----------
        table : `~astropy.table.Table`, ``pandas.DataFrame`` or dict of array-like
            The table. A DataFrame may have units in ``attrs["units"]`` and times in its index.
        columns : dict of str to str, optional
            New names of columns, by their names in the table; other columns keep their names. Only a column of bands
            is found without it, if it is the only one, such as ``filter``, and has names of bands. A column that may be
            ``flux``, ``flux_err``, ``mag`` or ``mag_err``, such as ``fluxerr``, must be named if the light curve has
            no other; ``{"fluxerr": "fluxerr"}`` keeps it as it is.
        time : str, optional
            The column of times, by default ``"time"``; it is renamed to ``time``.
        units : dict of str to unit, optional
            Units of columns that have none, by their new names or those in the table. An uncertainty without a unit
            has that of its flux or magnitude.
        time_format : str, optional
            Format of `~astropy.time.Time`; by default numbers must be MJDs of the years 1900 to 2200. With a format,
            the times must be of the years 1 to 2200.
        time_scale : str, optional
            Scale of `~astropy.time.Time`; by default UTC.
        images : {"difference", "reduced"}, optional
            The images that were measured, for a table that does not say so: ``meta['images']``.
        meta : dict, optional
            Entries of ``meta``, in addition to those of the table, such as ``name``.

        Returns
        -------
        light_curve : LightCurve
            All columns, sorted by time. None, NaN, masked values and the nulls of pandas are masked, and so is what is
            no measurement: infinite values, fluxes with an uncertainty of 0 or less, fluxes of -99, -999 or alike
            without an uncertainty, such positions, and magnitudes outside of -5 to 35. Values of an exported light
            curve stay.

        Raises
        ------
        InvalidInputError
            If columns or units are missing, values have a wrong type or unit, or columns may be meant for others; the
            message names all of them. Also if ``images`` is invalid.
        InvalidTypeError
            If it is not a table.

        Warns
        -----
        DataQualityWarning
            If values are masked that are numbers in the table.

        Examples
        --------
        >>> from atlasquery import LightCurve
        >>> table = {"MJD": [61346.5, 61345.5], "uJy": [-12.0, 150.0], "e_uJy": [9.0, 10.0], "band": ["o", "o"]}
        >>> lc = LightCurve.from_table(table, columns={"uJy": "flux", "e_uJy": "flux_err"}, time="MJD",
        ...                            units={"flux": "uJy"})
        >>> lc["flux"], lc.time.mjd.tolist()
        (<MaskedQuantity [150., -12.] uJy>, [61345.5, 61346.5])
        """
        options = {"time": time, "units": units, "time_format": time_format, "time_scale": time_scale, "meta": meta}
        described, meta = described_columns(table, columns=columns, **options)
        return _with_images(cls(described, copy=False, meta=meta), images)

    def write(self, filename: FileLike, *, format: str | None = None, overwrite: bool = False, **kwargs: Any) -> None:
        """Write the light curve to a file.

        Parameters
        ----------
        filename : str, path or file object
            The file.
        format : str, optional
            ``"ascii.ecsv"``, ``"fits"``, ``"votable"``, ``"parquet"``, ``"hdf5"``, ``"atlas.forced"``, ``"snana"``, or
            another format of astropy for tables. By default it is determined from the suffix: ``.ecsv``, ``.fits``,
            ``.vot``, ``.xml``, ``.parquet``, ``.h5`` or ``.hdf5``. With an additional ``.gz`` the file is compressed.
        overwrite : bool
            Whether an existing file is replaced.
        **kwargs
            Passed to astropy's writer. For ``snana``, ``bands`` are the names of the bands in the file: a dict such as
            ``{"c": "ATLAS-c", "o": "ATLAS-o"}``, or the beginning of all names, ``"ATLAS-"``.

        Raises
        ------
        InvalidInputError
            If the format cannot hold a part of the light curve, such as a unit or the digits of ids, or if the format
            is unknown or missing. No file is written then.
        InvalidTypeError
            If ``kwargs`` are passed for ``atlas.forced``, or others than ``bands`` for ``snana``.
        ImportError
            If a library that the format needs is missing.
        OSError
            If the file exists, and ``overwrite`` is not set.

        Notes
        -----
        ECSV, FITS, VOTable, Parquet and HDF5 keep all rows and columns, with units, masks, descriptions, ids of 19
        digits and ``meta``: `read` returns the same light curve. For other programs, in all but ECSV ``time`` is a
        float, MJD (UTC), and dates are strings; null strings are empty, null bools are -1. After reading, empty strings
        are null, numbers are float64 and int64, strings have no blanks at their ends, and tuples and arrays in ``meta``
        are lists.

        ``atlas.forced`` supports forced photometry only, with the digits of the forced-photometry server, except that
        fluxes that are not whole uJy have six digits; its limits are at 5 sigma. Columns that files of the server do
        not have, such as ``quality`` and columns of the user, are left out. Names, id and ``images``, if known, are in
        lines above the column names, such as ``# name: SN 2018cow``. ``snana`` has the fluxes of `combined`,
        name and position, and ``quality`` as ``PHOTFLAG``, which is not read. Parquet needs pyarrow,
        ``pip install "atlasquery[export]"``, and HDF5 needs h5py, ``pip install "atlasquery[hdf5]"``.

        Other formats of astropy have no ``meta``, dates as strings, and most have no units, which `read` then needs as
        ``units``. The content is compared with the light curve before the file is written, unless ``kwargs`` are
        passed: then the user selects what it holds.

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
        format = (format and SYNONYMS.get(format, format)) or _native_format(filename)
        if format is None:
            raise _missing_format(filename)
        files.check_compression(filename, allowed=".gz" if format in (*FORMATS, *TEXT_FORMATS) else "")
        if format in FORMATS:
            write_table(self, filename, format, overwrite=overwrite, **kwargs)
        elif format in TEXT_FORMATS:
            _write_text(self, filename, format, overwrite=overwrite, **kwargs)
        else:
            write_other_table(self, filename, format, FORMAT_CHOICE, _reader_of(format), overwrite=overwrite, **kwargs)


MAX_HEADER = 65536  # characters of a file in which its column names are searched
TEXT_FORMATS = {
    "atlas.forced": (atlas_forced.forced_columns, atlas_forced_writer.forced_text),
    "snana": (snana.snana_columns, snana.snana_text),
}
FORMAT_CHOICE = f"{', '.join([*FORMATS, *TEXT_FORMATS])} or another format of astropy such as ascii.csv"


def _with_images(light_curve, images, file=None):
    """Return a light curve that says which images were measured, if the user or the file says so."""
    _add_images(light_curve.columns, light_curve.meta, images, file)
    return light_curve


def _add_images(columns, meta, images, file=None):
    """Say which images were measured in columns and their meta, which are changed; a file may say it wrongly."""
    if images is not None and images not in IMAGES:
        raise InvalidInputError(f"`images` must be 'difference', 'reduced' or None, got {abbreviate(images)}.")
    stored = meta.get("images")
    if images is not None and stored in IMAGES and images != stored:
        raise InvalidInputError(f"`images` must be None or {stored!r}, as the file says, got {images!r}.")
    if images is not None:
        meta["images"] = images
    elif file is not None and stored not in (None, *IMAGES):
        reason = f"the images that were measured must be 'difference' or 'reduced', got {abbreviate(stored)}."
        raise unreadable_file(file, reason, value=stored, hint="Pass `images`.")
    describe_flux(columns, meta)


def _read_other_format(filename, format, **kwargs):
    description, kwargs = split_description(kwargs)
    return description.light_curve(read_other_table(filename, format, FORMAT_CHOICE, **kwargs), filename)


def _reader_of(format):
    """Return a function that reads the columns of a file that `~LightCurve.write` has made."""
    return lambda path: from_foreign_table(read_other_table(path, format, FORMAT_CHOICE), path, time_format="mjd")


def _native_format(filename):
    """Return the format by the suffix of a file if it keeps the whole light curve, else None."""
    format = files.format_by_name(filename)
    return format if format in FORMATS else None


def _guess_format(filename):
    """Return the format of a file; the first line has priority over ``.csv``, which several text formats use."""
    format = _native_format(filename) or files.format_by_content(filename) or files.format_by_name(filename)
    if format is None:
        raise _undetermined_format(filename)
    return format


def _undetermined_format(filename):
    """Return the error of a file to be read; for a path it says what the file has."""
    if hasattr(filename, "read"):
        reason = f"Cannot determine the format of {filename}: pass `format`."
        return InvalidInputError(reason, hint=f"It can be {FORMAT_CHOICE}.")
    return unreadable_file(
        filename,
        f"the file must have the column names {EXPECTED}, or have another known format, got "
        f"{files.describe_content(filename)}.",
        hint=f"Pass `format` if it has one: {FORMAT_CHOICE}.",
    )


def _missing_format(filename):
    """Return the error of a file to be written; other formats than the native ones must be named."""
    by_name = files.format_by_name(filename)
    reason = f"Cannot determine the format of {filename}: pass `format`."
    if by_name is not None:
        reason = f"`format` must be given for {filename}, such as {by_name!r}, which keeps neither units nor `meta`."
    return InvalidInputError(reason, hint=f"It can be {FORMAT_CHOICE}; a file '.ecsv' keeps everything.")


def _read_text(filename, format, **kwargs):
    _reject_kwargs(format, kwargs)
    with wrap_reader_errors(filename, format):
        return TEXT_FORMATS[format][0](files.read_text(filename), filename)


def _write_text(light_curve, filename, format, *, overwrite=False, **kwargs):
    _reject_kwargs(format, {name: value for name, value in kwargs.items() if (format, name) != ("snana", "bands")})
    files.write_content(filename, TEXT_FORMATS[format][1](light_curve, **kwargs), overwrite=overwrite)


def _reject_kwargs(format, kwargs):
    if kwargs:
        names = ", ".join(f"`{name}`" for name in kwargs)
        raise InvalidTypeError(f"Format {format!r} must be used without further arguments, got {names}.")


def _register(format, light_curve_class):
    """Register a text format with astropy's tables."""

    def read(filename, images=None, **kwargs):
        columns, meta = _read_text(filename, format, **kwargs)
        _add_images(columns, meta, images, filename)
        return QTable(columns, copy=False, meta=meta)

    def write(table, filename, **kwargs):
        _write_text(light_curve_class(table, copy=False), filename, format, **kwargs)

    def identify(origin, path, fileobj, *args, **kwargs):
        # A suffix of another format, such as .csv, is left to that format: astropy refuses what two of them know.
        if origin != "read" or fileobj is None or (path and files.format_by_name(path)):
            return False
        start = fileobj.tell()
        text = fileobj.read(MAX_HEADER)
        fileobj.seek(start)
        return files.TEXT_TESTS[format](text.decode("utf-8-sig", "replace") if isinstance(text, bytes) else text)

    registry.register_reader(format, Table, read)
    registry.register_writer(format, Table, write)
    registry.register_identifier(format, Table, identify)


def register(light_curve_class):
    """Register all text formats with astropy's tables; tables are written as ``light_curve_class``."""
    for format in TEXT_FORMATS:
        _register(format, light_curve_class)
