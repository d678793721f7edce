"""The colour-map algebra, the published layout, export, checkpoints."""
import numpy as np
import onnx
import pytest
import torch

from training import colour_map, export, networks, train
from training.data import DataError, Photographs
from training.evaluate import harmonize
from training.layers import fold


def colormap(scale=0.0):
    torch.manual_seed(0)
    net = colour_map.ColourMap().eval()
    if scale:
        torch.nn.init.normal_(net.head.weight, 0, scale)
        torch.nn.init.normal_(net.local.weight, 0, scale)
    return net


def test_heads_start_at_zero_so_that_nothing_changes():
    image = np.random.default_rng(0).integers(0, 256, (60, 90, 3)).astype(np.uint8)
    mask = np.ones((60, 90), np.float32)
    assert (harmonize(colormap(), image, mask) == image).all()


def test_coefficients_mean_what_the_interface_says():
    """Channel 10c + k, k over r g b r2 g2 b2 rg rb gb 1, added to the input."""
    rgb = torch.tensor([0.2, 0.5, 0.7]).view(1, 3, 1, 1)
    coef = torch.zeros(1, 30, 2, 2)
    coef[:, 9], coef[:, 10 + 3], coef[:, 20 + 7] = 0.1, 2.0, -1.0
    out = colour_map.apply_colour_map(rgb, coef).flatten().tolist()
    assert out == pytest.approx([0.3, 0.5 + 2 * 0.04, 0.7 - 0.2 * 0.7])


def test_centred_basis_is_the_change_of_basis_it_claims():
    v = torch.rand(5, 3)
    u = 2 * v - 1
    psi = colour_map.phi(v) @ colour_map.centred_basis().T
    want = torch.cat([u, u * u - 1 / 3, u[:, [0]] * u[:, [1]], u[:, [0]] * u[:, [2]], u[:, [1]] * u[:, [2]], torch.ones(5, 1)], 1)
    torch.testing.assert_close(psi, want, atol=1e-6, rtol=1e-5)


def test_published_layout_counts_parameters_as_published():
    net = networks.Joint()
    count = lambda m: sum(p.numel() for p in m.parameters()) / 1e6
    assert count(net) == pytest.approx(41.77, abs=0.02)
    assert count(net.encoder) == pytest.approx(4.14, abs=0.02)
    assert count(net.fc) == pytest.approx(8.39, abs=0.01)
    assert count(net.scene) + count(net.scene_last) + count(net.scene_score) == pytest.approx(12.59, abs=0.02)


def test_scores_on_a_crop_are_the_whole_frame_s_scores_inside():
    net = networks.Joint(widths=[0.125] * 8).eval()
    level0 = torch.randn(1, 8, 64, 64)
    whole, part = net.scores(level0), net.scores(level0[:, :, 10:40, 20:50])
    torch.testing.assert_close(whole[:, :, 22:78, 42:98], part[:, :, 2:-2, 2:-2], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", ["colormap", "deep", "joint", "scene"])
def test_export_agrees_with_onnx_runtime(name, tmp_path):
    net = {"colormap": lambda: colormap(0.02), "joint": lambda: networks.Joint(widths=[0.125] * 8).eval(),
           "deep": lambda: colour_map.DeepColourMap().eval(), "scene": lambda: networks.Scene().eval()}[name]()
    if name in ("joint", "deep"):
        torch.nn.init.normal_((net.out if name == "joint" else net.head).weight, 0, 0.02)
    assert export.export(export.round_weights(fold(net)), tmp_path / "n.onnx") < 1e-3
    model = onnx.load(str(tmp_path / "n.onnx"))
    assert model.opset_import[0].version >= 17
    assert not any("scene_last" in i.name or "scene_score" in i.name for i in model.graph.initializer)
    assert all(d.HasField("dim_value") for v in [*model.graph.input, *model.graph.output] for d in v.type.tensor_type.shape.dim)


def test_a_checkpoint_of_another_config_is_refused(tmp_path):
    config = train.CONFIGS["joint"]
    train.save(tmp_path / "last.pt", {"config": config})
    with pytest.raises(DataError, match="another config"):
        train.restore(tmp_path / "last.pt", train.CONFIGS["colormap"])
    with pytest.raises(DataError, match="nothing to resume"):
        train.restore(tmp_path / "none.pt", config)


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path, monkeypatch, capsys):
    path = tmp_path / "last.pt"
    assert train.save(path, {"step": 1})
    def full(state, part):
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(torch, "save", full)
    assert not train.save(path, {"step": 2})
    monkeypatch.undo()
    assert torch.load(path)["step"] == 1 and not path.with_suffix(".part").exists()
    assert "No space left" in capsys.readouterr().err


def test_missing_photographs_are_a_clear_error(tmp_path):
    with pytest.raises(DataError, match="index.tsv is missing"):
        Photographs(tmp_path, tmp_path / "work", "train")


def scene(root, label=3):
    import cv2
    for kind in ("images", "masks", "sem"):
        (root / "scenes" / kind).mkdir(parents=True)
    (root / "scenes/index.tsv").write_text("id\tset\tsplit\tw\th\thas\na\tnyuv2\ttrain\t40\t30\tsem,masks\n")
    (root / "scenes/labels.json").write_text('["other"]')
    cv2.imwrite(str(root / "scenes/images/a.jpg"), np.full((30, 40, 3), 90, np.uint8))
    cv2.imwrite(str(root / "scenes/masks/a.png"), np.pad(np.ones((10, 10), np.uint8), ((10, 10), (15, 15))))
    cv2.imwrite(str(root / "scenes/sem/a.png"), np.full((30, 40), label, np.uint8))


def test_a_label_out_of_range_is_a_clear_error(tmp_path):
    scene(tmp_path, label=77)
    with pytest.raises(DataError, match="label 77 out of range"):
        Photographs(tmp_path, tmp_path / "work", "train")


def test_a_partial_scene_set_is_a_clear_error(tmp_path):
    scene(tmp_path)
    (tmp_path / "scenes/masks/a.png").unlink()
    with pytest.raises(DataError, match="partial: 1 files.*masks/a.png"):
        Photographs(tmp_path, tmp_path / "work", "train")
