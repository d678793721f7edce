"""The realism network: is it one photograph?"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from .layers import Residual, conv_bn

BINS = 16
REACH = 5               # cells of the first level: a mask's true edge lies within this window of the one handed over


class Realism(nn.Module):
    """Is it one photograph?  [n,4,128,128] -> [n,1], a logit, the higher the more like one photograph.  For the method of
    Zhu et al. (ICCV 2015).  A convolutional encoder of four levels that sees the mask; of every level's features, of the
    colours and of their histograms what they are inside, outside and along the edge; a hidden layer."""
    kind, batch = "score", 13
    mean, scale, mask_mean, mask_scale = (118.0, 114.0, 105.0), 1 / 64, 127.5, 1 / 127.5

    def __init__(self, size: int = 128, channels=(24, 48, 96, 160), hidden: int = 256):
        super().__init__()
        c, plain = list(channels), nn.BatchNorm2d
        self.size = size
        self.stem = conv_bn(4, c[0], 5, 2, plain)
        self.down = nn.ModuleList(nn.Sequential(conv_bn(i, o, 3, 2, plain), *(Residual(o, plain) for _ in range(n)))
                                  for i, o, n in zip(c, c[1:], (1, 1, 1)))
        told = 6 * (3 + sum(c)) + 2 * 4 * BINS + 1
        self.norm = nn.BatchNorm1d(told, affine=False)
        self.hidden = nn.Linear(told, hidden)
        self.logit = nn.Linear(hidden, 1)
        self.register_buffer("centres", (torch.arange(BINS) + 0.5) / BINS)

    @staticmethod
    def regions(mask: torch.Tensor) -> torch.Tensor:
        """[n,1,s,s] 0..1 -> how much a cell of [n,3,s,s] lies well inside, well outside and about the edge."""
        near = REACH // 2
        most, least = F.max_pool2d(mask, REACH, 1, near), -F.max_pool2d(-mask, REACH, 1, near)
        return torch.cat([least + 0.01 * mask * mask, 1 - most + 1e-3, most - least + 1e-3], 1)

    @staticmethod
    def moments(x: torch.Tensor, regions: torch.Tensor) -> torch.Tensor:
        """Means and deviations of [n,c,h,w] in each of the regions: [n,6c]."""
        w = regions.flatten(2).transpose(1, 2)
        w = w / (w.sum(1, keepdim=True) + 1e-6)
        f = x.flatten(2)
        mean = f @ w
        return torch.cat([mean, (((f * f) @ w - mean * mean).clamp_min(0) + 1e-3).sqrt()], 1).flatten(1)

    def histogram(self, rgb: torch.Tensor, regions: torch.Tensor) -> torch.Tensor:
        """Roots of the soft histograms of r, g, b and luma of [n,3,h,w] 0..1, inside and outside: [n,8*BINS]."""
        luma = 0.299 * rgb[:, :1] + 0.587 * rgb[:, 1:2] + 0.114 * rgb[:, 2:]
        x = torch.cat([rgb, luma], 1).flatten(2).unsqueeze(2)
        near = (1 - (x - self.centres.view(1, 1, -1, 1)).abs() * BINS).clamp_min(0)
        w = regions[:, :2].flatten(2).transpose(1, 2)
        return ((near.flatten(1, 2) @ (w / (w.sum(1, keepdim=True) + 1e-6))).flatten(1) + 1e-3).sqrt()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = (x[:, 3:] + 1) / 2
        regions = self.regions(F.avg_pool2d(mask, 2))
        colours = F.avg_pool2d(x[:, :3], 2)
        mean = torch.tensor(self.mean, device=x.device).view(1, 3, 1, 1)
        fewer = F.avg_pool2d(regions, 2)
        told = [self.moments(colours, regions),
                self.histogram((F.avg_pool2d(colours, 2) / self.scale + mean) / 255, fewer), mask.mean((2, 3))]
        y = self.stem(x)
        told.append(self.moments(y, regions))
        for block in self.down:
            y, regions = block(y), F.avg_pool2d(regions, 2)
            told.append(self.moments(y, regions))
        z = self.norm(torch.cat(told, 1)).clamp(-5, 5)
        return self.logit(F.leaky_relu(self.hidden(F.dropout(z, 0.1, self.training)), 0.1))
