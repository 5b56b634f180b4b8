# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Cone search, compared with brute force over all positions: anywhere, at the poles, across RA 0."""

import numpy as np
import pytest
from astropy.coordinates import SkyCoord

COW = 1161600211221604900


def brute_force(positions, ra, dec, radius):
    """Return the ids and separations (arcsec) of all objects in a cone, by astropy."""
    separations = (
        SkyCoord(positions["ra"], positions["dec"], unit="deg")
        .separation(SkyCoord(ra, dec, unit="deg"))
        .to_value("arcsec")
    )
    inside = np.flatnonzero(separations < radius)
    order = inside[np.argsort(separations[inside], kind="stable")]
    return np.array(positions["atlas_id"])[order].tolist(), separations[order]


def count_and_compare(send, positions, ra, dec, radius):
    """Compare an answer with brute force, and return the number of objects in the cone."""
    rows = send("cone/", {"ra": ra, "dec": dec, "radius": radius, "requestType": "all"}).json()
    ids, separations = brute_force(positions, ra, dec, radius)
    assert sorted(row["object"] for row in rows) == sorted(ids)
    sent_separations = np.array([row["separation"] for row in rows])
    np.testing.assert_allclose(sent_separations, separations, atol=0.0005, rtol=0)
    assert np.all(np.diff(sent_separations) >= 0)
    return len(ids)


@pytest.fixture(scope="module")
def positions(sandbox):
    """The positions in all answers: the true ones, rounded as on the server."""
    table = sandbox.truth["atlas_id", "ra", "dec"]
    table["ra"], table["dec"] = np.round(table["ra"], 5), np.round(table["dec"], 5)
    # The published position of AT2018cow has six decimals.
    table[table["atlas_id"] == COW] = (COW, 244.000917, 22.268031)
    return table


def cones_near_objects(positions, seed, n_cones):
    """Return random cones near objects, so that not all are empty."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(positions), n_cones)
    ra = np.array(positions["ra"])[chosen] + rng.normal(0, 0.02, n_cones)
    dec = np.clip(np.array(positions["dec"])[chosen] + rng.normal(0, 0.02, n_cones), -90, 90)
    return zip(ra % 360, dec, rng.uniform(1, 300, n_cones), strict=True)


def test_cones_agree_with_brute_force(send, positions):
    n_objects = sum(count_and_compare(send, positions, *cone) for cone in cones_near_objects(positions, 1, 120))
    assert n_objects > 80


@pytest.mark.parametrize("pole", [90, -90])
def test_cones_at_the_poles_agree_with_brute_force(send, positions, pole):
    near_pole = np.array(positions["dec"])[np.abs(np.array(positions["dec"]) - pole) < 1.0]
    assert len(near_pole), "the sky has objects near its poles"
    cones = [(0, pole, 300), (123.4, pole, 300), (200, pole - np.sign(pole) * 0.01, 300)]
    chosen = np.flatnonzero(np.abs(np.array(positions["dec"]) - pole) < 1.0)[:20]
    cones += [(positions["ra"][i] + 40, positions["dec"][i], 300) for i in chosen]
    cones += [(positions["ra"][i], positions["dec"][i], 300) for i in chosen]
    assert sum(count_and_compare(send, positions, *cone) for cone in cones) >= len(chosen)


def test_cones_across_ra_0_agree_with_brute_force(send, positions):
    ra = np.array(positions["ra"])
    chosen = np.flatnonzero((ra < 0.05) | (ra > 359.95))
    assert len(chosen), "the sky has objects at RA 0"
    n_objects = 0
    for i in chosen[:30]:
        for centre in (0.0, 360.0, 0.01, 359.99):
            n_objects += count_and_compare(send, positions, centre, positions["dec"][i], 300)
    assert n_objects > len(chosen[:30])


@pytest.mark.parametrize("turns", [-720, -360, 360, 3600])
def test_right_ascension_wraps(send, positions, turns):
    assert count_and_compare(send, positions, 244.00092 + turns, 22.26803, 10) == 1


@pytest.mark.parametrize("request_type", ["all", "nearest", "count"])
def test_request_types_agree(send, positions, request_type):
    for ra, dec, radius in cones_near_objects(positions, 2, 20):
        answer = send("cone/", {"ra": ra, "dec": dec, "radius": radius, "requestType": request_type}).json()
        ids, _ = brute_force(positions, ra, dec, radius)
        if request_type == "count":
            assert answer == {"count": len(ids)}
        elif request_type == "nearest":
            assert answer.get("object") == (ids[0] if ids else None)
            assert set(answer) == ({"object", "separation", "objectname"} if ids else set())
        else:
            assert [row["object"] for row in answer] == ids


@pytest.mark.parametrize(
    ("cone", "expected"),
    [
        ({"dec": 90.01, "requestType": "all"}, []),
        ({"dec": -91, "requestType": "count"}, {"count": 0}),
        ({"radius": -5, "requestType": "all"}, []),
        ({"radius": 0, "requestType": "nearest"}, {}),
    ],
)
def test_impossible_cones_are_empty(send, cone, expected):
    answer = send("cone/", {"ra": 244.00092, "dec": 22.26803, "radius": 300, **cone})
    assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.parametrize("radius", [300.0001, 1e6, "inf"])
def test_radius_above_300_arcsec_is_rejected(send, radius):
    answer = send("cone/", {"ra": 1, "dec": 2, "radius": radius, "requestType": "all"})
    assert (answer.status_code, answer.json()) == (400, {"error": "Max radius is 300 arcsec."})


@pytest.mark.parametrize("bad", ["nan", "-inf"])
@pytest.mark.parametrize("name", ["ra", "dec"])
def test_nan_and_infinity_give_status_500(send, name, bad):
    answer = send("cone/", {"ra": 1, "dec": 2, "radius": 3, "requestType": "all", name: bad})
    assert answer.status_code == 500
    assert "text/html" in answer.headers["Content-Type"]


def test_cones_use_the_positions_of_the_records(send, positions):
    for object_id, ra, dec in positions[:100]:
        record = send("objects/", {"objects": object_id, "mjd": 70000}).json()[0]["object"]
        assert (record["ra"], record["dec"]) == (ra, dec)
        cone = {"ra": record["ra"], "dec": record["dec"], "radius": 0.001, "requestType": "nearest"}
        assert send("cone/", cone).json()["object"] == object_id
