# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""``python -m atlasquery``: the command ``atlasquery``."""

import sys

from atlasquery.cli import main

if __name__ == "__main__":
    sys.exit(main())
