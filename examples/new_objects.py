# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""After an ingest, count the new objects of fasttrack and eyeball above a VRA rank, and print a message.

Exit codes: 0 done; 3 no usable token; 7 rate limit; 1 any other failure. Run it from cron as
``python new_objects.py --hours 6 --rank 7``. It writes nothing.
"""

import argparse
import sys
import warnings

import numpy as np
from astropy import units as u

from atlasquery import ATLAS, exceptions

EXIT_CODES = ((exceptions.LoginError, 3), (exceptions.RateLimitError, 7), (exceptions.AtlasQueryError, 1))


def count_new(name, since, rank):
    """Return the number of new objects of a list, and the ids of those above the rank."""
    ids = ATLAS.query_list(name, since=since)["atlas_id"].tolist()
    ranks = ATLAS.query_vra_ranks(ids) if ids else None
    above = [] if ranks is None else ranks["atlas_id"][np.ma.filled(ranks["rank"], -1) >= rank].tolist()
    return len(ids), above


def main(arguments=None):
    """Print the message and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hours", type=float, default=24.0, help="age of new objects (default: %(default)s)")
    parser.add_argument("--rank", type=float, default=7.0, help="lowest VRA rank (default: %(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="accepted for uniformity: nothing is ever written")
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings(action="ignore", category=exceptions.NoResultsWarning):  # 0 is an answer
            for name in ("fasttrack", "eyeball"):
                n_new, above = count_new(name, options.hours * u.hour, options.rank)
                print(f"{name}: {n_new} new objects, {len(above)} with a rank of {options.rank:g} or more")
                for object_id in above:
                    print(f"  {object_id}")
    except exceptions.AtlasQueryError as error:
        print(error, file=sys.stderr)
        return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
    return 0


if __name__ == "__main__":
    sys.exit(main())
