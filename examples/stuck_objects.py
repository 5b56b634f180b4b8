# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Report objects that have been on the to-do list of the Virtual Research Assistant for more than 16 days.

Exit codes: 0 done; 3 no usable token; 7 rate limit; 1 any other failure. Run it from cron as
``python stuck_objects.py --days 16``. It writes nothing.
"""

import argparse
import sys
import warnings

from astropy import units as u
from astropy.time import Time

from atlasquery import ATLAS, exceptions

EXIT_CODES = ((exceptions.LoginError, 3), (exceptions.RateLimitError, 7), (exceptions.AtlasQueryError, 1))


def main(arguments=None):
    """Print the report and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=float, default=16.0, help="longest time on the list (default: %(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="accepted for uniformity: nothing is ever written")
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings(action="ignore", category=exceptions.NoResultsWarning):  # an empty list is good
            todo = ATLAS.query_vra_todo()
        age = (Time.now() - todo["timestamp"]).to(u.day)
        stuck = todo[age > options.days * u.day]
        print(f"{len(stuck)} of {len(todo)} objects have been on the to-do list for more than {options.days:g} days")
        for row, days in zip(stuck, age[age > options.days * u.day].value, strict=True):
            print(f"  {row['atlas_id']}  since {row['timestamp'].iso[:10]}, {days:.0f} days")
    except exceptions.AtlasQueryError as error:
        print(error, file=sys.stderr)
        return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
    return 0


if __name__ == "__main__":
    sys.exit(main())
