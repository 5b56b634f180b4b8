# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The classes of object in the sky: fraction, light-curve model, classification and lists of each.

The fractions are those of the transient server, not of nature: mostly supernovae, then sources that resemble them.
"""

from dataclasses import dataclass

__all__ = ["OBJECT_CLASSES", "ObjectClass", "find_class_index"]


@dataclass(frozen=True)
class ObjectClass:
    """One class of object.

    Parameters
    ----------
    name : str
        As in ``Sky.truth``.
    fraction : float
        Fraction of all objects, before normalization.
    source : str
        Name of the light-curve model.
    peak_mag : tuple
        Mean and scatter of the apparent magnitude at peak (of the mean magnitude of a permanent source).
    sherlock_fractions : dict
        Classification by Sherlock and its probability.
    spectral_types : tuple
        Possible spectroscopic types.
    spectrum_fraction : float
        Probability of a spectrum.
    named_fraction : float
        Probability of a report, and so of an ATLAS designation.
    list_fractions : dict
        Detection list of an old object and its probability.
    forced_days : float
        Duration of forced photometry [days].
    vra_score : tuple
        Mean and scatter of the score of the Virtual Research Assistant (0 to 10).
    """

    name: str
    fraction: float
    source: str
    peak_mag: tuple
    sherlock_fractions: dict
    spectral_types: tuple = ()
    spectrum_fraction: float = 0.0
    named_fraction: float = 0.0
    list_fractions: dict = None
    forced_days: float = 0.0
    vra_score: tuple = (5.0, 2.0)


_SN_SHERLOCK = {"SN": 0.82, "NT": 0.07, "ORPHAN": 0.07, "UNCLEAR": 0.02, "AGN": 0.02}
_SN_LISTS = {2: 0.22, 5: 0.62, 3: 0.12, 1: 0.04}

OBJECT_CLASSES = (
    ObjectClass("SN Ia", 0.200, "SN Ia", (18.25, 0.75), _SN_SHERLOCK,
                ("SN Ia", "SN Ia", "SN Ia", "SN Ia", "SN Ia-91T-like", "SN Ia-91bg-like"),
                0.45, 0.97, _SN_LISTS, 140.0, (8.3, 1.2)),
    ObjectClass("SN II", 0.080, "SN II", (18.45, 0.65), _SN_SHERLOCK,
                ("SN II", "SN II", "SN IIP", "SN IIn"), 0.40, 0.95, _SN_LISTS, 150.0, (7.9, 1.3)),
    ObjectClass("SN Ibc", 0.030, "SN Ibc", (18.3, 0.7), _SN_SHERLOCK,
                ("SN Ib", "SN Ic", "SN IIb", "SN Ic-BL"), 0.45, 0.95, _SN_LISTS, 120.0, (8.0, 1.3)),
    ObjectClass("SLSN", 0.010, "SLSN", (18.6, 0.4), {"ORPHAN": 0.6, "SN": 0.4},
                ("SLSN-I", "SLSN-II"), 0.5, 0.95, _SN_LISTS, 200.0, (7.2, 1.5)),
    ObjectClass("TDE", 0.015, "TDE", (18.4, 0.6), {"NT": 0.75, "SN": 0.15, "AGN": 0.1},
                ("TDE", "TDE-H-He"), 0.4, 0.9, _SN_LISTS, 220.0, (7.5, 1.3)),
    ObjectClass("nova", 0.015, "nova", (15.5, 1.8), {"VS": 0.5, "UNCLEAR": 0.3, "ORPHAN": 0.2},
                ("Nova",), 0.4, 0.8, {10: 0.55, 12: 0.25, 6: 0.2}, 60.0, (7.6, 1.6)),
    ObjectClass("CV", 0.080, "CV", (16.9, 1.1), {"CV": 0.5, "VS": 0.35, "ORPHAN": 0.15},
                ("CV",), 0.10, 0.75, {6: 0.75, 12: 0.15, 5: 0.1}, 40.0, (6.8, 1.7)),
    ObjectClass("M dwarf flare", 0.030, "flare", (17.8, 0.7), {"VS": 0.85, "ORPHAN": 0.15},
                (), 0.0, 0.3, {6: 0.8, 0: 0.2}, 14.0, (5.0, 2.0)),
    ObjectClass("RR Lyrae", 0.030, "RR Lyrae", (16.8, 1.0), {"VS": 0.97, "UNCLEAR": 0.03},
                (), 0.0, 0.05, {6: 0.8, 0: 0.2}, 20.0, (2.5, 1.4)),
    ObjectClass("eclipsing binary", 0.030, "eclipsing", (15.8, 1.3), {"VS": 0.97, "BS": 0.03},
                (), 0.0, 0.05, {6: 0.75, 0: 0.25}, 20.0, (2.0, 1.2)),
    ObjectClass("Mira", 0.040, "Mira", (14.6, 1.5), {"VS": 0.95, "ORPHAN": 0.05},
                ("Varstar",), 0.03, 0.15, {6: 0.9, 10: 0.1}, 60.0, (3.4, 1.6)),
    ObjectClass("AGN", 0.090, "AGN", (17.3, 0.9), {"AGN": 0.75, "NT": 0.25},
                ("AGN", "QSO"), 0.08, 0.3, {7: 0.85, 0: 0.1, 5: 0.05}, 120.0, (4.4, 1.7)),
    ObjectClass("high proper motion star", 0.050, "dipole", (18.8, 0.5), {"VS": 0.6, "HPM": 0.2, "BS": 0.2},
                (), 0.0, 0.0, {11: 0.9, 0: 0.1}, 10.0, (2.0, 1.2)),
    ObjectClass("fast mover", 0.030, "mover", (18.4, 0.7), {"ORPHAN": 0.95, "UNCLEAR": 0.05},
                (), 0.0, 0.0, {9: 0.8, 0: 0.2}, 0.0, (4.0, 2.0)),
    ObjectClass("bright star residual", 0.100, "residual", (18.3, 0.8), {"BS": 0.55, "VS": 0.45},
                (), 0.0, 0.0, {0: 0.97, 3: 0.03}, 0.0, (1.0, 0.9)),
    ObjectClass("artefact", 0.150, "artefact", (18.7, 0.6), {"ORPHAN": 0.5, "SN": 0.25, "VS": 0.2, "UNCLEAR": 0.05},
                (), 0.0, 0.0, {0: 0.97, 3: 0.03}, 0.0, (1.2, 1.1)),
    ObjectClass("AT2018cow", 0.0, "AT2018cow", (13.4, 0.0), {"SN": 1.0},
                ("Other",), 1.0, 1.0, {1: 1.0}, 130.0, (9.9, 0.0)),
)  # fmt: skip
"""All classes of object."""


def find_class_index(name):
    """Return the index in `OBJECT_CLASSES` of a class name such as ``"SN Ia"``."""
    return [object_class.name for object_class in OBJECT_CLASSES].index(name)
