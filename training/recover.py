"""From the shipped colour map back to a checkpoint: `python -m training.recover --models models --out COLORMAP.pt`.

Training goes on from checkpoints, which lie outside the repository and may be lost with the machine.  What was exported
is the same network in half precision; norms folded into convolutions come back as norms that only add.
"""
from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from .data import DataError
from .fit import keep
from .layers import folded
from .colour_map import ColourMap, DeepColourMap
from .networks import build


def colour_map(path: Path) -> tuple[ColourMap | DeepColourMap, dict]:
    """-> (the network of a file of `training.export`, its config)."""
    graph = onnx.load(str(path)).graph
    held = {t.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(t).astype(np.float32)) for t in graph.initializer}
    held |= {node.output[0]: held[node.input[0]] for node in graph.node if node.op_type == "Identity" and node.input[0] in held}
    deep = any(node.name.startswith("/trunk/") for node in graph.node)
    if not graph.input:
        raise DataError(f"{path} does not hold a network's input")
    size = graph.input[0].type.tensor_type.shape.dim[2].dim_value
    config = {"network": "deep" if deep else "colormap", "model": {"size": size, "hidden": held["mlp.0.bias"].numel()}}
    if "sighted.mix.bias" in held:
        config["model"]["sighted"] = held["sighted.mix.bias"].numel()
    net = build(config)
    state = net.state_dict()
    missing = set(state) - set(held)
    for name in set(state) & set(held):
        state[name] = held[name].reshape(state[name].shape)
    convs = {module_of(node.name): node for node in graph.node if node.op_type == "Conv"}
    for conv, norm in folded(net):
        if conv not in convs:
            continue
        weight, bias = (held[name] for name in convs[conv].input[1:3])
        eps = dict(net.named_modules())[norm].eps
        state[f"{conv}.weight"] = weight
        state[f"{norm}.running_mean"], state[f"{norm}.running_var"] = torch.zeros_like(bias), torch.ones_like(bias) - eps
        state[f"{norm}.weight"], state[f"{norm}.bias"] = torch.ones_like(bias), bias
        state[f"{norm}.num_batches_tracked"] = torch.tensor(100)
        missing -= {f"{conv}.weight", *(f"{norm}.{part}" for part in ("running_mean", "running_var", "weight", "bias", "num_batches_tracked"))}
    missing -= {"centres", *(name for name in missing if name.endswith("num_batches_tracked"))}      # what no weight says
    if missing:
        raise DataError(f"{path} does not hold {', '.join(sorted(missing))}")
    net.load_state_dict(state)
    return net.eval(), config


def module_of(node: str) -> str:
    """The module whose node it is: `/down.0/down.0.1/a/a.0/Conv` is of `down.0.1.a.0`, lists being named by every level."""
    path: list[str] = []
    for part in node.strip("/").split("/")[:-1]:
        if path and part.startswith(path[-1] + "."):
            path.pop()
        path.append(part)
    return ".".join(path)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--models", type=Path, default=Path("models"))
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    try:
        entry = next(n for n in json.loads((a.models / "index.json").read_text())["networks"] if n["name"] == "colormap")
        net, config = colour_map(a.models / entry["file"])
    except (DataError, OSError) as e:
        sys.exit(f"recover: {e}")
    keep(a.out, config, net)


if __name__ == "__main__":
    main()
