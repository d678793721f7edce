"""Properties of the shipped networks, on a picture drawn here; the measured ones are in the cards."""
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.evaluate import Shipped, foreground_mean, harmonize

MODELS = Path(__file__).resolve().parents[2] / "models"
pytestmark = pytest.mark.skipif(not (MODELS / "index.json").exists(), reason="no shipped networks")


def scene(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A smooth background with texture and an ellipse of another colour: (h,w,3) uint8, mask (h,w) 0/1."""
    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.uniform(40, 200, (5, 7, 3)).astype(np.float32), (640, 448), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((448, 640), np.float32)
    cv2.ellipse(mask, (330, 230), (120, 150), 20, 0, 360, 1.0, -1)
    picture += mask[..., None] * rng.uniform(-50, 50, 3).astype(np.float32)
    picture += cv2.GaussianBlur(rng.normal(0, 60, picture.shape).astype(np.float32), (0, 0), 2)
    return np.clip(picture, 0, 255).astype(np.uint8), mask


@pytest.mark.parametrize("name", ["colormap", "joint", "context"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_mask_s_edge_does_not_decide(name, seed):
    net = Shipped(MODELS, name)
    picture, hard = scene(seed)
    core = cv2.erode(hard, np.ones((41, 41))) > 0.5
    base = foreground_mean(harmonize(net, picture, hard), core)
    for mask in (cv2.GaussianBlur(hard, (0, 0), 5), cv2.erode(hard, np.ones((9, 9))), cv2.dilate(hard, np.ones((9, 9)))):
        assert np.abs(foreground_mean(harmonize(net, picture, mask), core) - base).mean() <= 2.5


@pytest.mark.parametrize("name", ["colormap", "joint", "context"])
def test_nothing_outside_the_mask_moves(name):
    picture, mask = scene(4)
    out = harmonize(Shipped(MODELS, name), picture, mask)
    assert (out[mask == 0] == picture[mask == 0]).all()
