"""Composites looked at once: what networks see of them is kept, and answered again and again (fit.py, realism.py)."""
from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn as nn

from .colour_map import ColourMap, DeepColourMap
from .composite import recompress
from .data import DataError
from .networks import normalise
from .pool import Pool
from .sighted import seen_small
from .train import teacher_output
from .trunk import swift

STEP = 0.35                 # of the trunk's features as bytes: they reach 40
PLACES = 64                 # of a composite, drawn by the loss's mask
OTHER, TWIN, PHOTOGRAPHS = slice(0, 5), slice(5, 8), slice(5, 9)       # of a batch of 16: under another mask too; recompressed too; the photograph too
SIGHT = ("features", "small", "other_small", "twin", "twin_of", "twin_features", "twin_small")      # what is only for sight.py


class Statistics(nn.Module):
    """What the colour map sees, as a network of its own, for `swift`."""

    def __init__(self, net: ColourMap | DeepColourMap):
        super().__init__()
        self.net = net

    def forward(self, x, *feats):
        if isinstance(self.net, DeepColourMap):
            return (self.net.about(x, feats),)
        return (self.net.statistics(x)[0],)


class Trunk(nn.Module):
    """What ImageNet's trunk sees of a picture, likewise."""

    def __init__(self, net: DeepColourMap):
        super().__init__()
        self.trunk = net.trunk

    def forward(self, rgb):
        return tuple(self.trunk(rgb)[1:])


class Eyes:
    """The statistics of pictures and masks by ONNX Runtime; a deep colour map's trunk looks once, whatever the masks."""

    def __init__(self, net: ColourMap | DeepColourMap):
        self.net, x = net, torch.rand(2, 4, net.size, net.size)
        self.trunk = swift(Trunk(net), x[:, :3]) if isinstance(net, DeepColourMap) else lambda rgb: []
        with torch.no_grad():
            self.about = swift(Statistics(net), x, *self.trunk(x[:, :3]))

    def features(self, rgb):
        """rgb [n,3,s,s] 0..255 -> what the trunk sees at 1/4 to 1/32 of the size."""
        return self.trunk(normalise(self.net, rgb, rgb[:, :1])[:, :3])

    def __call__(self, rgb, *masks, feats=None):
        """rgb [n,3,s,s] 0..255, masks [m,1,s,s] 0..1 each, m <= n, of the first m pictures -> statistics [m,stats] each; `feats`: what
        `features` said of them, where that is known."""
        feats = self.features(rgb) if feats is None else feats
        return [self.about(normalise(self.net, rgb[:len(m)], m), *(f[:len(m)] for f in feats))[0] for m in masks]


def look(part, teacher, batches: Pool, count: int, amplitude: float, features: bool = False) -> dict[str, torch.Tensor]:
    """Of `count` composites: `statistics` in half precision; the composite's colours `before`, the teacher's `taught` and the
    truth's `after`, bytes [n,3,PLACES].  By ImageNet's eyes also the statistics of some under another mask (`other`, of the composites
    `other_of`), and of the photographs of some under the composites' masks (`photograph`, `photograph_of`); with `features` what sight.py
    wants: the trunk's at 1/8 of the size in steps of STEP, picture and mask at 1/4 (`small`), such masks of the others (`other_small`); and of
    some composites, `twin_of`, all that once more after recompression (`twin`, the statistics, and `twin_…`)."""
    kept: dict[str, list[torch.Tensor]] = {}
    start = time.time()
    deep = isinstance(part.net, DeepColourMap)
    with torch.no_grad():
        for k in range(-(-count // batches.n)):
            rgb, truth, mask, _, counted = batches.next()
            where = torch.multinomial(counted.flatten(1) + 1e-7, PLACES, replacement=True)[:, None].expand(-1, 3, -1)
            at = lambda picture: torch.gather(picture.flatten(2), 2, where).round().byte()
            seen = {"before": at(rgb), "after": at(truth), "taught": at(teacher_output(teacher, rgb, mask, amplitude, 1) * 255)}
            if deep:
                rows = torch.arange(len(rgb)) + k * batches.n
                other = torch.from_numpy(np.stack([moved(batches.rng, m[0]) for m in counted[OTHER].numpy()]))[:, None]
                feats = part.see.features(rgb)
                seen["statistics"], seen["other"] = (t.half() for t in part.see(rgb, mask, other, feats=feats))
                if features:
                    again = torch.stack([torch.from_numpy(recompress(batches.rng, p.byte().permute(1, 2, 0).numpy())) for p in rgb[TWIN].round()])
                    again = again.permute(0, 3, 1, 2).float()
                    twin = part.see.features(again)
                    seen["features"], seen["twin_features"] = stepped(feats[1]), stepped(twin[1])
                    seen["small"], seen["twin_small"] = small(rgb, mask), small(again, mask[TWIN])
                    seen["other_small"] = small(rgb[OTHER], other)[:, 3:]
                    seen["twin"], seen["twin_of"] = part.see(again, mask[TWIN], feats=twin)[0].half(), rows[TWIN]
                seen["photograph"] = part.statistics(truth[PHOTOGRAPHS], mask[PHOTOGRAPHS]).half()
                seen["other_of"], seen["photograph_of"] = rows[OTHER], rows[PHOTOGRAPHS]
            else:
                seen["statistics"] = part.statistics(rgb, mask).half()
            for name, value in seen.items():
                kept.setdefault(name, []).append(value)
            if k % 200 == 0:
                print(f"looked at {k * batches.n} of {count}, {(k + 1) * batches.n / (time.time() - start):.0f}/s", flush=True)
    return {name: torch.cat(values) for name, values in kept.items()}


def stepped(features):
    """The trunk's features in steps of STEP, int8."""
    return (features / STEP).round().clamp(-127, 127).to(torch.int8)


def small(rgb, mask):
    """Pictures 0..255 and masks 0..1 as bytes [n,4,s/4,s/4]."""
    return torch.cat([p * scale for p, scale in zip(seen_small(torch.cat([rgb, mask], 1)), (1, 255))], 1).round().byte()


def moved(rng: np.random.Generator, mask: np.ndarray) -> np.ndarray:
    """A mask 0..1 eroded or dilated by 1 or 2 px, or feathered, or both."""
    kind, out = rng.integers(5), mask
    if kind < 4:
        r = 1 + kind % 2
        out = (cv2.erode if kind < 2 else cv2.dilate)(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1,) * 2))
        if out.sum() < 0.3 * mask.sum():
            out = mask
    return cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.5, 2.2))) if kind == 4 or rng.random() < 0.3 else out


def read(path: Path) -> dict[str, torch.Tensor]:
    """What was looked at, without what is only for sight.py."""
    seen = torch.load(path, mmap=True, weights_only=True)
    return {name: value for name, value in seen.items() if name not in SIGHT}


def joined(parts: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """What several processes looked at."""
    if any(set(seen) != set(parts[0]) or seen["statistics"].shape[1] != parts[0]["statistics"].shape[1] for seen in parts):
        raise DataError("what was looked at is not of one kind: other networks looked")
    first = 0
    for seen in parts:
        for name in ("other_of", "photograph_of"):
            if name in seen:
                seen[name] = seen[name] + first
        first += len(seen["statistics"])
    return {name: torch.cat([seen[name] for seen in parts]) for name in parts[0]}
