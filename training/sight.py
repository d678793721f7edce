"""Trains the eyes that see the mask (sighted.py), and the head with them: `python -m training.sight --seen A.pt B.pt --start NET.pt --minutes 36 --out OUT.pt`.

The trunk's features at 1/8 of the size were kept when the composites were looked at (`fit --config deep --features --steps 0`), so a step
begins there: the expensive half of a composite, making it and looking at it, is paid once for several times.  It starts from a head
that `fit` made of the same statistics, or goes on from a network that has such eyes.  Two processes (`--rank`, `--world`) average
their weights every SYNC steps.
"""
from __future__ import annotations

import argparse
import copy
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F

from .colour_map import DeepColourMap, apply_colour_map, of_phi
from .data import DataError
from .evaluate import load
from .fit import DROP, keep, mixed
from .look import STEP
from .networks import build
from .sighted import Sighted

SYNC = 20
OTHERS, TWINS = 12, 6       # of a batch of 64 under another mask too, recompressed too
EVERY = 300                 # seconds between checkpoints
HELD = 1024                 # composites of the first file held back, at most an eighth
SEEN = ("statistics", "features", "small")
TOLD = (*SEEN, "before", "after")
AGAIN = ("other", "other_of", "other_small", "twin", "twin_of", "twin_features", "twin_small")


class Shards:
    """What was looked at, a file each, mapped: the files are larger than memory should be."""

    def __init__(self, paths: list[Path]):
        self.parts = [torch.load(path, mmap=True, weights_only=True) for path in paths]
        for path, part in zip(paths, self.parts):
            if lacking := [name for name in (*TOLD, *AGAIN) if name not in part]:
                raise DataError(f"{path} holds no {', '.join(lacking)}: look with --features")
        self.held = min(HELD, len(self.parts[0]["statistics"]) // 8)

    def batch(self, n: int, others: int, twins: int) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
        """-> (`n` composites of one file; what is seen of the first `others` under another mask, and of the next `twins`, or as many as
        the file has, recompressed)."""
        at = int(torch.randint(0, len(self.parts), (1,)))
        part, first = self.parts[at], self.held if at == 0 else 0
        twins = min(twins, len(part["twin_of"]))
        other, twin = (torch.randint(int((part[of] < first).sum()), max(1, len(part[of])), (count,)) for of, count in (("other_of", others), ("twin_of", twins)))
        rows = torch.cat([part["other_of"][other], part["twin_of"][twin], torch.randint(first, len(part["statistics"]), (n - others - twins,))])
        d = {name: part[name][rows] for name in TOLD}
        masked = torch.cat([d["small"][:others, :3], part["other_small"][other]], 1)
        again = {"statistics": torch.cat([part["other"][other], part["twin"][twin]]),
                 "features": torch.cat([d["features"][:others], part["twin_features"][twin]]),
                 "small": torch.cat([masked, part["twin_small"][twin]])}
        return d, again

    def back(self) -> dict[str, torch.Tensor]:
        """What is held back."""
        return {name: self.parts[0][name][:self.held] for name in TOLD}


def coefficients(net: DeepColourMap, statistics, features, small, drop: float = 0.0):
    """What the network answers to what was kept of composites [n,...]: [n,30,1,1]."""
    rgb, mask = (small.float() / 255).split([3, 1], 1)
    told = net.told(statistics.float(), STEP * features.float(), rgb, mask)
    code = net.mlp[2:](F.dropout(net.mlp[:2](told), drop, net.training))
    head = net.head(F.dropout(code, drop, net.training))
    return of_phi((net.terms * head[:, :, None, None]).view(-1, 3, 10, 1), net.basis).reshape(-1, 30, 1, 1)


def left(net: DeepColourMap, back: dict[str, torch.Tensor]) -> float:
    """The share of the edits' squares that is left of what was held back."""
    with torch.no_grad():
        coef = torch.cat([coefficients(net, *rows) for rows in zip(*(back[name].split(128) for name in SEEN))])
        before, after = back["before"].float() / 255, back["after"].float() / 255
        out = apply_colour_map(before[..., None], coef)[..., 0].clamp(0, 1)
        return float(((out - after) ** 2).mean() / ((before - after) ** 2).mean())


def begun(start: DeepColourMap, config: dict, width: int) -> tuple[DeepColourMap, dict]:
    """-> (a network with eyes of that width that see the mask, which answers nearly what `start` does; its config)."""
    config = {**config, "model": {**config["model"], "sighted": width}}
    net = build(config)
    state = {k: v for k, v in start.state_dict().items() if not k.startswith("mlp.0.weight")}
    net.load_state_dict(state, strict=False)
    net.sighted = Sighted(width, net.trunk)
    with torch.no_grad():
        own = start.mlp[0].in_features
        net.mlp[0].weight[:, :own] = start.mlp[0].weight
        nn.init.normal_(net.mlp[0].weight[:, own:], 0, 0.01)
    return net.to(memory_format=torch.channels_last), config


def between(start: nn.Module, end: nn.Module, share: float) -> nn.Module:
    """The network whose weights lie that share of the way from one to the other, which was trained on from it (Wortsman et al., Robust
    fine-tuning of zero-shot models, CVPR 2022)."""
    mean, first = copy.deepcopy(end), start.state_dict()
    mean.load_state_dict({k: first[k].lerp(v, share) if v.is_floating_point() else v for k, v in end.state_dict().items()})
    return mean


def averaged(net: nn.Module, share: float, world: int) -> float:
    """All processes' weights become their mean; so does the share of the time that is over."""
    if world == 1:
        return share
    with torch.no_grad():
        own = [p for p in net.parameters() if p.requires_grad]
        flat = torch.cat([p.flatten() for p in own] + [torch.tensor([share])])
        dist.all_reduce(flat)
        flat /= world
        at = 0
        for p in own:
            p.copy_(flat[at:at + p.numel()].view_as(p))
            at += p.numel()
    return float(flat[-1])


def sight(net: DeepColourMap, shards: Shards, seconds: float, rate: float = 7e-4, batch: int = 64, steady: float = 4.0, world: int = 1,
          tell=lambda ema, seen, line: None) -> tuple[DeepColourMap, int]:
    """Trains eyes and head for so long; -> (averaged weights along the way, composites seen by this process).  `steady` as in fit.py,
    recompression included.  `tell` hears every EVERY seconds of the averaged weights, of how many composites were seen, and how it goes."""
    for part in (net.trunk, net.norm):
        part.requires_grad_(False)
    old = [*net.mlp.parameters(), *net.head.parameters()]
    groups = [{"params": list(net.sighted.parameters()), "share": 1.0}, {"params": old, "share": 0.4}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.02, betas=(0.9, 0.99))
    ema, back = copy.deepcopy(net).eval(), shards.back()
    spent, over, step, last, told, lately = 0.0, 0.0, 0, time.time(), 0.0, torch.zeros(2)
    while over < 1:
        net.train()
        net.norm.eval()
        for g in optimiser.param_groups:
            g["lr"] = rate * g["share"] * min(1, (step + 1) / 100) * min(1, 1.25 * (1 - over))
        d, again = shards.batch(batch, OTHERS, TWINS)
        coef = coefficients(net, *(torch.cat([d[name], again[name]]) for name in SEEN), drop=DROP)
        before, after = d["before"].float() / 255, d["after"].float() / 255
        out = apply_colour_map(before[..., None], coef[:batch])[..., 0]
        same = apply_colour_map(before[:len(coef) - batch, ..., None], coef[batch:])[..., 0]
        edit, far = ((before - after) ** 2).mean((1, 2)), ((out - after) ** 2).mean((1, 2)).detach()
        lately += 0.01 * (torch.stack([far.mean(), edit.mean()]) - lately)
        loss = mixed(out, after, edit) + steady * ((same - out[:len(same)]) ** 2).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        now = time.time()
        spent, last = spent + min(now - last, 2.0), now         # a process that was stopped meanwhile loses nothing
        if step % SYNC == 0:
            over = averaged(net, spent / seconds, world)
        momentum = min(0.998, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, own in zip(ema.parameters(), net.parameters()):
                mean.lerp_(own, 1 - momentum)
        if spent - told > EVERY or over >= 1:
            told = spent
            tell(ema, step * batch, f"{spent / 60:.1f} min, {step * batch} seen; of the edits' squares are left {lately[0] / lately[1]:.3f} of what was seen "
                 f"lately, {left(ema, back):.3f} of what is held back")
            last = time.time()
    return ema, step * batch


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--seen", type=Path, nargs="+", required=True)
    p.add_argument("--start", type=Path, required=True, help="a head of fit --config deep; or a network with eyes, to go on from")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, default=36)
    p.add_argument("--width", type=int, default=192, help="of new eyes")
    p.add_argument("--rate", type=float, default=7e-4)
    p.add_argument("--steady", type=float, default=4.0, help="how much it counts that another mask, or recompression, changes nothing")
    p.add_argument("--share", type=float, default=1.0, help="how far of the way from the start's weights to the trained ones is kept")
    p.add_argument("--world", type=int, default=1, help="processes that train together, each with its --rank")
    p.add_argument("--rank", type=int, default=0)
    p.add_argument("--port", type=int, default=29511)
    p.add_argument("--seed", type=int, default=5)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)               # the same eyes in every process
    try:
        start, checkpoint = load(a.start)
        if not isinstance(start, DeepColourMap):
            raise DataError(f"{a.start} is no colour map by ImageNet's trunk")
        shards = Shards(a.seen)
    except DataError as e:
        sys.exit(f"sight: {e}")
    net, config = (start.to(memory_format=torch.channels_last), checkpoint["config"]) if start.sighted else begun(start, checkpoint["config"], a.width)
    torch.manual_seed(a.seed + a.rank)
    if a.world > 1:
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{a.port}", rank=a.rank, world_size=a.world)
    first, began = copy.deepcopy(net), time.time()

    def tell(ema: DeepColourMap, seen: int, line: str) -> None:
        if a.rank == 0:
            print(line, flush=True)
            keep(a.out, config, between(first, ema, a.share), samples=checkpoint["samples"] + seen * a.world, hours=(time.time() - began) / 3600)

    sight(net, shards, 60 * a.minutes, a.rate, steady=a.steady, world=a.world, tell=tell)


if __name__ == "__main__":
    main()
