"""Trains the realism network: photograph or composite?  `python -m training.realism --work DIR --pool DIR --until HH:MM`.

A classifier for the method of Zhu et al. (ICCV 2015): positives are photographs, negatives composites of the pool, both with
the same imperfect masks, and both of one pair in one batch: what differs is then the recolouring and nothing else.
A classifier of which a method takes the best-liked colours must not like what it never met: as in section 3 there, its own
favourites come back as negatives.  The change is the method's: a gain and an offset a channel of the foreground, moved along
the score's gradient; what lands far from the photograph is a hard negative.
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

from .area import squash
from .data import DataError, Photographs
from .evaluate import VAL_SEED, val_samples
from .networks import build, normalise
from .pool import Pool
from .train import average, restore, save, until

CONFIG = {"network": "realism", "model": {"size": 128}}
SEEN = 1.0          # levels of the foreground's colours: a composite nearer to the photograph than that is no case
FAR = 6.0           # the same for a favourite
STEPS, STRIDE = 4, 0.12
EVERY = 4           # batches between those with favourites
WARM = 200          # steps over which the rate rises
LOOK_EVERY = 8      # minutes
LOOK_COUNT = 300


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """The share of pairs (photograph, composite) that the scores put right (Mann-Whitney)."""
    return float(((positive[:, None] > negative[None]) + 0.5 * (positive[:, None] == negative[None])).mean())


def small(samples, size: int) -> torch.Tensor:
    """Composites and photographs of `samples` at the network's size: [2,n,4,s,s] (colours 0..255, mask 0..1)."""
    def one(picture, mask):
        return torch.from_numpy(squash(np.dstack([picture, mask * 255]).astype(np.float32), size, size)).permute(2, 0, 1)
    both = torch.stack([torch.stack([one(p, s.mask) for p in (s.composite, s.truth)]) for s in samples], 1)
    both[:, :, 3] /= 255
    return both


def val_auc(net, val: torch.Tensor) -> tuple[float, float]:
    """-> (AUC over all composites and photographs of `val` as `small` gives them; the share of pairs put right)."""
    with torch.no_grad():
        bad, good = (np.concatenate([net(normalise(net, x[:, :3], x[:, 3:])).flatten().numpy() for x in half.split(50)]) for half in val)
    return auc(good, bad), float((good > bad).mean())


def favourites(net, rgb, mask):
    """Pictures [n,3,s,s] 0..255 whose foregrounds were recoloured as `net` likes them better, by gain and offset a channel."""
    p = torch.zeros(len(rgb), 6, 1, 1)
    start = torch.empty_like(p).uniform_(-0.3, 0.3)
    start[:, 3:] *= 0.5
    p = start.requires_grad_()
    for k in range(STEPS + 1):
        out = rgb + mask * ((rgb * (1 + p[:, :3]) + 255 * p[:, 3:]).clamp(0, 255) - rgb)
        if k == STEPS:
            return out.detach()
        grad, = torch.autograd.grad(net(normalise(net, out, mask)).sum(), p)
        p = (p + STRIDE * grad / (grad.flatten(1).norm(dim=1)[:, None, None, None] + 1e-6)).detach().requires_grad_()


def far(picture, truth, counted):
    """How far from the photograph, levels of the foreground's colours: [n]."""
    return ((picture - truth).abs() * counted).sum((2, 3)).div(counted.sum((2, 3)) + 1e-3).mean(1)


def loss_of(good, bad, weight) -> torch.Tensor:
    """Scores of photographs, of their composites, and which of these count, all [n]: each judged alone (binary
    cross-entropy), and against each other, which is the question the method asks."""
    alone = F.softplus(-good) + F.softplus(bad)
    return ((0.5 * alone + F.softplus(bad - good)) * weight).sum() / (weight.sum() + 1)


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    a.add_argument("--data", type=Path, default=Path("../shared/data"))
    a.add_argument("--work", type=Path, required=True)
    a.add_argument("--pool", type=Path, required=True)
    a.add_argument("--batch", type=int, default=16, help="pairs")
    a.add_argument("--rate", type=float, default=1.5e-3)
    a.add_argument("--seed", type=int, default=3)
    a.add_argument("--resume", action="store_true", help="go on with the last checkpoint's weights")
    a.add_argument("--until", metavar="HH:MM", required=True, help="end at this UTC time")
    a = a.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        train(a)
    except DataError as e:
        sys.exit(f"realism: {e}")


def train(a) -> None:
    torch.manual_seed(a.seed)
    run = a.work / "runs" / "realism"
    run.mkdir(parents=True, exist_ok=True)
    net = build(CONFIG).to(memory_format=torch.channels_last)
    val = small(val_samples(Photographs(a.data, a.work, "val"), LOOK_COUNT, VAL_SEED), net.size)
    samples, hours = 0, 0.0
    if a.resume:
        ck = restore(run / "last.pt", CONFIG)
        net.load_state_dict(ck["model"])
        samples, hours = ck["samples"], ck["hours"]
    pool, ema = Pool(a.pool, a.batch, a.seed + samples), copy.deepcopy(net).eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=0.03)
    start = looked = time.time()
    end, step, mean = until(a.until).timestamp(), 0, 0.0
    while (now := time.time()) < end or step == 0:
        for g in optimiser.param_groups:
            g["lr"] = a.rate * min(1, (step + 1) / WARM) * max(0.01, 0.5 + 0.5 * math.cos(math.pi * (now - start) / (end - start)))
        rgb, truth, mask, _, counted = pool.next()
        worse, least = rgb, SEEN
        if step % EVERY == EVERY - 1:
            worse, least = favourites(ema, rgb, mask), FAR
        weight = (far(worse, truth, counted) > least).float()
        net.train()
        x = torch.cat([normalise(net, p, mask) for p in (truth, worse)]).contiguous(memory_format=torch.channels_last)
        loss = loss_of(*net(x).flatten().chunk(2), weight)
        if not torch.isfinite(loss):
            raise DataError(f"the loss is {loss.item()} at step {step}; begin again with a lower rate")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step, samples = step + 1, samples + a.batch
        average(ema, net, min(0.998, (1 + step) / (10 + step)))
        mean += (loss.item() - mean) * max(0.01, 1 / step)
        if step % 100 == 0:
            print(f"step {step} pairs {samples} {a.batch * step / (time.time() - start):.1f}/s loss {mean:.4f}", flush=True)
        if time.time() - looked > LOOK_EVERY * 60 or time.time() >= end:
            looked = time.time()
            save(run / "last.pt", {"config": CONFIG, "model": net.state_dict(), "ema": ema.state_dict(), "step": step, "samples": samples,
                                   "hours": hours + (looked - start) / 3600})
            both, pairs = val_auc(ema, val)
            print(f"pairs {samples} AUC {both:.4f} of pairs {pairs:.4f}", flush=True)


if __name__ == "__main__":
    main()
