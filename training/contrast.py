"""How colours differ across the mask's edge: statistics of what lies on both sides of it, near each other.

A foreground that was recoloured differs from what is beside it as a whole, and in the same way all along its edge; one that
was not differs here more, there less.  The band about the edge itself is left out (region.sides), so that neither its feather nor a pixel
more or less of the mask counts.  At every place the colours inside and those outside are averaged by a Gaussian each;
where both sides are at hand the place counts, the more the nearer they are.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from .region import bars, gaussian, with_luma

CELL = 4                    # pixels of a place
SPREADS = (2.0, 6.0)        # deviations of the two Gaussians, places
STRETCH = 1.5               # of a difference, before it falls into one of the bins of -1 to 1


def count(bins: int) -> int:
    """How many numbers `statistics` gives, with histograms of so many bins."""
    return len(SPREADS) * (1 + 10 * 4 + 4 * bins)


def spread(x, row):
    """x [n,c,h,w] by a Gaussian's row both ways, nothing beyond the border."""
    n, c, h, w = x.shape
    y = F.conv2d(F.pad(x.reshape(n * c, 1, h, w), (row.shape[-1] // 2,) * 4), row)
    return F.conv2d(y, row.transpose(2, 3)).view(n, c, h, w)


def statistics(rgb, centres, both):
    """rgb [n,3,s,s] 0..1 and `sides` [n,2,s,s] -> [n,count]; a Gaussian each: how much edge there is (a logarithm); of r, g, b and luma the means
    inside and outside, the mean difference, its mean size and deviation, how far both sides vary along the edge and together, how far each varies
    beside the edge; histograms of the difference."""
    side = F.avg_pool2d(both - torch.tensor([0.0, 1e-4]).view(1, 2, 1, 1), CELL).clamp_min(0)
    colours = F.avg_pool2d(with_luma(rgb), CELL)
    out = []
    for sigma in SPREADS:
        row = gaussian(sigma)
        (here, a, da), (there, b, db) = (around(colours, side[:, k:k + 1], row) for k in (0, 1))
        weight = here * there
        total = weight.sum((1, 2, 3), keepdim=True)
        weight = weight / (total + 1e-6)
        mean = lambda x: (x * weight).sum((2, 3))
        difference = b - a
        inside, outside, apart = mean(a), mean(b), mean(difference)
        varies, other = ((mean(x * x) - m * m).clamp_min(0) for x, m in ((a, inside), (b, outside)))
        together = (mean(a * b) - inside * outside) / (varies * other + 1e-6).sqrt()
        bent = (mean(difference * difference) - apart * apart).clamp_min(0)
        stretched = (difference * STRETCH).clamp(-1, 1) / 2 + 0.5
        out += [torch.log(total.flatten(1) / (int(side.shape[2]) ** 2) + 1e-6), inside, outside, apart, mean(difference.abs()),
                *((v + 1e-4).sqrt() for v in (bent, varies, other)), together, mean(da), mean(db), bars(stretched, weight.flatten(2).transpose(1, 2), centres)]
    return torch.cat(out, 1)


def around(colours, side, row):
    """-> (how much of a side there is about every place; its colours' mean there, and deviation)."""
    much = spread(side, row)
    mean = spread(side * colours, row) / (much + 1e-4)
    var = (spread(side * colours * colours, row) / (much + 1e-4) - mean * mean).clamp_min(0)
    return much, mean, (var + 1e-4).sqrt()
