# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A local ATLAS server to practise on: real HTTP on the loopback interface, a synthetic sky, no quota spent.

`Sandbox` starts the server in a process of its own; ``python -m atlasquery.sandbox`` starts it from a terminal. Both
need the extra ``atlasquery[sandbox]``.
"""

# The user's process: sandbox (the class Sandbox), argument_checks, throttle_rates, server_process, truth.
# Both processes: fault, received_request, accounts.
# The server's process, below Django: server (starts it), server_commands, web_server, request_log, faulty_gateway,
# fault_plan, answer_damage.
# The server's process, within Django: see views/__init__.py, which says what to touch for a new endpoint.
# The synthetic sky: sky/.

from atlasquery.sandbox.fault import Fault
from atlasquery.sandbox.received_request import ReceivedRequest
from atlasquery.sandbox.sandbox import Sandbox

__all__ = ["Fault", "ReceivedRequest", "Sandbox"]
