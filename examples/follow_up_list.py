# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Keep a follow-up list: add good new candidates from eyeball, remove those that need no follow-up any more.

An object is added if its VRA score, declination and Sherlock class pass, and it has no spectroscopic type. It is
removed if it has been classified, is garbage, or has faded: its last ten visits are all non-detections. Two runs at the
same time do no harm: an object that is on the list already, or has been removed already, counts as done.

Exit codes: 0 done; 3 no usable token; 7 rate limit; 1 any other failure. Run it from cron as
``python follow_up_list.py mookodi --vra 7 --dec -40 20``; with ``--dry-run`` nothing is written.
"""

import argparse
import sys

import numpy as np
from astropy import units as u

from atlasquery import ATLAS, exceptions

EXIT_CODES = ((exceptions.LoginError, 3), (exceptions.RateLimitError, 7), (exceptions.AtlasQueryError, 1))


def find_candidates(options):
    """Return the ids of objects of eyeball that pass, and have no spectroscopic type."""
    filters = {"vra": (options.vra, None), "dec": tuple(options.dec), "sherlock_class": options.sherlock_class}
    table = ATLAS.query_list("eyeball", **filters)
    has_type = table["spec_type"].filled("") != ""
    return table["atlas_id"][~has_type].tolist()


def find_finished(members, n_visits):
    """Return the reason for each id of the list that needs no follow-up any more."""
    objects = ATLAS.query_object(members)
    reasons = {}
    for row in objects:
        if row["spec_type"]:
            reasons[int(row["atlas_id"])] = f"classified as {row['spec_type']}"
        elif row["detection_list_name"] == "garbage":
            reasons[int(row["atlas_id"])] = "garbage"
    remaining = [object_id for object_id in members if object_id not in reasons]
    curves = ATLAS.get_light_curves(remaining, since=120 * u.day) if remaining else {}
    faded = [object_id for object_id, curve in curves.items() if has_faded(curve, n_visits)]
    return reasons | dict.fromkeys(faded, f"not detected in the last {n_visits} visits")


def has_faded(curve, n_visits):
    """Return whether the last visits, a night each, have no detection."""
    is_exposure = np.isin(curve["kind"], ["detection", "limit"])
    if not is_exposure.any():
        return False
    visits = np.cumsum(np.diff(curve.time.mjd[is_exposure], prepend=0) > 0.4)
    is_recent = visits > visits[-1] - n_visits
    return visits[-1] >= n_visits and not np.any(curve["kind"][is_exposure][is_recent] == "detection")


def main(arguments=None):
    """Update the list and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("list", help="custom list to keep")
    parser.add_argument("--vra", type=float, default=8.0, help="lowest VRA score (default: %(default)s)")
    parser.add_argument("--dec", type=float, nargs=2, default=[-90.0, 90.0], help="range of declination in degrees")
    parser.add_argument("--sherlock-class", nargs="+", default=["SN", "NT", "ORPHAN"])
    parser.add_argument("--visits", type=int, default=10, help="visits without a detection (default: %(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written")
    options = parser.parse_args(arguments)
    try:
        members = ATLAS.query_list(options.list)["atlas_id"].tolist()
        finished = find_finished(members, options.visits) if members else {}
        new = [one for one in find_candidates(options) if one not in members]
        for ids, write in ((new, ATLAS.add_to_list), (list(finished), ATLAS.remove_from_list)):
            for row in write(ids, options.list, dry_run=options.dry_run) if ids else ():
                print(row["atlas_id"], row["status"], finished.get(int(row["atlas_id"]), "new candidate"))
    except exceptions.AtlasQueryError as error:
        print(error, file=sys.stderr)
        return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
    return 0


if __name__ == "__main__":
    sys.exit(main())
