# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""A local ATLAS server to practise on: real HTTP on loopback, a synthetic sky, nobody's quota.

`Sandbox` starts it in a process of its own; ``python -m atlasquery.sandbox`` does so from a terminal. It wants the
extra ``atlasquery[sandbox]``.
"""

from atlasquery.sandbox.fault import Fault
from atlasquery.sandbox.received_request import RequestSeen
from atlasquery.sandbox.sandbox import Sandbox

__all__ = ["Fault", "RequestSeen", "Sandbox"]
