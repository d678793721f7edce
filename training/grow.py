"""From the core to the whole joint network: `python -m training.grow --checkpoint CORE.pt --out WHOLE.pt`.

Progressive growing (Karras et al. 2018, section 2) without the fade: the outer levels 0..2 start as what the core had
in their place, so that nothing learned is lost, and learn from there at 512x512 (`train --grown WHOLE.pt`).

* In: a 4x4 stride-2 convolution whose middle 2x2 taps are 1/4 is the area reduction; the picture and the mask pass in
  channels 0..3, raised by `Joint.lift` so that ELU is the identity on them; level 2 adds the colours inside and
  outside the mask (`Joint.stand_in`).
* Out: the core's six numbers (gain and offset) pass in channels 4..9 of levels 1 and 0, shrunk by SMALL so that ELU is
  nearly linear on them; first by the nearest neighbour (a transposed convolution with bilinear taps darkens the
  picture's border, and here it would do so with large numbers), then bilinearly.
* All other channels of levels 0 and 1 are new features; those that are added to the channels above begin at zero.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from .data import DataError
from .networks import Joint, build
from .train import save

SMALL = 1 / 8
PASS = slice(4, 10)
AREA = torch.tensor([0.0, 0.5, 0.5, 0.0])           # outer product: 1/4 on the middle 2x2
NEAREST = torch.tensor([0.0, 1.0, 1.0, 0.0])
BILINEAR = torch.tensor([0.25, 0.75, 0.75, 0.25])


def identity_norm(norm, channels: slice, bias: float | torch.Tensor) -> None:
    norm.running_mean[channels], norm.running_var[channels] = 0, 1 - norm.eps
    norm.weight[channels], norm.bias[channels] = 1, bias


def grow(core: Joint, whole: Joint) -> Joint:
    """Fills `whole` (same widths) with the weights of `core`; both on the CPU."""
    outer = Joint.outer
    with torch.no_grad():
        same = ["fc", "hint"] + ["region", "region_norm"] * core.with_regions
        for a, b in [(getattr(core, n), getattr(whole, n)) for n in same] + list(zip(core.encoder, whole.encoder[outer:])) + \
                list(zip(core.harmony, whole.harmony)) + list(zip(core.scene, whole.scene)):
            b.load_state_dict(a.state_dict())
        colours = slice(0, 4)
        for k in range(outer):
            conv, norm = whole.encoder[k][0], whole.encoder[k][1]
            conv.weight[colours] = 0
            for c in range(4):
                conv.weight[c, c] = torch.outer(AREA, AREA)
            identity_norm(norm, colours, Joint.lift if k == 0 else 0.0)
            norm.weight[PASS if k < outer - 1 else slice(4, None)] = 0
        # Level 2: colours + lift - gate (1 - m) inside, - gate m outside; m = (mask' - lift + 1) / 2 of the raised mask'.
        half, gated = Joint.gate / 2, slice(4, 10)
        conv.weight[gated] = 0
        for c in range(3):
            for first, sign in ((4, 1), (7, -1)):
                conv.weight[first + c, c] = torch.outer(AREA, AREA)
                conv.weight[first + c, 3] = sign * half * torch.outer(AREA, AREA)
        identity_norm(norm, slice(4, 7), half * (1 - Joint.lift) - Joint.gate)
        identity_norm(norm, slice(7, 10), half * (Joint.lift - 1))
        last = len(core.harmony)                                    # levels 1 and 0 of the decoders
        first, second = whole.harmony[last], whole.harmony[last + 1]
        first[0].weight[:, PASS] = SMALL * core.out.weight[:, :, 0, 0].t()[:, :, None, None] * torch.outer(NEAREST, NEAREST)
        identity_norm(first[1], PASS, SMALL * core.out.bias)
        second[0].weight[:, PASS] = 0
        for c in range(PASS.start, PASS.stop):
            second[0].weight[c, c] = torch.outer(BILINEAR, BILINEAR)
        identity_norm(second[1], PASS, 0.0)
        whole.out.weight.zero_()
        for c in range(6):
            whole.out.weight[PASS.start + c, c] = torch.outer(BILINEAR, BILINEAR) / SMALL
    return whole


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    ck = torch.load(a.checkpoint, map_location="cpu", weights_only=True)
    config = {**ck["config"], "model": {**ck["config"]["model"], "core": False}}
    if not ck["config"]["model"].get("core"):
        sys.exit(f"grow: {a.checkpoint} is not a core")
    core = build(ck["config"])
    core.load_state_dict(ck["ema"])
    state = grow(core, build(config)).state_dict()
    if not save(a.out, {"config": config, "model": state, "ema": state, "step": ck["step"], "samples": ck["samples"], "hours": ck["hours"]}):
        raise DataError("not written")


if __name__ == "__main__":
    main()
