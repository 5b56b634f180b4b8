# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Code of a user, for the type checker only: the type of each public return, and lines that must be errors.

A line with ``type: ignore`` must be an error: the type checker reports an ignore that is not needed.
"""

from collections.abc import Iterator
from typing import Any, assert_type

import numpy as np
import pandas as pd
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import QTable, Row, Table
from astropy.time import Time
from matplotlib.axes import Axes
from numpy.typing import NDArray

from atlasquery import (
    ATLAS,
    ATLASClass,
    CustomList,
    DetectionList,
    LightCurve,
    LightCurves,
    Transient,
    conf,
    exceptions,
    photometry,
)
from atlasquery.sandbox import ReceivedRequest, Sandbox
from atlasquery.transport import Quota, Token

Payload = dict[str, Any]
POSITION = SkyCoord(244.0, 22.3, unit="deg")
IDS = [1161600211221604900, 1000005291314656200]


def queries() -> None:
    assert_type(ATLAS, ATLASClass)
    assert_type(ATLAS.query_region(POSITION, 10 * u.arcsec, details=True), Table)
    assert_type(ATLAS.query_region(POSITION, "10 arcsec", get_query_payload=True), Payload | list[Payload])
    assert_type(ATLAS.count_region(POSITION, 10 * u.arcsec), int)
    assert_type(ATLAS.query_object(IDS), QTable)
    assert_type(ATLAS.query_object(np.array(IDS)), QTable)
    assert_type(ATLAS.get_transient("2018cow", since="2018-06-01"), Transient)
    assert_type(ATLAS.get_light_curve(IDS[0], since=30 * u.day), LightCurve)
    assert_type(ATLAS.get_light_curves(IDS, since=Time.now(), on_error="warn"), LightCurves)
    assert_type(ATLAS.iter_transients(IDS), Iterator[Transient])
    assert_type(ATLAS.resolve_name("SN 2018cow"), int)
    assert_type(ATLAS.list_lists(), Table)
    assert_type(ATLAS.query_list("good", vra=(8, None), dec=(-30 * u.deg, None)), QTable)
    assert_type(ATLAS.query_list(CustomList(72)), QTable)
    assert_type(ATLAS.query_list(DetectionList.good, get_query_payload=True), Payload)
    assert_type(ATLAS.query_list(np.int64(2), vra=np.array([8, 10]), ra=np.array([3, 5]) * u.deg), QTable)
    assert_type(ATLAS.query_list(2, ra=(np.float64(3), np.int64(5)), dec=[-5.0, 5.0]), QTable)
    assert_type(ATLAS.query_list_membership(IDS), QTable)
    assert_type(ATLAS.query_vra_scores(IDS, debug=True), QTable)
    assert_type(ATLAS.query_vra_ranks(), QTable)
    assert_type(ATLAS.query_vra_todo(since="2026-10-01"), QTable)
    assert_type(ATLAS.query_external_crossmatches(["2018cow"]), QTable)
    assert_type(ATLAS.crossmatch(QTable(), 5 * u.arcsec, join="left", lists=["good"]), Table)
    assert_type(ATLAS.crossmatch(POSITION, 5 * u.arcsec, get_query_payload=True), list[Payload])


def writes() -> None:
    assert_type(ATLAS.add_to_list(IDS, "vra", dry_run=True), Table)
    assert_type(ATLAS.remove_from_list(IDS[0], CustomList(73), verify=True, progress=False), Table)
    assert_type(ATLAS.set_detection_list(["2018cow"], 3, date=Time.now()), Table)
    assert_type(ATLAS.write_vra_score("2018cow", preal=0.9, rank=np.float64(3), is_gal_cand=True, debug=True), Table)
    assert_type(ATLAS.write_vra_rank(np.int64(IDS[0]), rank=8.1, rank_alt1=7, is_gal_cand=False), Table)
    assert_type(ATLAS.add_vra_todo(np.array(IDS), date="2026-11-01"), Table)


def single_ids(curves: LightCurves) -> None:
    object_id = np.int64(IDS[0])
    assert_type(ATLAS.get_light_curve(object_id), LightCurve)
    assert_type(ATLAS.get_transient(object_id), Transient)
    assert_type(ATLAS.resolve_name(object_id), int)
    assert_type(curves[object_id], LightCurve)
    assert_type(curves.failed[IDS[0]].reason, str)


def dry_run(flag: bool) -> None:
    assert_type(ATLAS.query_object(IDS, get_query_payload=flag), QTable | Payload | list[Payload])
    assert_type(ATLAS.get_light_curve(IDS[0], get_query_payload=flag), LightCurve | Payload)
    assert_type(ATLAS.count_region(POSITION, "1 arcsec", get_query_payload=flag), int | Payload)
    assert_type(ATLAS.query_list("good", get_query_payload=flag), QTable | Payload)


def session() -> None:
    assert_type(ATLAS(token=Token("0" * 40)), ATLASClass)
    assert_type(ATLASClass(server="https://example.org/api/", token="0" * 40), ATLASClass)
    assert_type(ATLAS(), ATLASClass)
    assert_type(ATLAS.login(token="0" * 40, store=False), bool)
    assert_type(ATLAS.authenticated(), bool)
    assert_type(ATLAS.token_expires, Time | None)
    assert_type(ATLAS.quota, Quota)
    assert_type(ATLAS.quota.remaining, int)
    assert_type(ATLAS.quota.resets_at, Time | None)


def light_curves(lc: LightCurve, curves: LightCurves) -> None:
    assert_type(lc.detections, LightCurve)
    assert_type(lc.limits.forced, LightCurve)
    assert_type(lc.combined(prefer="detection"), LightCurve)
    assert_type(lc.at_significance(5), LightCurve)
    assert_type(lc.flag("faq").good(), LightCurve)
    assert_type(lc.bin_nightly(clip=3), LightCurve)
    assert_type(lc.bin(2 * u.day, time_bin_start="2026-11-01"), LightCurve)
    assert_type(lc.plot(y="flux"), Axes)
    assert_type(lc.to_sncosmo(), Table)
    assert_type(lc.to_pandas(), pd.DataFrame)
    assert_type(lc.to_tns("A. Author", reporting_group_id=18), dict[str, Any])
    assert_type(LightCurve.read("x.ecsv"), LightCurve)
    assert_type(lc.write("x.ecsv"), None)
    assert_type(curves["2018cow"], LightCurve)
    assert_type(curves.missing, list[int | str])
    assert_type(curves.stack(), QTable)
    assert_type(curves.summary(), QTable)
    assert_type(curves.plot(columns=2), NDArray[Any])


def transient(cow: Transient) -> None:
    assert_type(cow.atlas_id, int)
    assert_type(cow.name, str | None)
    assert_type(cow.coord, SkyCoord | None)
    assert_type(cow.light_curve, LightCurve)
    assert_type(cow.sherlock_classification, Row | None)
    assert_type(cow.tns_crossmatches, QTable)
    assert_type(cow.plot(), Axes)


def rest(error: exceptions.BatchError, limited: exceptions.RateLimitError) -> None:
    assert_type(photometry.flux_to_mag(100 * u.uJy), u.Quantity)
    assert_type(photometry.limiting_mag(25 * u.uJy, 5), u.Quantity)
    assert_type(limited.retry_after, float | None)
    assert_type(error.missing, tuple[int | str, ...])
    with Sandbox(n_objects=100) as sandbox:
        assert_type(sandbox.client("reader"), ATLASClass)
        assert_type(sandbox.token(), str)
        assert_type(sandbox.requests, list[ReceivedRequest])
        assert_type(sandbox.truth, Table)
    with conf.set_temp("max_wait", 600):
        pass


def lines_that_must_be_errors(lc: LightCurve) -> None:
    ATLAS.query_region(POSITION, 10)  # type: ignore[call-overload]  # a bare radius
    ATLAS.query_region((244.0, 22.3), 10 * u.arcsec)  # type: ignore[arg-type]  # a pair of numbers
    ATLAS.query_regions(POSITION, 10 * u.arcsec)  # type: ignore[attr-defined]  # no such method
    ATLAS.get_light_curve(1.16e18)  # type: ignore[call-overload]  # a float has lost digits
    ATLAS.get_light_curve("2018cow", since=58285.5)  # type: ignore[call-overload]  # a bare number
    ATLAS.get_light_curves(IDS, on_error="ignore")  # type: ignore[call-overload]
    ATLAS.write_vra_score(IDS, preal=0.9)  # type: ignore[arg-type]  # one object a call
    ATLAS.write_vra_score(IDS[0], preal="high")  # type: ignore[arg-type]
    ATLAS.add_vra_todo(IDS, date=60000.0)  # type: ignore[arg-type]  # a bare number
    ATLAS.clear_cache()  # type: ignore[attr-defined]  # of astroquery, unused here
    lc.to_tns("A. Author")  # type: ignore[call-arg]  # no reporting group
    lc.plot(y="magnitude")  # type: ignore[call-overload]
    photometry.flux_to_mag(100)  # type: ignore[arg-type]  # no unit
