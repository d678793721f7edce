"""What a network is worth: the three curves, the edge, and cases for `attune evaluate`.

1. synthetic composites of the `val` photographs (deterministic by seed);
2. unedited `val` photographs with the same imperfect masks: nothing should change;
3. the real retouched triplets, at full resolution.
And the robustness at the mask's edge: how far the foreground's mean moves when only the mask's edge
moves or the composite is recompressed.

`harmonize` follows the program: squash, network, lift (colour maps: coefficients interpolated and
applied per pixel; images: the change interpolated; the program guides that one by the composite),
blend by the soft mask, round to 8 bits.
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch

from . import composite as making
from .area import squash
from .colour_map import apply_colour_map
from .data import IGNORE, DataError, Photographs
from .networks import build, normalise
from .parsing import SCORES

VAL_SEED = 20170


def harmonize(net, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """image (h,w,3) uint8 RGB, mask (h,w) float 0..1 -> (h,w,3) uint8.  `net` None: cut-and-paste."""
    if net is None:
        return image
    h, w = mask.shape
    s = net.size
    small = torch.from_numpy(squash(np.dstack([image, mask * 255]).astype(np.float32), s, s)).permute(2, 0, 1)[None]
    with torch.no_grad():
        x = normalise(net, small[:, :3], small[:, 3:] / 255)
        full = torch.from_numpy(image).permute(2, 0, 1)[None].float()
        if net.kind == "colorMap":
            out = apply_colour_map(full / 255, net(x)) * 255
        else:
            change = net(x)[0] / net.scale
            change = (small[:, :3] + change).clamp(0, 255) - small[:, :3]
            change = squash(change[0].permute(1, 2, 0).numpy(), w, h)
            out = full + torch.from_numpy(change).permute(2, 0, 1)[None]
        m = torch.from_numpy(mask.astype(np.float32))[None, None]
        out = full + m * (out.clamp(0, 255) - full)
    return (out[0].permute(1, 2, 0).numpy() + 0.5).astype(np.uint8)


def mse(a: np.ndarray, b: np.ndarray) -> float:
    return float(((a.astype(np.float32) - b) ** 2).mean())


def psnr(m: float) -> float:
    return float(10 * np.log10(255 ** 2 / max(m, 1e-2)))


def foreground_mean(image: np.ndarray, core: np.ndarray) -> np.ndarray:
    return image[core].astype(np.float64).mean(0)


def val_samples(photos: Photographs, count: int, seed: int, unedited: float = 0.0) -> list[making.Sample]:
    """The i-th sample depends on (seed, i) alone."""
    return [making.make(photos, np.random.default_rng([seed, i]), augment=False, unedited=unedited) for i in range(count)]


def triplets(data: Path) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    out = []
    for folder in sorted((Path(data) / "triplets").glob("*/")):
        a, r = (cv2.imread(str(folder / f"{n}.png"), cv2.IMREAD_COLOR)[..., ::-1] for n in ("composite", "real"))
        m = cv2.imread(str(folder / "mask.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
        out.append((folder.name, np.ascontiguousarray(a), m, r))
    if not out:
        raise DataError(f"{data}/triplets is missing or empty")
    return out


class Curves:
    """The three curves for checkpoints along the way; pictures are made once."""

    def __init__(self, data: Path, work: Path, count: int):
        photos = Photographs(data, work, "val")
        self.val = val_samples(photos, count, VAL_SEED)
        self.unedited = val_samples(photos, max(20, count // 2), VAL_SEED + 1, unedited=1.0)
        self.triplets = triplets(data)

    def __call__(self, net) -> dict:
        v = [mse(harmonize(net, s.composite, s.mask), s.truth) for s in self.val]
        before = [mse(s.composite, s.truth) for s in self.val]
        still = [harmonize(net, s.composite, s.mask) for s in self.unedited]
        u = [mse(a, s.composite) for a, s in zip(still, self.unedited)]
        moved = [float(np.abs(foreground_mean(a, s.mask > 0.5) - foreground_mean(s.composite, s.mask > 0.5)).mean())
                 for a, s in zip(still, self.unedited)]
        t = {name: psnr(mse(harmonize(net, a, m), r)) for name, a, m, r in self.triplets}
        return {"none_psnr": np.mean([psnr(x) for x in before]), "none_mse": np.mean(before),
                "val_psnr": np.mean([psnr(x) for x in v]), "val_mse": np.mean(v),
                "unedited_psnr": np.mean([psnr(x) for x in u]), "unedited_moved": np.mean(moved),
                "triplets_psnr": np.mean(list(t.values())), "triplets": t}


def edge(net, samples: list[making.Sample]) -> dict[str, float]:
    """Mean over samples of |change of the harmonized foreground's mean colour| (levels 0..255), in the
    foreground's core, when the mask or the file changes and the picture does not.  1 px is one at the network's own size."""
    sums: dict[str, list[float]] = {}
    for s in samples:
        px = max(s.mask.shape) / net.size
        hard = (s.mask > 0.5).astype(np.float32)
        k = lambda r: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(1, round(r * px)) + 1,) * 2)
        variants = {"feather 1": cv2.GaussianBlur(hard, (0, 0), px), "feather 2": cv2.GaussianBlur(hard, (0, 0), 2 * px),
                    "erode 1": cv2.erode(hard, k(1)), "erode 2": cv2.erode(hard, k(2)),
                    "dilate 1": cv2.dilate(hard, k(1)), "dilate 2": cv2.dilate(hard, k(2))}
        inner = (cv2.erode(hard, k(2)) > 0.5) & (variants["feather 2"] > 0.98)
        if inner.sum() < 50:
            continue
        base = foreground_mean(harmonize(net, s.composite, hard), inner)
        jpeg = cv2.imdecode(cv2.imencode(".jpg", s.composite[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1], 1)[..., ::-1]
        for name, m in variants.items():
            sums.setdefault(name, []).append(float(np.abs(foreground_mean(harmonize(net, s.composite, m), inner) - base).mean()))
        moved = foreground_mean(harmonize(net, np.ascontiguousarray(jpeg), hard), inner) - base
        moved -= foreground_mean(jpeg, inner) - foreground_mean(s.composite, inner)
        sums.setdefault("jpeg 85", []).append(float(np.abs(moved).mean()))
    return {k: float(np.mean(v)) for k, v in sums.items()}


def scene_iou(net, photos: Photographs, count: int) -> dict[str, float]:
    """Scene parsing of `count` labelled photographs, every one with its own region as the mask: the mean of the labels'
    intersection over union (labels that occur), and each."""
    meet, join, seen = np.zeros(SCORES), np.zeros(SCORES), 0
    for i in photos.members:
        image, regions, labels = photos.get(i)
        if seen == count or (labels == IGNORE).all():
            continue
        seen += 1
        mask = (regions == np.bincount(regions[regions > 0], minlength=2).argmax()).astype(np.float32) * 255
        small = torch.from_numpy(squash(np.dstack([image, mask]).astype(np.float32), net.size, net.size)).permute(2, 0, 1)[None]
        with torch.no_grad():
            scores = net.parse(normalise(net, small[:, :3], small[:, 3:] / 255))[0].numpy()
        said = cv2.resize(scores.argmax(0).astype(np.uint8), labels.shape[::-1], interpolation=cv2.INTER_NEAREST)
        known = labels != IGNORE
        for k in range(SCORES):
            a, b = (said == k) & known, (labels == k) & known
            meet[k] += (a & b).sum()
            join[k] += (a | b).sum()
    each = {str(k): float(meet[k] / join[k]) for k in range(SCORES) if join[k]}
    return {"mean": float(np.mean(list(each.values()))), "photographs": seen, **each}


def load(path: Path):
    """(network in eval mode with the averaged weights, checkpoint)."""
    if not Path(path).is_file():
        raise DataError(f"no checkpoint at {path}")
    ck = torch.load(path, map_location="cpu", weights_only=True)
    net = build(ck["config"])
    net.load_state_dict(ck["ema"])
    return net.eval(), ck


class Shipped:
    """A network of models/index.json in ONNX Runtime, standing in for the PyTorch one in `harmonize`."""

    def __init__(self, models: Path, name: str):
        entry = next(n for n in json.loads((models / "index.json").read_text())["networks"] if n["name"] == name)
        blob = (models / entry["file"]).read_bytes()
        if hashlib.sha256(blob).hexdigest() != entry["sha256"]:
            raise DataError(f"{models / entry['file']} is not the file that index.json names (sha256)")
        i = entry["input"]
        self.kind, self.size, self.mean, self.scale = entry["kind"], i["width"], i["mean"], i["scale"][0]
        self.mask_mean, self.mask_scale = i["maskMean"], i["maskScale"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(blob, options, providers=["CPUExecutionProvider"])

    def __call__(self, x: torch.Tensor):
        out = torch.from_numpy(self.session.run(None, {"input": x.contiguous().numpy()})[0])
        if self.kind == "colorMap":
            return out
        return ((out - torch.tensor(self.mean).view(1, 3, 1, 1)) * self.scale - x[:, :3],)


def contact_sheet(net, cases, path: Path, height: int = 300) -> None:
    """composite | harmonized | real | mask, a row a case; for looking at."""
    rows = []
    for _, a, m, r in cases:
        row = [a, harmonize(net, a, m), r, np.repeat((m * 255).astype(np.uint8)[..., None], 3, 2)]
        rows.append(np.concatenate([cv2.resize(p, (round(p.shape[1] * height / p.shape[0]), height), interpolation=cv2.INTER_AREA) for p in row], 1))
    width = max(r.shape[1] for r in rows)
    rows = [np.pad(r, ((0, 4), (0, width - r.shape[1]), (0, 0))) for r in rows]
    cv2.imwrite(str(path), np.concatenate(rows)[..., ::-1])


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", type=Path, default=Path("../shared/data"))
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--checkpoint", type=Path, action="append", default=[])
    p.add_argument("--models", type=Path, help="evaluate the shipped networks of this folder")
    p.add_argument("--count", type=int, default=400, help="val composites")
    p.add_argument("--edge", type=int, default=60, help="how many of them for the edge")
    p.add_argument("--scene", type=int, default=0, help="checkpoints of joint: labelled val photographs to parse")
    p.add_argument("--sheets", type=Path, help="folder outside the repository for contact sheets")
    a = p.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    curves = Curves(a.data, a.work, a.count)
    nets = {"none": None}
    for path in a.checkpoint:
        nets[str(path)] = load(path)[0]
    if a.models:
        for n in json.loads((a.models / "index.json").read_text())["networks"]:
            if n["kind"] in ("colorMap", "image"):
                nets[n["name"]] = Shipped(a.models, n["name"])
    for name, net in nets.items():
        result = curves(net)
        if net is not None:
            result["edge"] = edge(net, curves.val[:a.edge])
        if a.scene and getattr(net, "with_scene", False):
            result["scene"] = scene_iou(net, Photographs(a.data, a.work, "val"), a.scene)
        print(json.dumps({"network": name, **result}, indent=1, default=float), flush=True)
        if a.sheets and net is not None:
            a.sheets.mkdir(parents=True, exist_ok=True)
            stem = Path(name).parent.name if "/" in name else name
            contact_sheet(net, curves.triplets, a.sheets / f"{stem}-triplets.png")
            contact_sheet(net, [("", s.composite, s.mask, s.truth) for s in curves.val[:14]], a.sheets / f"{stem}-val.png", 220)


if __name__ == "__main__":
    main()
