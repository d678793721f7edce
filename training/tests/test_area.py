"""The squash: the fixture that TypeScript is held to, and the fast form against the plain one."""
import json
from pathlib import Path

import numpy as np
import pytest

from training.area import fixture, squash, squash_exactly, weights

FIXTURE = Path(__file__).resolve().parents[2] / "test/fixtures/area-resize.json"


def test_fixture_is_what_this_code_makes():
    stored = json.loads(FIXTURE.read_text())
    for a, b in zip(stored["cases"], fixture()["cases"], strict=True):
        assert a["src"] == b["src"]
        np.testing.assert_allclose(a["dst"]["values"], b["dst"]["values"], atol=stored["tolerance"])


@pytest.mark.parametrize("src", [(5, 7), (4, 5), (240, 320), (90, 200), (1, 1), (129, 127), (1001, 37)])
@pytest.mark.parametrize("dst", [(3, 4), (6, 8), (128, 128)])
def test_fast_form_agrees(src, dst):
    picture = np.random.default_rng(1).random((*src, 3)).astype(np.float32) * 255
    assert np.abs(squash(picture, dst[1], dst[0]) - squash_exactly(picture, dst[1], dst[0])).max() < 0.3


def test_known_values():
    assert squash_exactly(np.array([[0.0, 10, 20, 30]])[..., None], 2, 1)[..., 0].tolist() == [[5, 25]]
    assert squash_exactly(np.array([[0.0, 30]])[..., None], 4, 1)[..., 0].tolist() == [[0, 7.5, 22.5, 30]]
    np.testing.assert_allclose(weights(7, 4).sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(weights(3, 2), [[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]], atol=1e-6)
