"""The scene network and its labels."""
from __future__ import annotations

import torch.nn as nn
import torch.nn.functional as F

from .layers import conv_bn
from .trunk import LEVELS, Lite0

LABELS = ["other", "wall", "building", "sky", "floor", "tree", "ceiling", "road", "bed", "window", "grass", "cabinet", "sidewalk",
          "person", "earth", "door", "table", "mountain", "plant", "curtain", "chair", "car", "water", "painting", "sofa", "shelf"]
SCORES = len(LABELS)


class Scene(nn.Module):
    """Scene parsing alone: [n,4,128,128] -> the 26 scores [n,26,64,64].  The mask plane is not looked at: what a thing is does
    not depend on what was selected.  A trunk that knows ImageNet (trunk.py), the whole picture's mean added to its last features,
    and a decoder of `channels` with skips by sum, from 1/4 of the size on."""
    kind, labels = "scene", LABELS
    mean, scale, mask_mean, mask_scale = (0.0, 0.0, 0.0), 1 / 255, 0.0, 1 / 255

    def __init__(self, size: int = 128, channels=(48, 64, 96, 160)):
        super().__init__()
        c, plain = list(channels), nn.BatchNorm2d       # the batch's own statistics: by its averages the training ran away after 36,000 samples
        self.size = size
        self.trunk = Lite0()
        self.side = nn.ModuleList(nn.Conv2d(i, o, 1) for i, o in zip(LEVELS[1:], c))
        self.whole = nn.Linear(c[-1], c[-1])
        self.up = nn.ModuleList(nn.Conv2d(i, o, 1) for i, o in zip(c[:0:-1], c[-2::-1]))
        self.join = nn.ModuleList(conv_bn(o, o, 3, 1, plain) for o in c[-2::-1])
        self.score = nn.Conv2d(c[0], SCORES, 1)

    def forward(self, x):
        return self.decode(self.trunk.early(x[:, :3]))

    def decode(self, early):
        """The scores of what the trunk's early part sees."""
        feats = [side(f) for side, f in zip(self.side, [*early, *self.trunk.late(early[-1])][1:])]
        y = feats.pop()
        y = y + self.whole(y.mean((2, 3)))[:, :, None, None]
        for up, join in zip(self.up, self.join):
            y = join(F.interpolate(up(y), scale_factor=2, mode="nearest") + feats.pop())
        return F.interpolate(self.score(F.dropout2d(y, 0.1, self.training)), (self.size // 2,) * 2, mode="bilinear", align_corners=False)

    parse = forward
