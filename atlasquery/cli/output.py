# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tables on standard output and in files."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atlasquery.cli.exit_codes import ExitCode
from atlasquery.utils.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astropy.table import Table

__all__ = ["LIGHT_CURVE_SUFFIXES", "output_file", "output_options", "parse_output", "write_table"]

_MAX_NAME_BYTES = 230  # the name of the file that it is written to first is longer, and most systems allow 255
_FORMATS = ("csv", "ecsv", "votable", "json")
_SUFFIXES = {
    ".csv": "csv",
    ".ecsv": "ecsv",
    ".vot": "votable",
    ".xml": "votable",
    ".votable": "votable",
    ".json": "json",
}
LIGHT_CURVE_SUFFIXES = (".fits", ".fit", ".parquet", ".h5", ".hdf5")  # further ones of LightCurve.write
_PACKAGES = {".parquet": "pyarrow", ".h5": "h5py", ".hdf5": "h5py"}


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options ``--output`` and ``--format`` to a command that prints a table."""
    command = click.option(
        "-f",
        "--format",
        "table_format",
        type=click.Choice(_FORMATS),
        is_eager=True,  # the output file is checked against it
        help="Format; by default that of the file's suffix, or text.",
    )(command)
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, readable=False),
        callback=parse_output,
        help="File to write instead of printing.",
    )(command)


def parse_output(context: click.Context, parameter: click.Parameter, output: str | None) -> str | None:
    """Return the name of a file that can be written, before a request is sent for its content."""
    if output is None:
        return None
    if not output:
        raise click.BadParameter("the name of the file must not be empty.")
    try:
        _check_target(_find_target(output))
    except (OSError, RuntimeError, ValueError) as error:  # such as a loop of links
        reason = getattr(error, "strerror", None) or error
        raise click.BadParameter(f"{output} cannot be a file: {reason}.") from None
    if parameter.name == "output" and context.params.get("table_format", "none asked") is None:
        _check_suffix(output, LIGHT_CURVE_SUFFIXES if context.info_name in ("lc", "forced") else ())
    return output


def _find_target(output: str) -> Path:
    """Return the file that is written: that of a link, which stays a link, and a device or a pipe as it is named."""
    path = Path(output)
    return path if path.exists() and not path.is_file() else path.resolve()


def _check_target(target: Path) -> None:
    folder = target.absolute().parent
    if target.exists() and not target.is_file():
        return  # a device or a pipe
    if not folder.is_dir():
        raise click.BadParameter(f"the folder {folder} does not exist.")
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"the folder {folder} cannot be written to.")
    if len(target.name.encode()) > _MAX_NAME_BYTES:
        raise click.BadParameter(f"the name of the file must have at most {_MAX_NAME_BYTES} bytes.")


def _check_suffix(output: str, further_suffixes: tuple[str, ...]) -> None:
    known = (*_SUFFIXES, *further_suffixes)
    if Path(output).suffix.lower() not in known:
        raise click.BadParameter(
            f"the suffix of {output} must be one of {', '.join(known)}, or --format must be given."
        )
    package = _PACKAGES.get(Path(output).suffix.lower())
    if package is not None and find_spec(package) is None:
        raise click.BadParameter(f"{output} needs the package {package}, which is not installed.")


def write_table(table: Table, output: str | None, table_format: str | None) -> None:
    """Print a table, or write it to a file."""
    if output is None:
        click.echo(_to_text(table) if table_format is None else _to_format(table, table_format).removesuffix("\n"))
        return
    content = _to_format(table, table_format or _SUFFIXES[Path(output).suffix.lower()])
    with output_file(output) as path:
        path.write_text(content, encoding="utf-8")


@contextmanager
def output_file(output: str) -> Iterator[Path]:
    """Yield the path of a new file that replaces ``output`` at the end of the block, with the usual permissions.

    A device or a pipe is not replaced, but written to.
    """
    target = _find_target(output)
    if target.exists() and not target.is_file():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / target.name
            yield path
            with path.open("rb") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        return
    with replace_file(target) as path:
        yield path
        umask = os.umask(0)
        os.umask(umask)
        path.chmod(0o666 & ~umask)


def _to_text(table: Table) -> str:
    """Return a table as text: as wide as the terminal, or whole if it is not printed on one."""
    size = {} if sys.stdout.isatty() else {"max_lines": -1, "max_width": -1}
    return "\n".join(table.pformat(**size, show_unit=None))


def _to_format(table: Table, table_format: str) -> str:
    """Return a table in a format; a catalogue may have columns that the format does not have."""
    try:
        return _serialize(table, table_format)
    except (TypeError, ValueError) as error:
        raise ExitCode(2, f"The table cannot be written as {table_format}: {error}. ecsv has most columns.") from error


def _serialize(table: Table, table_format: str) -> str:
    if table_format == "json":
        return json.dumps(_to_records(table), indent=1, allow_nan=False) + "\n"
    if table_format == "votable":
        return _to_votable(table)
    stream = io.StringIO()
    _with_text_times(table, table_format).write(stream, format=f"ascii.{table_format}")
    return stream.getvalue()


def _to_records(table: Table) -> list[dict[str, Any]]:
    """Return one dict a row: ids as integers, times in ISO 8601, None where masked or not a number."""
    columns = {name: [_to_json(value) for value in _to_list(table[name])] for name in table.colnames}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _to_list(column: Any) -> list[Any]:
    from astropy.time import Time

    if isinstance(column, Time):
        column = column.utc.isot
    values = getattr(column, "unmasked", column)
    mask = getattr(column, "mask", None)
    values = getattr(values, "value", values).tolist()
    masks = [False] * len(values) if mask is None else list(mask)
    return [None if is_masked else value for value, is_masked in zip(values, masks, strict=True)]


def _to_json(value: Any) -> Any:
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


def _with_text_times(table: Table, table_format: str) -> Table:
    """Return a table whose times are ISO strings, except for ECSV, which has times."""
    from astropy.table import QTable

    if table_format == "ecsv":
        return table
    return QTable({name: _text_if_time(table[name]) for name in table.colnames})


def _text_if_time(column: Any) -> Any:
    from astropy.table import MaskedColumn
    from astropy.time import Time

    if not isinstance(column, Time):
        return column
    texts = [value or "" for value in _to_list(column)]
    return MaskedColumn(texts, mask=[not text for text in texts], dtype=str)


def _to_votable(table: Table) -> str:
    from atlasquery import to_votable

    stream = io.BytesIO()
    to_votable(table).to_xml(stream)
    return stream.getvalue().decode()
