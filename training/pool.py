"""A pool of finished composites at a network's size: `python -m training.pool --data DIR --work DIR --count N`.

Making a composite costs more than a step of a small network.  The pool is made once, by as many processes as there are
cores, and every network draws from it (train.py --pool): another mask, another flip and another look of the whole
photograph each time, so that a sample comes back as a new one.  Shards of 2,048 samples:
`NNNN.npy` uint8 [n, 8, s, s]: composite R G B, truth R G B, the foreground's exact mask, scene labels (255 none).
A shard is written beside and renamed; the i-th sample depends on (seed, i) alone.
"""
from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

from . import acquire, composite as making
from .data import DataError, Photographs
from .recolour import apply_edit, draw_edit

SHARD = 2048
ACQUIRED = 0.43         # share of the paper's three acquisitions among fresh composites


def planes(sample: making.Sample, size: int) -> np.ndarray:
    """[8,size,size] uint8 of one sample: composite, truth, exact mask, labels."""
    rgb, mask, labels = making.tensors(dataclasses.replace(sample, mask=sample.region.astype(np.float32)), size, size)
    return np.concatenate([rgb + 0.5, mask[..., None] * 255 + 0.5, labels[..., None]], 2).clip(0, 255).astype(np.uint8).transpose(2, 0, 1)


class Pool:
    """Batches drawn from a pool, each sample spoiled anew."""

    def __init__(self, folder: Path, batch: int, seed: int):
        self.folder, self.n, self.rng = folder, batch, np.random.default_rng(seed)
        self.shards: dict[Path, np.ndarray] = {}
        if not self.next_shards():
            raise DataError(f"no pool at {folder}: make one with python -m training.pool")
        self.drawn = 0

    def next_shards(self) -> bool:
        """Shards may be added while a training runs."""
        for path in sorted(self.folder.glob("[0-9]*.npy")):
            if path not in self.shards and ".part" not in path.name:
                self.shards[path] = np.load(path, mmap_mode="r")
        self.list = list(self.shards.values())
        return bool(self.list)

    def draw(self) -> np.ndarray:
        """[8,s,s], the planes of a composite."""
        shard = self.list[self.rng.integers(len(self.list))]
        return np.array(shard[self.rng.integers(len(shard))])

    def sample(self) -> np.ndarray:
        """[9,s,s] float32: composite and truth 0..255, the mask to be looked at 0..255, the loss's mask 0..1, labels."""
        rng, s = self.rng, self.draw()
        if rng.random() < 0.5:
            s = s[:, :, ::-1]
        if rng.random() < 0.5:              # another look of the whole photograph: what belonged together still does
            look = draw_edit(rng, rng.uniform(0.2, 1.2))
            both = np.ascontiguousarray(s[:6].reshape(2, 3, *s.shape[1:]).transpose(0, 2, 3, 1))
            colours = (apply_edit(both, look) * 255).transpose(0, 3, 1, 2).reshape(6, *s.shape[1:])
        else:
            colours = s[:6].astype(np.float32)
        exact = s[6].astype(np.float32)
        mask = spoil(rng, exact)
        # what the spoiled mask takes in too much was never recoloured: asking for it unchanged would teach the edge
        return np.concatenate([colours, mask[None], np.minimum(mask, exact)[None] / 255, s[7:].astype(np.float32)])

    def next(self):
        """Composite and truth [n,3,s,s] 0..255, mask [n,1,s,s] 0..1, labels [n,s,s], the loss's mask [n,1,s,s]."""
        self.drawn += 1
        if self.drawn % 500 == 0:
            self.next_shards()
        b = torch.from_numpy(np.stack([self.sample() for _ in range(self.n)]))
        return b[:, :3], b[:, 3:6], b[:, 6:7] / 255, b[:, 8].long(), b[:, 7:8]


class Fresh(Pool):
    """Composites made as they are needed, none twice: for what looks at each once, at sizes of which a pool would fill the disk."""

    def __init__(self, photos: Photographs, size: int, batch: int, seed: int):
        self.photos, self.size, self.n, self.rng, self.drawn = photos, size, batch, np.random.default_rng(seed), 0
        self.diverse = acquire.Diverse(photos)

    def next_shards(self) -> bool:
        return True

    def draw(self) -> np.ndarray:
        own = self.rng.random() < ACQUIRED
        return planes(acquired(self.photos, self.diverse, self.rng) if own else making.make(self.photos, self.rng), self.size)


def spoil(rng: np.random.Generator, mask: np.ndarray) -> np.ndarray:
    """A mask 0..255 as a person or a tool would hand it over: moved by up to 3 px of the network's, feathered, hard."""
    r = int(rng.choice([0, 1, 2, 3], p=[0.36, 0.34, 0.22, 0.08]))
    out = mask
    if r:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1,) * 2)
        out = cv2.dilate(mask, kernel) if rng.random() < 0.5 else cv2.erode(mask, kernel)
        if not 0.4 * mask.sum() < out.sum() < 3 * mask.sum() or out.mean() > 0.8 * 255:
            out = mask
    kind = rng.random()
    if kind < 0.15:
        return np.where(out > 127, np.float32(255), np.float32(0)) if (out > 127).any() else out
    if kind < 0.5:
        return out
    return cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.3, 1.0) if kind < 0.75 else rng.uniform(1.0, 2.5)))


def acquired(photos: Photographs, diverse: acquire.Diverse, rng: np.random.Generator) -> making.Sample:
    """One of the paper's three acquisitions over a varied photograph; 4 % are left unedited, four in ten recompressed."""
    kind = rng.choice(3, p=[0.45, 0.3, 0.25])
    s = (acquire.objects, acquire.styles, diverse)[kind](acquire.Varied(photos, rng), rng)
    if rng.random() < 0.04:
        s.composite, s.edited = s.truth, False
    if rng.random() < 0.4:
        s.composite = making.recompress(rng, s.composite)
    return s


def write(make, path: Path, size: int, seed: int, first: int) -> None:
    part = path.with_suffix(".part.npy")
    shard = np.lib.format.open_memmap(part, mode="w+", dtype=np.uint8, shape=(SHARD, 8, size, size))
    for k in range(SHARD):
        shard[k] = planes(make(np.random.default_rng([seed, first + k])), size)
    shard.flush()
    os.replace(part, path)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--size", type=int, default=128)
    p.add_argument("--count", type=int, default=100_000)
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--kind", choices=["free", "acquired"], default="free", help="photographic edits mostly, or the paper's three acquisitions")
    p.add_argument("--part", default="0/1", metavar="I/N", help="every N-th shard, from the I-th")
    a = p.parse_args()
    cv2.setNumThreads(1)
    index, every = map(int, a.part.split("/"))
    folder = a.work / f"pool-{a.size}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        photos = Photographs(a.data, a.work, "train")
        diverse = acquire.Diverse(photos) if a.kind == "acquired" else None
        make = (lambda rng: acquired(photos, diverse, rng)) if diverse else (lambda rng: making.make(photos, rng))
        for k in range(index, -(-a.count // SHARD), every):
            if not (path := folder / f"{1000 * (a.kind == 'acquired') + k:04d}.npy").exists():
                write(make, path, a.size, a.seed + (a.kind == "acquired"), k * SHARD)
                print(path, flush=True)
    except (DataError, OSError) as e:
        sys.exit(f"pool: {e}")


if __name__ == "__main__":
    main()
