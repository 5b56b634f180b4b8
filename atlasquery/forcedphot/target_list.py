# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`check_targets`: many targets with their keys, from coordinates, a table, or objects with a position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

import numpy as np
from astropy.coordinates import BaseCoordinateFrame, SkyCoord
from astropy.table import Table

from atlasquery.crossmatch.catalogue import CatalogueLike, as_table, is_catalogue
from atlasquery.crossmatch.positions import Positions, read_positions
from atlasquery.exceptions import InvalidQueryError, InvalidQueryTypeError
from atlasquery.forcedphot.target import ForcedTarget, check_mpc_name, check_target, targets_of_positions
from atlasquery.inputs.coordinates import CoordinatesLike
from atlasquery.utils.text import abbreviate

__all__ = ["TargetsLike", "check_targets"]

TargetsLike: TypeAlias = CoordinatesLike | CatalogueLike | Sequence[Any]
MPC_COLUMN = "mpc"
N_SHOWN = 5


def check_targets(targets: TargetsLike, name: str | None = None) -> dict[int | str, ForcedTarget]:
    """Return targets by their keys.

    Parameters
    ----------
    targets : `~astropy.coordinates.SkyCoord`, table, or sequence of objects with a ``coord``
        Positions, or rows with positions or, in a column ``mpc``, designations of moving objects.
    name : str, optional
        Column of the keys. Otherwise the key of an object with an ``atlas_id`` is that, and of others the index.

    Raises
    ------
    InvalidQueryTypeError
        If it is none of these.
    InvalidQueryError
        If a row has no valid target, or keys are repeated or missing.
    """
    if is_catalogue(targets):
        table = as_table(cast(CatalogueLike, targets))
        with _as_targets():
            rows = _targets_of_table(table)
        return _keyed(_keys_of_table(table, name), rows)
    if name is not None:
        raise InvalidQueryError(f"`name` must be given with a table only, got {name!r} and {abbreviate(targets)}.")
    if isinstance(targets, (SkyCoord, BaseCoordinateFrame)):
        positions = _read_positions(targets)
        return dict(enumerate(targets_of_positions(positions.ra, positions.dec, positions.motion)))
    if isinstance(targets, str) or hasattr(targets, "coord"):
        targets = [targets]
    if not isinstance(targets, (list, tuple, np.ndarray)):
        raise InvalidQueryTypeError(
            f"`targets` must be coordinates, a table, or a list of objects with a position, got {abbreviate(targets)}."
        )
    return _keyed([_key_of(target, index) for index, target in enumerate(targets)], _targets_of_list(list(targets)))


def _targets_of_list(targets: Sequence[Any]) -> list[ForcedTarget]:
    checked = []
    for index, target in enumerate(targets):
        try:
            checked.append(check_target(target))
        except InvalidQueryError as error:
            error.add_note(f"It is target {index}, counted from 0.")
            raise
    return checked


def _key_of(target: Any, index: int) -> int | str:
    atlas_id = getattr(target, "atlas_id", None)
    return index if atlas_id is None else int(atlas_id)


def _targets_of_table(table: Table) -> list[ForcedTarget]:
    """Return the target of each row: a moving object where the column ``mpc`` has a name, else a position."""
    names = _texts(table, MPC_COLUMN) if MPC_COLUMN in table.colnames else [""] * len(table)
    rows = [row for row, name in enumerate(names) if not name]
    found: dict[int, ForcedTarget] = {
        row: ForcedTarget(mpc=check_mpc_name(name)) for row, name in enumerate(names) if name
    }
    if rows:
        positions = _read_positions(table[rows] if found else table)
        found |= dict(zip(rows, targets_of_positions(positions.ra, positions.dec, positions.motion), strict=True))
    return [found[row] for row in range(len(table))]


def _read_positions(value: Any) -> Positions:
    positions = read_positions(value)
    positions.check_rows("targets", allow_missing=False)
    return positions


@contextmanager
def _as_targets() -> Iterator[None]:
    """Call the argument by its name in the errors of a block."""
    try:
        yield
    except InvalidQueryError as error:
        error.reason = error.reason.replace("`catalogue`", "`targets`")
        error.hint = (
            (error.hint or "").replace("crossmatch(catalogue[", "submit(catalogue[").replace("catalogue", "targets")
        )
        raise


def _texts(table: Table, name: str) -> list[str]:
    """Return a column as strings, empty where masked."""
    column = table[name]
    masks = np.broadcast_to(getattr(column, "mask", False), len(column))
    values = column.tolist()
    return ["" if masked or value is None else _to_text(value) for value, masked in zip(values, masks, strict=True)]


def _to_text(value: Any) -> str:
    return (value.decode() if isinstance(value, bytes) else str(value)).strip()


def _keys_of_table(table: Table, name: str | None) -> Sequence[int | str]:
    if name is None:
        return range(len(table))
    if not isinstance(name, str) or name not in table.colnames:
        columns = ", ".join(table.colnames[:20])
        raise InvalidQueryError(f"`name` must be a column of the table, such as one of {columns}, got {name!r}.")
    texts = _texts(table, name)
    if empty := [row for row, text in enumerate(texts) if not text]:
        raise InvalidQueryError(f"Column {name!r} must have a value in each row, got none in row {empty[0]}.")
    kind = getattr(table[name], "dtype", np.dtype(object)).kind
    return [int(text) for text in texts] if kind in "iu" else texts


def _keyed(keys: Sequence[int | str], targets: Sequence[ForcedTarget]) -> dict[int | str, ForcedTarget]:
    found = dict(zip(keys, targets, strict=True))
    if len(found) < len(keys):
        repeated = [str(key) for key in dict.fromkeys(key for key in keys if list(keys).count(key) > 1)]
        shown = ", ".join(repeated[:N_SHOWN])
        raise InvalidQueryError(f"`targets` must have different names, got repeated ones: {shown}.")
    return found
