"""The squash: how image and mask reach a network's size, in training and in the program alike.

Separable, per axis.  Shrinking: exact box coverage, destination cell i averages the source
interval [i*s, (i+1)*s) with s = src/dst, fractional weights at both ends.  Enlarging: bilinear,
half-pixel centres, clamped.  Float on sRGB values, no rounding between the axes; the aspect is not
kept.  `test/fixtures/area-resize.json`, written by this file's `main`, holds TypeScript to it.
"""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np


@lru_cache(maxsize=4096)
def weights(src: int, dst: int) -> np.ndarray:
    """The (dst, src) float32 matrix of one axis; every row sums to 1."""
    w = np.zeros((dst, src), np.float64)
    scale = src / dst
    for i in range(dst):
        if dst <= src:
            a, b = i * scale, (i + 1) * scale
            for j in range(int(a), min(src, int(np.ceil(b - 1e-12)))):
                w[i, j] = max(0.0, min(b, j + 1) - max(a, j))
        else:
            c = (i + 0.5) * scale - 0.5
            j = int(np.floor(c))
            t = c - j
            w[i, min(max(j, 0), src - 1)] += 1 - t
            w[i, min(max(j + 1, 0), src - 1)] += t
        w[i] /= w[i].sum()
    return w.astype(np.float32)


def squash_exactly(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """The rule in its plainest form: (h, w, c) -> float32 (height, width, c).  Slow; the reference."""
    return np.einsum("ih,hwc,jw->ijc", weights(image.shape[0], height), image.astype(np.float32), weights(image.shape[1], width), optimize=True)


def squash(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """(h, w) or (h, w, c <= 4), any real type -> float32 (height, width[, c]), same range.  OpenCV's area and
    linear filters are this rule in float (tests/test_area.py), five to twenty times faster."""
    def axis(x, w, h):
        shrinking = w <= x.shape[1] and h <= x.shape[0]
        return cv2.resize(x, (w, h), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)

    h, w = image.shape[:2]
    x = np.ascontiguousarray(image, dtype=np.float32)
    return axis(x, width, height) if (width <= w) == (height <= h) else axis(axis(x, width, h), width, height)


def fixture() -> dict:
    """Small random pictures and their squashes, for the tests of both languages."""
    rng = np.random.default_rng(7)
    cases = []
    for (sw, sh), (dw, dh) in [((7, 5), (4, 3)), ((5, 4), (8, 6)), ((9, 3), (4, 7)),
                               ((6, 6), (3, 2)), ((4, 4), (4, 4)), ((13, 11), (5, 5)), ((1, 1), (3, 2))]:
        values = rng.integers(0, 256, (sh, sw))
        cases.append({
            "src": {"width": sw, "height": sh, "values": values.reshape(-1).tolist()},
            "dst": {"width": dw, "height": dh,
                    "values": [round(float(v), 4) for v in squash_exactly(values[..., None], dw, dh).reshape(-1)]},
        })
    return {"rule": "area", "tolerance": 0.001, "note": "row-major, one channel; made by training/area.py", "cases": cases}


def main() -> None:
    path = Path(__file__).resolve().parent.parent / "test/fixtures/area-resize.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fixture(), indent=1) + "\n")
    print(path)


if __name__ == "__main__":
    main()
