"""Colour formulas: known values and properties."""
import numpy as np
import pytest

from training import recolour as rc

RNG = np.random.default_rng(3)
PIXELS = RNG.integers(20, 220, (4000, 3)).astype(np.uint8)
X = PIXELS.astype(np.float32) / 255
REF = np.clip(X[::-1] * [0.6, 0.8, 0.9] + [0.2, 0.05, 0.0], 0, 1).astype(np.float32)
NOTHING = {**rc.draw_edit(np.random.default_rng(0), 0.0)}


def test_lab_of_known_colours():
    lab = rc.to_lab(np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0]], np.float32))
    np.testing.assert_allclose(lab, [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.2]], atol=0.1)
    np.testing.assert_allclose(rc.from_lab(rc.to_lab(X)), X, atol=4e-3)


def test_an_edit_of_no_strength_changes_nothing_but_the_shoulder():
    low = PIXELS.min(1) * 0 + PIXELS.max(1) < 225
    np.testing.assert_allclose(rc.apply_edit(PIXELS[low], NOTHING), X[low], atol=4e-3)


def test_one_stop_doubles_linear_light():
    curve = rc.edit_curves({**NOTHING, "exposure": 1.0})
    linear = ((curve[100, 0] + 0.055) / 1.055) ** 2.4
    assert linear == pytest.approx(2 * rc._LINEAR[100], rel=1e-3)


def test_temperature_keeps_luminance_of_grey_and_orders_the_channels():
    c = rc.edit_curves({**NOTHING, "temperature": 0.2})[120]
    assert c[0] > c[1] > c[2]
    linear = ((c + 0.055) / 1.055) ** 2.4
    assert linear @ [0.2126, 0.7152, 0.0722] == pytest.approx(rc._LINEAR[120], rel=1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_curves_rise(seed):
    edit = rc.draw_edit(np.random.default_rng(seed), 1.0)
    assert (np.diff(rc.edit_curves(edit)[10:230], axis=0) > -2e-3).all()


def test_monge_maps_the_covariance():
    a, b = np.cov(X.T), np.cov(REF.T)
    t = rc.monge(a, b, 1e-9)
    np.testing.assert_allclose(t @ a @ t.T, b, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(rc.monge(a, a, 1e-9), np.eye(3), atol=1e-5)


@pytest.mark.parametrize("m,delta", [(0.2, 0.2), (0.5, 0.4), (0.9, 1.2)])
def test_lee_curve_ends_and_rises(m, delta):
    g = rc.lee_curve(np.linspace(0, 1, 50), m, delta)
    assert g[0] == pytest.approx(0) and g[-1] == pytest.approx(1) and (np.diff(g) > 0).all()


def test_reinhard_reaches_the_moments():
    out = rc.to_lab(rc.transfer_reinhard(X, X, REF))
    np.testing.assert_allclose(out.mean(0), rc.to_lab(REF).mean(0), atol=1.0)


def test_histogram_and_idt_reach_the_distribution():
    for out in (rc.transfer_histogram(X, X, REF), rc.transfer_idt(X, X, REF, np.random.default_rng(1), 8)):
        np.testing.assert_allclose(np.quantile(out, [.1, .5, .9], axis=0), np.quantile(REF, [.1, .5, .9], axis=0), atol=0.03)


def test_transfers_to_oneself_change_nothing():
    for f in (rc.transfer_reinhard, rc.transfer_correlated, rc.transfer_histogram):
        np.testing.assert_allclose(f(X, X, X), X, atol=4e-3)
    np.testing.assert_allclose(rc.transfer_lee(X, X, X, 0.0, 1.0), X, atol=4e-3)


def test_every_transfer_stays_in_range():
    for seed in range(30):
        out = rc.transfer(PIXELS, (REF * 255).astype(np.uint8), np.random.default_rng(seed))
        assert out.shape == X.shape and out.min() >= 0 and out.max() <= 1
