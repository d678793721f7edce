"""The quality filter, in place of the paper's aesthetics model (section 3.1 there: "to filter out low-quality images").

It rejects, with the reason, composites whose recolouring a person would throw away, and reference regions that
would produce such.  Thresholds, in levels of 255 unless named, with what falls to them:

* VISIBLE 3.5      mean change of the region: below it nobody sees a difference, nothing is to be learned;
* PLAUSIBLE 85     above it night became noon;
* CLIPPED 0.25     share of values newly at 0 or 255: a sky burnt white, a coat that is a black hole;
* FLAT 0.35, TORN 2.5   the region's deviation against what it was: a face turned to one tone, a wall torn to poster colours;
* GREY 2.5 from 12  mean chroma (max - min of the mean-free channels): a coloured thing that lost its colour by accident
                   of a narrow reference;
* of a reference: deviation under 4 (a blank wall says nothing of light), over 40 % at 0 or 255 (a blown window).
"""
from __future__ import annotations

import numpy as np

VISIBLE, PLAUSIBLE = 3.5, 85.0
CLIPPED = 0.25
FLAT, TORN = 0.35, 2.5
COLOURED, GREY = 12.0, 2.5
REFERENCE_FLAT, REFERENCE_CLIPPED = 4.0, 0.4


def chroma(pixels: np.ndarray) -> float:
    """Mean of max - min over the channels, pixels (n,3) 0..255."""
    return float((pixels.max(1) - pixels.min(1)).mean())


def complaint(before: np.ndarray, after: np.ndarray) -> str | None:
    """Why the recolouring of a region's pixels (n,3) 0..255 is to be thrown away, or None."""
    change = float(np.abs(after - before).mean())
    if change < VISIBLE:
        return "invisible"
    if change > PLAUSIBLE:
        return "implausible"
    if float(((after < 1) | (after > 254)).mean() - ((before < 1) | (before > 254)).mean()) > CLIPPED:
        return "clipped"
    spread = float(after.std(0).sum() / max(before.std(0).sum(), 1.0))
    if spread < FLAT:
        return "flat"
    if spread > TORN:
        return "torn"
    if chroma(before) > COLOURED and chroma(after) < GREY:
        return "grey"
    return None


def reference_complaint(pixels: np.ndarray) -> str | None:
    """Why a reference region's pixels (n,3) 0..255 are not to be used, or None."""
    if float(pixels.astype(np.float32).std(0).mean()) < REFERENCE_FLAT:
        return "flat"
    if float(((pixels < 2) | (pixels > 253)).mean()) > REFERENCE_CLIPPED:
        return "clipped"
    return None
