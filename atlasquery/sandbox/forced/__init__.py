# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The forced-photometry server of the sandbox: accounts, submissions, the queue, its runner, and results.

Tasks are kept in memory. The behaviour follows recorded exchanges with the server software of August 2026.
"""
