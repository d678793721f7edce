"""Training: `python -m training.train --config colormap|joint --data ../shared/data --work DIR [--until HH:MM] [--resume]`.

One process, one thread, composites made on the fly.  The rate is constant and falls linearly to nothing over the
last part of the time given (--until, UTC), so that a run ends when the clock says.  Weights are
averaged (EMA), the norms' statistics too.  DIR/runs/NAME holds
`last.pt` (written beside, then renamed), `log.csv` and the config.
"""
from __future__ import annotations

import argparse
import copy
import csv
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from . import composite as making
from .colour_map import apply_colour_map
from .data import IGNORE, DataError, Photographs
from .evaluate import Curves, load
from .networks import build, normalise
from .pool import Pool
from .transfer import hold

CONFIGS = {
    "colormap": {"network": "colormap", "model": {"size": 128, "sigma": 1.5, "band": 0.4}, "batch": 16, "lr": 1.2e-3, "ema": 0.999,
                 "look_minutes": 6, "look_count": 160, "smooth": 0.02},
    "joint": {"network": "joint", "model": {"size": 512, "widths": [0.25, 0.25, 0.25, 0.625, 0.375, 0.5, 0.5, 0.5], "core": True, "regions": True, "told": 512},
              "batch": 32, "lr": 1e-3, "ema": 0.999, "look_minutes": 6, "look_count": 160,
              "lambda_scene": 0.05, "lambda_whole": 5.0, "lambda_hint": 0.3, "scene_crop": 80},
    "context": {"network": "joint", "model": {"size": 512, "widths": [0.25, 0.25, 0.25, 0.625, 0.375, 0.5, 0.5, 0.5], "core": True, "regions": True, "told": 512, "scene": False},
                "batch": 32, "lr": 1e-3, "ema": 0.999, "look_minutes": 6, "look_count": 160,
                "lambda_whole": 5.0, "lambda_hint": 0.3},
}
FLOOR = 0.02              # masks smaller than this share count as this share in the loss
SOFT = 0.08


class Batches:
    """Random batches: composite and truth [n,3,s,s] 0..255, mask [n,1,s,s] 0..1, labels [n,s,s] or None, the loss's mask."""

    def __init__(self, photos: Photographs, config: dict, seed: int):
        self.photos, self.size, self.n = photos, config["size"], config["batch"]
        self.labels = self.size if config["network"] == "joint" else 0
        self.rng = np.random.default_rng(seed)

    def next(self):
        made = [making.tensors(making.make(self.photos, self.rng), self.size, self.labels) for _ in range(self.n)]
        rgb = torch.from_numpy(np.stack([m[0] for m in made])).permute(0, 3, 1, 2)
        mask = torch.from_numpy(np.stack([m[1] for m in made]))[:, None]
        labels = torch.from_numpy(np.stack([m[2] for m in made])).long() if self.labels else None
        return rgb[:, :3], rgb[:, 3:], mask, labels, mask


def foreground_loss(out, truth, mask):
    """L1 + 2 L2 of 0..1 colours inside the mask, normalised by its area (no smaller than FLOOR), and of a sample's
    loss l the saturating SOFT log(1 + l / SOFT): a mild edit put right counts as a strong one does, and what
    cannot be guessed (strong changes, mostly) does not rule the gradient.  Returns (loss, mean of the plain l)."""
    d = (out - truth).abs()
    area = mask.mean((1, 2, 3)).clamp_min(FLOOR)
    plain = ((d + 2 * d * d) * mask).mean((1, 2, 3)) / area
    return (SOFT * torch.log1p(plain / SOFT)).mean(), plain.mean().item()


def colormap_loss(net, batch, config):
    rgb, truth, mask, _, counted = batch
    coef = net(normalise(net, rgb, mask))
    small = [F.avg_pool2d(t, 4) for t in (rgb / 255, truth / 255, counted)]                 # 1,024 pixels will do
    loss, plain = foreground_loss(apply_colour_map(small[0], coef), small[1], small[2])
    smooth = (coef[:, :, 1:] - coef[:, :, :-1]).abs().mean() + (coef[:, :, :, 1:] - coef[:, :, :, :-1]).abs().mean()
    return loss + config["smooth"] * smooth, {"harmony": plain, "soft": loss.item()}


def teacher_output(teacher, rgb, mask, amplitude, shrink: int):
    """What the colour map makes of the pictures: rgb [n,3,s,s] 0..255 -> [n,3,s/shrink,s/shrink] 0..1.  It looks at them
    at its own size (the area squash, as s is a multiple of it) and its change is multiplied by `amplitude`."""
    if rgb.shape[2] % teacher.size:
        raise DataError(f"the teacher looks at {teacher.size}x{teacher.size}, the composites are of {rgb.shape[2]}x{rgb.shape[2]}: make a pool of its --size")
    with torch.no_grad():
        k = rgb.shape[2] // teacher.size
        coef = teacher(normalise(teacher, F.avg_pool2d(rgb, k), F.avg_pool2d(mask, k)))
        small = F.avg_pool2d(rgb, shrink) / 255
        return (small + amplitude * (apply_colour_map(small, coef) - small)).clamp(0, 1)


def mean_in(x, weight):
    """[n,c,h,w], [n,1,h,w] -> [n,c], the weighted mean."""
    return (x * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1e-3)


def joint_loss(net, batch, config):
    """Foreground loss + whole-image L2 + balanced cross-entropy of the scene decoder (on a random crop of the whole
    network's).  A share (--taught) of the foreground loss is the distance to the answer of a teacher, the colour map, when
    there is one: its noise is far below the truth's, so the same hours teach more.  And the bottleneck
    is asked, by one linear layer, for what it must know: the mean colours inside and outside the mask, and the change."""
    rgb, truth, mask, labels, counted = batch
    core = config["model"].get("core", False)
    teacher = config.get("teacher")
    answer = None if teacher is None else teacher_output(teacher, rgb, mask, config["amplitude"], 2 if core else 1)
    if core:
        rgb, truth, mask, counted = (F.avg_pool2d(t, 2) for t in (rgb, truth, mask, counted))
        labels = labels[:, 1::2, 1::2]
    if answer is None:
        answer = truth / 255
    change, last, code = net(normalise(net, rgb, mask))
    before, truth = rgb / 255, truth / 255
    out = before + change * (128 / 255)
    fg, plain = foreground_loss(out, truth, counted)
    parts = {"harmony": plain}
    target = before + counted * (answer - before)
    if teacher is not None:
        taught, parts["taught"] = foreground_loss(out, answer, counted)
        fg = (1 - config["taught"]) * fg + config["taught"] * taught
    whole = ((out - target) ** 2).mean()
    known = torch.cat([mean_in(before, mask) - 0.5, mean_in(before, 1 - mask) - 0.5,
                       4 * mean_in(truth - before, counted), 4 * mean_in(answer - before, counted)], 1)
    hint = F.smooth_l1_loss(net.hint(code), known, beta=0.1)
    parts["hint"] = hint.item()
    loss = fg + config["lambda_whole"] * whole + config["lambda_hint"] * hint
    if net.with_scene:
        if core:
            scores = net.scores(last)
        else:
            k = min(config["scene_crop"], last.shape[2])
            y, x = (int(v) for v in np.random.randint(0, last.shape[2] - k + 1, 2))
            scores, labels = net.scores(last[:, :, y:y + k, x:x + k]), labels[:, 2 * y:2 * (y + k), 2 * x:2 * (x + k)]
        scene = F.cross_entropy(scores, labels, config["class_weight"], ignore_index=IGNORE) if (labels != IGNORE).any() else scores.sum() * 0
        loss, parts["scene"] = loss + config["lambda_scene"] * scene, scene.item()
    return loss, parts


def class_weights(photos: Photographs) -> torch.Tensor:
    """1/sqrt(share) of every label, mean 1, at most 4 (some labels are in 30 photographs)."""
    counts = np.bincount(np.asarray(photos._sem[::97]), minlength=256)[:26].astype(np.float64)
    w = 1 / np.sqrt(np.maximum(counts / counts.sum(), 1e-4))
    return torch.tensor(np.minimum(w / w.mean(), 4), dtype=torch.float32)


def average(ema, net, decay: float) -> None:
    """Moves the averaged network towards `net`: weights and the norms' statistics."""
    with torch.no_grad():
        for a, b in zip(ema.state_dict().values(), net.state_dict().values()):
            if a.is_floating_point():
                a.lerp_(b, 1 - decay)
            else:
                a.copy_(b)


def save(path: Path, state: dict) -> bool:
    """Write beside, then rename: a full disk leaves the last good checkpoint as it was."""
    part = path.with_suffix(".part")
    try:
        torch.save(state, part)
        with open(part, "rb") as f:
            os.fsync(f.fileno())
        os.replace(part, path)
        return True
    except (OSError, RuntimeError) as e:
        part.unlink(missing_ok=True)
        print(f"checkpoint not written ({e}); {path} is still the last good one", file=sys.stderr, flush=True)
        return False


def restore(path: Path, config: dict) -> dict:
    if not path.is_file():
        raise DataError(f"nothing to resume: {path} does not exist")
    ck = torch.load(path, map_location="cpu", weights_only=True)
    if (ck["config"]["network"], ck["config"]["model"]) != (config["network"], config["model"]):
        raise DataError(f"{path} is a checkpoint of another config: {ck['config']['network']} {ck['config']['model']}, "
                        f"wanted {config['network']} {config['model']}")
    return ck


def train(args) -> None:
    config = dict(CONFIGS[args.config])
    run = args.work / "runs" / (args.name or args.config)
    run.mkdir(parents=True, exist_ok=True)
    photos = Photographs(args.data, args.work, "train")
    curves = Curves(args.data, args.work, config["look_count"])
    stored = dict(config)
    config["size"] = args.size or config["model"]["size"]
    config["batch"] = args.batch or config["batch"]
    config["lr"] = args.rate or config["lr"]
    if args.scene is not None:
        config["lambda_scene"] = args.scene
    torch.manual_seed(args.seed)
    net = build(config).to(memory_format=torch.channels_last)
    net.size = args.size or net.size
    ema = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=config["lr"], weight_decay=1e-4)
    step, samples, hours = 0, 0, 0.0
    if args.start:
        ck = restore(args.start, config)
        net.load_state_dict(ck["model"])
        ema.load_state_dict(ck["ema"])
    if args.resume:
        ck = restore(run / "last.pt", config)
        net.load_state_dict(ck["model"])
        ema.load_state_dict(ck["ema"])
        optimiser.load_state_dict(ck["optimiser"])
        step, samples, hours = ck["step"], ck["samples"], ck["hours"]
        if args.gain != 1:
            for part in (net, ema):
                part.terms *= args.gain
    if args.hold:
        hold(net)
    if config["network"] == "joint" and net.with_scene:
        config["class_weight"] = class_weights(photos)
    if args.teacher:
        config["teacher"], config["amplitude"], config["taught"] = load(args.teacher)[0].eval(), args.amplitude, args.taught
    before = samples
    batches = Pool(args.pool, config["batch"], args.seed + 1000 + step) if args.pool else Batches(photos, config, args.seed + 1000 + step)
    loss_of = colormap_loss if config["network"] == "colormap" else joint_loss
    start = time.time()
    end = until(args.until).timestamp() if args.until else start + args.minutes * 60
    looked, running, log = start, {}, run / "log.csv"
    net.train()
    if args.compile:
        net.compile()
    while True:
        now = time.time()
        progress = (now - start) / (end - start)
        last = progress >= 1
        if last or now - looked > config["look_minutes"] * 60 or step == args.look_at:
            looked = now
            state = {"config": stored, "model": net.state_dict(), "ema": ema.state_dict(), "optimiser": optimiser.state_dict(),
                     "step": step, "samples": samples, "hours": hours + (now - start) / 3600}
            save(run / "last.pt", state)
            result = curves(ema.eval())
            row = {"time": datetime.now(timezone.utc).strftime("%H:%M:%S"), "step": step, "samples": samples,
                   "loss": round(running.get("harmony", 0), 5), "scene": round(running.get("scene", 0), 4),
                   **{k: round(float(v), 3) for k, v in result.items() if k != "triplets"},
                   **{k: round(v, 2) for k, v in result["triplets"].items()}}
            new = not log.exists()
            with log.open("a", newline="") as f:
                w = csv.DictWriter(f, row)
                if new:
                    w.writeheader()
                w.writerow(row)
            print(json.dumps(row), flush=True)
            if last:
                break
        rate = config["lr"] * min(1, (step + 1) / 100) * float(np.clip((1 - progress) / args.decay, 0.01, 1))
        for g in optimiser.param_groups:
            g["lr"] = rate
        loss, parts = loss_of(net, batches.next(), config)
        if not torch.isfinite(loss):
            raise DataError(f"the loss is {loss.item()} at step {step}; resume from {run / 'last.pt'} with a lower rate")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step, samples = step + 1, samples + config["batch"]
        decay = min(config["ema"], (1 + step) / (10 + step))
        average(ema, net, decay)
        for k, v in parts.items():
            running[k] = v if k not in running else running[k] + 0.02 * (v - running[k])
        if step % 100 == 0:
            print(f"step {step} samples {samples} {(samples - before) / (time.time() - start):.1f}/s {running}", flush=True)


def until(hhmm: str) -> datetime:
    now = datetime.now(timezone.utc)
    h, m = map(int, hhmm.split(":"))
    t = now.replace(hour=h, minute=m, second=0, microsecond=0)
    return t if t > now else t + timedelta(days=1)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--config", choices=sorted(CONFIGS), required=True)
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--name", help="name of the run (default: the config's)")
    p.add_argument("--until", metavar="HH:MM", help="end at this UTC time")
    p.add_argument("--minutes", type=float, default=60, help="or after so many minutes")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--look-at", type=int, default=100, help="an early look at this step")
    p.add_argument("--decay", type=float, default=0.35, help="share of the time, at its end, over which the rate falls")
    p.add_argument("--rate", type=float, help="another rate than the config's")
    p.add_argument("--size", type=int, help="train at a smaller size first (joint: 256 is four times as fast)")
    p.add_argument("--batch", type=int, help="another batch size than the config's")
    p.add_argument("--compile", action="store_true", help="needs g++; a fifth faster for joint, minutes to start")
    p.add_argument("--teacher", type=Path, help="joint, context: learn from this colour map's checkpoint as well")
    p.add_argument("--start", type=Path, help="begin with the weights of this file (training.fit)")
    p.add_argument("--hold", action="store_true", help="joint, context: what training.fit taught stays as it is")
    p.add_argument("--pool", type=Path, help="draw from this folder of finished composites (training.pool)")
    p.add_argument("--gain", type=float, default=1.0, help="colormap, resuming: the change so many times as large")
    p.add_argument("--scene", type=float, help="another weight of the scene loss than the config's (0: the paper's second stage)")
    p.add_argument("--amplitude", type=float, default=1.0, help="of the teacher's change")
    p.add_argument("--taught", type=float, default=0.75, help="share of the teacher's answer in the foreground loss")
    p.add_argument("--resume", action="store_true")
    args = p.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        train(args)
    except DataError as e:
        sys.exit(f"training: {e}")


if __name__ == "__main__":
    main()
