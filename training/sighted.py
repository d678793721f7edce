"""Eyes that see the mask: the trunk's next three blocks once more, trained on with the mask and the colours beside what they saw on ImageNet.

The statistics say what is inside and outside, and how it is coloured, each by itself.  Whether *this* grass is too blue, or this skin too
green for the light of the room, is a question about a thing and its colours at one place, with the rest of the picture in mind:
so every place is told the means of both sides, and what it makes of them is averaged inside and outside the mask.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from .trunk import HELD, LEVELS, Block, Lite0, Same

END = HELD + 3              # blocks of the trunk: from 1/8 to 1/16 of the size
CELL = 4                    # px of the picture and mask as they are seen here
QUIET = 0.3                 # of the trunk's features, whose deviation is about 3


class Late(nn.Module):
    """A block of the trunk whose norms are part of its convolutions: they are trained on together."""

    def __init__(self, block: Block):
        super().__init__()
        self.expand, self.depthwise, self.project = (
            joined(conv, norm) for conv, norm in ((block._expand_conv, block._bn0), (block._depthwise_conv, block._bn1),
                                                  (block._project_conv, block._bn2)))
        self.add = block.add

    def forward(self, x):
        y = self.project(F.relu6(self.depthwise(F.relu6(self.expand(x)))))
        return x + y if self.add else y


def joined(conv: Same, norm: nn.BatchNorm2d) -> Same:
    """A convolution and the norm behind it, at rest, as one."""
    both = Same(conv.in_channels, conv.out_channels, conv.kernel_size[0], conv.stride[0], conv.groups, bias=True)
    with torch.no_grad():
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        both.weight.copy_(conv.weight * scale.view(-1, 1, 1, 1))
        both.bias.copy_(norm.bias - norm.running_mean * scale)
    return both


class Sighted(nn.Module):
    """Features at 1/8 of the size [n,40,s,s], picture 0..1 and mask 0..1 at 1/4 [n,3|1,2s,2s] -> [n,count]."""

    def __init__(self, width: int, trunk: Lite0):
        super().__init__()
        self.blocks = nn.ModuleList([Late(block) for block in trunk._blocks[HELD:END]])
        c = self.blocks[-1].project.out_channels
        self.inject = nn.Conv2d(4 * 4, LEVELS[2], 3, 1, 1)
        nn.init.normal_(self.inject.weight, 0, 0.3)
        nn.init.zeros_(self.inject.bias)
        self.mix, self.across, self.over = nn.Conv2d(3 * c + 16, width, 1), nn.Conv2d(width, width, 5, 1, 2, groups=width), nn.Conv2d(width, width, 1)
        self.count = 2 * (width + c)

    def forward(self, features, rgb, mask):
        small = F.pixel_unshuffle(torch.cat([rgb, mask], 1) - 0.5, 2)
        y = features + self.inject(small)
        for block in self.blocks:
            y = block(y)
        y = QUIET * y
        coarse = F.avg_pool2d(mask, 4)
        both = torch.cat([(2 * coarse - 1).clamp(0, 1) + 0.01 * coarse, (1 - 2 * coarse).clamp(0, 1)], 1) + 1e-4
        both = (both / both.sum((2, 3), keepdim=True)).flatten(2).transpose(1, 2)              # [n,places,2]
        means = y.flatten(2) @ both
        rest = means.transpose(1, 2).flatten(1)[:, :, None, None].expand(-1, -1, *y.shape[2:])
        z = F.leaky_relu(self.mix(torch.cat([y, rest, F.avg_pool2d(small, 2)], 1)), 0.1)
        z = F.leaky_relu(z + self.over(F.leaky_relu(self.across(z), 0.1)), 0.1)
        return torch.cat([(z.flatten(2) @ both).transpose(1, 2).flatten(1), means.transpose(1, 2).flatten(1)], 1)


def seen_small(x):
    """Composite and mask [n,4,s,s] as `Sighted` wants them."""
    return F.avg_pool2d(x, CELL).split([3, 1], 1)
