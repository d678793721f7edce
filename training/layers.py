"""Layers that several networks are made of."""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F


class Settled(nn.modules.batchnorm._BatchNorm):
    """Batch norm that after its first `begin` batches uses its slowly moving averages in training too.  A small
    batch misjudges the mean of a feature by a quarter or half of its deviation, and how bright things are,
    inside and outside the mask, is the very thing to be compared."""
    begin = 100

    def __init__(self, n: int, momentum: float = 0.02):
        super().__init__(n, momentum=momentum)
        self.tick = 0
        self.still = 0                              # so many of the last channels keep their averages

    def _check_input_dim(self, x):
        pass

    def forward(self, x):
        if self.training:
            if self.num_batches_tracked < self.begin:
                return super().forward(x)
            self.tick = (self.tick + 1) % 4         # every fourth batch moves the averages
            if self.tick == 0:
                with torch.no_grad():
                    own = slice(len(self.running_mean) - self.still, None)
                    mean, var = self.running_mean[own].clone(), self.running_var[own].clone()
                    super().forward(x)
                    self.running_mean[own], self.running_var[own] = mean, var
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps)


def conv_bn(i: int, o: int, k: int, stride: int, norm=Settled) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(i, o, k, stride, (k - 1) // 2, bias=False), norm(o), nn.LeakyReLU(0.1))


class Residual(nn.Module):
    def __init__(self, c: int, norm=Settled):
        super().__init__()
        self.a, self.b = conv_bn(c, c, 3, 1, norm), nn.Conv2d(c, c, 3, 1, 1)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, x):
        return x + self.b(self.a(x))


def folded(net: nn.Module) -> list[tuple[str, str]]:
    """Convolutions without a bias (names) and the norms that follow them: at rest the two are one convolution."""
    named = [(name, m) for name, m in net.named_modules() if isinstance(m, (nn.Conv2d, nn.modules.batchnorm._BatchNorm))]
    return [(a, b) for (a, conv), (b, norm) in zip(named, named[1:])
            if isinstance(conv, nn.Conv2d) and not isinstance(norm, nn.Conv2d) and conv.bias is None]


def fold(net: nn.Module) -> nn.Module:
    """`net` at rest, its norms made part of the convolutions before them: what is rounded afterwards is what the file holds."""
    with torch.no_grad():
        for conv, norm in ((net.get_submodule(a), b) for a, b in folded(net)):
            parent, _, own = norm.rpartition(".")
            norm = net.get_submodule(norm)
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            conv.weight *= scale.view(-1, 1, 1, 1)
            conv.bias = nn.Parameter(norm.bias - norm.running_mean * scale)
            setattr(net.get_submodule(parent), own, nn.Identity())
    return net.eval()
