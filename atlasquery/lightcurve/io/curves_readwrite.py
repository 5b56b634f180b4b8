# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Reading and writing of many light curves in one file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from atlasquery.exceptions import AtlasQueryError
from atlasquery.lightcurve.curve_keys import plain_key
from atlasquery.lightcurve.io.many_curves import read_curves, write_curves
from atlasquery.lightcurve.io.readwrite import FileLike

__all__ = ["CurvesReadWriteMixin"]


class CurvesReadWriteMixin:
    """The methods of `~atlasquery.LightCurves` that read and write files."""

    if TYPE_CHECKING:
        missing: list[int | str]
        failed: dict[int | str, AtlasQueryError]
        _curves: dict[Any, Any]
        _names: dict[str, int]
        _make_curve: ClassVar[Callable[[Any], Any]]

        def __init__(self, curves: Any = None, **facts: Any) -> None: ...

    def write(self, filename: FileLike, *, format: str | None = None, overwrite: bool = False) -> None:
        """Write all light curves to one file.

        Parameters
        ----------
        filename : str, path or file object
            The file.
        format : str, optional
            ``"ascii.ecsv"``, ``"fits"``, ``"votable"``, ``"parquet"`` or ``"hdf5"``; by default that of the suffix.
        overwrite : bool
            Whether an existing file is replaced.

        Raises
        ------
        InvalidInputError
            If a key is neither an id, another integer nor a string, a light curve cannot be written, or columns of one
            name have units that do not convert.
        OSError
            If the file exists, and ``overwrite`` is not set.

        Notes
        -----
        The file has the rows of all light curves as one table, with the key of each in ``key``, and with one column for
        each name, in the unit of the first light curve; only columns of different types, such as text and numbers, are
        apart. `read` restores each light curve with its columns and ``meta`` as `LightCurve.write` describes, and
        ``missing``. Of ``failed``, the file has the keys and the messages.

        Examples
        --------
        >>> import tempfile
        >>> from atlasquery import LightCurve, LightCurves
        >>> curves = LightCurves({"my supernova": LightCurve(time=["2026-11-01"], data={"band": ["o"]})})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     curves.write(f"{folder}/curves.ecsv")
        ...     LightCurves.read(f"{folder}/curves.ecsv")["my supernova"]["band"].tolist()
        ['o']
        """
        facts = {
            "names": list(self._names.items()),
            "missing": [plain_key(key) for key in self.missing],
            "failed": [[plain_key(key), str(error)] for key, error in self.failed.items()],
        }
        write_curves(self._curves, facts, filename, format, overwrite=overwrite)

    @classmethod
    def read(cls, filename: FileLike, *, format: str | None = None) -> Self:
        """Read light curves from a file that `write` has made.

        Parameters
        ----------
        filename : str, path or file object
            The file.
        format : str, optional
            The format, by default that of the suffix.

        Returns
        -------
        curves : LightCurves
            The light curves. The errors in ``failed`` are `~atlasquery.exceptions.AtlasQueryError` with the message.

        Raises
        ------
        UnreadableFileError
            If the file is damaged, or was not made by `write`.
        InvalidInputError
            If the format is unknown.
        OSError
            If the file does not exist or cannot be opened.

        Examples
        --------
        >>> import tempfile
        >>> from atlasquery import LightCurve, LightCurves
        >>> curves = LightCurves({"my supernova": LightCurve(time=["2026-11-01"], data={"band": ["o"]})})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     curves.write(f"{folder}/curves.fits")
        ...     LightCurves.read(f"{folder}/curves.fits")
        <LightCurves: 1 of 1 objects>
        """
        curves, facts = read_curves(filename, cls._make_curve, format)
        failed = {key: AtlasQueryError(message) for key, message in facts["failed"]}
        return cls(curves, names=dict(facts["names"]), missing=facts["missing"], failed=failed)
