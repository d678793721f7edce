"""Before the core is trained as a whole, its global part alone: `python -m training.fit --stem COLORMAP.pt --pool DIR --out START.pt`.

Nine tenths of the error that a core is left with after an hour is the mean of the change, one gain and one offset per
colour.  What decides on them (region statistics, bottleneck, the decoders' first level, and from there the straight way of
transfer.py) is a hundredth of the network's work.  So the encoder begins as transfer.py leaves it and is run once over
many composites; what it sees and what the teacher answers is kept, and the global part learns from that,
at over a thousand samples a second.  `train --start START.pt` goes on from there with everything.
"""
from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from .evaluate import load
from .networks import Joint, build, normalise
from .pool import Pool
from .train import CONFIGS, SOFT, mean_in, save
from .transfer import WAY, answer, settle, transfer


def look(core: Joint, teacher, batches: Pool, count: int, amplitude: float) -> dict[str, torch.Tensor]:
    """What the global part sees of `count` composites, and what it should say: half precision."""
    kept: dict[str, list[torch.Tensor]] = {}
    start = time.time()
    with torch.no_grad():
        for k in range(-(-count // batches.n)):
            rgb, _, mask = batches.next()[:3]
            small, m = F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2)
            x = normalise(core, small, m)
            y = core.stand_in(x)
            for level, layer in enumerate(core.encoder):
                y = layer(y)
                if level == 0:
                    seen = {"statistics": core.region_statistics(y, (x[:, 3:] + 1) / 2)}
            gain, offset = answer(teacher, rgb, mask, amplitude)
            at = F.avg_pool2d(m, m.shape[2] // 8)
            seen |= {"top": y, "colour": mean_in(x[:, :3], m), "change": gain * mean_in(x[:, :3], m) + offset, "gain": gain,
                     "where": at / (at.sum((2, 3), keepdim=True) + 1e-4)}
            for name, value in seen.items():
                kept.setdefault(name, []).append(value.half())
            if k % 50 == 0:
                print(f"looked at {k * batches.n} of {count}, {(k + 1) * batches.n / (time.time() - start):.0f}/s", flush=True)
    return {name: torch.cat(values) for name, values in kept.items()}


def say(core: Joint, seen: dict[str, torch.Tensor]):
    """(gains, changes of the mean colour) [n,3,8,8] each, of normalised colours, as the straight way carries them on from level 5."""
    code = core.fc(seen["top"].flatten(1)) + core.region(seen["statistics"])
    start = code[:, :, None, None]
    h = torch.cat([core.harmony[0](start) + seen["top"]] + ([core.scene[0](start) + seen["top"]] if core.with_scene else []), 1)
    conv, norm = core.harmony[1][0], core.harmony[1][1]
    own = slice(-WAY, None)
    h = F.conv_transpose2d(h, conv.weight[:, own], None, 2, 1)
    h = F.elu(F.batch_norm(h, norm.running_mean[own], norm.running_var[own], norm.weight[own], norm.bias[own], False, 0.0, norm.eps)) - 1
    gain, offset = h.chunk(2, 1)
    return gain, gain * seen["colour"][:, :, None, None] + offset


def distance(said, wanted, where, scale: float = 128 / 255):
    """As the foreground loss (train.py): of changes [n,3,8,8] from those wanted [n,3], everywhere inside the mask (not of their
    mean: what differs from place to place would not be held, and spoils the picture)."""
    d = (said - wanted[:, :, None, None]).abs() * scale
    plain = ((d + 2 * d * d).mean(1, keepdim=True) * where).sum((1, 2, 3))
    return (SOFT * torch.log1p(plain / SOFT)).mean()


def fit(core: Joint, seen: dict[str, torch.Tensor], steps: int, rate: float, batch: int = 64) -> None:
    held = len(seen["gain"]) * 19 // 20
    parts = [core.region, core.fc, core.harmony[0]] + ([core.scene[0]] if core.with_scene else [])
    # Adam moves every weight by about the rate: a sum of thousands of them, read out as it is, wants a far lower one.
    groups = [{"params": [p for part in parts for p in part.parameters()], "share": 1.0},
              {"params": list(core.harmony[1].parameters()), "share": 0.02}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.02)
    core.eval()
    start, mean = time.time(), None
    for step in range(steps):
        for g in optimiser.param_groups:
            g["lr"] = g["share"] * rate * min(1, 20 * (step + 1) / steps, 1.25 * (1 - step / steps))
        rows = torch.randint(0, held, (batch,))
        part = {name: value[rows].float() for name, value in seen.items()}
        gain, change = say(core, part)
        gains = F.smooth_l1_loss((gain * part["where"]).sum((2, 3)), part["gain"], beta=0.1)
        loss = distance(change, part["change"], part["where"]) + 0.02 * gains
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], 1.0)
        optimiser.step()
        mean = loss.item() if mean is None else mean + 0.01 * (loss.item() - mean)
        if step % 500 == 0 or step == steps - 1:
            with torch.no_grad():
                rest = {name: value[held:].float() for name, value in seen.items()}
                said, wanted, where = say(core, rest)[1], rest["change"], rest["where"]
                explained = 1 - (((said * where).sum((2, 3)) - wanted) ** 2).sum() / (wanted ** 2).sum()
                print(f"step {step} loss {mean:.5f} held back {distance(said, wanted, where).item():.5f} of {distance(0 * said, wanted, where).item():.5f}, "
                      f"explained {explained.item():.3f}, {(step + 1) * batch / (time.time() - start):.0f}/s", flush=True)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--config", choices=["joint", "context"], default="joint")
    p.add_argument("--stem", type=Path, required=True, help="the colour map: its stem is taken, and it is the teacher")
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--count", type=int, default=24_000, help="composites looked at")
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--rate", type=float, default=1e-4)
    p.add_argument("--amplitude", type=float, default=1.3)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    config, teacher = CONFIGS[a.config], load(a.stem)[0].eval()
    core = build(config).to(memory_format=torch.channels_last)
    batches = Pool(a.pool, 16, 5)
    print(f"the straight way explains {transfer(teacher, core, batches, a.amplitude):.3f} of the teacher's answer", flush=True)
    core.eval()
    seen = look(core, teacher, batches, a.count, a.amplitude)
    with torch.no_grad():                       # at first the linear answer alone; what the bottleneck says besides is not known to help
        core.fc.weight[WAY:] *= 0.2
    fit(core, seen, a.steps, a.rate)
    settle(core, batches)
    state = core.state_dict()
    save(a.out, {"config": config, "model": state, "ema": state, "step": 0, "samples": 0, "hours": 0.0})


if __name__ == "__main__":
    main()
