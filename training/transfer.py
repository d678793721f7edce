"""How the core of the joint network begins: with the colour map's eyes, and a way for the bottleneck to be heard.

1. The colour map's stem.  Its 8x8 filters, stride 4, of a 128x128 picture are 4x4 filters, stride 2, of the core's 64x64
   one: level 3 begins with those that the colour map uses most (with 80 channels, all), and the levels above begin as area
   averages of level 3.
2. The norms' statistics are taken from data.
3. A straight way: six channels of every level of the harmonization decoder pass on six numbers of the bottleneck, a gain
   and an offset per colour.  What they say is learned first and alone (fit.py).
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from .colour_map import ColourMap
from .layers import Settled
from .networks import Joint, normalise

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
    for layer in core.encoder:
        layer[1].weight[-WAY:], layer[1].bias[-WAY:] = 0, 0            # where the straight way passes, nothing is added


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


def open_way(core: Joint, said: torch.Tensor) -> None:
    """Lays the straight way for the first WAY numbers of the bottleneck; `said` [n,WAY] is what they say of n composites."""
    level = [core.fc.out_features] + [layer[0].out_channels for layer in core.harmony]
    core.fc.weight[:WAY], core.fc.bias[:WAY] = 0, 0
    near = torch.tensor([0.0, 1.0, 1.0, 0.0])
    mean, var = said.mean(0), said.var(0)
    for k, (conv, norm, _) in enumerate(core.harmony):
        conv.weight[:, -WAY:] = 0
        first = level[k] - WAY if k else 0
        for j in range(WAY):
            conv.weight[first + j, j - WAY] = torch.outer(near, near) if k else torch.ones(4, 4)
        norm.running_mean[-WAY:], norm.running_var[-WAY:] = mean + (k > 0), var
        norm.weight[-WAY:], norm.bias[-WAY:] = (var + norm.eps).sqrt(), mean + 1    # raised: ELU passes it on
    own = level[-1] - WAY
    for j in range(WAY):
        core.out.weight[j, own + j] = 1
        core.out.bias[j] = -1


def transfer(source: ColourMap, core: Joint, batches, count: int = 50) -> None:
    """Gives the untrained `core` the stem and, from `count` batches, the norms' statistics."""
    with torch.no_grad():
        take_stem(source, core)
        core.train()
        for _ in range(count):
            rgb, _, mask = batches.next()[:3]
            core(normalise(core, F.avg_pool2d(rgb, 2), F.avg_pool2d(mask, 2)))
        for norm in core.modules():
            if isinstance(norm, Settled):
                norm.num_batches_tracked.fill_(norm.begin)
        core.eval()


def hold(core: Joint) -> None:
    """What fit.py taught stays as it is while the rest is trained: Adam moves every weight by about the rate, and the sum of
    thousands of such steps would drown what 50,000 composites taught."""
    for part in (core.encoder[0], core.region_norm, core.region):
        part.requires_grad_(False)
    for norm in (core.encoder[0][1], core.region_norm):
        norm.still = norm.num_features

    def first_kept(grad):
        return torch.cat([torch.zeros_like(grad[:WAY]), grad[WAY:]])

    def last_kept(dim):
        return lambda grad: torch.cat([grad.narrow(dim, 0, grad.shape[dim] - WAY), torch.zeros_like(grad.narrow(dim, 0, WAY))], dim)

    for t in (core.fc.weight, core.fc.bias):
        t.register_hook(first_kept)
    for conv, norm, _ in core.harmony:
        conv.weight.register_hook(last_kept(1))
        norm.weight.register_hook(last_kept(0))
        norm.bias.register_hook(last_kept(0))
        norm.still = WAY
    for layer in core.encoder[1:]:
        layer[1].weight.register_hook(last_kept(0))
        layer[1].bias.register_hook(last_kept(0))


def without_scene(core: Joint, context: Joint) -> None:
    """Fills `context`, the ablation of `core`, with what they have in common: begun alike, they differ by the scene decoder alone."""
    state = core.state_dict()
    with torch.no_grad():
        for name, own in context.state_dict().items():
            own.copy_(state[name][tuple(slice(n) for n in own.shape)])       # of concatenated channels the harmonization's come first
