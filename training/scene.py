"""The scene network: what is where in a photograph.  `python -m training.scene --work DIR --pool DIR --until HH:MM`.

Its 26 scores serve the editor's selection by label.  It learns from the pool's labelled pictures, composites as well as
photographs, since the editor's pictures are composites: another flip, crop, brightness, contrast and cast each time.
Balanced cross-entropy; the rate rises, then falls along a cosine; weights are averaged.
"""
from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .data import IGNORE, DataError, Photographs
from .evaluate import scene_iou
from .networks import build
from .pool import Pool
from .train import average, class_weights, restore, save, until
from .trunk import Early, pretrained, swift

CONFIG = {"network": "scene", "model": {"size": 128}}
LABELLED = 0.02         # of a picture that must be labelled for it to be drawn
WARM = 300              # steps over which the rate rises
TRUNK = 0.15            # of the rate, for the trunk: it knows much already
LOOK_EVERY = 10         # minutes
LOOK_COUNT = 300


def draw(pool: Pool, rng: np.random.Generator, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures [n,3,s,s] 0..255, composites or photographs, and their labels [n,s,s]."""
    rows = []
    while len(rows) < n:
        shard = pool.list[rng.integers(len(pool.list))]
        row = shard[rng.integers(len(shard))]
        if (row[7, ::4, ::4] != IGNORE).mean() > LABELLED:
            first = 3 * int(rng.integers(2))
            rows.append(np.concatenate([row[first:first + 3], row[7:]]))
    both = torch.from_numpy(np.stack(rows)).float()
    return both[:, :3], both[:, 3].long()


def vary(rgb: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Another flip, crop (0.6 to 1 of the sides, one shape for both) and light for each; labels stay labels."""
    n = len(rgb)
    side = 1 - 0.4 * torch.rand(n, 2) ** 1.5
    shift = (2 * torch.rand(n, 2) - 1) * (1 - side)
    flip = 1 - 2 * torch.randint(0, 2, (n,)).float()
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = side[:, 0] * flip, side[:, 1], shift
    grid = F.affine_grid(theta, [n, 1, *rgb.shape[2:]], align_corners=False)
    rgb = F.grid_sample(rgb, grid, mode="bilinear", padding_mode="border", align_corners=False)
    labels = F.grid_sample(labels[:, None].float(), grid, mode="nearest", padding_mode="border", align_corners=False)[:, 0].long()
    v = (rgb / 255).clamp_min(1e-3) ** torch.exp(0.35 * torch.randn(n, 1, 1, 1))
    mean = v.mean((2, 3), keepdim=True)
    grey = v.mean(1, keepdim=True)
    v = grey + (v - grey) * (0.35 * torch.randn(n, 1, 1, 1)).exp()
    v = mean + (v - mean) * (0.2 * torch.randn(n, 1, 1, 1)).exp()
    v = v * (0.1 * torch.randn(n, 3, 1, 1)).exp() + 0.04 * torch.randn(n, 1, 1, 1)
    return (v * 255).clamp(0, 255), labels


def scene_loss(net, early: list[torch.Tensor], labels: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Of what the trunk's early part sees in n pictures, and their labels [n,s,s]."""
    scores = net.decode(early)
    return F.cross_entropy(scores, labels[:, 1::2, 1::2], weight, ignore_index=IGNORE)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--until", metavar="HH:MM", help="end at this UTC time")
    p.add_argument("--minutes", type=float, default=60, help="or after so many minutes")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--resume", action="store_true", help="go on with the last checkpoint's weights")
    a = p.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(a.seed)
    try:
        run = a.work / "runs" / "scene"
        run.mkdir(parents=True, exist_ok=True)
        photos, val = (Photographs(a.data, a.work, split) for split in ("train", "val"))
        pool, rng = Pool(a.pool, a.batch, a.seed), np.random.default_rng(a.seed)
        weight = class_weights(photos)
        net = build(CONFIG).to(memory_format=torch.channels_last)
        net.trunk.load_state_dict(pretrained().state_dict())
        net.trunk.hold()
        samples, hours, step = 0, 0.0, 0
        if a.resume:
            ck = restore(run / "last.pt", CONFIG)
            net.load_state_dict(ck["model"])
            samples, hours = ck["samples"], ck["hours"]
        ema = copy.deepcopy(net).eval()
        early = swift(Early(net.trunk), torch.zeros(2, 3, net.size, net.size))
        known = set(net.trunk.parameters())
        optimiser = torch.optim.AdamW([{"params": [t for t in net.parameters() if t not in known], "share": 1.0},
                                       {"params": list(known), "share": TRUNK}], lr=a.rate, weight_decay=0.02)
        start = looked = time.time()
        end = until(a.until).timestamp() if a.until else start + a.minutes * 60
        mean = 0.0
        net.train()
        while (now := time.time()) < end or step == 0:
            progress = (now - start) / (end - start)
            for g in optimiser.param_groups:
                g["lr"] = g["share"] * a.rate * min(1, (step + 1) / WARM) * max(0.01, 0.5 + 0.5 * math.cos(math.pi * progress))
            rgb, labels = vary(*draw(pool, rng, a.batch))
            loss = scene_loss(net, early(rgb * net.scale), labels, weight)
            if not torch.isfinite(loss):
                raise DataError(f"the loss is {loss.item()} at step {step}; begin again with a lower rate")
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step, samples = step + 1, samples + a.batch
            average(ema, net, min(0.9985, (1 + step) / (10 + step)))
            mean += (loss.item() - mean) * max(0.02, 1 / step)
            if step % 100 == 0:
                print(f"step {step} samples {samples} {a.batch * step / (time.time() - start):.1f}/s loss {mean:.3f}", flush=True)
            if time.time() - looked > LOOK_EVERY * 60 or time.time() >= end:
                looked = time.time()
                state = {"config": CONFIG, "model": net.state_dict(), "ema": ema.state_dict(), "step": step, "samples": samples,
                         "hours": hours + (looked - start) / 3600}
                save(run / "last.pt", state)
                print(f"samples {samples}", {k: round(v, 3) for k, v in scene_iou(ema, val, LOOK_COUNT).items()}, flush=True)
    except DataError as e:
        sys.exit(f"training: {e}")


if __name__ == "__main__":
    main()
