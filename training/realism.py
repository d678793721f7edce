"""The realism network: photograph or composite?  `python -m training.realism --work DIR --pool DIR --trunk COLORMAP.pt`.

A classifier for the method of Zhu et al. (ICCV 2015): positives are photographs, negatives composites of the pool, both with
the same imperfect masks.  A classifier of which a method takes the best-liked colours must not like what it never met:
as in section 3 there, its own favourites come back as negatives.  The change is the method's: a gain and an offset a
channel of the foreground, moved along the score's gradient; what lands far from the photograph is a hard negative.
The trunk is the colour map's, whose statistics of inside and outside are what is to be compared.  What answers them is learned
anew, first alone, on statistics kept of many pairs (as in fit.py), then with everything and its own favourites.
"""
from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from .area import squash
from .data import DataError, Photographs
from .evaluate import VAL_SEED, load, val_samples
from .networks import build, normalise
from .pool import Pool
from .train import average, save, until

FAR = 6.0           # levels of the foreground's mean colour: nearer to the photograph than that is no negative
STEPS, STRIDE = 4, 0.12


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """The share of pairs (photograph, composite) that the scores put right (Mann-Whitney)."""
    return float(((positive[:, None] > negative[None]) + 0.5 * (positive[:, None] == negative[None])).mean())


def val_auc(net, samples) -> float:
    scores = {"composite": [], "truth": []}
    with torch.no_grad():
        for s in samples:
            for name, picture in (("composite", s.composite), ("truth", s.truth)):
                small = torch.from_numpy(squash(np.dstack([picture, s.mask * 255]).astype(np.float32), net.size, net.size)).permute(2, 0, 1)[None]
                scores[name].append(float(net(normalise(net, small[:, :3], small[:, 3:] / 255))))
    return auc(np.array(scores["truth"]), np.array(scores["composite"]))


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


def look(net, pool: Pool, count: int) -> dict[str, torch.Tensor]:
    """Of `count` pairs the trunk's statistics [n,stats], half precision, of the photograph and of the composite, and whether
    these differ."""
    kept: dict[str, list[torch.Tensor]] = {"photograph": [], "composite": [], "differ": []}
    net.eval()
    with torch.no_grad():
        for k in range(-(-count // pool.n)):
            rgb, truth, mask, _, counted = pool.next()
            for name, picture in (("photograph", truth), ("composite", rgb)):
                kept[name].append(net.trunk.statistics(normalise(net, picture, mask))[0].half())
            kept["differ"].append(far(rgb, truth, counted) > 1.0)
            if k % 200 == 0:
                print(f"looked at {k * pool.n} of {count} pairs", flush=True)
    return {name: torch.cat(values) for name, values in kept.items()}


def far(picture, truth, counted):
    """How far from the photograph, levels of the foreground's colours: [n]."""
    return ((picture - truth).abs() * counted).sum((2, 3)).div(counted.sum((2, 3)) + 1e-3).mean(1)


def answer(net, seen: dict[str, torch.Tensor], steps: int, rate: float = 1e-3, batch: int = 64) -> None:
    """Teaches the layers that answer the statistics."""
    trunk, drop = net.trunk, torch.nn.Dropout(0.2)
    with torch.no_grad():
        both = torch.cat([seen["photograph"], seen["composite"]]).float()
        trunk.norm.running_mean.copy_(both.mean(0))
        trunk.norm.running_var.copy_(both.var(0))
        trunk.norm.num_batches_tracked.fill_(trunk.norm.begin)
    optimiser = torch.optim.AdamW([*trunk.mlp.parameters(), *net.logit.parameters()], lr=rate, weight_decay=0.05)
    for step in range(steps):
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, 1.3 * (1 - step / steps))
        rows = torch.randint(0, len(seen["differ"]), (batch,))
        z = torch.cat([seen["photograph"][rows], seen["composite"][rows]]).float()
        score = net.logit(trunk.mlp[2:](drop(trunk.mlp[:2](trunk.norm(z).clamp(-5, 5))))).flatten()
        real = torch.cat([torch.ones(batch), torch.zeros(batch)])
        weight = torch.cat([seen["differ"][rows]] * 2).float()
        loss = (F.binary_cross_entropy_with_logits(score, real, reduction="none") * weight).sum() / (weight.sum() + 1)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    a.add_argument("--data", type=Path, default=Path("../shared/data"))
    a.add_argument("--work", type=Path, required=True)
    a.add_argument("--pool", type=Path, required=True)
    a.add_argument("--trunk", type=Path, required=True)
    a.add_argument("--count", type=int, default=40_000, help="pairs looked at first")
    a.add_argument("--steps", type=int, default=8000, help="steps on what was seen of them")
    a.add_argument("--batch", type=int, default=12)
    a.add_argument("--rate", type=float, default=5e-4)
    a.add_argument("--seed", type=int, default=3)
    a.add_argument("--until", metavar="HH:MM", required=True)
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
    samples = val_samples(Photographs(a.data, a.work, "val"), 200, VAL_SEED)
    trunk, of = load(a.trunk)
    config = {"network": "realism", "model": of["config"]["model"]}
    net, ema = build(config), build(config)
    fresh = {k: v for k, v in trunk.state_dict().items() if not k.startswith(("mlp.", "norm."))}
    net.trunk.load_state_dict(fresh, strict=False)
    pool = Pool(a.pool, a.batch, a.seed)
    answer(net, look(net, pool, a.count), a.steps)
    ema.load_state_dict(net.state_dict())
    print(f"the statistics' answer alone: AUC {val_auc(net.eval(), samples):.4f}", flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-4)
    start, step, looked, running = time.time(), 0, time.time(), 0.7
    end = until(a.until).timestamp()
    net.train()
    while (progress := (time.time() - start) / (end - start)) < 1:
        for g in optimiser.param_groups:
            g["lr"] = a.rate * min(1, (step + 1) / 100) * (1 - progress)
        rgb, truth, mask, _, counted = pool.next()
        pictures, bad = [truth, rgb], [torch.zeros(a.batch), (far(rgb, truth, counted) > 1.0).float()]
        weights = [torch.ones(a.batch), bad[1]]                     # an unedited composite is no case
        if step % 3 == 0:
            net.eval()
            hard = favourites(net, rgb, mask)
            net.train()
            pictures, bad, weights = pictures + [hard], bad + [torch.ones(a.batch)], weights + [(far(hard, truth, counted) > FAR).float()]
        x = torch.cat([normalise(net, p, mask) for p in pictures])
        score, bad, weight = net(x).flatten(), torch.cat(bad), torch.cat(weights)
        loss = (F.binary_cross_entropy_with_logits(score, 1 - bad, reduction="none") * weight).sum() / weight.sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        average(ema, net, min(0.998, (1 + step) / (10 + step)))
        running += 0.02 * (loss.item() - running)
        if time.time() - looked > 180 or step == 1:
            looked = time.time()
            save(run / "last.pt", {"config": config, "model": net.state_dict(), "ema": ema.state_dict(), "samples": step * a.batch})
            print(f"step {step} samples {step * a.batch} loss {running:.4f} AUC {val_auc(ema.eval(), samples[:100]):.4f}", flush=True)
    save(run / "last.pt", {"config": config, "model": net.state_dict(), "ema": ema.state_dict(), "samples": step * a.batch})
    print(f"done: {step * a.batch} samples, loss {running:.4f}, AUC on 200 val composites {val_auc(ema.eval(), samples):.4f}", flush=True)


if __name__ == "__main__":
    main()
