# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The kinds of object in the sky: how common each is, how it behaves, and what becomes of it on the server.

Shares are those of what the transient server keeps, not of nature: mostly supernovae, then what looks like one.
"""

from dataclasses import dataclass

__all__ = ["CLASSES", "Kind", "index_of"]


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    Parameters
    ----------
    name : str
        As it appears in ``Sky.truth``.
    share : float
        Its part of all objects; the parts are normalised.
    source : str
        Which model makes its light curve.
    peak : tuple
        Mean and scatter of the apparent magnitude at peak (of the mean magnitude, if it is always there).
    sherlock : dict
        Classification by Sherlock and its probability.
    spectra : tuple
        Spectroscopic types it may get.
    classified : float
        Probability that it gets a spectrum.
    named : float
        Probability that it is reported, and so has an ATLAS designation.
    lists : dict
        Detection list of an old object and its probability.
    follow : float
        Days for which forced photometry goes on.
    score : tuple
        Mean and scatter of the score of the Virtual Research Assistant (0 to 10).
    """

    name: str
    share: float
    source: str
    peak: tuple
    sherlock: dict
    spectra: tuple = ()
    classified: float = 0.0
    named: float = 0.0
    lists: dict = None
    follow: float = 0.0
    score: tuple = (5.0, 2.0)


_HOST = {"SN": 0.82, "NT": 0.07, "ORPHAN": 0.07, "UNCLEAR": 0.02, "AGN": 0.02}
_OLD_SN = {2: 0.22, 5: 0.62, 3: 0.12, 1: 0.04}

CLASSES = (
    Kind("SN Ia", 0.200, "SN Ia", (18.25, 0.75), _HOST, ("SN Ia", "SN Ia", "SN Ia", "SN Ia", "SN Ia-91T-like",
         "SN Ia-91bg-like"), 0.45, 0.97, _OLD_SN, 140.0, (8.3, 1.2)),
    Kind("SN II", 0.080, "SN II", (18.45, 0.65), _HOST, ("SN II", "SN II", "SN IIP", "SN IIn"), 0.40, 0.95, _OLD_SN,
         150.0, (7.9, 1.3)),
    Kind("SN Ibc", 0.030, "SN Ibc", (18.3, 0.7), _HOST, ("SN Ib", "SN Ic", "SN IIb", "SN Ic-BL"), 0.45, 0.95, _OLD_SN,
         120.0, (8.0, 1.3)),
    Kind("SLSN", 0.010, "SLSN", (18.6, 0.4), {"ORPHAN": 0.6, "SN": 0.4}, ("SLSN-I", "SLSN-II"), 0.5, 0.95, _OLD_SN,
         200.0, (7.2, 1.5)),
    Kind("TDE", 0.015, "TDE", (18.4, 0.6), {"NT": 0.75, "SN": 0.15, "AGN": 0.1}, ("TDE", "TDE-H-He"), 0.4, 0.9,
         _OLD_SN, 220.0, (7.5, 1.3)),
    Kind("nova", 0.015, "nova", (15.5, 1.8), {"VS": 0.5, "UNCLEAR": 0.3, "ORPHAN": 0.2}, ("Nova",), 0.4, 0.8,
         {10: 0.55, 12: 0.25, 6: 0.2}, 60.0, (7.6, 1.6)),
    Kind("CV", 0.080, "CV", (16.9, 1.1), {"CV": 0.5, "VS": 0.35, "ORPHAN": 0.15}, ("CV",), 0.10, 0.75,
         {6: 0.75, 12: 0.15, 5: 0.1}, 40.0, (6.8, 1.7)),
    Kind("M dwarf flare", 0.030, "flare", (17.8, 0.7), {"VS": 0.85, "ORPHAN": 0.15}, (), 0.0, 0.3,
         {6: 0.8, 0: 0.2}, 14.0, (5.0, 2.0)),
    Kind("RR Lyrae", 0.030, "RR Lyrae", (16.8, 1.0), {"VS": 0.97, "UNCLEAR": 0.03}, (), 0.0, 0.05, {6: 0.8, 0: 0.2},
         20.0, (2.5, 1.4)),
    Kind("eclipsing binary", 0.030, "eclipsing", (15.8, 1.3), {"VS": 0.97, "BS": 0.03}, (), 0.0, 0.05,
         {6: 0.75, 0: 0.25}, 20.0, (2.0, 1.2)),
    Kind("Mira", 0.040, "Mira", (14.6, 1.5), {"VS": 0.95, "ORPHAN": 0.05}, ("Varstar",), 0.03, 0.15,
         {6: 0.9, 10: 0.1}, 60.0, (3.4, 1.6)),
    Kind("AGN", 0.090, "AGN", (17.3, 0.9), {"AGN": 0.75, "NT": 0.25}, ("AGN", "QSO"), 0.08, 0.3,
         {7: 0.85, 0: 0.1, 5: 0.05}, 120.0, (4.4, 1.7)),
    Kind("high proper motion star", 0.050, "dipole", (18.8, 0.5), {"VS": 0.6, "HPM": 0.2, "BS": 0.2}, (), 0.0, 0.0,
         {11: 0.9, 0: 0.1}, 10.0, (2.0, 1.2)),
    Kind("fast mover", 0.030, "mover", (18.4, 0.7), {"ORPHAN": 0.95, "UNCLEAR": 0.05}, (), 0.0, 0.0,
         {9: 0.8, 0: 0.2}, 0.0, (4.0, 2.0)),
    Kind("bright star residual", 0.100, "residual", (18.3, 0.8), {"BS": 0.55, "VS": 0.45}, (), 0.0, 0.0,
         {0: 0.97, 3: 0.03}, 0.0, (1.0, 0.9)),
    Kind("artefact", 0.150, "artefact", (18.7, 0.6), {"ORPHAN": 0.5, "SN": 0.25, "VS": 0.2, "UNCLEAR": 0.05}, (), 0.0,
         0.0, {0: 0.97, 3: 0.03}, 0.0, (1.2, 1.1)),
    Kind("AT2018cow", 0.0, "AT2018cow", (13.4, 0.0), {"SN": 1.0}, ("Other",), 1.0, 1.0, {1: 1.0}, 130.0, (9.9, 0.0)),
)  # fmt: skip
"""All kinds of object."""


def index_of(name):
    """Find a kind by its name.

    Parameters
    ----------
    name : str
        For example ``"SN Ia"``.

    Returns
    -------
    int
        Its index in ``CLASSES``.
    """
    return [kind.name for kind in CLASSES].index(name)
