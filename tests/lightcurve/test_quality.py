# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Flags: the bit of each rule, skipped rules, and removal of flags."""

import warnings

import astropy.units as u
import numpy as np
import pytest
from astropy.table import vstack
from astropy.time import Time

from atlasquery.exceptions import DataQualityWarning, InvalidInputError
from atlasquery.lightcurve import LightCurve
from atlasquery.lightcurve.rules import BY_HAND, RECIPES, RULES

pytestmark = pytest.mark.filterwarnings("ignore:Rules of:atlasquery.exceptions.DataQualityWarning")

# A good row of forced photometry, including columns that only text files have.
GOOD = {
    "flux": 100.0,
    "flux_err": 20.0,
    "err": 0,
    "x": 5000.0,
    "y": 5000.0,
    "major": 2.5,
    "minor": 2.2,
    "apfit": -0.4,
    "limit": 19.5,
    "limit_sigma": 5.0,
    "sky": 20.0,
    "chi_n": 1.0,
    "chi2_dof": 1.0,
    "n_clipped": 0,
    "n_points": 4,
    "mask": 0,
    "mjd": 58000.0,
    "site": "01a",
}
UNITS = {
    **dict.fromkeys(("flux", "flux_err"), u.uJy),
    **dict.fromkeys(("x", "y", "major", "minor"), u.pix),
    **dict.fromkeys(("apfit", "limit", "sky"), u.mag),
}

# For each rule: values just outside and just inside the limits.
EDGES = {
    "faq_flux_err": ([{"flux_err": 10000.0}], [{"flux_err": 9999.0}]),
    "faq_err": ([{"err": 1}, {"err": -1}], []),
    "faq_position": (
        [{"x": 100.0}, {"y": 100.0}, {"x": 10460.0}, {"y": 10460.0}],
        [{"x": 100.1}, {"y": 10459.0}],
    ),
    "faq_shape": (
        [{"major": 5.0}, {"minor": 1.6}, {"major": 1.6, "minor": 1.5}],
        [{"major": 4.9}, {"minor": 1.61}],
    ),
    "faq_apfit": ([{"apfit": -1.0}, {"apfit": -0.1}, {"apfit": 0.2}], [{"apfit": -0.11}, {"apfit": -0.99}]),
    "faq_mag5sig": ([{"limit": 17.0}], [{"limit": 17.1}, {"limit": 16.0, "limit_sigma": 3.0}]),
    "faq_sky": ([{"sky": 17.0}], [{"sky": 17.1}]),
    "atclean_flux_err": ([{"flux_err": 160.1}], [{"flux_err": 160.0}]),
    "atclean_chi_n": ([{"chi_n": 10.1}], [{"chi_n": 10.0}]),
    "atclean_bins_chi2": ([{"chi2_dof": 4.1}], [{"chi2_dof": 4.0}]),
    "atclean_bins_clipped": ([{"n_clipped": 2}], [{"n_clipped": 1}]),
    "atclean_bins_few": ([{"n_points": 1}], [{"n_points": 2}]),
    "server_amplifier": (
        [{"x": 659.0, "y": 5279.0}],
        [
            {"x": 659.1, "y": 5279.0},
            {"x": 659.0, "y": 5279.1},
            {"x": 659.0, "y": 5000.0, "site": "02a"},
            {"x": 659.0, "y": 5000.0, "mjd": 58718.0},
        ],
    ),
    "mask_bits": ([{"mask": 1}, {"mask": 0x800000}], []),
    "saturation_flux": ([{"flux": 57544.1}], [{"flux": 57543.9}, {"flux": -60000.0}]),
}


def make_curve(*rows, without=()):
    rows = [GOOD | row for row in rows]
    data = {name: [row[name] for row in rows] for name in GOOD if name not in ("mjd", *without)}
    data = {name: values * UNITS[name] if name in UNITS else values for name, values in data.items()}
    return LightCurve(time=Time([row["mjd"] for row in rows], format="mjd", scale="utc"), data=data)


@pytest.mark.filterwarnings("ignore:1 fluxes are brighter")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_flags_its_bad_values(rule):
    bad, good = EDGES[rule.name]
    flags = [int(make_curve(row).flag(rule.recipe)["quality"][0]) for row in (*bad, *good, {})]
    assert [bool(flag & rule.bit) for flag in flags] == [True] * len(bad) + [False] * (len(good) + 1)


def test_bits_of_rules_never_change():
    assert {rule.name: rule.bit.bit_length() - 1 for rule in (*RULES, BY_HAND)} == {
        "faq_flux_err": 0,
        "faq_err": 1,
        "faq_position": 2,
        "faq_shape": 3,
        "faq_apfit": 4,
        "faq_mag5sig": 5,
        "faq_sky": 6,
        "atclean_flux_err": 7,
        "atclean_chi_n": 8,
        "atclean_bins_chi2": 9,
        "atclean_bins_clipped": 10,
        "atclean_bins_few": 11,
        "server_amplifier": 12,
        "saturation_flux": 13,
        "mask_bits": 14,
        "by_hand": 30,
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_without_its_columns_is_skipped_with_a_warning(rule):
    lc = make_curve({}, without=set(rule.needs) - {"time"})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        flagged = lc.flag(rule.recipe)
    assert any(f"{rule.name} (" in str(warning.message) for warning in caught)
    assert flagged["quality"].tolist() == [0]
    row = flagged.quality_summary()
    assert row["checked"][row["rule"] == rule.name].tolist() == [0]


def test_a_recipe_with_all_columns_gives_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make_curve({}, {}).flag("faq").flag("atclean")


def test_masked_values_are_not_flagged(lc):
    flagged = lc.flag("atclean")
    assert flagged["quality"].tolist() == [0] * len(lc)
    summary = flagged.quality_summary()
    assert summary["checked"].tolist() == [5, 0]


def test_the_summary_counts_the_current_rows():
    lc = make_curve({}, {"chi_n": 11.0}, {"chi_n": np.nan}).flag("atclean").flag([True, False, False])
    assert lc.quality_summary()["rule", "checked", "flagged"].as_array().tolist() == [
        ("atclean_flux_err", 3, 0),
        ("atclean_chi_n", 2, 1),
        ("by_hand", 3, 1),
    ]
    assert lc[:1].quality_summary()["checked"].tolist() == [1, 1, 1]


def test_good_by_a_recipe_that_was_not_applied_gives_a_warning():
    lc = make_curve({}, {"chi_n": 11.0}).flag("atclean")
    assert len(lc.good("atclean")) == len(lc.good()) == 1
    with pytest.warns(DataQualityWarning, match="No row has been flagged by 'server', 'saturation'"):
        assert len(lc.good("server", "atclean", "saturation")) == 1
    with pytest.warns(DataQualityWarning, match="No row has been flagged by 'faq'"):
        lc.good("faq_err")


@pytest.mark.parametrize("names", [("atclean", "atclean_flux_err"), ("atclean_flux_err",) * 2, ("atclean",) * 2])
def test_a_rule_named_twice_counts_once(names):
    flagged = make_curve({}, {"flux_err": 200.0}).flag("atclean")
    assert len(flagged.good(*names)) == 1
    assert flagged.unflag(*names)["quality"].tolist() == [0, 0]


def test_flags_are_combined_and_removed():
    lc = make_curve({}, {"flux_err": 200.0}, {"x": 50.0}, {"x": 50.0, "chi_n": 20.0})
    both = lc.flag("faq").flag("atclean")
    assert both["quality"].tolist() == [0, 128, 4, 256 + 4]
    assert "quality" not in lc.colnames
    assert [len(both.good()), len(both.good("faq")), len(both.good("atclean_chi_n"))] == [1, 2, 3]
    assert both.unflag("faq")["quality"].tolist() == [0, 128, 0, 256]
    assert both.unflag("faq_position", "atclean_chi_n")["quality"].tolist() == [0, 128, 0, 0]
    assert both.unflag()["quality"].tolist() == [0, 0, 0, 0]
    assert (both["flux"] == lc["flux"]).all()
    summary = both.quality_summary()
    assert summary["flagged"].sum() == 4
    assert set(summary["recipe"]) == {"faq", "atclean"}
    assert len(both.unflag().quality_summary()) == 0


def test_rows_are_flagged_by_hand():
    lc = make_curve({}, {}, {})
    flagged = lc.flag([False, True, False])
    assert flagged["quality"].tolist() == [0, 1 << 30, 0]
    assert len(flagged.good()) == 2
    assert flagged.quality_summary()["rule"].tolist() == ["by_hand"]
    assert len(lc.flag(lc["flux"] > 500 * u.uJy).good()) == 3
    assert len(lc.flag(np.ma.array([True, True, True], mask=[True, False, False])).good()) == 1


@pytest.mark.parametrize("name", ["flux", "limiting_mag"])
def test_a_condition_flags_the_rows_that_it_selects(lc, name):
    condition = ~(lc[name] > 10 * u.uJy) if name == "flux" else ~lc[name]
    assert condition.mask.any()
    flagged = lc.flag(condition)
    assert (flagged["quality"] != 0).sum() == len(lc[condition]) > 0


@pytest.mark.parametrize("rows", [[True], [0, 1, 0], np.ma.array([1, 0, 1]), None, "everything"])
def test_invalid_recipes_are_rejected(rows):
    with pytest.raises(InvalidInputError, match=r"`recipe`.*('faq'.*'everything'|shape \(3,\), got)"):
        make_curve({}, {}, {}).flag(rows)


def test_several_recipes_at_once_are_rejected():
    with pytest.raises(InvalidInputError, match=r"`recipe`.*single.*faq"):
        make_curve({}, {}).flag(["faq", "atclean"])


def test_a_similar_recipe_is_suggested():
    with pytest.raises(InvalidInputError, match=r"'atclaen'.*'atclean'"):
        make_curve({}).flag("atclaen")


def test_unknown_names_are_rejected():
    flagged = make_curve({}).flag("faq")
    for call in (flagged.unflag, flagged.good):
        with pytest.raises(InvalidInputError, match=r"`names`.*'Faq'"):
            call("Faq")


def test_good_of_a_curve_without_flags_is_rejected():
    lc = make_curve({}, {})
    for names in ((), ("faq",)):
        with pytest.raises(InvalidInputError, match=r'flag\("faq"\)\.good\(\)'):
            lc.good(*names)
    with pytest.raises(InvalidInputError, match="'quality'"):
        lc[:0].good()


def test_good_accepts_a_curve_whose_flags_were_removed():
    assert len(make_curve({}, {"chi_n": 11.0}).flag("atclean").unflag().good()) == 2


def test_an_empty_curve_can_be_flagged(lc):
    assert len(lc[:0].flag("faq").good()) == 0


def test_flags_are_kept_by_vstack():
    flagged = make_curve({}, {"x": 50.0}).flag("faq")
    assert vstack([flagged, flagged], metadata_conflicts="silent")["quality"].tolist() == [0, 4, 0, 4]


def test_combined_prefers_rows_without_flags(make):
    name = {"expname": "02a58285o0375o"}
    lc = LightCurve.from_record(
        make.record(lc=[make.detection(1.0, 17.0, 0.02, **name), make.detection(1.0, 17, **name)])
    )
    assert lc.combined()["mag_err"].value.tolist() == [0.02]
    assert lc.flag(lc["mag_err"] < 0.05 * u.mag).combined()["mag_err"].value.tolist() == [0.1]


def test_every_recipe_is_documented():
    assert all(f'``"{recipe}"``' in LightCurve.flag.__doc__ for recipe in RECIPES)


@pytest.mark.parametrize(
    ("mjd", "n_problems"), [((58416.0, 58417.0), 1), ((58417.0, 58420.0), 0), ((58000.0, 59000.0), 2), ((59000.0,), 0)]
)
def test_template_changes_give_a_warning(mjd, n_problems):
    lc = make_curve(*({"mjd": day} for day in mjd))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        problems = lc.check_quality()
    assert len(problems) == len(caught) == n_problems
    assert all(issubclass(warning.category, DataQualityWarning) for warning in caught)


def test_limits_are_not_affected_by_template_changes(make):
    lc = LightCurve.from_record(make.record(lcnondets=[make.limit(58000.0), make.limit(59000.0)]))
    assert lc.check_quality() == []


def test_exposures_at_the_same_time_give_a_warning(make):
    names = ("04a59748o0001o", "04a59748o0002o", "04a59748o0002o", "01a59748o0002o", None)
    lc = LightCurve.from_record(make.record(fp=[make.forced(59748.0, expname=name) for name in names]))
    with pytest.warns(DataQualityWarning, match="2 exposures have the same time"):
        lc.flag("atclean")


def test_saturated_fluxes_give_a_warning(make):
    lc = LightCurve.from_record(make.record(lc=[make.detection(1.0, 11.9), make.detection(1.0, 12.1)]))
    with pytest.warns(DataQualityWarning, match="1 fluxes are brighter than magnitude 12"):
        flagged = lc.flag("saturation")
    assert len(flagged.good()) == 1


@pytest.mark.filterwarnings("ignore:The template changed:atlasquery.exceptions.DataQualityWarning")
def test_flags_of_recorded_answers(real):
    flagged = real.flag("atclean").flag("server")
    summary = flagged.quality_summary()
    flux_err, chi_n = (real[name].filled(np.nan) for name in ("flux_err", "chi_n"))
    expected = {"atclean_flux_err": (flux_err.value > 160).sum(), "atclean_chi_n": (chi_n > 10).sum()}
    assert {row["rule"]: row["flagged"] for row in summary if row["recipe"] == "atclean"} == expected
    assert len(flagged) == len(real)
    assert len(flagged.good()) == len(real) - (flagged["quality"] != 0).sum()
