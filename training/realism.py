"""The realism network: photograph or composite?  `python -m training.realism --work DIR --pool DIR`.

A classifier for the method of Zhu et al. (ICCV 2015): positives are photographs, negatives composites of the pool, both with
the same imperfect masks.  It sees as the deep colour map does: statistics of what ImageNet's trunk makes of inside and outside.
They are looked at once for many pairs; the layers that answer them are learned anew from what was seen (as in fit.py).
A photograph is judged alone and against its own composite: what differs is then the recolouring and nothing else.

A classifier of which a method takes the best-liked colours must not like what it never met: as in section 3 there, it is
trained in rounds, and its own favourites come back as negatives.  The change is the method's: a gain and an offset a channel of
the foreground, drawn at random in the first round, moved along the score's gradient in the others; what lands far from the
photograph is a hard negative.
"""
from __future__ import annotations

import argparse
import copy
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
from .look import Eyes
from .networks import build, normalise
from .pool import Pool
from .train import average, save
from .trunk import pretrained

SEEN, FAR = 1.0, 6.0    # levels of the foreground's colours: nearer to the photograph than that is no negative, as a composite, as a favourite
STEPS, STRIDE = 4, 0.12
HELD = 4096             # pairs held back, at most a tenth
VAL_COUNT = 300
DROP = 0.3


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """The share of pairs (photograph, composite) that the scores put right (Mann-Whitney)."""
    return float(((positive[:, None] > negative[None]) + 0.5 * (positive[:, None] == negative[None])).mean())


def val_scores(net, samples) -> tuple[np.ndarray, np.ndarray]:
    """Scores of the photographs and of their composites."""
    scores: tuple[list[float], list[float]] = [], []
    with torch.no_grad():
        for s in samples:
            for picture, said in zip((s.truth, s.composite), scores):
                small = torch.from_numpy(squash(np.dstack([picture, s.mask * 255]).astype(np.float32), net.size, net.size)).permute(2, 0, 1)[None]
                said.append(float(net(normalise(net, small[:, :3], small[:, 3:] / 255))))
    return np.array(scores[0]), np.array(scores[1])


def favourites(net, rgb, mask, steps: int = STEPS):
    """Pictures [n,3,s,s] 0..255 whose foregrounds were recoloured as `net` likes them better, by gain and offset a channel; with
    no steps, at random."""
    n = len(rgb)
    start = torch.empty(n, 6, 1, 1).uniform_(-0.3, 0.3) * torch.rand(n, 1, 1, 1)
    start[:, 3:] *= 0.5
    p = start.requires_grad_()
    for k in range(steps + 1):
        out = rgb + mask * ((rgb * (1 + p[:, :3]) + 255 * p[:, 3:]).clamp(0, 255) - rgb)
        if k == steps:
            return out.detach()
        grad, = torch.autograd.grad(net(normalise(net, out, mask)).sum(), p)
        p = (p + STRIDE * grad / (grad.flatten(1).norm(dim=1)[:, None, None, None] + 1e-6)).detach().requires_grad_()


def far(picture, truth, counted):
    """How far from the photograph, levels of the foreground's colours: [n]."""
    return ((picture - truth).abs() * counted).sum((2, 3)).div(counted.sum((2, 3)) + 1e-3).mean(1)


def look(net, pool: Pool, count: int, steps: int) -> dict[str, torch.Tensor]:
    """Of `count` pairs the trunk's statistics [n,stats], half precision, of the photograph, of the composite and of a favourite
    (`steps` along the gradient), and how far the last two are from the first."""
    kept: dict[str, list[torch.Tensor]] = {}
    net.eval()
    see = Eyes(net.trunk)
    for k in range(-(-count // pool.n)):
        rgb, truth, mask, _, counted = pool.next()
        liked = favourites(net, rgb, mask, steps)
        with torch.no_grad():
            seen = {"far": far(rgb, truth, counted), "liked_far": far(liked, truth, counted)}
            for name, picture in (("photograph", truth), ("composite", rgb), ("liked", liked)):
                seen[name] = see(picture, mask)[0].half()
        for name, value in seen.items():
            kept.setdefault(name, []).append(value)
        if k % 200 == 0:
            print(f"looked at {k * pool.n} of {count} pairs", flush=True)
    return {name: torch.cat(values) for name, values in kept.items()}


def answer(net, seen: dict[str, torch.Tensor], steps: int, rate: float = 1e-3, batch: int = 128) -> None:
    """Teaches the layers that answer the statistics, anew; what they come to is their weights' moving average."""
    trunk, n = net.trunk, len(seen["far"])
    held = n - min(HELD, n // 10)
    with torch.no_grad():
        both = torch.cat([seen["photograph"][:held:4], seen["composite"][:held:4]]).float()
        trunk.norm.running_mean.copy_(both.mean(0))
        trunk.norm.running_var.copy_(both.var(0))
        trunk.norm.num_batches_tracked.fill_(trunk.norm.begin)
    net.eval()                      # its norms stay as they are
    parts = torch.nn.ModuleList([trunk.mlp, net.logit])
    for layer in (trunk.mlp[0], trunk.mlp[2], net.logit):
        layer.reset_parameters()
    ema = copy.deepcopy(parts)

    def score(own, statistics, drop=0.0):
        z = trunk.norm(statistics.float()).clamp(-5, 5)
        for layers in (own[0][:2], own[0][2:]):
            z = layers(F.dropout(z, drop, drop > 0))
        return own[1](F.dropout(z, drop, drop > 0)).flatten()

    optimiser = torch.optim.AdamW(parts.parameters(), lr=rate, weight_decay=0.05)
    for step in range(steps):
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, (step + 1) / 200) * (1 - step / steps)
        rows = torch.randint(0, held, (batch,))
        good, bad, liked = score(parts, torch.cat([seen[k][rows] for k in ("photograph", "composite", "liked")]), DROP).chunk(3)
        differs, apart = (seen["far"][rows] > SEEN).float(), (seen["liked_far"][rows] > FAR).float()
        alone = ((F.softplus(-good) + F.softplus(bad) + F.softplus(bad - good)) * differs).sum() / (differs.sum() + 1e-3)
        loss = alone + 0.5 * (F.softplus(liked) * apart).sum() / (apart.sum() + 1e-3)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average(ema, parts, min(0.999, (1 + step) / (10 + step)))
        if step % 2000 == 0 or step == steps - 1:
            with torch.no_grad():
                good, bad, liked = (score(ema, seen[k][held:]).numpy() for k in ("photograph", "composite", "liked"))
            ok = (seen["far"][held:] > SEEN).numpy()
            print(f"step {step} loss {loss.item():.4f}; held back: AUC {auc(good[ok], bad[ok]):.4f}, of pairs {(good > bad)[ok].mean():.4f}, "
                  f"against favourites {auc(good, liked):.4f}", flush=True)
    parts.load_state_dict(ema.state_dict())


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--count", type=int, default=120_000, help="pairs looked at in the first round")
    p.add_argument("--rounds", type=int, default=2)
    p.add_argument("--more", type=int, default=10_000, help="pairs with favourites looked at in each round after the first")
    p.add_argument("--steps", type=int, default=8000, help="steps on what was seen, each round")
    p.add_argument("--seed", type=int, default=3)
    a = p.parse_args()
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
    samples = val_samples(Photographs(a.data, a.work, "val"), VAL_COUNT, VAL_SEED)
    config = {"network": "realism", "model": {"size": 256}}
    net = build(config)
    net.trunk.trunk.load_state_dict(pretrained().state_dict())
    pool, start, seen = Pool(a.pool, 12, a.seed), time.time(), {}
    for k in range(a.rounds):
        found = look(net, pool, a.more if k else a.count, STEPS if k else 0)
        # Mixed, so that what is held back is of every round.
        seen = {name: torch.cat([seen[name], value]) if seen else value for name, value in found.items()}
        order = torch.randperm(len(seen["far"]), generator=torch.Generator().manual_seed(k))
        seen = {name: value[order] for name, value in seen.items()}
        answer(net, seen, a.steps)
        save(run / "last.pt", {"config": config, "model": net.state_dict(), "ema": net.state_dict(), "step": a.steps * (k + 1),
                               "samples": len(seen["far"]), "hours": (time.time() - start) / 3600})
        good, bad = val_scores(net.eval(), samples)
        print(f"round {k + 1}: {len(seen['far'])} pairs; on {VAL_COUNT} val composites AUC {auc(good, bad):.4f}, of pairs {(good > bad).mean():.4f}", flush=True)


if __name__ == "__main__":
    main()
