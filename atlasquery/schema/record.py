# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`Record`: one record of ``objects/``, whose sections are decoded when they are used."""

from collections.abc import Mapping

import msgspec

__all__ = ["Record", "split_records"]

_SPLITTER = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


class Record(Mapping):
    """A record of the server: a mapping of the names of its sections to their content.

    Parameters
    ----------
    sections : dict of str to bytes or object
        JSON of each section, or its content.
    """

    def __init__(self, sections):
        self._sections = sections
        self._decoded = {}

    def __getitem__(self, name):
        section = self._sections[name]
        if not isinstance(section, bytes):
            return section
        if name not in self._decoded:
            self._decoded[name] = msgspec.json.decode(section)
        return self._decoded[name]

    def __iter__(self):
        return iter(self._sections)

    def __len__(self):
        return len(self._sections)

    def __repr__(self):
        return f"<Record: {', '.join(self)}>"

    def rows_json(self, name):
        """Return the JSON of a section if it is a list that is still JSON, else None."""
        section = self._sections.get(name)
        return section if isinstance(section, bytes) and section[:1] == b"[" else None

    def replace(self, sections):
        """Return a record with the content of other sections."""
        return Record(self._sections | sections)


def split_records(body):
    """Return the records of an answer of ``objects/``, None if it is no list of objects in valid JSON."""
    try:
        if not body.isascii():
            bytes(body).decode()  # sections that are not used must be valid, too
        return [Record({name: bytes(json) for name, json in parts.items()}) for parts in _SPLITTER.decode(body)]
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
