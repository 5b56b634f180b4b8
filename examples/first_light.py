# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The whole way once: sign in, cone search, table, light curve, picture. No account and no network are needed.

A sandbox, a local ATLAS server over a synthetic sky, stands in for the real one. With an account, leave the sandbox
out and write ``from atlasquery import ATLAS`` and ``ATLAS.login()``.
"""

from pathlib import Path

import matplotlib as mpl
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery.sandbox import Sandbox

mpl.use("agg")  # a picture in a file, also where there is no screen


def main(picture=Path("at2018cow.png")):
    """Show AT2018cow, the transient that ATLAS found in June 2018."""
    with Sandbox(end="2026-11-01") as sandbox:
        atlas = sandbox.client()
        position = SkyCoord("16h16m00.22s +22d16m04.9s")

        print(f"Signed in to {sandbox.url}: {atlas.authenticated()}\n")
        objects = atlas.query_region(position, 1 * u.arcmin)
        objects.pprint()

        light_curve = atlas.get_light_curve(objects["atlas_id"][0], since="2018-05-15")
        print(f"\n{light_curve!r}\n")

        axes = light_curve.plot()
        axes.figure.savefig(picture, dpi=150)
        print(f"The light curve is drawn in {picture.resolve()}")


if __name__ == "__main__":
    main()
