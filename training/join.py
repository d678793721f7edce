"""Several answers of the colour map to the same statistics as one network: `python -m training.join A.pt B.pt … --out ALL.pt`.

Heads fitted apart (fit.py: other losses, other seeds) are wrong in different ways; their mean is less so.  Hidden units lie side by
side, blocks of the second layer on its diagonal, the coefficients' weights shared out: the mean, exactly, in one pass.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from .data import DataError
from .evaluate import load
from .fit import keep
from .colour_map import ColourMap, DeepColourMap
from .networks import build


def join(nets: list[ColourMap] | list[DeepColourMap], config: dict) -> tuple[ColourMap | DeepColourMap, dict]:
    """-> (a network that answers the mean of what `nets` answer, its config).  They must see alike, and have no grid of their own."""
    first, alike = nets[0].state_dict(), lambda name: not name.startswith(("mlp.", "head.", "code.", "sighted."))
    for net in nets[1:]:
        for name, value in net.state_dict().items():
            if alike(name) and not torch.equal(value, first[name]):
                raise DataError(f"the networks see differently ({name}): fit them on the same statistics")
    if any(isinstance(net, ColourMap) and (net.local.weight.any() or net.local.bias.any()) for net in nets):
        raise DataError("a network has a grid of its own; only global answers are joined")
    sighted = [net.sighted for net in nets if isinstance(net, DeepColourMap) and net.sighted]
    if len(sighted) > 1:
        raise DataError("two networks have eyes of their own that see the mask; only one may")
    sizes = [net.mlp[0].out_features for net in nets]
    model = {**config["model"], "hidden": sum(sizes)}
    if sighted:
        model["sighted"] = sighted[0].mix.out_channels
    whole = build({**config, "model": model})
    state = {name: value for name, value in first.items() if alike(name)}
    whole.load_state_dict(state, strict=False)
    with torch.no_grad():
        if sighted:
            whole.sighted.load_state_dict(sighted[0].state_dict())
        whole.mlp[0].weight.zero_()
        whole.mlp[2].weight.zero_()
        if isinstance(whole, ColourMap):
            whole.code.weight.zero_()
            whole.code.bias.zero_()
        whole.head.bias.zero_()
        at = 0
        for net, size in zip(nets, sizes):
            own = slice(at, at + size)
            whole.mlp[0].weight[own, :net.mlp[0].in_features], whole.mlp[0].bias[own] = net.mlp[0].weight, net.mlp[0].bias
            whole.mlp[2].weight[own, own], whole.mlp[2].bias[own] = net.mlp[2].weight, net.mlp[2].bias
            whole.head.weight[:, own] = net.head.weight / len(nets)
            whole.head.bias += net.head.bias / len(nets)
            at += size
    return whole.eval(), {**config, "model": model}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("checkpoints", type=Path, nargs="+")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    try:
        loaded = [load(path) for path in a.checkpoints]
        net, config = join([net for net, _ in loaded], loaded[0][1]["config"])
    except DataError as e:
        sys.exit(f"join: {e}")
    keep(a.out, config, net, samples=sum(ck["samples"] for _, ck in loaded))


if __name__ == "__main__":
    main()
