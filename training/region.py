"""Statistics of what is inside a mask and outside, of colours and of features."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F


def gaussian(sigma: float) -> torch.Tensor:
    """A row [1,1,1,k], sum 1.  Blurred by it, the mask does not say where exactly it ends."""
    reach = math.ceil(2.6 * sigma)
    t = torch.arange(-reach, reach + 1).float()
    g = torch.exp(-t * t / (2 * sigma ** 2))
    return (g / g.sum()).view(1, 1, 1, -1)


def blur(mask, kernel):
    """The mask [n,1,h,w] by a Gaussian's row `kernel` [1,1,1,k], both ways."""
    reach = kernel.shape[-1] // 2
    m = F.pad(mask, (reach,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(m, kernel), kernel.transpose(2, 3))


def sides(mask, band: float):
    """How much a pixel counts as inside and as outside, [n,1,h,w] 0..1 -> [n,2,h,w].  Where the mask is within `band` of neither 0 nor 1
    nothing counts, unless the region is nothing but edge."""
    inside = ((mask - 1 + band) / band).clamp(0, 1) + 0.01 * mask * mask
    outside = ((band - mask) / band).clamp(0, 1) + 1e-4
    return torch.cat([inside, outside], 1)


def shares(weights):
    """[n,2,h,w] -> [n,h*w,2], each side of sum 1."""
    w = weights.flatten(2).transpose(1, 2)
    return w / (w.sum(1, keepdim=True) + 1e-4)


def moments(x, weights):
    """Means and deviations by `sides`: x [n,c,h,w], weights [n,2,h,w] -> [n,4c], the means first."""
    w, f = shares(weights), x.flatten(2)
    mean = f @ w                                                                   # [n,c,2]
    var = (f * f) @ w - mean * mean
    return torch.cat([mean, (var.clamp_min(0) + 1e-4).sqrt()], 1).flatten(1)


def with_luma(rgb):
    """r g b -> r g b luma."""
    return torch.cat([rgb, 0.299 * rgb[:, :1] + 0.587 * rgb[:, 1:2] + 0.114 * rgb[:, 2:3]], 1)


def bars(x, weights, centres):
    """Soft (triangular) histograms of channels x [n,c,...] 0..1 by weights [n,p,k] of sum 1, bins about `centres` -> [n, c*bins*k]."""
    bins = len(centres)
    near = (1 - (x.flatten(2).unsqueeze(2) - centres.view(1, 1, -1, 1)).abs() * bins).clamp_min(0)
    return ((near.flatten(1, 2) @ weights).flatten(1) + 1e-3).sqrt()         # roots: rare colours do not swamp the rest


def histogram(rgb, weights, centres):
    """`bars` of r, g, b and luma 0..1: [n, 4*bins*k]."""
    return bars(with_luma(rgb), weights, centres)
