"""What belongs together inside and outside the mask, found by what things are.

The paper recolours a region from a reference of the same label; here the picture itself is the reference.  At 1/8 of the size every
place has a key, the trunk's features (trunk.py) with the picture's own mean and deviation taken out, so that it says what is there and little of
its colour.  Places inside and outside are compared by the cosine of their keys; the colours outside are then
weighed by how much they resemble what is inside, and so are those inside that have something alike outside.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from .region import histogram

SHARPNESS = 10.0            # of a cosine: 0.1 less counts e times less
MAPS = 3                    # weights over the places: outside as it resembles inside; the pairs' inside; their outside


def count(bins: int) -> int:
    """How many numbers `statistics` gives, with histograms of so many bins."""
    return 1 + MAPS * (3 + 3 + 4 * bins)


def key(features):
    """[n,c,h,w] -> the same, of mean 0 and deviation 1 a channel, then of length 1 a place."""
    centred = features - features.mean((2, 3), keepdim=True)
    return F.normalize(centred / (centred.pow(2).mean((2, 3), keepdim=True) + 1e-3).sqrt(), dim=1)


def weights(fine, coarse, both):
    """Features at 1/8 and 1/16 of the size, how much a pixel is inside and outside [n,2,s,s] -> (weights of places [n,places,MAPS], each
    of sum 1; how much the two sides have in common, a logarithm [n,1])."""
    keys = F.normalize(torch.cat([key(fine), F.interpolate(key(coarse), scale_factor=2.0, mode="bilinear", align_corners=False)], 1), dim=1)
    keys = keys.flatten(2)
    near = torch.exp(SHARPNESS * (keys.transpose(1, 2) @ keys - 1))                 # [n, of, to]
    w = F.avg_pool2d(both, both.shape[2] // fine.shape[2]).flatten(2)
    inside, outside = (w / (w.sum(2, keepdim=True) + 1e-4)).unbind(1)
    near = near * outside[:, None]
    sought = (inside[:, None] @ (near / (near.sum(2, keepdim=True) + 1e-9)))[:, 0]
    pairs = near * inside[:, :, None]
    total = pairs.sum((1, 2))[:, None]
    common = total + 1e-9
    return torch.stack([sought, pairs.sum(2) / common, pairs.sum(1) / common], 2), torch.log(total + 1e-6)


def statistics(rgb, centres, fine, coarse, both):
    """What the two sides have in common, and means, deviations and histograms (bins about `centres`) of colours, a map each: [n,count]."""
    maps, common = weights(fine, coarse, both)
    colours = F.avg_pool2d(rgb, rgb.shape[2] // fine.shape[2])
    flat = colours.flatten(2)
    mean = flat @ maps
    deviation = (((flat * flat) @ maps - mean * mean).clamp_min(0) + 1e-4).sqrt()
    return torch.cat([common, mean.flatten(1), deviation.flatten(1), histogram(colours, maps, centres)], 1)
