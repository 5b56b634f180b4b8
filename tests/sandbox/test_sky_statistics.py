# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Statistics of the sky compared with two complete recorded answers.

The recordings are a supernova at Dec +32 and a short outburst at Dec -9, both from before 2024. They are compared with
the simulated exposures at the same positions and times, and with the forced photometry of simulated supernovae. Run
with ``-s`` to print the table."""

import json

import numpy as np
import pytest

from atlasquery.sandbox.sky.sites import BANDS, SITES

NAMES = ("objects_1000005291314656200", "objects_1134751930091216800")
END = 60331.0
SKY_OPTIONS = {"seed": 1, "n_objects": 1000, "end": END}
OBJECT_NULLS = ("atlas_designation", "other_designation", "observation_status", "rb_pix", "object_classification",
                "local_comments", "current_trend")  # fmt: skip
SHERLOCK_NULLS = ("z", "photoz", "catalogue_object_subtype", "rank", "field_g", "j", "u")


class Comparison:
    """Table of recorded and simulated quantities, each checked against an allowed difference."""

    def __init__(self):
        self.lines = [f"{'quantity':<34}{'recorded':>12}{'sandbox':>12}{'difference':>12}{'allowed':>10}"]
        self.failures = []

    def add(self, quantity, recorded, simulated, *, within=None, factor=None):
        """Compare with an absolute tolerance `within` or a `factor`."""
        difference = simulated - recorded if factor is None else simulated / recorded
        is_close = abs(difference) <= within if factor is None else 1 / factor <= difference <= factor
        allowed = f"± {within:g}" if factor is None else f"× {factor:g}"
        self.lines.append(f"{quantity:<34}{recorded:12.3f}{simulated:12.3f}{difference:12.3f}{allowed:>10}")
        if not is_close:
            self.failures.append(self.lines[-1])

    def finish(self, title):
        print(f"\n{title}\n" + "\n".join(self.lines))
        assert not self.failures, "\n".join(self.failures)


@pytest.fixture(scope="module")
def recordings(shared_data):
    return [json.loads((shared_data / "recordings" / f"{name}.json").read_text())[0] for name in NAMES]


@pytest.fixture(scope="module")
def supernovae(sky):
    kinds = zip(sky.truth["id"], sky.truth["class"], sky.truth["peak_mag"], strict=True)
    # The recorded supernova peaked at 19 mag, the outburst at 17 mag for an hour: select faint supernovae.
    return [sky.make_photometry(object_id) for object_id, kind, peak in kinds if kind.startswith("SN") and peak > 18.3]


def _recorded_exposures(record):
    """Return one row an exposure: a bright source is listed twice in `lc`."""
    rows = {row["expname"]: row for row in record["lc"] + record["lcnondets"]}
    return sorted(rows.values(), key=lambda row: row["mjd"])


def _split_nights(mjd):
    return np.split(mjd, np.flatnonzero(np.diff(mjd) > 0.4) + 1)


def _compare_cadence(table, mjd, simulated):
    table.add("exposures", len(mjd), len(simulated), factor=1.2)
    nights, sim_nights = _split_nights(mjd), _split_nights(simulated)
    table.add("nights", len(nights), len(sim_nights), factor=1.25)
    shares = [np.mean([len(night) == 4 for night in sample]) for sample in (nights, sim_nights)]
    table.add("share of nights with 4 exposures", *shares, within=0.2)
    gaps, sim_gaps = (np.diff([night[0] for night in sample]) for sample in (nights, sim_nights))
    for percent, days in ((5, 0.4), (50, 0.4), (75, 1.0), (90, 2.5)):
        table.add(f"gap between nights, {percent} % (d)", *np.percentile(gaps, percent, keepdims=True),
                  np.percentile(sim_gaps, percent), within=days)  # fmt: skip
    season, sim_season = (np.median(np.sort(sample)[-5:]) for sample in (gaps, sim_gaps))
    table.add("seasonal gap (d)", season, sim_season, within=45.0)
    minutes, sim_minutes = (1440 * np.diff(sample)[np.diff(sample) < 0.4] for sample in (mjd, simulated))
    for percent in (25, 50, 75):
        values = np.percentile(minutes, percent), np.percentile(sim_minutes, percent)
        table.add(f"gap within a night, {percent} % (min)", *values, factor=1.4)


def _compare_depth(table, rows, simulated):
    sites = np.array([row["expname"][:3] for row in rows])
    bands = np.array([row["filter"] for row in rows])
    limits, zeros = (np.array([row[name] for row in rows]) for name in ("mag5sig", "zp"))
    for number, site in enumerate(SITES):
        for band in "co":
            recorded = (sites == site.code) & (bands == band)
            in_sim = (simulated.site == number) & (simulated.band == BANDS.index(band))
            if np.count_nonzero(recorded) < 60:
                continue
            label = f"{site.code} {band}"
            is_small = np.count_nonzero(recorded) < 300
            table.add(f"{label} exposures", recorded.sum(), in_sim.sum(), factor=2.0 if is_small else 1.3)
            # The faint tail is due to clouds on few nights.
            for percent, within in ((5, 2.0 if is_small else 1.3), (25, 0.3), (50, 0.25), (75, 0.25), (95, 0.25)):
                values = (
                    np.percentile(limits[recorded], percent),
                    np.percentile(simulated.mag5sig[in_sim], percent),
                )
                table.add(f"{label} mag5sig, {percent} %", *values, within=within)
            table.add(f"{label} zp, median", np.median(zeros[recorded]), np.median(simulated.zp[in_sim]), within=0.12)


@pytest.mark.parametrize("selection", [0, 1])
def test_cadence_and_depth_resemble_the_recordings(recordings, sky, selection):
    record = recordings[selection]
    rows = _recorded_exposures(record)
    mjd = np.array([row["mjd"] for row in rows])
    simulated = sky.survey.find_exposures(record["object"]["ra"], record["object"]["dec"], end=mjd[-1])
    table = Comparison()
    _compare_cadence(table, mjd, simulated.mjd)
    _compare_depth(table, rows, simulated)
    table.finish(f"Exposures at the position of {record['object']['atlas_designation']}")


def _fit_columns(rows):
    fitted = [row for row in rows if row["peakfit"] is not None]
    names = ("peakfit", "dpeak", "zp", "apfit", "major", "minor", "chin", "flux", "dflux", "skyval", "snr")
    columns = {name: np.array([row[name] for row in fitted]) for name in names}
    columns["limiting"] = np.array([row["limiting_mag"] for row in fitted])
    columns["band"] = np.array([row["filter"] for row in fitted])
    area = columns["major"] * columns["minor"] / 30.0
    columns["duJy"] = columns["dpeak"] * area * 10 ** (-0.4 * (columns["zp"] + columns["apfit"] - 23.9))
    columns["pull"] = columns["peakfit"] / columns["dpeak"]
    return columns


def test_forced_photometry_resembles_the_recordings(recordings, supernovae):
    rows = [row for record in recordings for row in record["fp"]]
    # The recorded rows are from 2020 and 2021, when there were two telescopes.
    sim_rows = [row for record in supernovae for row in record["fp"] if row["mjd_obs"] < 59580]
    fits, sim_fits = _fit_columns(rows), _fit_columns(sim_rows)
    table = Comparison()
    table.add("failed fits", 1 - len(fits["zp"]) / len(rows), 1 - len(sim_fits["zp"]) / len(sim_rows), within=0.02)
    table.add("limits", fits["limiting"].mean(), sim_fits["limiting"].mean(), within=0.25)
    shares = [np.mean(sample["peakfit"][sample["limiting"]] < 0) for sample in (fits, sim_fits)]
    table.add("negative among limits", *shares, within=0.08)
    table.add("negative", *(np.mean(sample["peakfit"] < 0) for sample in (fits, sim_fits)), within=0.12)
    # Fluxes below one sigma are noise: their scatter shows whether the errors are right.
    widths = [np.std(sample["pull"][np.abs(sample["pull"]) < 1]) for sample in (fits, sim_fits)]
    table.add("scatter of flux / error below 1", *widths, within=0.06)
    for band, factor in (("c", 1.35), ("o", 1.35)):
        in_recorded, in_sim = fits["band"] == band, sim_fits["band"] == band
        for percent in (5, 50, 95):
            values = (
                np.percentile(sample["duJy"][selection], percent)
                for sample, selection in ((fits, in_recorded), (sim_fits, in_sim))
            )
            table.add(f"{band} duJy, {percent} %", *values, factor=factor if percent < 95 else 2.5)
        widths = (
            np.median(sample["major"][selection]) for sample, selection in ((fits, in_recorded), (sim_fits, in_sim))
        )
        table.add(f"{band} major, median (pixel)", *widths, within=0.25)
    for name, within in (("apfit", 0.02), ("chin", 0.1), ("skyval", 2.0)):
        table.add(f"{name}, median", np.median(fits[name]), np.median(sim_fits[name]), within=within)
    ratios = (np.median(sample["dflux"] / sample["dpeak"]) for sample in (fits, sim_fits))
    table.add("dflux / dpeak, median", *ratios, within=5.0)
    table.finish("Forced photometry of faint supernovae")


def _limit_minus_error_mag(records):
    """Return how much brighter the limit of the exposure is than 5 sigma of the forced fit [mag]."""
    values = []
    for record in records:
        limits = {row["expname"]: row["mag5sig"] for row in record["lc"] + record["lcnondets"]}
        rows = [row for row in record["fp"] if row["peakfit"] is not None and row["expname"] in limits]
        errors = _fit_columns(rows)["duJy"]
        values.extend(np.array([limits[row["expname"]] for row in rows]) - 23.9 + 2.5 * np.log10(5.0 * errors))
    return np.array(values)


def test_flux_errors_follow_from_the_limits(recordings, supernovae):
    table = Comparison()
    recorded, simulated = _limit_minus_error_mag(recordings), _limit_minus_error_mag(supernovae)
    for percent, within in ((5, 0.08), (25, 0.06), (50, 0.05), (75, 0.07), (95, 0.3)):
        values = np.percentile(recorded, percent), np.percentile(simulated, percent)
        table.add(f"mag5sig - 5 sigma, {percent} % (mag)", *values, within=within)
    table.finish("Errors of forced photometry compared with the limits of the exposures")


def _magnitude_errors(records):
    rows = [row for record in records for row in record["lc"] if row["mag"] > 0 and row["mag5sig"] - row["mag"] < 1]
    above = np.array([row["mag5sig"] - row["mag"] for row in rows])
    return above, np.array([row["magerr"] for row in rows]), np.array([row["chin"] for row in rows])


def _artefact_brightness(records):
    """Return how much brighter than the limit artefacts are, more than 250 days from the median detection [mag]."""
    values = []
    for record in records:
        middle = np.median([row["mjd"] for row in record["lc"]])
        rows = [row for row in record["lc"] if abs(row["mjd"] - middle) > 250]
        values.append([row["mag5sig"] - abs(row["mag"]) for row in rows])
    return values


def test_detections_resemble_the_recordings(recordings, supernovae):
    table = Comparison()
    (above, error, chin), (sim_above, sim_error, sim_chin) = (
        _magnitude_errors(recordings),
        _magnitude_errors(supernovae),
    )
    # The error relative to that expected from the depth of the exposure.
    ratio, sim_ratio = (5 * e / 1.0857 * 10 ** (0.4 * a) for e, a in ((error, above), (sim_error, sim_above)))
    table.add("magerr / expected, median", np.median(ratio), np.median(sim_ratio), within=0.15)
    table.add("brightness over the limit, median", np.median(above), np.median(sim_above), within=0.35)
    table.add("chin, median", np.median(chin), np.median(sim_chin), within=0.3)
    signs, sim_signs = (
        [row["mag"] < 0 for sample in records for row in sample["lc"]] for records in (recordings, supernovae)
    )
    table.add("negative detections", np.mean(signs), np.mean(sim_signs), within=0.08)
    artefacts, simulated = _artefact_brightness(recordings), _artefact_brightness(supernovae)
    table.add(
        "artefacts an object, median", np.median([*map(len, artefacts)]), np.median([*map(len, simulated)]), within=5.0
    )
    table.add(
        "artefacts over the limit, median",
        np.median(np.concatenate(artefacts)),
        np.median(np.concatenate(simulated)),
        within=0.4,
    )
    spread, sim_spread = (np.std(np.concatenate(sample)) for sample in (artefacts, simulated))
    table.add("artefacts over the limit, scatter", spread, sim_spread, within=0.5)
    table.finish("Detections")


def test_null_fractions_resemble_the_recordings(sky, shared_data):
    """Compare with the counts of the real server's software on a synthetic database."""
    recorded_types = json.loads((shared_data / "recorded_types.json").read_text())
    objects = [sky.make_object_section(object_id) for object_id in sky.ids.tolist()]
    crossmatches = [
        row for sample in sky.ids[:400].tolist() for row in sky.make_crossmatches(sample)["sherlock_crossmatches"]
    ]
    table = Comparison()
    for name, rows, columns in (
        ("object", objects, OBJECT_NULLS),
        ("sherlock_crossmatches", crossmatches, SHERLOCK_NULLS),
    ):
        for column in columns:
            counts = recorded_types[name][column]
            share = counts.get("NoneType", 0) / sum(counts.values())
            simulated = np.mean([row[column] is None for row in rows])
            table.add(f"{name[:8]} {column} null", share, simulated, within=0.25)
    table.finish("Nulls")
