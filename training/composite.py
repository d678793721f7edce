"""One training sample: a photograph, a region of it recoloured, an imperfect mask (deterministic by rng).

Made at the photograph's own size and brought to the network's size by the squash of area.py, exactly
as the program does it.  The recolouring goes through a feathered edge and the mask that the network
gets is eroded, dilated, feathered independently of it: the colour step at the boundary must not give
the recolouring away (../shared/reference/training.md).
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .area import squash
from .data import IGNORE, Photographs
from .quality import complaint
from .recolour import apply_edit, draw_edit, transfer

UNEDITED = 0.08          # share of samples whose foreground is left as it is
MIN_AREA, MAX_AREA = 0.02, 0.60


@dataclass
class Sample:
    """Images (h,w,3) uint8 RGB, the region (h,w) uint8 0/1, the mask (h,w) float32 0..1 as a network gets it (an imperfect
    one of the region), labels (h,w) uint8 or None."""
    composite: np.ndarray
    truth: np.ndarray
    region: np.ndarray
    mask: np.ndarray
    labels: np.ndarray | None
    edited: bool


def blob(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    """A random smooth shape, the region of photographs that have no masks."""
    n = int(rng.integers(4, 9))
    noise = cv2.resize(rng.standard_normal((n, n)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    cy, cx = rng.uniform(0.25, 0.75, 2)
    noise -= 3.0 * np.hypot(y / h - cy, x / w - cx) / 0.5
    area = rng.uniform(0.05, 0.35)
    return (noise > np.partition(noise.reshape(-1), int((1 - area) * noise.size))[int((1 - area) * noise.size)]).astype(np.uint8)


def choose_region(photos: Photographs, rng, i: int, regions: np.ndarray) -> tuple[np.ndarray, int] | None:
    """A foreground (h,w) uint8 0/1 and its label (-1 unknown), or None when the crop holds none."""
    count = np.bincount(regions.reshape(-1), minlength=256)
    ids = [int(r) for r in np.flatnonzero(count[1:] > 0.004 * regions.size) + 1 if (i, int(r)) in photos.region_weight]
    if not ids:
        return (blob(rng, *regions.shape), -1) if not count[1:].any() else None
    weight = np.array([photos.region_weight[i, r] * (count[r] / regions.size) ** 0.8 for r in ids])
    many = 1 if rng.random() < 0.7 else int(rng.integers(2, 5))
    if photos.rows[i]["set"] == "ccp" and rng.random() < 0.6:
        many = len(ids)                                   # the whole person rather than a garment
    picked = rng.choice(ids, min(many, len(ids)), replace=False, p=weight / weight.sum())
    area = count[picked].sum() / regions.size
    if not MIN_AREA <= area <= MAX_AREA:
        return None
    table = np.zeros(256, np.uint8)
    table[picked] = 1
    return table[regions], photos.label_of[i, int(picked[0])] if len(picked) == 1 else -1


def _shift(mask: np.ndarray, px: int) -> np.ndarray:
    if px == 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(px) + 1,) * 2)
    return cv2.dilate(mask, kernel) if px > 0 else cv2.erode(mask, kernel)


def soft(rng: np.random.Generator, region: np.ndarray) -> np.ndarray:
    """The mask that a person or a tool would hand over: moved by up to 3 px, feathered or hard."""
    m = _shift(region, int(rng.choice([-3, -2, -1, 0, 1, 2, 3], p=[.05, .1, .17, .36, .17, .1, .05])))
    if m.sum() < 0.3 * region.sum():
        m = region
    m = m.astype(np.float32)
    kind = rng.random()
    if kind > 0.25:
        m = cv2.GaussianBlur(m, (0, 0), float(rng.uniform(0.4, 1.2) if kind < 0.7 else rng.uniform(1.2, 3.5)))
    return m


def feather(rng, region: np.ndarray) -> np.ndarray:
    """The edge (h,w) 0..1 through which a region is recoloured: mostly a soft one."""
    alpha = region.astype(np.float32)
    return cv2.GaussianBlur(alpha, (0, 0), float(rng.uniform(0.4, 1.8))) if rng.random() < 0.8 else alpha


def blend(truth: np.ndarray, where: np.ndarray, alpha: np.ndarray, new: np.ndarray) -> np.ndarray:
    """truth (h,w,3) uint8 with the pixels `where` moved towards `new` (n,3) 0..255 by alpha; uint8."""
    out = truth.astype(np.float32)
    out[where] += alpha[where, None] * (new - truth[where])
    return np.clip(out + 0.5, 0, 255).astype(np.uint8)


def recolour(photos, rng, truth, plain, region, label: int, but: int) -> np.ndarray | None:
    """The composite (h,w,3) uint8, or None if the quality filter complains of it.
    `plain` is the photograph before its style: an object as it was taken, over the styled photograph."""
    alpha = feather(rng, region)
    where = alpha > 0.004
    pixels = truth[where]
    kind = rng.random()
    if plain is not truth and kind < 0.6:
        new = plain[where].astype(np.float32) / 255
        if rng.random() < 0.5:
            new = apply_edit(plain[where], draw_edit(rng, rng.uniform(0.2, 1.2)))
    elif kind < 0.85:
        strength = rng.choice([0.6, 1.4, 2.4], p=[0.2, 0.4, 0.4]) * rng.uniform(0.8, 1.2)
        new = apply_edit(pixels, draw_edit(rng, strength))
    else:
        ref = photos.reference(rng, label, pixels[:: max(1, len(pixels) // 256)].mean(0) / 255, but)
        new = transfer(pixels, ref, rng)
        if rng.random() < 0.15:
            new = apply_edit((new * 255 + 0.5).astype(np.uint8), draw_edit(rng, 0.5))
    new *= 255
    # a change of hue that turns one thing into another (a red coat into a blue one) cannot be undone by any look
    # at the rest of the picture: the mean's move across the grey axis is held to 28 levels
    move = new.mean(0) - pixels.mean(0)
    across = float(np.linalg.norm(move - move.mean()))
    if across > 28:
        new = pixels + (28 / across) * (new - pixels)
    return None if complaint(pixels.astype(np.float32), new) else blend(truth, where, alpha, new)


def crop(rng: np.random.Generator, planes: tuple) -> tuple:
    """A random crop (60 % of each side at least; the whole, one time in four) and flip of planes of one size."""
    h, w = planes[1].shape
    ch, cw = (int(s * (1 if rng.random() < 0.25 else rng.uniform(0.6, 1))) for s in (h, w))
    y, x = int(rng.integers(0, h - ch + 1)), int(rng.integers(0, w - cw + 1))
    step = -1 if rng.random() < 0.5 else 1
    return tuple(np.ascontiguousarray(a[y:y + ch, x:x + cw][:, ::step]) for a in planes)


def recompress(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """As a JPEG of quality 70..97."""
    q = int(rng.integers(70, 98))
    return np.ascontiguousarray(cv2.imdecode(cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, q])[1], cv2.IMREAD_COLOR)[..., ::-1])


def make(photos: Photographs, rng: np.random.Generator, augment: bool = True, unedited: float = UNEDITED,
         jpeg: float = 0.4) -> Sample:
    """One sample.  `augment`: random crop and flip, and a style over the whole photograph first."""
    while True:
        i = photos.draw(rng)
        image, regions, labels = photos.get(i)
        if augment:
            image, regions, labels = crop(rng, (image, regions, labels))
        found = choose_region(photos, rng, i, regions)
        if found is None:
            continue
        region, label = found
        plain = truth = np.asarray(image)
        if rng.random() < (0.7 if augment else 0.55):
            style = draw_edit(rng, rng.choice([0.4, 1.1, 2.0], p=[0.25, 0.4, 0.35]) * rng.uniform(0.7, 1.2))
            if rng.random() < 0.35:         # dusk and low keys: subjects are often brighter than what is behind them
                style["exposure"] = max(style["exposure"] - rng.exponential(0.7), -2.4)
            truth = (apply_edit(plain, style) * 255 + 0.5).astype(np.uint8)
        edited = rng.random() >= unedited
        composite = recolour(photos, rng, truth, plain, region, label, i) if edited else truth
        if composite is None:
            continue
        if rng.random() < jpeg:
            composite = recompress(rng, composite)
        has = "sem" in photos.rows[i]["has"]
        return Sample(composite, truth, region, soft(rng, region), labels if has else None, edited)


def tensors(s: Sample, size: int, labels: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """What a network sees, by the squash: composite and truth 0..255 (size,size,6), mask 0..1 (size,size),
    float32; labels (labels,labels) uint8 by the nearest pixel, if asked for."""
    first = squash(np.dstack([s.composite, s.mask * 255]), size, size)
    rgb = np.concatenate([first[..., :3], squash(s.truth, size, size)], 2)
    lab = None
    if labels:
        lab = np.full((labels, labels), IGNORE, np.uint8)
        if s.labels is not None:
            h, w = s.labels.shape
            lab = s.labels[((np.arange(labels) + 0.5) * h / labels).astype(int)][:, ((np.arange(labels) + 0.5) * w / labels).astype(int)]
    return rgb, first[..., 3] / 255, lab
