# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The tables that queries give: what the server sent, with what can be read from the ids beside it."""

import numpy as np
from astropy import units as u
from astropy.table import QTable, vstack

from atlasquery import schema
from atlasquery.exceptions import UnreadableAnswerError
from atlasquery.inputs.lists import DetectionList, custom_lists
from atlasquery.inputs.object_ids import positions_from_ids
from atlasquery.schema.columns import masked_column, masked_quantity

__all__ = ["cone_count", "cone_rows", "membership_table", "name_table", "object_table", "placed",
           "region_table", "split_unknown", "vector_table", "with_details"]  # fmt: skip

_POSITION = "{} (ICRS), read from the id: that of the first detection, up to about 3 arcsec from the catalogued one."


def cone_rows(document, *, nearest=False, url=None):
    """Return the rows of a cone search: the answer is a list for ``all``, one row or ``{}`` for ``nearest``."""
    if isinstance(document, dict) and nearest:
        return [document] if document else []
    if not isinstance(document, list):
        raise UnreadableAnswerError(f"A list of rows was expected, not {str(document)[:60]!r}.", url=url, record="cone")
    return document


def cone_count(document, *, url=None):
    """Return the number in the answer to a ``count``."""
    count = document.get("count") if isinstance(document, dict) else None
    if type(count) is not int or count < 0:
        raise UnreadableAnswerError(
            f"A count was expected, not {str(document)[:60]!r}.", url=url, record="cone", column="count", value=count
        )
    return count


def region_table(cones, *, vector, url=None):
    """Return one table of several cone searches.

    Parameters
    ----------
    cones : list of list of dict, length n
        The rows of each cone.
    vector : bool
        Whether positions were given as a vector; the table then begins with ``query_index``.
    url : str, optional
        Where the rows are from, for error messages.

    Returns
    -------
    `~astropy.table.QTable`
        One row an object and cone: ``atlas_id``, ``name``, ``separation``, and ``ra``, ``dec`` read from the id.
    """
    found = schema.CONE.table([row for rows in cones for row in rows], url=url)
    for name, degrees in zip(("ra", "dec"), positions_from_ids(found["atlas_id"].data.data), strict=True):
        word = {"ra": "Right ascension", "dec": "Declination"}[name]
        found[name] = masked_quantity(degrees, np.isnan(degrees), u.deg, _POSITION.format(word))
        found[name].info.format = ".5f"
    found["separation"].info.format = ".3f"
    found.meta["position_source"] = "id"
    if vector:
        index = np.repeat(np.arange(len(cones)), [len(rows) for rows in cones])
        found.add_column(_index_column(index), index=0, name="query_index")
    return found


def _index_column(index):
    return masked_column(index, np.zeros(len(index), dtype=bool), "Number of the position asked for, from 0.")


def with_details(region, objects):
    """Return a region's table with the server's positions and the columns of the objects.

    Parameters
    ----------
    region : `~astropy.table.QTable`
        What `region_table` gave.
    objects : `~astropy.table.QTable`
        What `object_table` gave for its objects, each once.

    Returns
    -------
    `~astropy.table.QTable`
        The rows of the region. An object that the server named and then did not know has masked details, and is
        listed in ``meta['missing']``.
    """
    ids = region["atlas_id"].tolist()
    objects, missing = _with_unknown(objects, ids)
    row_of = {one: row for row, one in enumerate(objects["atlas_id"].tolist())}
    details = objects[[row_of[one] for one in ids]]
    kept = [name for name in region.colnames if name not in ("ra", "dec")]
    columns = {name: region[name] for name in kept} | {name: details[name] for name in ("ra", "dec")}
    columns |= {name: details[name] for name in details.colnames if name not in columns}
    return QTable(columns, meta={**region.meta, "position_source": "server", "missing": missing}, copy=False)


def _with_unknown(objects, ids):
    """The objects, with a row without details for each id that the server does not know; and these ids."""
    missing = sorted(set(ids) - set(objects["atlas_id"].tolist()))
    if missing:
        nothing = dict.fromkeys(field.server_key for field in schema.OBJECT.values())
        unknown = object_table([{**nothing, schema.OBJECT["atlas_id"].server_key: one} for one in missing])
        objects = vstack([objects, unknown], metadata_conflicts="silent")
    return objects, missing


def placed(objects, region):
    """Return all objects of a region with a position: where the server has none, that of the id.

    Parameters
    ----------
    objects : `~astropy.table.QTable`
        Objects, each once; ``ra`` and ``dec`` may be null, and those that the server does not know are not there.
    region : `~astropy.table.QTable`
        What named the objects, with ``atlas_id`` and ``name``.

    Returns
    -------
    objects : `~astropy.table.QTable`
        All of them.
    lost : `~numpy.ndarray` of int
        The ids of those whose position is that of the id, or masked where that holds none.
    """
    objects, missing = _with_unknown(objects, region["atlas_id"].tolist())
    lost = ~np.isfinite(objects["ra"].filled(np.nan).value) | ~np.isfinite(objects["dec"].filled(np.nan).value)
    ids = objects["atlas_id"].data.data
    if lost.any():
        columns = {name: objects[name] for name in objects.colnames}
        for name, degrees in zip(("ra", "dec"), positions_from_ids(ids), strict=True):
            columns[name] = _filled(objects[name], degrees, lost)
        if missing:
            columns["name"] = _named(objects, region)
        objects = QTable(columns, meta=objects.meta, copy=False)
    return objects, ids[lost]


def _filled(column, degrees, lost):
    values = np.where(lost, degrees, column.filled(np.nan).value)
    return masked_quantity(values, np.isnan(values), u.deg, column.info.description)


def _named(objects, region):
    """The names of the objects; of those that the server does not know it said the name before."""
    said = dict(zip(region["atlas_id"].tolist(), region["name"].tolist(), strict=True))
    pairs = zip(objects["atlas_id"].tolist(), objects["name"].tolist(), strict=True)
    names = [name or said.get(one) or "" for one, name in pairs]
    return masked_column(np.array(names, dtype=str), [not name for name in names], objects["name"].info.description)


def vector_table(index, objects, number, apart, *, details, source):
    """Return the table of the objects near many positions, as `region_table` gives it for cones of their own.

    Parameters
    ----------
    index : `~numpy.ndarray` of int, shape (k,)
        Number of the position of each row.
    objects : `~astropy.table.QTable`
        Objects, with all their columns.
    number : `~numpy.ndarray` of int, shape (k,)
        Which of the objects.
    apart : `~numpy.ndarray` of float, shape (k,)
        Distance in arcsec.
    details : bool
        Whether all columns of the objects are wanted.
    source : {"server", "id"}
        Where the positions of the objects are from.

    Returns
    -------
    `~astropy.table.QTable`, length k
        The rows.
    """
    rows = objects[number]
    distance = schema.CONE["separation"]
    columns = {"query_index": _index_column(index), "atlas_id": rows["atlas_id"], "name": rows["name"]}
    columns["separation"] = masked_quantity(apart, np.isnan(apart), distance.unit, distance.description)
    columns["separation"].info.format = ".3f"
    columns |= {"ra": rows["ra"], "dec": rows["dec"]}
    columns |= {name: rows[name] for name in rows.colnames if details and name not in columns}
    return QTable(columns, meta={"position_source": source}, copy=False)


def split_unknown(records, ids, *, url=None):
    """Tell the objects that the server knows from those it does not.

    Parameters
    ----------
    records : list of dict, length n
        An answer of ``objects/``.
    ids : list of int, length n
        The ids that were asked for.
    url : str, optional
        Where the records are from, for error messages.

    Returns
    -------
    known : list of dict
        The records that hold an object.
    missing : list of int
        The ids of the others.

    Raises
    ------
    UnreadableAnswerError
        If the records are not those of the ids, in their order.
    """
    known = [record for record in records if not schema.is_missing_object(record)]
    answered = [
        one if schema.is_missing_object(record) else record["object"].get("id")
        for one, record in zip(ids, records, strict=False)
    ]
    if answered != ids or len(records) != len(ids):
        schema.OBJECT.decode([record["object"] for record in known], url=url)  # if an id is none, this says which
        raise UnreadableAnswerError(
            f"{len(ids)} ids were asked for, but the {len(records)} records are not theirs.", url=url, record="objects"
        )
    return known, [one for one, record in zip(ids, records, strict=True) if schema.is_missing_object(record)]


def object_table(rows, *, url=None, meta=None):
    """Return the table of objects.

    Parameters
    ----------
    rows : list of dict, length n
        The section ``object`` of records of ``objects/``.
    url : str, optional
        Where they are from, for error messages.
    meta : dict, optional
        What the table's ``meta`` shall hold.

    Returns
    -------
    `~astropy.table.QTable`, length n
        The columns of the server, and ``detection_list_name`` beside its number.
    """
    table = schema.OBJECT.table(rows, url=url, meta=meta)
    numbers = table["detection_list"].filled(-1).tolist()
    names = np.array([_LABELS.get(number, "") for number in numbers], dtype=str)
    named = masked_column(names, names == "", "Name of the detection list.")
    table.add_column(named, index=table.index_column("detection_list") + 1, name="detection_list_name")
    return table


_LABELS = {int(one): one.name for one in DetectionList}


def membership_table(rows, *, url=None, meta=None):
    """Return the table of which object is on which custom list.

    Parameters
    ----------
    rows : list of dict
        Rows of ``objectgroupslist/``.
    url : str, optional
        Where they are from, for error messages.
    meta : dict, optional
        What the table's ``meta`` shall hold.

    Returns
    -------
    `~astropy.table.QTable`, length n
        The columns of the server, and ``custom_list_name`` beside the number, where it is known.
    """
    table = schema.LIST_MEMBERSHIP.table(rows, url=url, meta=meta)
    known = {number: name for name, number in custom_lists().items()}
    labels = np.array([known.get(number, "") for number in table["custom_list"].tolist()], dtype=str)
    named = masked_column(labels, labels == "", "Name of the custom list, where it is known.")
    table.add_column(named, index=table.index_column("custom_list") + 1, name="custom_list_name")
    return table


def name_table(names, answers, *, url=None):
    """Return the table of what other surveys know of the objects they name.

    Parameters
    ----------
    names : list of str, length n
        As they were asked.
    answers : list of list of dict, length n
        The answer of ``externalxmlist/``, an inner list for each name.
    url : str, optional
        Where they are from, for error messages.

    Returns
    -------
    `~astropy.table.QTable`
        One row a match; ``query_name`` comes first, and ``meta['missing']`` lists the names without any.

    Raises
    ------
    UnreadableAnswerError
        If the lists are not those of the names.
    """
    if not isinstance(answers, list) or [type(rows) for rows in answers] != [list] * len(names):
        raise UnreadableAnswerError(
            f"A list of rows was expected for each of {len(names)} names, not {str(answers)[:60]!r}.",
            url=url,
            record="externalxmlist",
        )
    missing = [name for name, rows in zip(names, answers, strict=True) if not rows]
    table = schema.EXTERNAL_CROSSMATCH.table(
        [row for rows in answers for row in rows], url=url, meta={"missing": missing}
    )
    asked = np.array([name for name, rows in zip(names, answers, strict=True) for _ in rows], dtype=str)
    column = masked_column(asked, np.zeros(len(asked), dtype=bool), "Name that was asked for.")
    table.add_column(column, index=0, name="query_name")
    return table
