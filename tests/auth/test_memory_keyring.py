# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The keyring of the tests passes the tests of the keyring package."""

import keyring
import pytest
from keyring.testing.backend import BackendBasicTests


class TestMemoryKeyring(BackendBasicTests):
    @pytest.fixture(autouse=True)
    def _take_ours(self, memory):
        self.ours = memory

    def init_keyring(self):
        return keyring.get_keyring()
