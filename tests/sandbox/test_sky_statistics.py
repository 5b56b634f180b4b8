# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""The sky's statistics against those of two whole real answers, side by side.

The real ones are a supernova at dec +32 and a brief outburst at dec -9, both from before 2024; the synthetic survey is
asked for the same places and the same time, and its supernovae for forced photometry. Run with ``-s`` to see the table.
"""

import json

import numpy as np
import pytest

from atlasquery.sandbox.sky import Sky
from atlasquery.sandbox.sky.sites import BANDS, SITES

NAMES = ("objects_1000005291314656200", "objects_1134751930091216800")
END = 60331.0
OBJECT_NULLS = ("atlas_designation", "other_designation", "observation_status", "rb_pix", "object_classification",
                "local_comments", "current_trend")  # fmt: skip
SHERLOCK_NULLS = ("z", "photoz", "catalogue_object_subtype", "rank", "field_g", "j", "u")


class Comparison:
    """Collects lines of the table: quantity, recorded, ours; checks each when it is told what is close enough."""

    def __init__(self):
        self.lines = [f"{'quantity':<34}{'recorded':>12}{'sandbox':>12}{'difference':>12}{'allowed':>10}"]
        self.failed = []

    def add(self, quantity, recorded, ours, *, within=None, factor=None):
        """Compare: `within` an absolute difference or a `factor`."""
        difference = ours - recorded if factor is None else ours / recorded
        good = abs(difference) <= within if factor is None else 1 / factor <= difference <= factor
        allowed = f"± {within:g}" if factor is None else f"× {factor:g}"
        self.lines.append(f"{quantity:<34}{recorded:12.3f}{ours:12.3f}{difference:12.3f}{allowed:>10}")
        if not good:
            self.failed.append(self.lines[-1])

    def finish(self, title):
        print(f"\n{title}\n" + "\n".join(self.lines))
        assert not self.failed, "\n".join(self.failed)


@pytest.fixture(scope="module")
def recordings(shared_data):
    return [json.loads((shared_data / "recordings" / f"{name}.json").read_text())[0] for name in NAMES]


@pytest.fixture(scope="module")
def sky():
    return Sky(seed=1, n_objects=1000, end=END)


@pytest.fixture(scope="module")
def supernovae(sky):
    kinds = zip(sky.truth["id"], sky.truth["class"], sky.truth["peak_mag"], strict=True)
    # The recorded supernova peaked at 19, the outburst at 17 for an hour: compare with what is faint.
    return [sky.sections(one) for one, kind, peak in kinds if kind.startswith("SN") and peak > 18.3]


def _recorded_exposures(record):
    """One row an exposure: a bright source is listed twice in `lc`."""
    rows = {row["expname"]: row for row in record["lc"] + record["lcnondets"]}
    return sorted(rows.values(), key=lambda row: row["mjd"])


def _nights(mjd):
    return np.split(mjd, np.flatnonzero(np.diff(mjd) > 0.4) + 1)


def _compare_cadence(table, mjd, ours):
    table.add("exposures", len(mjd), len(ours), factor=1.2)
    nights, our_nights = _nights(mjd), _nights(ours)
    table.add("nights", len(nights), len(our_nights), factor=1.25)
    shares = [np.mean([len(night) == 4 for night in all_]) for all_ in (nights, our_nights)]
    table.add("share of nights with 4 exposures", *shares, within=0.2)
    gaps, our_gaps = (np.diff([night[0] for night in all_]) for all_ in (nights, our_nights))
    for percent, days in ((5, 0.4), (50, 0.4), (75, 1.0), (90, 2.5)):
        table.add(f"gap between nights, {percent} % (d)", *np.percentile(gaps, percent, keepdims=True),
                  np.percentile(our_gaps, percent), within=days)  # fmt: skip
    season, our_season = (np.median(np.sort(all_)[-5:]) for all_ in (gaps, our_gaps))
    table.add("seasonal gap (d)", season, our_season, within=45.0)
    minutes, our_minutes = (1440 * np.diff(all_)[np.diff(all_) < 0.4] for all_ in (mjd, ours))
    for percent in (25, 50, 75):
        values = np.percentile(minutes, percent), np.percentile(our_minutes, percent)
        table.add(f"gap within a night, {percent} % (min)", *values, factor=1.4)


def _compare_depth(table, rows, ours):
    sites = np.array([row["expname"][:3] for row in rows])
    bands = np.array([row["filter"] for row in rows])
    limits, zeros = (np.array([row[name] for row in rows]) for name in ("mag5sig", "zp"))
    for number, site in enumerate(SITES):
        for band in "co":
            recorded = (sites == site.code) & (bands == band)
            mine = (ours.site == number) & (ours.band == BANDS.index(band))
            if np.count_nonzero(recorded) < 60:
                continue
            label = f"{site.code} {band}"
            few = np.count_nonzero(recorded) < 300
            table.add(f"{label} exposures", recorded.sum(), mine.sum(), factor=2.0 if few else 1.3)
            # The faint tail is clouds: what a handful of nights had.
            for percent, within in ((5, 2.0 if few else 1.3), (25, 0.3), (50, 0.25), (75, 0.25), (95, 0.25)):
                values = np.percentile(limits[recorded], percent), np.percentile(ours.mag5sig[mine], percent)
                table.add(f"{label} mag5sig, {percent} %", *values, within=within)
            table.add(f"{label} zp, median", np.median(zeros[recorded]), np.median(ours.zp[mine]), within=0.12)


@pytest.mark.parametrize("which", [0, 1])
def test_cadence_and_depth(recordings, sky, which):
    record = recordings[which]
    rows = _recorded_exposures(record)
    mjd = np.array([row["mjd"] for row in rows])
    ours = sky.survey.exposures(record["object"]["ra"], record["object"]["dec"], end=mjd[-1])
    table = Comparison()
    _compare_cadence(table, mjd, ours.mjd)
    _compare_depth(table, rows, ours)
    table.finish(f"Exposures at the place of {record['object']['atlas_designation']}")


def _fits(rows):
    fitted = [row for row in rows if row["peakfit"] is not None]
    names = ("peakfit", "dpeak", "zp", "apfit", "major", "minor", "chin", "flux", "dflux", "skyval", "snr")
    columns = {name: np.array([row[name] for row in fitted]) for name in names}
    columns["limiting"] = np.array([row["limiting_mag"] for row in fitted])
    columns["band"] = np.array([row["filter"] for row in fitted])
    area = columns["major"] * columns["minor"] / 30.0
    columns["duJy"] = columns["dpeak"] * area * 10 ** (-0.4 * (columns["zp"] + columns["apfit"] - 23.9))
    columns["pull"] = columns["peakfit"] / columns["dpeak"]
    return columns


def test_forced_photometry(recordings, supernovae):
    rows = [row for record in recordings for row in record["fp"]]
    # The recorded rows are of 2020 and 2021, when there were two telescopes.
    our_rows = [row for record in supernovae for row in record["fp"] if row["mjd_obs"] < 59580]
    fits, our_fits = _fits(rows), _fits(our_rows)
    table = Comparison()
    table.add("failed fits", 1 - len(fits["zp"]) / len(rows), 1 - len(our_fits["zp"]) / len(our_rows), within=0.02)
    table.add("limits", fits["limiting"].mean(), our_fits["limiting"].mean(), within=0.25)
    shares = [np.mean(one["peakfit"][one["limiting"]] < 0) for one in (fits, our_fits)]
    table.add("negative among limits", *shares, within=0.08)
    table.add("negative", *(np.mean(one["peakfit"] < 0) for one in (fits, our_fits)), within=0.12)
    # Below one sigma all are noise: its width there tells whether errors are what they say.
    widths = [np.std(one["pull"][np.abs(one["pull"]) < 1]) for one in (fits, our_fits)]
    table.add("scatter of flux / error below 1", *widths, within=0.06)
    for band, factor in (("c", 1.35), ("o", 1.35)):
        mine, ours = fits["band"] == band, our_fits["band"] == band
        for percent in (5, 50, 95):
            values = (np.percentile(one["duJy"][which], percent) for one, which in ((fits, mine), (our_fits, ours)))
            table.add(f"{band} duJy, {percent} %", *values, factor=factor if percent < 95 else 2.5)
        widths = (np.median(one["major"][which]) for one, which in ((fits, mine), (our_fits, ours)))
        table.add(f"{band} major, median (pixel)", *widths, within=0.25)
    for name, within in (("apfit", 0.02), ("chin", 0.1), ("skyval", 2.0)):
        table.add(f"{name}, median", np.median(fits[name]), np.median(our_fits[name]), within=within)
    ratios = (np.median(one["dflux"] / one["dpeak"]) for one in (fits, our_fits))
    table.add("dflux / dpeak, median", *ratios, within=5.0)
    table.finish("Forced photometry of faint supernovae")


def _excess(records):
    """How much brighter the limit of the exposure is than 5 sigma of the forced fit, in magnitudes."""
    found = []
    for record in records:
        limits = {row["expname"]: row["mag5sig"] for row in record["lc"] + record["lcnondets"]}
        rows = [row for row in record["fp"] if row["peakfit"] is not None and row["expname"] in limits]
        errors = _fits(rows)["duJy"]
        found.extend(np.array([limits[row["expname"]] for row in rows]) - 23.9 + 2.5 * np.log10(5.0 * errors))
    return np.array(found)


def test_flux_error_follows_from_the_limit(recordings, supernovae):
    table = Comparison()
    recorded, ours = _excess(recordings), _excess(supernovae)
    for percent, within in ((5, 0.08), (25, 0.06), (50, 0.05), (75, 0.07), (95, 0.3)):
        values = np.percentile(recorded, percent), np.percentile(ours, percent)
        table.add(f"mag5sig - 5 sigma, {percent} % (mag)", *values, within=within)
    table.finish("Errors of forced photometry against the limits of the exposures")


def _errors(records):
    rows = [row for record in records for row in record["lc"] if row["mag"] > 0 and row["mag5sig"] - row["mag"] < 1]
    above = np.array([row["mag5sig"] - row["mag"] for row in rows])
    return above, np.array([row["magerr"] for row in rows]), np.array([row["chin"] for row in rows])


def _strays(records):
    """How far above the limit the artefacts are, long before or after the days when all others were detected."""
    found = []
    for record in records:
        middle = np.median([row["mjd"] for row in record["lc"]])
        rows = [row for row in record["lc"] if abs(row["mjd"] - middle) > 250]
        found.append([row["mag5sig"] - abs(row["mag"]) for row in rows])
    return found


def test_detections(recordings, supernovae):
    table = Comparison()
    (above, error, chin), (our_above, our_error, our_chin) = _errors(recordings), _errors(supernovae)
    # The error that a source has by the depth of its exposure alone.
    ratio, our_ratio = (5 * e / 1.0857 * 10 ** (0.4 * a) for e, a in ((error, above), (our_error, our_above)))
    table.add("magerr / expected, median", np.median(ratio), np.median(our_ratio), within=0.15)
    table.add("brightness over the limit, median", np.median(above), np.median(our_above), within=0.35)
    table.add("chin, median", np.median(chin), np.median(our_chin), within=0.3)
    signs, our_signs = (
        [row["mag"] < 0 for one in records for row in one["lc"]] for records in (recordings, supernovae)
    )
    table.add("negative detections", np.mean(signs), np.mean(our_signs), within=0.08)
    strays, ours = _strays(recordings), _strays(supernovae)
    table.add("strays an object, median", np.median([*map(len, strays)]), np.median([*map(len, ours)]), within=5.0)
    table.add(
        "strays over the limit, median", np.median(np.concatenate(strays)), np.median(np.concatenate(ours)), within=0.4
    )
    spread, our_spread = (np.std(np.concatenate(one)) for one in (strays, ours))
    table.add("strays over the limit, scatter", spread, our_spread, within=0.5)
    table.finish("Detections")


def test_share_of_nulls(sky, shared_data):
    """Against the counts over the real server's software on a synthetic database: which columns are mostly null."""
    counted = json.loads((shared_data / "recorded_types.json").read_text())
    objects = [sky.object_section(one) for one in sky.ids.tolist()]
    crossmatches = [row for one in sky.ids[:400].tolist() for row in sky.crossmatches(one)["sherlock_crossmatches"]]
    table = Comparison()
    for name, rows, columns in (
        ("object", objects, OBJECT_NULLS),
        ("sherlock_crossmatches", crossmatches, SHERLOCK_NULLS),
    ):
        for column in columns:
            counts = counted[name][column]
            share = counts.get("NoneType", 0) / sum(counts.values())
            ours = np.mean([row[column] is None for row in rows])
            table.add(f"{name[:8]} {column} null", share, ours, within=0.25)
    table.finish("Nulls")
