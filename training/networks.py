"""The networks.  All take [n,4,s,s] (three normalised colour planes, then the mask plane).

* `ColourMap`, `DeepColourMap` (ours): colour_map.py.
* `Realism`: the judge of realism, on the deep colour map's statistics.
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

from .colour_map import ColourMap, DeepColourMap
from .layers import Settled
from .parsing import SCORES, Scene
from .region import moments, sides


class Realism(nn.Module):
    """Is it one photograph?  The deep colour map's statistics of inside and outside, and one number of them: [n,4,256,256] ->
    [n,1], a logit, the higher the more like one photograph.  For the method of Zhu et al. (ICCV 2015)."""
    kind, batch = "score", 13
    mean, scale, mask_mean, mask_scale = ColourMap.mean, ColourMap.scale, ColourMap.mask_mean, ColourMap.mask_scale

    def __init__(self, size: int = 256, **trunk):
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
        return self.region_norm(moments(y, sides(m, self.band))).clamp(-5, 5)

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
