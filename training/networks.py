"""The networks.  All take [n,4,s,s] (three normalised colour planes, then the mask plane).

* `ColourMap` (ours): statistics of colours and features inside and outside the mask -> 30 global
  coefficients, plus a 16x16 grid of them; out_c = in_c + sum_k coef[c,k] phi_k(in), colours 0..1.
* `DeepColourMap` (ours, the default): the same coefficients, global, from what a pretrained trunk sees inside and outside.
* `Joint`: the published layout (Tsai et al. 2017; ../shared/reference/network.md) with width factors:
  seven levels, fully connected bottleneck, scene and harmonization decoders, skips by sum, semantic
  concatenations at levels 6..1.  Deviation: the last deconvolution gives a gain and an offset per
  colour (6 channels for 3) and the output is a blend of them with the input, in + gain * in + offset.
"""
from __future__ import annotations

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from . import alike
from .layers import Residual, Settled, conv_bn
from .parsing import SCORES, Scene
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


def term_scale() -> torch.Tensor:
    """[30,1,1]: how far a step of training moves a term.  A channel's own gain, curve and offset matter most;
    the terms that mix channels are many, and at full rate their noise would drown them."""
    scale = torch.full((3, 10), 0.06)
    for c in range(3):
        scale[c, c], scale[c, 3 + c], scale[c, 9] = 0.2, 0.12, 0.2
    return scale.view(30, 1, 1)


def gaussian(sigma: float) -> torch.Tensor:
    """A row [1,1,1,k], sum 1.  Blurred by it, the mask does not say where exactly it ends."""
    reach = math.ceil(2.6 * sigma)
    t = torch.arange(-reach, reach + 1).float()
    g = torch.exp(-t * t / (2 * sigma ** 2))
    return (g / g.sum()).view(1, 1, 1, -1)


def apply_colour_map(rgb: torch.Tensor, coef: torch.Tensor) -> torch.Tensor:
    """rgb [n,3,h,w] 0..1, coef [n,30,gh,gw] interpolated bilinearly (half-pixel centres, clamped)."""
    n, _, h, w = rgb.shape
    full = F.interpolate(coef, (h, w), mode="bilinear", align_corners=False).view(n, 3, 10, h, w)
    return rgb + (full * phi(rgb).unsqueeze(1)).sum(2)


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

    @staticmethod
    def blur(mask, kernel):
        reach = kernel.shape[-1] // 2
        m = F.pad(mask, (reach,) * 4, mode="replicate")
        return F.conv2d(F.conv2d(m, kernel), kernel.transpose(2, 3))

    @staticmethod
    def moments(x, weights):
        """Masked means and deviations: x [n,c,h,w], weights [n,2,h,w] (inside, outside) -> [n,4c]."""
        w = weights.flatten(2).transpose(1, 2)
        w = w / (w.sum(1, keepdim=True) + 1e-4)
        f = x.flatten(2)
        mean = f @ w                                                               # [n,c,2]
        var = (f * f) @ w - mean * mean
        return torch.cat([mean, (var.clamp_min(0) + 1e-4).sqrt()], 1).flatten(1)

    def histogram(self, rgb, weights):
        """Soft (triangular) histograms of r, g, b and luma inside and outside -> [n, 8*bins]."""
        w = weights.flatten(2).transpose(1, 2)
        return self.histogram_by(rgb, w / (w.sum(1, keepdim=True) + 1e-4))

    def histogram_by(self, rgb, weights):
        """The same by weights [n,pixels,k] of sum 1 -> [n, 4*bins*k]."""
        luma = (0.299 * rgb[:, :1] + 0.587 * rgb[:, 1:2] + 0.114 * rgb[:, 2:3])
        x = torch.cat([rgb, luma], 1).flatten(2).unsqueeze(2)                      # [n,4,1,p]
        near = (1 - (x - self.centres.view(1, 1, -1, 1)).abs() * self.bins).clamp_min(0)
        return ((near.flatten(1, 2) @ weights).flatten(1) + 1e-3).sqrt()       # roots: rare colours do not swamp the rest

    def statistics(self, x):
        """-> (moments and histograms [n,stats], the features of every level)."""
        rgb, soft = x[:, :3], self.blur(x[:, 3:], self.kernel)
        # statistics leave a band about the edge out (unless the region is nothing but edge)
        m = self.blur(x[:, 3:], self.apart) if hasattr(self, "apart") else soft
        inside = ((m - 1 + self.band) / self.band).clamp(0, 1) + 0.01 * m * m
        outside = ((self.band - m) / self.band).clamp(0, 1) + 1e-4
        both = torch.cat([inside, outside], 1)
        feats = [rgb, self.stem(torch.cat([rgb - 0.5, soft - 0.5], 1))]
        for block in self.down:
            feats.append(block(feats[-1]))
        levels = [both] + [F.avg_pool2d(both, k) for k in (4, 8, 16)]           # sizes 128, 32, 16, 8
        stats = [self.moments(f, w) for f, w in zip(feats, levels)]
        # the 32x32 colours are enough for histograms
        stats.append(self.histogram(F.avg_pool2d(rgb, 2)[:, :, ::2, ::2], levels[1]))
        stats.append(x[:, 3:].mean((2, 3)))
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
        coef = (coef.transpose(2, 3) @ self.basis).transpose(2, 3)
        return coef.reshape(-1, 30, self.grid, self.grid)


class DeepColourMap(nn.Module):
    """The colour map, version 3: the same for every place, by a trunk that knows ImageNet (trunk.py) instead of eyes of its own.  The trunk
    does not see the mask, and statistics leave a band about its edge out (`sigma` and `band` as in ColourMap), so that it
    matters less where exactly the mask ends.  Input as ColourMap's; output [n,30,1,1].

    Statistics: means and deviations of colours inside and outside; histograms; the area; the same of the trunk's features from 1/4 of
    the size on (of the last, where a region is a place or two, means alone); and colours of what is alike inside and outside (alike.py)."""
    kind, grid, bins = "colorMap", 1, ColourMap.bins
    mean, scale, mask_mean, mask_scale = ColourMap.mean, ColourMap.scale, ColourMap.mask_mean, ColourMap.mask_scale
    histogram, histogram_by = ColourMap.histogram, ColourMap.histogram_by

    def __init__(self, size: int = 128, hidden: int = 256, sigma: float = 1.5, band: float = 0.4):
        super().__init__()
        self.size, self.band = size, band
        self.trunk = Lite0()
        stats = 4 * (3 + sum(LEVELS[1:-1])) + 2 * LEVELS[-1] + 2 * 4 * self.bins + 1 + alike.count(self.bins)
        self.norm = Settled(stats)
        self.mlp = nn.Sequential(nn.Linear(stats, hidden), nn.LeakyReLU(0.1), nn.Linear(hidden, hidden), nn.LeakyReLU(0.1))
        self.head = nn.Linear(hidden, 30)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("basis", centred_basis())
        self.register_buffer("terms", term_scale())
        self.register_buffer("centres", (torch.arange(self.bins) + 0.5) / self.bins)
        self.register_buffer("kernel", gaussian(sigma))

    def statistics(self, x):
        """-> [n,stats]."""
        rgb, m = x[:, :3], ColourMap.blur(x[:, 3:], self.kernel)
        inside = ((m - 1 + self.band) / self.band).clamp(0, 1) + 0.01 * m * m
        outside = ((self.band - m) / self.band).clamp(0, 1) + 1e-4
        both = torch.cat([inside, outside], 1)
        feats = self.trunk(rgb)[1:]
        seen = [ColourMap.moments(f, F.avg_pool2d(both, both.shape[2] // f.shape[2])) for f in feats]
        return torch.cat([ColourMap.moments(rgb, both),
                          self.histogram(F.avg_pool2d(rgb, 2)[:, :, ::2, ::2], F.avg_pool2d(both, 4)),
                          x[:, 3:].mean((2, 3)), *seen[:-1], seen[-1][:, :2 * LEVELS[-1]],
                          alike.statistics(rgb, self.histogram_by, feats[1], feats[2], both)], 1)

    def look(self, x):
        """-> what the statistics say [n,hidden]."""
        return self.mlp(self.norm(self.statistics(x)).clamp(-5, 5))

    def forward(self, x):
        coef = (self.terms * self.head(self.look(x))[:, :, None, None]).view(-1, 3, 10, 1)
        return (coef.transpose(2, 3) @ self.basis).transpose(2, 3).reshape(-1, 30, 1, 1)


class Realism(nn.Module):
    """Is it one photograph?  The deep colour map's statistics of inside and outside, and one number of them: [n,4,128,128] ->
    [n,1], a logit, the higher the more like one photograph.  For the method of Zhu et al. (ICCV 2015)."""
    kind, batch = "score", 13
    mean, scale, mask_mean, mask_scale = ColourMap.mean, ColourMap.scale, ColourMap.mask_mean, ColourMap.mask_scale

    def __init__(self, size: int = 128, **trunk):
        super().__init__()
        self.size = size
        self.trunk = DeepColourMap(size, **trunk)
        self.logit = nn.Linear(self.trunk.head.in_features, 1)

    def forward(self, x):
        return self.logit(self.trunk.look(x))


class Joint(nn.Module):
    """Input: (RGB - mean) / 128 and (mask - 128) / 128 of 0..255 values, 512x512.  Output: the change of the
    image in the same normalisation.  `widths` scale the published channel counts of levels 0..6 and of the bottleneck.
    `scene` False is the paper's ablation: no scene decoder, nothing concatenated.
    `regions`, a deviation: the bottleneck is also told, by two hidden layers of `told` units, the means and deviations of level 3's features
    inside and outside the mask.  Convolutions come to sums over an area, not to means and never to what a region
    deviates by, and those decide on the change (training/README.md has what each explains).

    Trained in two parts, as progressively grown networks are: first the *core*, levels 3..6 with a picture of an
    eighth of the size standing in for level 2's output, then the whole, in which levels 0..2 begin as what the core
    had instead of them (grow.py): area reduction on the way in, bilinear enlargement on the way out."""
    kind = "image"
    mean, scale, mask_mean, mask_scale = (123.0, 117.0, 104.0), 1 / 128, 128.0, 1 / 128
    outer = 3                   # levels that the core does without
    lift = 1.0                  # its picture is raised by so much: ELU passes it on unchanged
    band = 0.4                  # of the mask's edge that region statistics leave out
    gate = 8.0                  # colours are lowered by so much where they do not count: ELU flattens them

    def __init__(self, size: int = 512, widths=(1, 1, 1, 1, 1, 1, 1, 1), core: bool = False, scene: bool = True,
                 regions: bool = False, told: int = 256):
        super().__init__()
        c = [max(8, round(n * w / 8) * 8) for n, w in zip((64, 64, 128, 128, 256, 256, 512, 1024), widths)]
        self.core, self.with_scene = core, scene
        self.size = size >> self.outer if core else size
        self.enc_ch, up, fc = c[:7], c[6::-1], c[7]                             # levels 0..6; 6..0; bottleneck
        outer = self.outer if core else 0
        self.encoder = nn.ModuleList(self.block(nn.Conv2d(i, o, 4, 2, 1, bias=False), o)
                                     for i, o in list(zip([4] + self.enc_ch[:-1], self.enc_ch))[outer:])
        self.fc = nn.Linear(self.enc_ch[-1] * 16, fc)
        def decoder(double):
            ins = [fc] + [n * double for n in up[:-1]]
            return nn.ModuleList(self.block(nn.ConvTranspose2d(i, o, 4, 1 if k == 0 else 2, 0 if k == 0 else 1, bias=False), o)
                                 for k, (i, o) in list(enumerate(zip(ins, up)))[:8 - outer])
        self.harmony = decoder(2 if scene else 1)
        self.scene = decoder(1) if scene else nn.ModuleList()
        if core:
            self.out = nn.Conv2d(c[outer - 1] * (2 if scene else 1), 6, 1)
            self.scene_score = nn.Conv2d(c[outer - 1], SCORES, 1) if scene else None
        else:
            self.out = nn.ConvTranspose2d(up[-1], 6, 4, 2, 1)
            if scene:
                self.scene_last = self.block(nn.ConvTranspose2d(up[-1], c[0], 4, 2, 1, bias=False), c[0])
                self.scene_score = nn.Conv2d(c[0], SCORES, 1)
        self.hint = nn.Linear(fc, 12)           # in training only: what the bottleneck should know (train.py)
        self.with_regions = regions
        if regions:
            n = 4 * self.enc_ch[self.outer]
            self.region_norm = Settled(n)
            self.region = nn.Sequential(nn.Linear(n, told), nn.ELU(), nn.Linear(told, told), nn.ELU(), nn.Linear(told, fc))
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                fan = m.weight[0].numel() if isinstance(m, nn.Conv2d) else m.weight.shape[0] * 4
                nn.init.normal_(m.weight, 0, math.sqrt(1 / fan))
        if core:
            # Ten channels of every level begin as area averages: of the picture, the mask, the colours inside and outside.
            # What is to be compared then stands at every level, and need not be found first.
            with torch.no_grad():
                for layer in self.encoder:
                    layer[0].weight[:10] = 0
                    for k in range(10):
                        layer[0].weight[k, k, 1:3, 1:3] = 0.25
                    layer[1].bias[:10] = 2          # of a normal value nearly all is then above 0, where ELU changes nothing
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def region_statistics(self, y, mask):
        """Means and deviations of the features [n,c,s,s] inside and outside the mask (a band about its edge left out, unless
        the region is nothing but edge), normalised: [n,4c]."""
        m = F.avg_pool2d(mask, mask.shape[2] // y.shape[2])
        inside = ((m - 1 + self.band) / self.band).clamp(0, 1) + 0.01 * m * m
        outside = ((self.band - m) / self.band).clamp(0, 1) + 1e-4
        return self.region_norm(ColourMap.moments(y, torch.cat([inside, outside], 1))).clamp(-5, 5)

    @staticmethod
    def block(conv, o):
        return nn.Sequential(conv, Settled(o, 0.05), nn.ELU())

    def stand_in(self, x):
        """What the core has for level 2's output: the picture and the mask raised by `lift` (channels 0..3), the colours
        where the mask is full (4..6) and where it is empty (7..9) and -1 elsewhere, zeros."""
        colours, mask = x[:, :3] + self.lift, (x[:, 3:] + 1) / 2
        inside, outside = F.elu(colours - self.gate * (1 - mask)), F.elu(colours - self.gate * mask)
        y = torch.cat([x + self.lift, inside, outside], 1)
        return F.pad(y, (0, 0, 0, 0, 0, self.enc_ch[self.outer - 1] - 10))

    def forward(self, x):
        """-> (change [n,3,s,s], the scene decoder's last sum [n,c,..], bottleneck [n,fc])."""
        skips, y = [], x
        if self.core:
            y = self.stand_in(x)
            skips.append(y)
        for layer in self.encoder:
            y = layer(y)
            skips.append(y)
        code = self.fc(y.flatten(1))
        if self.with_regions:
            code = code + self.region(self.region_statistics(skips[1 if self.core else self.outer], (x[:, 3:] + 1) / 2))
        s = h = code[:, :, None, None]
        for k, layer in enumerate(self.harmony):
            skip = skips[-1 - k]
            h = layer(h) + skip
            if self.with_scene:
                s = self.scene[k](s) + skip
                if k < 6:
                    h = torch.cat([h, s], 1)
        gain, offset = self.out(h).chunk(2, 1)
        return gain * x[:, :3] + offset, s, code

    def parse(self, x):
        """-> the 26 scores of the input."""
        return self.scores(self(x)[1])

    def scores(self, last):
        """The 26 scores of a sum of the scene decoder (or of a crop of it): the core's at its own size, the whole's at twice its size."""
        return self.scene_score(last if self.core else self.scene_last(last))


def normalise(net, rgb: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """rgb [n,3,s,s] 0..255 and mask [n,1,s,s] 0..1 -> the input of `net` (a class or an instance)."""
    mean = torch.tensor(net.mean).view(1, 3, 1, 1)
    return torch.cat([(rgb - mean) * net.scale, (mask * 255 - net.mask_mean) * net.mask_scale], 1)


def build(config: dict) -> nn.Module:
    return {"colormap": ColourMap, "deep": DeepColourMap, "joint": Joint, "realism": Realism, "scene": Scene}[config["network"]](**config["model"])
