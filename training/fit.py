"""Before a network is trained as a whole, the part that decides most, alone:

    python -m training.fit --config joint    --stem COLORMAP.pt --pool DIR --out START.pt
    python -m training.fit --config context  --like START.pt --out START2.pt       # the same start without the scene decoder
    python -m training.fit --config joint    --core CORE.pt --stem COLORMAP.pt --pool DIR --out CORE2.pt    # answered anew
    python -m training.fit --config colormap --stem COLORMAP.pt --pool DIR --seen SEEN.pt --loss mixed --out HEAD.pt
    python -m training.fit --config deep     --stem COLORMAP.pt --work DIR --seen A.pt --count 40000 --seed 1 --steps 0     # looked at, a process a core
    python -m training.fit --config deep     --seen A.pt B.pt --steady 4 --loss mixed --out HEAD.pt                         # by ImageNet's eyes

Nine tenths of what a network gets wrong after an hour is the change of the region as a whole, and that follows from the
statistics of its early features inside and outside the mask.  So the encoder (the colour map's own, or the core's
that begins as transfer.py leaves it) is run once over many composites (look.py); its statistics, some places inside the mask,
and what the teacher and the truth have there are kept.  The layers that answer those statistics then learn from
them at thousands of samples a second.  `train --start START.pt --hold` goes on from there with the rest.

The teacher is the colour map as it was.  Half its answer, half the truth: the truth alone is mostly what nobody can
guess, and 57,000 composites of it are learned by heart (on the triplets 26 dB instead of 30).  By squares, and with 120,000, as much as
0.7 of the truth does no harm.
"""
from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

from .colour_map import ColourMap, DeepColourMap, apply_colour_map, of_phi
from .data import DataError, Photographs
from .evaluate import load
from .look import Eyes, joined, look, read
from .networks import Joint, build, normalise
from .pool import Fresh, Pool
from .train import CONFIGS, restore, save
from .transfer import WAY, open_way, settle, transfer, without_scene
from .trunk import pretrained

HELD = 2048                 # composites held back, at most a tenth
DROP = 0.15
DEEP = {"network": "deep", "model": {"size": 256}}
ANSWER = 256                # hidden units that answer the core's region statistics


class ColourMapHead(nn.Module):
    """What answers the colour map's statistics: its two hidden layers and the global coefficients."""
    quick = 3.0             # the head's steps, as many times as large: its terms are small

    def __init__(self, net: ColourMap | DeepColourMap, drop: float = DROP):
        super().__init__()
        self.net, self.drop = net, drop
        self.parts = nn.ModuleList([net.mlp, net.head])
        self.see = Eyes(net)
        for layer in (net.head, *([net.local] if isinstance(net, ColourMap) else [])):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def statistics(self, rgb, mask):
        return self.see(rgb, mask)[0]

    def begin(self, statistics) -> None:
        norm = self.net.norm
        norm.running_mean.copy_(statistics.mean(0))
        norm.running_var.copy_(statistics.var(0))
        norm.num_batches_tracked.fill_(norm.begin)
        nn.init.ones_(norm.weight)
        nn.init.zeros_(norm.bias)

    def forward(self, statistics, before):
        """[n,stats], colours [n,3,p] 0..1 -> the colours they become."""
        net = self.net
        code = net.mlp[2:](F.dropout(net.mlp[:2](net.norm(statistics).clamp(-5, 5)), self.drop, self.training))
        coef = (net.terms * self.quick * net.head(F.dropout(code, self.drop, self.training))[:, :, None, None]).view(-1, 3, 10, 1)
        return apply_colour_map(before[..., None], of_phi(coef, net.basis).reshape(-1, 30, 1, 1))[..., 0]

    def end(self, statistics, batches) -> None:
        for t in (self.net.head.weight, self.net.head.bias):
            t *= self.quick


class CoreWay(nn.Module):
    """What answers the core's region statistics on the straight way (transfer.py): ANSWER hidden units of their own, the last of
    `Joint.region`.  `fresh`: the way itself is still to be laid; otherwise the core was trained already, and keeps all else."""

    def __init__(self, net: Joint, fresh: bool = True):
        super().__init__()
        self.net, self.fresh = net, fresh
        n = net.region[0].in_features
        self.parts = nn.Sequential(nn.Linear(n, ANSWER), nn.ELU(), nn.Linear(ANSWER, ANSWER), nn.ELU(), nn.Linear(ANSWER, WAY))
        nn.init.zeros_(self.parts[-1].weight)
        nn.init.zeros_(self.parts[-1].bias)

    def statistics(self, rgb, mask):
        x = normalise(self.net, F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2))
        return self.net.region_statistics(self.net.encoder[0](self.net.stand_in(x)), (x[:, 3:] + 1) / 2)

    def begin(self, statistics) -> None:
        pass                    # they are normalised already

    def forward(self, statistics, before):
        """[n,4c], colours [n,3,p] 0..1 -> the colours they become."""
        gain, offset = self.parts[2:](F.dropout(self.parts[:2](statistics), DROP, self.training))[..., None].chunk(2, 1)
        return before + (gain * (before * 255 - torch.tensor(Joint.mean).view(1, 3, 1)) + offset / Joint.scale) / 255

    def end(self, statistics, batches) -> None:
        region, own, others = self.net.region, slice(-ANSWER, None), slice(None, -ANSWER)
        region[0].weight[own], region[0].bias[own] = self.parts[0].weight, self.parts[0].bias
        region[2].weight[own, others], region[2].weight[others, own] = 0, 0
        region[2].weight[own, own], region[2].bias[own] = self.parts[2].weight, self.parts[2].bias
        region[4].weight[:WAY, others], region[4].weight[WAY:, own] = 0, 0
        region[4].weight[:WAY, own], region[4].bias[:WAY] = self.parts[4].weight, self.parts[4].bias
        if self.fresh:
            open_way(self.net, self.parts(statistics))
            settle(self.net, batches)


def answered(net: DeepColourMap, seen: dict[str, torch.Tensor], amplitude: float) -> torch.Tensor:
    """What another answer to the same statistics makes of the colours kept: `taught` anew."""
    out = []
    with torch.no_grad():
        for statistics, before in zip(seen["statistics"].split(4096), seen["before"].split(4096)):
            code = net.mlp(net.norm(statistics.float()).clamp(-5, 5))
            coef = amplitude * of_phi((net.terms * net.head(code)[:, :, None, None]).view(-1, 3, 10, 1), net.basis).reshape(-1, 30, 1, 1)
            out.append((apply_colour_map(before[..., None] / 255, coef)[..., 0].clamp(0, 1) * 255).round().byte())
    return torch.cat(out)


def squares(a, b, edit):
    """Mean squares, unlike the foreground loss of train.py: that saturates, so what is far off counts little, and strong edits
    were left half corrected.  By squares the answer is the mean of what may be true (training/README.md has both)."""
    return 4 * ((a - b) ** 2).mean()


def mixed(a, b, edit):
    """As much by squares as by squares as a share of what the edit did (`edit`, mean squares [n]), so that mild ones count too."""
    own = ((a - b) ** 2).mean((1, 2))
    return 2.4 * own.mean() + 0.02 * (own / (edit + (8 / 255) ** 2)).mean()


LOSSES = {"squares": squares, "mixed": mixed}


def fit(part, seen: dict[str, torch.Tensor], steps: int, truth: float, rate: float = 1e-3, batch: int = 128, distance=squares,
        steady: float = 0.0, still: float = 0.0) -> float:
    """Teaches `part`; returns the share of the teacher's change that it explains in what was held back.  `steady`: how much it counts that
    the answer is the same under another mask; `still`, that photographs stay as they are."""
    n = len(seen["statistics"])
    held = n - min(HELD, n // 10)

    def take(rows):
        return seen["statistics"][rows].float(), *(seen[name][rows].float() / 255 for name in ("before", "after", "taught"))

    with torch.no_grad():
        part.begin(seen["statistics"][:held].float())
    others, photographs = (seen[name] if name in seen else torch.zeros(0) for name in ("other_of", "photograph_of"))
    others, photographs = int((others < held).sum()), int((photographs < held).sum())
    if steady and not others or still and not photographs:
        raise DataError("what was looked at has no other masks or photographs: --steady and --still are for deep")
    optimiser = torch.optim.AdamW(part.parts.parameters(), lr=rate, weight_decay=0.03)
    start, mean, explained = time.time(), None, 0.0
    for step in range(steps):
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, 1.3 * (1 - step / steps))
        part.train()
        part.net.eval()             # its norms stay as they are
        rows = torch.randint(0, held, (batch,))
        if steady:
            some = torch.randint(0, others, (batch // 4,))
            rows[:batch // 4] = seen["other_of"][some]
        statistics, before, after, taught = take(rows)
        out = part(statistics, before)
        edit = ((before - after) ** 2).mean((1, 2))
        loss = truth * distance(out, after, edit) + (1 - truth) * distance(out, taught, edit)
        if steady:
            loss = loss + steady * ((part(seen["other"][some].float(), before[:batch // 4]) - out[:batch // 4]) ** 2).mean()
        if still:
            some = torch.randint(0, photographs, (batch // 8,))
            true = seen["after"][seen["photograph_of"][some]].float() / 255
            loss = loss + still * mixed(part(seen["photograph"][some].float(), true), true, torch.zeros(()))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        mean = loss.item() if mean is None else mean + 0.01 * (loss.item() - mean)
        if step % 2000 == 0 or step == steps - 1:
            with torch.no_grad():
                part.eval()
                statistics, before, after, taught = take(slice(held, None))
                out = part(statistics, before)
                explained = 1 - ((out - taught) ** 2).sum().item() / ((before - taught) ** 2).sum().item()
                left = ((out - after) ** 2).mean() / ((before - after) ** 2).mean()
                print(f"step {step} loss {mean:.5f}; held back: {left:.3f} of the edits' squares left, "
                      f"teacher's change explained {explained:.3f}, {(step + 1) * batch / (time.time() - start):.0f}/s", flush=True)
    with torch.no_grad():
        part.eval()
    return explained


def keep(path: Path, config: dict, net: nn.Module, step: int = 0, samples: int = 0, hours: float = 0.0) -> None:
    state = net.state_dict()
    save(path, {"config": config, "model": state, "ema": state, "step": step, "samples": samples, "hours": hours})


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--config", choices=["joint", "context", "colormap", "deep"], default="joint")
    p.add_argument("--stem", type=Path, help="the colour map: its encoder or its stem is taken, and it is the teacher")
    p.add_argument("--pool", type=Path)
    p.add_argument("--like", type=Path, help="context: the start of joint")
    p.add_argument("--core", type=Path, help="joint, context: this core, trained with --hold, gets a new answer and keeps all else")
    p.add_argument("--out", type=Path)
    p.add_argument("--count", type=int, default=60_000, help="composites looked at")
    p.add_argument("--steps", type=int, default=16_000)
    p.add_argument("--truth", type=float, default=0.5, help="share of the truth in the loss; the rest is the teacher's answer")
    p.add_argument("--amplitude", type=float, default=1.5, help="of the teacher's change")
    p.add_argument("--loss", choices=sorted(LOSSES), default="squares")
    p.add_argument("--seen", type=Path, nargs="+", help="what was looked at: read from here where it is, else kept here for the next fit")
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, help="deep: composites are made as they are looked at, none from a pool")
    p.add_argument("--steady", type=float, default=0.0, help="deep: how much it counts that another mask of the same gives the same")
    p.add_argument("--still", type=float, default=0.0, help="deep: how much it counts that photographs stay as they are")
    p.add_argument("--again", type=Path, help="deep: heads joined, which teach instead of what --seen holds of --stem")
    p.add_argument("--features", action="store_true", help="deep: what is looked at is kept for sight.py too, eight times as much")
    p.add_argument("--hidden", type=int, help="deep: hidden units of a layer, 256 otherwise")
    p.add_argument("--drop", type=float, default=DROP, help="colormap, deep: share of hidden units left out of a step")
    p.add_argument("--seed", type=int, default=5)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    if a.like and a.config != "context" or a.core and a.config in ("colormap", "deep"):
        p.error("--like is for context, --core for joint and context")
    if (a.hidden or a.again or a.steady or a.still or a.features) and a.config != "deep":
        p.error("--hidden, --again, --steady, --still and --features are for deep")
    if not a.out and not (a.seen and not a.steps):
        p.error("--out is needed (or --seen and --steps 0, to look alone)")
    known = bool(a.seen) and all(path.is_file() for path in a.seen)
    if a.seen and len(a.seen) > 1 and not known:
        p.error(f"no {' or '.join(str(path) for path in a.seen if not path.is_file())}: several --seen are read, one is kept")
    if a.config == "deep" and not known and not (a.stem and a.work):
        p.error("deep wants --stem and --work, or --seen of what was looked at")
    if a.config != "deep" and (not a.like and not (a.stem and a.pool) or a.config == "context" and not (a.like or a.core)):
        p.error("--stem and --pool are needed; context wants --like or --core instead of a start of its own")
    try:
        train(a)
    except DataError as e:
        sys.exit(f"fit: {e}")


def train(a) -> None:
    config = DEEP if a.config == "deep" else CONFIGS[a.config]
    if a.hidden:
        config = {**config, "model": {**config["model"], "hidden": a.hidden}}
    net = build(config).to(memory_format=torch.channels_last).eval()
    if a.like:
        without_scene(load(a.like)[0], net)
        return keep(a.out, config, net)
    teacher = load(a.stem)[0].eval() if a.stem else None
    if a.config != "deep" and not isinstance(teacher, ColourMap):
        raise DataError(f"{a.stem} sees by ImageNet's trunk: {a.config} wants a colour map with an encoder of its own")
    batches = Pool(a.pool, 16, a.seed) if a.pool else Fresh(Photographs(a.data, a.work, "train"), net.size, 16, a.seed) if a.work else None
    so_far = {}
    if a.config == "colormap":
        net.load_state_dict(teacher.state_dict(), strict=False)
        part = ColourMapHead(net, a.drop)
    elif a.config == "deep":
        net.trunk.load_state_dict(pretrained().state_dict())
        part = ColourMapHead(net, a.drop)
    elif a.core:
        ck = restore(a.core, config)
        net.load_state_dict(ck["ema"])
        so_far = {name: ck[name] for name in ("step", "samples", "hours")}
        part = CoreWay(net, fresh=False)
    else:
        transfer(teacher, net, batches)
        part = CoreWay(net)
    known = bool(a.seen) and all(path.is_file() for path in a.seen)
    if known:
        seen = joined([read(path) for path in a.seen])
    else:
        seen = look(part, teacher, batches, a.count, a.amplitude, a.features)
        if a.seen:
            save(a.seen[0], seen)
    if not a.steps:
        return
    if a.again:
        again = load(a.again)[0]
        if not isinstance(again, DeepColourMap) or again.norm.num_features != seen["statistics"].shape[1]:
            raise DataError(f"{a.again} does not answer these statistics")
        seen["taught"] = answered(again, seen, a.amplitude)
    fit(part, seen, a.steps, a.truth, distance=LOSSES[a.loss], steady=a.steady, still=a.still)
    with torch.no_grad():
        part.end(seen["statistics"][:4096].float(), batches)
    keep(a.out, config, net, **{"samples": len(seen["statistics"]), **so_far})


if __name__ == "__main__":
    main()
