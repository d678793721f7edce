"""Data acquisition, the three procedures of the paper's section 3.1, on our photographs.

* `objects` (there: Microsoft COCO): a labelled region takes colours from a region *of the same label* in another photograph.
* `styles` (there: MIT-Adobe FiveK): six renditions of a photograph, as six retouchers would make them; a region of one
  rendition over another.  The truth is the rendition of the background.
* `diverse` (there: Flickr): the reference photograph is found by spatial-pyramid label histograms (Lazebnik et al. 2006),
  and the region takes the colours of what bears its label there.

Each gives a Sample of composite.py and depends on its generator alone.  Labels are the ground truth's; a photograph without
any takes part in `styles` alone, or in `diverse` when a parser (our scene decoder) is given.
"""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .composite import Sample, blend, choose_region, crop, feather, soft
from .data import IGNORE, Photographs
from .quality import complaint, reference_complaint
from .recolour import apply_edit, draw_edit, transfer

RETOUCHERS = 6
LABELS = 26
NEIGHBOURS = 12              # reference photographs tried, the most alike first
LEAST_PIXELS = 200           # of a label in a reference photograph


class Varied:
    """Photographs as training sees them: cropped, flipped and (seven times in ten) under another look as a whole, so
    that the truth itself meets more light than the photographs have.  Stands in for Photographs in the three procedures."""

    def __init__(self, photos: Photographs, rng: np.random.Generator):
        self._photos, self._rng = photos, rng

    def __getattr__(self, name):
        return getattr(self._photos, name)

    def get(self, i: int):
        rng, planes = self._rng, self._photos.get(i)
        planes = crop(rng, planes)
        if rng.random() < 0.7:
            look = draw_edit(rng, rng.choice([0.4, 1.1, 2.0], p=[0.3, 0.45, 0.25]) * rng.uniform(0.7, 1.2))
            planes = ((apply_edit(planes[0], look) * 255 + 0.5).astype(np.uint8), *planes[1:])
        return planes


def objects(photos: Photographs | Varied, rng: np.random.Generator) -> Sample:
    while True:
        i = photos.draw(rng)
        image, regions, labels = photos.get(i)
        found = choose_region(photos, rng, i, regions)
        if found is None or found[1] < 0:
            continue
        region, label = found
        alpha = feather(rng, region)
        where = alpha > 0.004
        pixels = image[where]
        reference = photos.reference(rng, label, pixels.mean(0) / 255, i)
        if reference_complaint(reference):
            continue
        new = transfer(pixels, reference, rng) * 255
        if complaint(pixels.astype(np.float32), new) is None:
            return Sample(blend(image, where, alpha, new), image, region, soft(rng, region), labels, True)


def retoucher(seed: int, who: int) -> dict:
    """The habits of one: a constant part of every edit."""
    return draw_edit(np.random.default_rng([seed, 77, who]), 1.3)


def rendition(habits: dict, rng: np.random.Generator) -> dict:
    """An edit of one photograph: the retoucher's habits, jittered as photographs differ."""
    own = draw_edit(rng, 0.7)
    return {k: habits["hue"] if k == "hue" else float(habits[k] * rng.uniform(0.4, 1.3) + own[k]) for k in own}


def styles(photos: Photographs | Varied, rng: np.random.Generator, seed: int = 1) -> Sample:
    while True:
        i = photos.draw(rng)
        image, regions, labels = photos.get(i)
        found = choose_region(photos, rng, i, regions)
        if found is None:
            continue
        region, _ = found
        over, under = rng.choice(RETOUCHERS, 2, replace=False)
        truth = (apply_edit(image, rendition(retoucher(seed, under), rng)) * 255 + 0.5).astype(np.uint8)
        alpha = feather(rng, region)
        where = alpha > 0.004
        new = apply_edit(image[where], rendition(retoucher(seed, over), rng)) * 255
        if complaint(truth[where].astype(np.float32), new) is None:
            return Sample(blend(truth, where, alpha, new), truth, region, soft(rng, region), labels, True)


def pyramid(labels: np.ndarray) -> np.ndarray | None:
    """Spatial-pyramid label histogram: 1 + 4 + 16 cells of 26 shares, Lazebnik's weights 1/4, 1/4, 1/2, as square roots
    (so that a dot product compares by Bhattacharyya); None where under a fifth of the picture is labelled."""
    if (labels != IGNORE).mean() < 0.2:
        return None
    h, w = labels.shape
    parts = []
    for level, weight in ((1, 0.25), (2, 0.25), (4, 0.5)):
        for y in range(level):
            for x in range(level):
                cell = labels[y * h // level:(y + 1) * h // level, x * w // level:(x + 1) * w // level]
                count = np.bincount(cell[cell != IGNORE], minlength=LABELS)[:LABELS]
                parts.append(np.sqrt(weight / level ** 2 * count / max(count.sum(), 1)))
    return np.concatenate(parts).astype(np.float32)


class Diverse:
    """The index of label histograms of one split, and the third procedure over it."""

    def __init__(self, photos: Photographs, parse: Callable[[np.ndarray], np.ndarray] | None = None):
        self.photos, self.parse = photos, parse
        indexed = [(i, pyramid(photos.get(i)[2])) for i in photos.members]
        self.members = np.array([i for i, p in indexed if p is not None])
        self.histograms = np.stack([p for _, p in indexed if p is not None])

    def __call__(self, photos: Photographs | Varied, rng: np.random.Generator) -> Sample:
        while True:
            i = photos.draw(rng)
            image, regions, labels = photos.get(i)
            known = labels if (labels != IGNORE).mean() >= 0.2 else self.parse(image) if self.parse else None
            if known is None:
                continue
            found = choose_region(photos, rng, i, regions)
            own = pyramid(known)
            if found is None or own is None:
                continue
            region, _ = found
            inside = np.bincount(known[region > 0], minlength=256)[1:LABELS]
            if inside.sum() < 0.3 * region.sum():
                continue
            label = int(inside.argmax()) + 1
            order = np.argsort(-(self.histograms @ own))[:NEIGHBOURS * 3]
            order = [k for k in order if self.members[k] != i][:NEIGHBOURS]
            sample = self._from(rng, image, region, labels, label, [int(self.members[k]) for k in rng.permutation(order)])
            if sample is not None:
                return sample

    def _from(self, rng, image, region, labels, label: int, references: list[int]) -> Sample | None:
        alpha = feather(rng, region)
        where = alpha > 0.004
        pixels = image[where]
        for j in references:
            theirs, _, names = self.photos.get(j)
            there = theirs[names == label]
            if len(there) < LEAST_PIXELS or reference_complaint(there):
                continue
            new = transfer(pixels, there[rng.integers(0, len(there), 512)], rng) * 255
            if complaint(pixels.astype(np.float32), new) is None:
                return Sample(blend(image, where, alpha, new), image, region, soft(rng, region), labels, True)
        return None


