"""How the core of the joint network begins: with what the colour map knows, and with the best linear answer.

1. The colour map's stem.  A linear regression of the means and deviations of its responses inside and outside the mask
   explains 0.71 of the variance of the colour map's answer (those of the colours alone 0.43).  Its 8x8 filters, stride 4,
   of a 128x128 picture are 4x4 filters, stride 2, of the core's 64x64 one: level 3 begins with those that the colour
   map uses most, and the levels above begin as area averages of level 3.
2. The norms' statistics are taken from data.
3. A straight way: six channels of every level of the harmonization decoder pass on six numbers of the bottleneck, a gain
   and an offset per colour, and these begin as the ridge regression of the teacher's answer on the region statistics.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from .networks import ColourMap, Joint, Settled, apply_colour_map, normalise

FIRST = 10                  # channels of level 3 that begin as area averages of the picture
WAY = 6                     # gains and offsets


def most_used(source: ColourMap, count: int) -> torch.Tensor:
    """The numbers of the `count` channels of the stem whose statistics weigh most in the colour map's first layer."""
    channels = source.stem[0].out_channels
    weight = (source.mlp[0].weight * source.norm.weight).norm(dim=0)[12:12 + 4 * channels]
    return weight.view(2, channels, 2).sum((0, 2)).argsort(descending=True)[:count].sort().values


def take_stem(source: ColourMap, core: Joint) -> None:
    conv, norm = core.encoder[0][0], core.encoder[0][1]
    which = most_used(source, conv.out_channels - FIRST - WAY)
    own = slice(FIRST, FIRST + len(which))
    w = source.stem[0].weight[which].view(len(which), 4, 4, 2, 4, 2).sum((3, 5))         # pairs of taps
    w[:, 3] = w[:, 3].mean((1, 2), keepdim=True)               # the mask blurred: the stem sees it through a Gaussian
    mean = torch.tensor(core.mean).view(1, 3, 1, 1)
    shift = (w[:, :3] * ((mean - core.lift / core.scale) / 255 - 0.5)).sum((1, 2, 3)) - 0.5 * w[:, 3].sum((1, 2))
    conv.weight[own] = 0
    conv.weight[own, :3] = w[:, :3] / (255 * core.scale)
    conv.weight[own, 3] = w[:, 3] / 2
    old = source.stem[1]
    norm.running_mean[own], norm.running_var[own] = old.running_mean[which] - shift, old.running_var[which]
    norm.weight[own], norm.bias[own] = old.weight[which], old.bias[which]
    norm.num_batches_tracked.fill_(norm.begin)
    for layer in core.encoder[1:]:
        layer[0].weight[:own.stop] = 0
        for k in range(own.stop):
            layer[0].weight[k, k, 1:3, 1:3] = 0.25
        layer[1].bias[:own.stop] = 2


def answer(source: ColourMap, rgb, mask, amplitude: float):
    """What the colour map makes of 64x64 pictures 0..255 and masks: per picture and colour the gain and the offset (of
    normalised colours) that come nearest to its change inside the mask: [n,3], [n,3]."""
    small, m = F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2)
    coef = source(normalise(source, rgb, mask))
    change = ((small / 255 + amplitude * (apply_colour_map(small / 255, coef) - small / 255)).clamp(0, 1) * 255 - small) * Joint.scale
    x = normalise(Joint, small, m)[:, :3]
    mean = lambda t: (t * m).sum((2, 3)) / (m.sum((2, 3)) + 1e-3)
    mx, mc = mean(x), mean(change)
    gain = (mean(x * change) - mx * mc) / (mean(x * x) - mx * mx + 0.03)
    return gain, mc - gain * mx


def settle(core: Joint, batches, count: int = 30) -> None:
    """Sets the norms' averages to what their inputs are, and their scales and biases so that the network stays what it is:
    otherwise the averages would drift there in training, and change it."""
    sums: dict[Settled, list] = {}

    def note(norm, inputs):
        x = inputs[0].transpose(0, 1).flatten(1)
        sums.setdefault(norm, []).append((x.mean(1), (x * x).mean(1)))

    hooks = [m.register_forward_pre_hook(note) for m in core.modules() if isinstance(m, Settled)]
    with torch.no_grad():
        core.eval()
        for _ in range(count):
            rgb, _, mask = batches.next()[:3]
            core(normalise(core, F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2)))
        for hook in hooks:
            hook.remove()
        for norm, seen in sums.items():
            mean, square = (torch.stack(each).mean(0) for each in zip(*seen))
            var = (square - mean * mean).clamp_min(1e-3)
            old = (norm.running_var + norm.eps).sqrt()
            norm.bias += norm.weight * (mean - norm.running_mean) / old
            norm.weight *= (var + norm.eps).sqrt() / old
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(var)


def open_way(core: Joint, gain_and_offset, statistics) -> float:
    """Fits and lays the straight way; returns the share of the answer's variance that it explains."""
    level = [core.fc.out_features] + [layer[0].out_channels for layer in core.harmony]
    z = torch.cat([statistics, torch.ones(len(statistics), 1)], 1)
    a = z.t() @ z
    a.diagonal().add_(0.02 * len(z))
    w = torch.linalg.solve(a, z.t() @ gain_and_offset)
    fitted = z @ w
    core.fc.weight[:WAY], core.fc.bias[:WAY] = 0, 0
    core.region.weight[:WAY], core.region.bias[:WAY] = w[:-1].t(), w[-1]
    for layer in core.encoder:
        layer[1].weight[-WAY:], layer[1].bias[-WAY:] = 0, 0            # nothing is added on the way
    near = torch.tensor([0.0, 1.0, 1.0, 0.0])
    for k, (conv, norm, _) in enumerate(core.harmony):
        conv.weight[:, -WAY:] = 0
        first = level[k] - WAY if k else 0
        for j in range(WAY):
            conv.weight[first + j, j - WAY] = torch.outer(near, near) if k else torch.ones(4, 4)
        norm.running_mean[-WAY:], norm.running_var[-WAY:] = fitted.mean(0) + (k > 0), fitted.var(0)
        norm.weight[-WAY:], norm.bias[-WAY:] = (fitted.var(0) + norm.eps).sqrt(), fitted.mean(0) + 1    # raised: ELU passes it on
    own = level[-1] - WAY
    for j in range(WAY):
        core.out.weight[j, own + j] = 1
        core.out.bias[j] = -1
    left = (gain_and_offset - fitted)[:, 3:]
    return 1 - (left ** 2).sum().item() / (gain_and_offset[:, 3:] ** 2).sum().item()


def transfer(source: ColourMap, core: Joint, batches, amplitude: float, count: int = 200) -> float:
    """Fills the untrained `core`, looking at `count` batches; returns what `open_way` does."""
    statistics, answers = [], []
    with torch.no_grad():
        take_stem(source, core)
        core.train()
        for k in range(count):
            rgb, _, mask = batches.next()[:3]
            x = normalise(core, F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2))
            if k < count // 4:
                core(x)
                continue
            core.eval()
            y = core.encoder[0](core.stand_in(x))
            statistics.append(core.region_statistics(y, (x[:, 3:] + 1) / 2))
            answers.append(torch.cat(answer(source, rgb, mask, amplitude), 1))
        for norm in core.modules():
            if isinstance(norm, Settled):
                norm.num_batches_tracked.fill_(norm.begin)
        return open_way(core, torch.cat(answers), torch.cat(statistics))
