# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Sign in, search around a position, print the table and the light curve, and save a plot.

The example uses the sandbox, a local ATLAS server with a synthetic sky, and needs neither an account nor a network.
With an account, omit the sandbox, and use ``from atlasquery import ATLAS`` and ``ATLAS.login()``.
"""

from pathlib import Path

import matplotlib as mpl
from astropy import units as u
from astropy.coordinates import SkyCoord

from atlasquery.sandbox import Sandbox

mpl.use("agg")  # saves plots to files, and needs no screen


def main(plot_path=Path("at2018cow.png")):
    """Show AT2018cow, the transient that ATLAS discovered in June 2018."""
    with Sandbox(end="2026-11-01") as sandbox:
        atlas = sandbox.client()
        position = SkyCoord("16h16m00.22s +22d16m04.9s")

        print(f"Signed in to {sandbox.url}: {atlas.authenticated()}\n")
        matches = atlas.query_region(position, 1 * u.arcmin)
        matches.pprint()

        light_curve = atlas.get_light_curve(matches["atlas_id"][0], since="2018-05-15")
        print(f"\n{light_curve!r}\n")

        axes = light_curve.plot()
        axes.figure.savefig(plot_path, dpi=150)
        print(f"Saved the plot of the light curve to {plot_path.resolve()}")


if __name__ == "__main__":
    main()
