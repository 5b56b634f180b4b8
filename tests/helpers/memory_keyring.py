# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A keyring in memory."""

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Stores its entries in a dict."""

    priority = 0.1  # never chosen automatically

    def __init__(self):
        super().__init__()
        self.entries = {}

    def get_password(self, service, username):
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self.entries[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.entries:
            raise PasswordDeleteError("There is no such entry.")
        del self.entries[service, username]
