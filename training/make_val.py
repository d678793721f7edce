"""Case folders of `val` composites for `attune evaluate`: `python -m training.make_val --out DIR --count 100`.

Each DIR/NNN holds composite.png, mask.png and real.png at the photograph's own size.  Case N depends on
(seed, N) alone.  DIR must lie outside the repository: no photograph is copied into it.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from .data import DataError, Photographs
from .evaluate import VAL_SEED, mse, psnr, val_samples

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--seed", type=int, default=VAL_SEED)
    p.add_argument("--unedited", action="store_true", help="leave every foreground as it is (attune evaluate --identity)")
    a = p.parse_args()
    if a.out.resolve().is_relative_to(REPOSITORY):
        sys.exit(f"training: {a.out} lies inside the repository; photographs must not be copied into it")
    cv2.setNumThreads(1)
    try:
        samples = val_samples(Photographs(a.data, a.work, "val"), a.count, a.seed, **({"unedited": 1.0} if a.unedited else {}))
    except DataError as e:
        sys.exit(f"training: {e}")
    for i, s in enumerate(samples):
        folder = a.out / f"{i:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in (("composite", s.composite[..., ::-1]), ("real", s.truth[..., ::-1]),
                              ("mask", (s.mask * 255 + 0.5).astype(np.uint8))):
            cv2.imwrite(str(folder / f"{name}.png"), picture)
    errors = [mse(s.composite, s.truth) for s in samples]
    print(f"{len(samples)} cases in {a.out}; cut-and-paste: MSE {np.mean(errors):.1f}, PSNR {np.mean([psnr(e) for e in errors]):.2f} dB")


if __name__ == "__main__":
    main()
