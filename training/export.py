"""From a checkpoint to models/: `python -m training.export --network colormap --checkpoint LAST.pt --models models`.

Writes NAME.onnx (opset 17, static shapes, weights stored in half precision and cast to float when the
graph is loaded, computed in float), checks ONNX Runtime against PyTorch, and enters the network into
models/index.json with its sha256.  Of `joint` the scene head is left out: only what harmonization needs stays.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

from .evaluate import load
from .layers import fold
from .parsing import SCORES

TITLES = {"colormap": "Attune colour map", "joint": "Joint network (Tsai et al. 2017)",
          "realism": "Realism of a composite (after Zhu et al. 2015)",
          "scene": "What is where in a picture",
          "context": "The same without the scene decoder (Tsai et al. 2017)"}
OPSET = 17


class JointImage(nn.Module):
    """The joint network's whole frame, 0..255 (not clipped)."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.register_buffer("offset", torch.tensor(net.mean).view(1, 3, 1, 1))

    def forward(self, x):
        return (x[:, :3] + self.net(x)[0]) / self.net.scale + self.offset


def apart(model: onnx.ModelProto) -> None:
    """Weights that are the same twice, which the exporter holds once, under both their names: recover.py looks for them."""
    graph = model.graph
    held = {t.name: t for t in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Identity" and n.input[0] in held]:
        graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(held[node.input[0]]), node.output[0]))
        graph.node.remove(node)


def folded(path: Path) -> onnx.ModelProto:
    """The file's graph without what follows from its shapes alone (two thirds of the exporter's nodes), by ONNX Runtime's optimizations
    that hold on every machine: half the time to load."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = 1
    out = path.with_suffix(".folded")
    options.optimized_model_filepath = str(out)
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"],
                                 disabled_optimizers=["ConstantSharing", "CommonSubexpressionElimination"])
    model = onnx.load(str(out))
    out.unlink()
    used = {node.domain for node in model.graph.node}
    for known in [o for o in model.opset_import if o.domain not in used]:
        model.opset_import.remove(known)
    return model


def halve(model: onnx.ModelProto) -> None:
    """Float initializers over 64 values become half precision followed by a Cast to float."""
    graph = model.graph
    nodes = []
    for init in list(graph.initializer):
        if init.data_type != TensorProto.FLOAT or int(np.prod(init.dims)) <= 64:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(init).astype(np.float16), init.name + "_half")
        graph.initializer.remove(init)
        graph.initializer.append(half)
        nodes.append(helper.make_node("Cast", [half.name], [init.name], to=TensorProto.FLOAT))
    for node in reversed(nodes):
        graph.node.insert(0, node)


def round_weights(net: nn.Module) -> nn.Module:
    """The network as the file will hold it, for the comparison."""
    with torch.no_grad():
        for t in list(net.parameters()) + list(net.buffers()):
            if t.dtype == torch.float32 and t.numel() > 64:
                t.copy_(t.half().float())
    return net


def export(net: nn.Module, path: Path) -> float:
    """Writes the file (beside, then renamed); returns the largest difference to PyTorch on random input."""
    wrapped = (JointImage(net) if net.kind == "image" else net).eval()
    n = getattr(net, "batch", 1)
    x = torch.randn(n, 4, net.size, net.size) * 0.5 if net.kind == "image" else torch.rand(n, 4, net.size, net.size)
    out = {"image": "image", "colorMap": "coefficients", "score": "score", "scene": "scores"}[net.kind]
    part = path.with_suffix(".part")
    torch.onnx.export(wrapped, (x,), str(part), input_names=["input"], output_names=[out], opset_version=OPSET,
                      do_constant_folding=True, dynamo=False)
    with torch.no_grad():
        want = wrapped(x).numpy()
    model = onnx.load(str(part))
    for dim, size in zip(model.graph.output[0].type.tensor_type.shape.dim, want.shape):
        dim.dim_value = size                # the exporter does not know it of everything
    apart(model)
    onnx.save(model, str(part))
    model = folded(part)
    halve(model)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(part))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    got = onnxruntime.InferenceSession(str(part), options, providers=["CPUExecutionProvider"]).run(None, {"input": x.numpy()})[0]
    os.replace(part, path)
    return float(np.abs(got - want).max() / max(1.0, np.abs(want).max()))


def entry(name: str, net, path: Path, version: str) -> dict:
    blob = path.read_bytes()
    output = {"colorMap": lambda: {"name": "coefficients", "channels": 30, "width": net.grid, "height": net.grid},
              "image": lambda: {"name": "image", "channels": 3, "width": net.size, "height": net.size},
              "score": lambda: {"name": "score", "channels": 1},
              "scene": lambda: {"name": "scores", "channels": SCORES, "width": net.size // 2, "height": net.size // 2}}[net.kind]()
    return {
        "name": name, "version": version, "title": TITLES[name], "file": path.name,
        "sha256": hashlib.sha256(blob).hexdigest(), "bytes": len(blob), "kind": net.kind,
        "input": {"name": "input", "width": net.size, "height": net.size, "colorOrder": "RGB", "mean": list(net.mean),
                  "scale": [net.scale] * 3, "maskMean": net.mask_mean, "maskScale": net.mask_scale, "resize": "area"},
        "output": output, **({"batch": net.batch} if net.kind == "score" else {}), **({"labels": net.labels} if net.kind == "scene" else {}),
        "card": f"{name}.md", "license": "research use"}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--network", choices=sorted(TITLES), required=True)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--models", type=Path, default=Path("models"))
    p.add_argument("--version", default="1")
    p.add_argument("--amplitude", type=float, default=1.0, help="scale of the change")
    a = p.parse_args()
    torch.set_num_threads(1)
    net, checkpoint = load(a.checkpoint)
    held = checkpoint["config"]["network"]
    if held == "deep":
        held = "colormap"
    if held == "joint" and not checkpoint["config"]["model"].get("scene", True):
        held = "context"
    if held != a.network:
        raise SystemExit(f"training: {a.checkpoint} holds {held}, not {a.network}")
    if getattr(net, "core", False):
        raise SystemExit(f"training: {a.checkpoint} is a core; make the whole network of it first (python -m training.grow)")
    with torch.no_grad():
        for part in {"colorMap": lambda: (net.terms,), "image": lambda: (net.out.weight, net.out.bias), "score": lambda: (), "scene": lambda: ()}[net.kind]():
            part *= a.amplitude
    net = round_weights(fold(net).to(memory_format=torch.contiguous_format))
    a.models.mkdir(parents=True, exist_ok=True)
    path = a.models / f"{a.network}.onnx"
    difference = export(net, path)
    index_path = a.models / "index.json"
    index = json.loads(index_path.read_text()) if index_path.exists() else {"version": 1, "default": "colormap", "networks": []}
    index["networks"] = sorted([n for n in index["networks"] if n["name"] != a.network] + [entry(a.network, net, path, a.version)],
                               key=lambda n: n["name"])
    part = index_path.with_suffix(".part")
    part.write_text(json.dumps(index, indent=2) + "\n")
    os.replace(part, index_path)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {checkpoint['samples']} samples, ONNX Runtime differs from PyTorch by {difference:.2e}")


if __name__ == "__main__":
    main()
