"""Our colour maps: coefficients of ten terms a channel, and the two networks that predict them.

* `ColourMap` (versions 1 and 2): statistics of colours and of its own features inside and outside the mask -> 30 global
  coefficients, plus a 16x16 grid of them; out_c = in_c + sum_k coef[c,k] phi_k(in), colours 0..1.
* `DeepColourMap` (versions 3 to 5, the default): the same, global, from what a pretrained trunk sees inside and outside.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from . import alike, contrast
from .layers import Residual, Settled, conv_bn
from .region import blur, gaussian, histogram, moments, shares, sides
from .sighted import Sighted, seen_small
from .trunk import LEVELS, Lite0


def phi(rgb: torch.Tensor) -> torch.Tensor:
    """[n,3,...] 0..1 -> [n,10,...]: r g b r2 g2 b2 rg rb gb 1."""
    r, g, b = rgb.unbind(1)
    return torch.stack([r, g, b, r * r, g * g, b * b, r * g, r * b, g * b, torch.ones_like(r)], 1)


def centred_basis() -> torch.Tensor:
    """B [10,10], psi = B phi: about orthogonal features of u = 2v - 1.  The heads speak psi, which trains
    far better than the strongly correlated phi; coef_phi = coef_psi B, exact."""
    b = torch.zeros(10, 10)
    for c in range(3):
        b[c, c], b[c, 9] = 2, -1                                # u
        b[3 + c, 3 + c], b[3 + c, c], b[3 + c, 9] = 4, -4, 1 - 1 / 3   # u^2 - 1/3
    for row, (x, y) in zip((6, 7, 8), ((0, 1), (0, 2), (1, 2))):
        b[row, row], b[row, x], b[row, y], b[row, 9] = 4, -2, -2, 1    # u_x u_y
    b[9, 9] = 1
    return b


def of_phi(coef: torch.Tensor, basis: torch.Tensor) -> torch.Tensor:
    """Coefficients [n,3,10,p] of psi as those of phi."""
    return (coef.transpose(2, 3) @ basis).transpose(2, 3)


def term_scale() -> torch.Tensor:
    """[30,1,1]: how far a step of training moves a term.  A channel's own gain, curve and offset matter most;
    the terms that mix channels are many, and at full rate their noise would drown them."""
    scale = torch.full((3, 10), 0.06)
    for c in range(3):
        scale[c, c], scale[c, 3 + c], scale[c, 9] = 0.2, 0.12, 0.2
    return scale.view(30, 1, 1)


def apply_colour_map(rgb: torch.Tensor, coef: torch.Tensor) -> torch.Tensor:
    """rgb [n,3,h,w] 0..1, coef [n,30,gh,gw] interpolated bilinearly (half-pixel centres, clamped)."""
    n, _, h, w = rgb.shape
    full = F.interpolate(coef, (h, w), mode="bilinear", align_corners=False).view(n, 3, 10, h, w)
    return rgb + (full * phi(rgb).unsqueeze(1)).sum(2)


def small_histogram(rgb, weights, centres):
    """The histograms of both sides, `weights` [n,2,32,32], of a quarter of the pixels at 64x64: enough for them."""
    return histogram(F.avg_pool2d(rgb, rgb.shape[2] // 64)[:, :, ::2, ::2], shares(weights), centres)


class ColourMap(nn.Module):
    """Input: RGB 0..1 and mask 0..1, 128x128.  Output [n,30,16,16].  `sigma`, `apart`: Gaussians of the mask, px of 128, as the
    convolutions see it and as statistics are weighted by it; these leave out where it is within `band` of neither 0 nor 1."""
    kind, grid, bins = "colorMap", 16, 16
    mean, scale, mask_mean, mask_scale = (0.0, 0.0, 0.0), 1 / 255, 0.0, 1 / 255

    def __init__(self, size: int = 128, channels=(64, 96, 192), hidden: int = 256, sigma: float = 1.5, band: float = 0.4,
                 apart: float | None = None):
        super().__init__()
        c = list(channels)
        self.size = size
        self.stem = nn.Sequential(nn.Conv2d(4, c[0], 8, 4, 2, bias=False), Settled(c[0]), nn.LeakyReLU(0.1))
        self.down = nn.ModuleList([nn.Sequential(conv_bn(c[i], c[i + 1], 3, 2), Residual(c[i + 1])) for i in range(2)])
        stats = 4 * (3 + sum(c)) + 2 * 4 * self.bins + 1
        self.norm = Settled(stats)
        self.mlp = nn.Sequential(nn.Linear(stats, hidden), nn.LeakyReLU(0.1), nn.Linear(hidden, hidden), nn.LeakyReLU(0.1))
        self.head = nn.Linear(hidden, 30)
        self.bottom, self.code = nn.Conv2d(c[2], c[1], 1), nn.Linear(hidden, c[1])
        self.up = conv_bn(c[1], 64, 3, 1)
        self.local = nn.Conv2d(64, 30, 1)
        for head in (self.head, self.local):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        self.register_buffer("basis", centred_basis())
        self.register_buffer("terms", term_scale())
        self.register_buffer("centres", (torch.arange(self.bins) + 0.5) / self.bins)
        self.band = band
        self.register_buffer("kernel", gaussian(sigma))
        if apart:
            self.register_buffer("apart", gaussian(apart))

    def statistics(self, x):
        """-> (moments and histograms [n,stats], the features of every level)."""
        rgb, soft = x[:, :3], blur(x[:, 3:], self.kernel)
        both = sides(blur(x[:, 3:], self.apart) if hasattr(self, "apart") else soft, self.band)
        feats = [rgb, self.stem(torch.cat([rgb - 0.5, soft - 0.5], 1))]
        for block in self.down:
            feats.append(block(feats[-1]))
        levels = [both] + [F.avg_pool2d(both, k) for k in (4, 8, 16)]           # sizes 128, 32, 16, 8
        stats = [moments(f, w) for f, w in zip(feats, levels)]
        stats += [small_histogram(rgb, levels[1], self.centres), x[:, 3:].mean((2, 3))]
        return torch.cat(stats, 1), feats

    def look(self, x):
        """-> (what the statistics say [n,hidden], the features of every level)."""
        stats, feats = self.statistics(x)
        return self.mlp(self.norm(stats).clamp(-5, 5)), feats

    def forward(self, x):
        code, feats = self.look(x)
        low = self.bottom(feats[3]) + self.code(code)[:, :, None, None]
        grid = self.local(self.up(F.interpolate(low, scale_factor=2, mode="nearest") + feats[2]))
        coef = (self.terms * (self.head(code)[:, :, None, None] + grid)).view(-1, 3, 10, self.grid * self.grid)
        return of_phi(coef, self.basis).reshape(-1, 30, self.grid, self.grid)


class DeepColourMap(nn.Module):
    """The colour map, version 5: the same for every place, by a trunk that knows ImageNet (trunk.py) instead of eyes of its own.  The trunk
    does not see the mask, and statistics leave a band about its edge out (`sigma` and `band` as in ColourMap, px of 256), so that it
    matters less where exactly the mask ends.  Input as ColourMap's, 256x256; output [n,30,1,1].

    Statistics: means and deviations of colours inside and outside; histograms; the area; the same of the trunk's features from 1/4 of
    the size on; colours of what is alike inside and outside (alike.py); and how they differ across the edge (contrast.py)."""
    kind, grid, bins = "colorMap", 1, ColourMap.bins
    mean, scale, mask_mean, mask_scale = ColourMap.mean, ColourMap.scale, ColourMap.mask_mean, ColourMap.mask_scale

    def __init__(self, size: int = 256, hidden: int = 256, sigma: float = 3.0, band: float = 0.25, sighted: int = 0):
        super().__init__()
        self.size, self.band = size, band
        self.trunk = Lite0()
        self.sighted = Sighted(sighted, self.trunk) if sighted else None
        stats = 4 * (3 + sum(LEVELS[1:])) + 2 * 4 * self.bins + 1 + alike.count(self.bins) + contrast.count(self.bins)
        self.norm = Settled(stats)
        more = self.sighted.count if self.sighted else 0
        self.mlp = nn.Sequential(nn.Linear(stats + more, hidden), nn.LeakyReLU(0.1), nn.Linear(hidden, hidden), nn.LeakyReLU(0.1))
        self.head = nn.Linear(hidden, 30)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("basis", centred_basis())
        self.register_buffer("terms", term_scale())
        self.register_buffer("centres", (torch.arange(self.bins) + 0.5) / self.bins)
        self.register_buffer("kernel", gaussian(sigma))

    def statistics(self, x):
        """-> [n,stats]."""
        return self.about(x, self.trunk(x[:, :3])[1:])

    def about(self, x, feats):
        """The statistics of a picture and its mask, of what the trunk has seen of it: it sees the same under any mask."""
        rgb, both = x[:, :3], sides(blur(x[:, 3:], self.kernel), self.band)
        colours, near, pair = alike.pooled(rgb, feats[2]), alike.resemblance(feats[1], feats[2]), alike.both_sides(both, feats[2])
        return torch.cat([moments(rgb, both),
                          small_histogram(rgb, F.avg_pool2d(both, both.shape[2] // 32), self.centres),
                          x[:, 3:].mean((2, 3)),
                          *(moments(f, alike.pooled(both, f)) for f in feats),
                          alike.statistics(colours, self.centres, near, *pair), alike.neighbours(colours, near, *pair),
                          contrast.statistics(rgb, self.centres, both)], 1)

    def told(self, statistics, features, rgb, mask):
        """-> all that is seen, as the perceptron is told it: the statistics at rest, and what the eyes that see the mask make of the trunk's
        features at 1/8 of the size and the picture and mask at 1/4."""
        rest = self.norm(statistics).clamp(-5, 5)
        return torch.cat([rest, self.sighted(features, rgb, mask)], 1) if self.sighted else rest

    def look(self, x):
        """-> what that says [n,hidden]."""
        feats = self.trunk(x[:, :3])[1:]
        return self.mlp(self.told(self.about(x, feats), feats[1], *seen_small(x)))

    def forward(self, x):
        coef = (self.terms * self.head(self.look(x))[:, :, None, None]).view(-1, 3, 10, 1)
        return of_phi(coef, self.basis).reshape(-1, 30, 1, 1)
