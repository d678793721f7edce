"""The scene network's samples and its training."""
import subprocess
import sys

import numpy as np
import torch

from training import scene
from training.data import IGNORE
from training.parsing import LABELS, SCORES, Scene


class Halves:
    """A pool of pictures whose left half is blue and labelled 3, whose right half is green and not labelled."""

    def __init__(self, labelled=True):
        row = np.zeros((8, 128, 128), np.uint8)
        row[2], row[5, :, :64], row[1, :, 64:] = 30, 220, 200
        row[7] = IGNORE
        if labelled:
            row[7, :, :64] = 3
        self.list = [np.stack([row] * 4), np.stack([np.concatenate([row[:7], np.full_like(row[:1], IGNORE)])] * 4)]


def test_labels_lie_where_they_lay_whatever_is_varied():
    torch.manual_seed(0)
    rgb, labels = scene.draw(Halves(), np.random.default_rng(0), 24)
    assert rgb.shape == (24, 3, 128, 128) and (labels == 3).float().mean() == 0.5      # pictures without labels are not drawn
    blue = torch.zeros(24, 3, 128, 128)
    blue[:, 2, :, :64], blue[:, 1, :, 64:] = 220, 200
    seen, said = scene.vary(blue, labels)
    assert set(said.unique().tolist()) <= {3, IGNORE}
    lead = seen[:, 2] - seen[:, 1]
    known = said == 3
    assert (lead[known] > 0).float().mean() > 0.98 and (lead[~known] < 0).float().mean() > 0.98
    assert seen.min() >= 0 and seen.max() <= 255
    assert (seen - blue).abs().mean() > 5


def test_the_network_learns_what_is_where_and_looks_at_no_mask():
    torch.manual_seed(0)
    net = Scene(channels=(8, 8, 16, 16)).train()
    net.trunk.hold()
    assert len(LABELS) == SCORES == len(net.labels)
    rgb, labels = scene.draw(Halves(), np.random.default_rng(0), 8)
    labels[labels == IGNORE] = 10
    rgb[:, 2, :, :64] = 220
    optimiser = torch.optim.AdamW(net.parameters(), lr=5e-3)
    for _ in range(30):
        loss = scene.scene_loss(net, net.trunk.early(rgb * net.scale), labels, torch.ones(SCORES))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    net.eval()
    x = torch.cat([(rgb - torch.tensor(net.mean).view(1, 3, 1, 1)) * net.scale, torch.zeros(8, 1, 128, 128)], 1)
    with torch.no_grad():
        scores = net.parse(x)
        masked = net.parse(torch.cat([x[:, :3], torch.ones(8, 1, 128, 128)], 1))
    assert scores.shape == (8, SCORES, 64, 64)
    assert (scores.argmax(1) == labels[:, 1::2, 1::2]).float().mean() > 0.95
    assert torch.equal(scores, masked)


def test_a_missing_pool_is_told_in_one_line(tmp_path):
    ran = subprocess.run([sys.executable, "-m", "training.scene", "--work", str(tmp_path), "--pool", str(tmp_path), "--data", str(tmp_path)],
                         capture_output=True, text=True)
    assert ran.returncode != 0 and ran.stderr.startswith("training: ") and "Traceback" not in ran.stderr
