"""The three validation sets for `attune evaluate`: `python -m training.make_sets --data DIR --work DIR --out DIR`.

DIR/objects, DIR/styles and DIR/diverse hold 200 cases each (composite.png, mask.png, real.png at the photograph's own
size), byte-identical for a seed: case N of a set depends on (seed, set, N) alone.  DIR must lie outside the repository: no
photograph is copied into it.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from .acquire import Diverse, objects, styles
from .area import squash
from .composite import Sample
from .data import DataError, Photographs
from .evaluate import mse, psnr

REPOSITORY = Path(__file__).resolve().parent.parent


def write_case(folder: Path, s: Sample) -> float:
    """Writes one case; the cut-and-paste's MSE at 256x256."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("composite", s.composite[..., ::-1]), ("real", s.truth[..., ::-1]),
                          ("mask", (s.mask * 255 + 0.5).astype(np.uint8))):
        if not cv2.imwrite(str(folder / f"{name}.png"), picture):
            raise OSError(f"{folder}/{name}.png cannot be written")
    return mse(squash(s.composite, 256, 256), squash(s.truth, 256, 256))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True, help="where the cache of decoded photographs is or goes")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--count", type=int, default=200)
    p.add_argument("--seed", type=int, default=2017)
    a = p.parse_args()
    if a.out.resolve().is_relative_to(REPOSITORY):
        sys.exit(f"make_sets: {a.out} lies inside the repository; photographs must not be copied into it")
    cv2.setNumThreads(1)
    try:
        photos = Photographs(a.data, a.work, "val")
        for number, (name, acquire) in enumerate({"objects": objects, "styles": styles, "diverse": Diverse(photos)}.items()):
            errors = [write_case(a.out / name / f"{i:03d}", acquire(photos, np.random.default_rng([a.seed, number, i]))) for i in range(a.count)]
            print(f"{name}: {a.count} cases; cut-and-paste at 256x256: mean MSE {np.mean(errors):.1f}, "
                  f"mean PSNR {np.mean([psnr(e) for e in errors]):.2f} dB", flush=True)
    except (DataError, OSError) as e:
        sys.exit(f"make_sets: {e}")


if __name__ == "__main__":
    main()
