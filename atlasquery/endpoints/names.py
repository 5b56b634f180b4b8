# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Names: look-up at the server, and those seen in answers."""

from atlasquery.inputs.object_names import check_name, is_designation

__all__ = ["NameCache"]


class NameCache:
    """The ATLAS designations that were seen, with the ids they stand for.

    Examples
    --------
    >>> from atlasquery.endpoints.names import NameCache
    >>> seen = NameCache()
    >>> seen.add([("ATLAS18qqn", 1161600211221604900), (None, 1000005291314656200)])
    >>> seen.ids("ATLAS18qqn"), seen.ids("ATLAS99zzz")
    ((1161600211221604900,), ())
    """

    def __init__(self):
        self._ids = {}

    def add(self, pairs):
        """Keep what answers have shown.

        Parameters
        ----------
        pairs : iterable of (str or None, int)
            What an object is called, and its id, as the server sent it; all but designations of ATLAS's are passed
            over, and of a value that is no text the decoder complains.
        """
        for name, object_id in pairs:
            if isinstance(name, str) and is_designation(name):
                ids = self._ids.setdefault(check_name(name), ())
                if object_id not in ids:
                    self._ids[check_name(name)] = (*ids, object_id)

    def ids(self, name):
        """Return the ids of a designation.

        Parameters
        ----------
        name : str
            The designation.

        Returns
        -------
        tuple of int
            None at all if it was not seen.
        """
        return self._ids.get(check_name(name), ())
