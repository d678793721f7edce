"""What belongs together inside and outside the mask, found by what things are.

The paper recolours a region from a reference of the same label; here the picture itself is the reference.  At 1/16 of the size every
place has a key, the trunk's features (trunk.py) with the picture's own mean and deviation taken out, so that it says what is there and little of
its colour.  Places inside and outside are compared by the cosine of their keys; the colours outside are then
weighed by how much they resemble what is inside, and so are those inside that have something alike outside.
Of places that are near each other too, where light and haze are the same, the difference of colours says most.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from .region import histogram

SHARPNESS = 10.0            # of a cosine: 0.1 less counts e times less
REACH = 0.12                # of the side: the deviation of the Gaussian by which near places count
MAPS = 3                    # weights over the places: outside as it resembles inside; the pairs' inside; their outside


def count(bins: int) -> int:
    """How many numbers `statistics` and `neighbours` give, with histograms of so many bins."""
    return 1 + MAPS * (3 + 3 + 4 * bins) + 1 + 4 * 3


def key(features):
    """[n,c,h,w] -> the same, of mean 0 and deviation 1 a channel, then of length 1 a place."""
    centred = features - features.mean((2, 3), keepdim=True)
    return F.normalize(centred / (centred.pow(2).mean((2, 3), keepdim=True) + 1e-3).sqrt(), dim=1)


def pooled(x, like):
    """x [n,c,s,s] averaged to the places of `like`."""
    return F.avg_pool2d(x, int(x.shape[2]) // int(like.shape[2]))


def resemblance(fine, coarse):
    """Features at 1/8 and 1/16 of the size -> how much every place of the second resembles every other, 0..1: [n, of, to]."""
    keys = F.normalize(torch.cat([key(pooled(fine, coarse)), key(coarse)], 1), dim=1).flatten(2)
    return torch.exp(SHARPNESS * (keys.transpose(1, 2) @ keys - 1))


def both_sides(both, coarse):
    """How much a place counts as inside and as outside, each of sum 1: two of [n,places]."""
    w = pooled(both, coarse).flatten(2)
    return (w / (w.sum(2, keepdim=True) + 1e-4)).unbind(1)


def weights(near, inside, outside):
    """`resemblance`, `both_sides` -> (weights of places [n,places,MAPS], each of sum 1; how much the two sides have in common, a
    logarithm [n,1])."""
    near = near * outside[:, None]
    sought = (inside[:, None] @ (near / (near.sum(2, keepdim=True) + 1e-9)))[:, 0]
    pairs = near * inside[:, :, None]
    total = pairs.sum((1, 2))[:, None]
    common = total + 1e-9
    return torch.stack([sought, pairs.sum(2) / common, pairs.sum(1) / common], 2), torch.log(total + 1e-6)


def statistics(colours, centres, near, inside, outside):
    """What the two sides have in common, and means, deviations and histograms (bins about `centres`) of the places' colours, a map each."""
    maps, common = weights(near, inside, outside)
    flat = colours.flatten(2)
    mean = flat @ maps
    deviation = (((flat * flat) @ maps - mean * mean).clamp_min(0) + 1e-4).sqrt()
    return torch.cat([common, mean.flatten(1), deviation.flatten(1), histogram(colours, maps, centres)], 1)


def neighbours(colours, near, inside, outside):
    """Of pairs that are alike and near each other: how much there is of them (a logarithm), mean colours inside and outside, the
    difference, and its root mean square."""
    side = int(colours.shape[2])
    at = (torch.arange(side) + 0.5) / side
    y, x = torch.meshgrid(at, at, indexing="ij")
    places = torch.stack([y, x], -1).view(-1, 2)
    pairs = near * torch.exp(-((places[:, None] - places[None]) ** 2).sum(-1) / (2 * REACH ** 2)) * inside[:, :, None] * outside[:, None, :]
    total = pairs.sum((1, 2))[:, None]
    pairs = pairs / (total[..., None] + 1e-9)
    c, ours, theirs = colours.flatten(2), pairs.sum(2)[..., None], pairs.sum(1)[..., None]
    a, b = (c @ ours)[..., 0], (c @ theirs)[..., 0]
    apart = ((c * c) @ (ours + theirs))[..., 0] - 2 * ((c @ pairs) * c).sum(2)
    return torch.cat([torch.log(total + 1e-6), a, b, b - a, (apart.clamp_min(0) + 1e-4).sqrt()], 1)
