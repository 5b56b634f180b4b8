# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The views: one file for each group of endpoints that belong together.

To add an endpoint, or a second service in a file of its own, touch in this order:

* ``views/NAME.py``: the view, a `ReadEndpoint` or `WriteEndpoint` of ``views/base.py``;
* ``serializers.py``: the parameters that it accepts;
* ``urls.py``: its URL; for a second service a root path in ``settings.py`` and a table of views of its own;
* ``models.py``: a table, if it stores anything, and its migration in ``migrations/`` (by ``makemigrations``);
* ``initial_rows.py``: the rows that the table has at the start; ``accounts.py`` for users and tokens;
* ``throttling.py``, ``throttle_rates.py``: a rate of its own, named in the ``throttle_classes`` of the view;
* ``server_state.py``: what the view reads from the sky, if it is cached; ``sky/`` for the rows themselves;
* ``server_commands.py`` and ``sandbox.py``: what a user or test of `Sandbox` reads or sets;
* ``tests/sandbox/test_NAME.py``.
"""
