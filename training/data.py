"""The photographs of ../shared/data, decoded once into flat uint8 arrays beside the checkpoints.

`scenes/` gives image + region ids + (mostly) scene labels with a fixed train/val split; `photos/` and
`wallpapers/` have no masks and join the training split (their regions are drawn, see composite.py).
Nothing here is written into the repository.
"""
from __future__ import annotations

import csv
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

LONG_SIDE = 384           # px; wallpapers are reduced to this while caching
PALETTE = 384             # pixels kept of every region, the references of colour transfers
IGNORE = 255              # scene label of unlabelled pixels
# How often a photograph of a set is drawn (video frames low, see data/README.md).
SET_WEIGHT = {"nyuv2": 0.8, "lalonde": 1.0, "ccp": 0.7, "msrc21": 1.3, "bsds500": 1.3, "camvid": 0.2,
              "humanseg": 1.8, "davis": 0.4, "photos": 0.25, "wallpapers": 1.0}
# Labels of stuff: chosen as a foreground less often than objects are.
STUFF = {"wall", "building", "sky", "floor", "tree", "ceiling", "road", "window", "grass", "sidewalk", "earth",
         "mountain", "curtain", "water"}


class DataError(Exception):
    """The data folder is missing, partial or out of range; the message says what to do."""


def _rows(data: Path) -> list[dict]:
    index = data / "scenes" / "index.tsv"
    if not index.is_file():
        raise DataError(f"no photographs at {data}: {index} is missing (give the folder with --data)")
    with index.open() as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    missing = [f"{kind}/{r['id']}.{ext}" for r in rows for kind, ext, need in
               [("images", "jpg", True), ("masks", "png", "masks" in r["has"]), ("sem", "png", "sem" in r["has"])]
               if need and not (data / "scenes" / kind / f"{r['id']}.{ext}").is_file()]
    if missing:
        raise DataError(f"{data}/scenes is partial: {len(missing)} files of index.tsv are missing, first scenes/{missing[0]}")
    out = [{"id": r["id"], "set": r["set"], "split": r["split"], "has": r["has"].split(","),
            "path": f"scenes/images/{r['id']}.jpg"} for r in rows]
    for kind in ("photos", "wallpapers"):
        files = sorted(p for p in (data / kind).glob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
        out += [{"id": p.stem, "set": kind, "split": "train", "has": [], "path": f"{kind}/{p.name}"} for p in files]
    return out


def _decode(data: Path, row: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image (h,w,3) RGB, region ids (h,w), scene labels (h,w); zeros / IGNORE where there is none."""
    image = cv2.imread(str(data / row["path"]), cv2.IMREAD_COLOR)
    if image is None:
        raise DataError(f"{data / row['path']} cannot be read as a picture")
    h, w = image.shape[:2]
    if max(h, w) > LONG_SIDE:
        s = LONG_SIDE / max(h, w)
        image = cv2.resize(image, (round(w * s), round(h * s)), interpolation=cv2.INTER_AREA)
        h, w = image.shape[:2]
    image = np.ascontiguousarray(image[:, :, ::-1])
    maps = []
    for kind, fill in (("masks", 0), ("sem", IGNORE)):
        if kind in row["has"]:
            m = cv2.imread(str(data / "scenes" / kind / f"{row['id']}.png"), cv2.IMREAD_GRAYSCALE)
            if m is None or m.shape != (h, w):
                raise DataError(f"scenes/{kind}/{row['id']}.png does not fit its photograph")
        else:
            m = np.full((h, w), fill, np.uint8)
        maps.append(m)
    bad = maps[1][(maps[1] > 25) & (maps[1] != IGNORE)]
    if bad.size:
        raise DataError(f"scenes/sem/{row['id']}.png: label {bad[0]} out of range (0..25 or 255)")
    return image, maps[0], maps[1]


def _regions(index: int, image: np.ndarray, mask: np.ndarray, sem: np.ndarray, rng) -> list[tuple]:
    """(photograph, id, area, label or -1, border share, palette) of every region over 0.4 %."""
    n = mask.size
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    out = []
    for rid in np.flatnonzero(np.bincount(mask.reshape(-1), minlength=256)[1:]) + 1:
        where = np.flatnonzero(mask.reshape(-1) == rid)
        if where.size < 0.004 * n:
            continue
        labels = np.bincount(sem.reshape(-1)[where], minlength=256)
        best = int(labels.argmax())
        label = best if best <= 25 and labels[best] > 0.6 * where.size else -1
        palette = image.reshape(-1, 3)[rng.choice(where, PALETTE)]
        out.append((index, int(rid), where.size / n, label, float((border == rid).mean()), palette))
    return out


def build_cache(data: Path, cache: Path) -> None:
    rows = _rows(data)
    cache.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    with ThreadPoolExecutor(2) as pool:
        decoded = list(pool.map(lambda r: _decode(data, r), rows))
    regions = [t for i, d in enumerate(decoded) for t in _regions(i, *d, rng)]
    for name, k in (("pixels", 0), ("masks", 1), ("sem", 2)):
        np.save(cache / f"{name}.npy", np.concatenate([d[k].reshape(-1) for d in decoded]))
    np.save(cache / "sizes.npy", np.array([d[1].shape for d in decoded], np.int32))
    np.save(cache / "region_table.npy", np.array([t[:5] for t in regions], np.float64))
    np.save(cache / "palettes.npy", np.stack([t[5] for t in regions]))
    tmp = cache / "rows.json.part"
    tmp.write_text(json.dumps(rows))
    os.replace(tmp, cache / "rows.json")        # written last: its presence says that the cache is whole


class Photographs:
    """One split of the cached photographs.  Arrays are memory-mapped: several processes share them."""

    def __init__(self, data: Path, work: Path, split: str):
        cache = Path(work) / "cache"
        if not (cache / "rows.json").is_file():
            build_cache(Path(data), cache)
        rows = json.loads((cache / "rows.json").read_text())
        labels = json.loads((Path(data) / "scenes" / "labels.json").read_text())
        self.labels = labels
        self._pixels, self._masks, self._sem = (np.load(cache / f"{n}.npy", mmap_mode="r") for n in ("pixels", "masks", "sem"))
        self._sizes = np.load(cache / "sizes.npy")
        self._offset = np.concatenate([[0], np.cumsum(self._sizes.prod(1, dtype=np.int64))])
        self.rows = rows
        self.members = np.array([i for i, r in enumerate(rows) if r["split"] == split])
        if not len(self.members):
            raise DataError(f"no photograph of split {split!r}")
        w = np.array([SET_WEIGHT[rows[i]["set"]] for i in self.members])
        self._cdf = np.cumsum(w / w.sum())
        table = np.load(cache / "region_table.npy")
        keep = np.isin(table[:, 0].astype(int), self.members)
        self._ref_palette = np.load(cache / "palettes.npy")[keep]
        self._ref_label, self._ref_image = table[keep, 3].astype(int), table[keep, 0].astype(int)
        self._by_label = {int(k): np.flatnonzero(self._ref_label == k) for k in np.unique(self._ref_label)}
        self._ref_mean = self._ref_palette.mean(1) / 255
        self.label_of = {(int(t[0]), int(t[1])): int(t[3]) for t in table}
        self.region_weight = {}
        for img, rid, _, label, border, _ in zip(*table.T, range(len(table))):
            stuff = label >= 0 and labels[int(label)] in STUFF
            self.region_weight[int(img), int(rid)] = (0.2 if stuff else 1.0) * (1.0 if border < 0.12 else 0.5 if border < 0.3 else 0.2)

    def draw(self, rng: np.random.Generator) -> int:
        return int(self.members[min(np.searchsorted(self._cdf, rng.random()), len(self.members) - 1)])

    def get(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Image (h,w,3) uint8 RGB, region ids (h,w), scene labels (h,w)."""
        h, w = self._sizes[i]
        a, b = self._offset[i], self._offset[i + 1]
        return (self._pixels[3 * a:3 * b].reshape(h, w, 3), self._masks[a:b].reshape(h, w), self._sem[a:b].reshape(h, w))

    def reference(self, rng: np.random.Generator, label: int, mean: np.ndarray, but: int) -> np.ndarray:
        """Pixels (PALETTE, 3) uint8 of a region in another photograph: of some random regions of the same label
        (of any, where the label is unknown or rare) the one whose mean colour is the nearest to `mean` (0..1)."""
        pool = self._by_label.get(label) if label >= 0 else None
        if pool is not None and len(pool) > 20:
            some = pool[rng.integers(0, len(pool), int(rng.integers(1, 4)))]
        else:
            some = rng.integers(0, len(self._ref_label), int(rng.integers(2, 9)))
        distance = np.abs(self._ref_mean[some] - mean).sum(1) + 9.0 * (self._ref_image[some] == but)
        return self._ref_palette[some[distance.argmin()]]
