"""Data acquisition: deterministic, only the region changes, the filter names what it rejects; the pool; growing."""
import json

import cv2
import numpy as np
import pytest
import torch

from training import acquire, pool, quality
from training.data import Photographs
from training.evaluate import scene_iou
from training.grow import grow
from training.networks import Joint


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Forty made-up photographs: a sky, a ground and one thing in two halves, labelled, under different light."""
    root = tmp_path_factory.mktemp("data")
    for kind in ("images", "masks", "sem"):
        (root / "scenes" / kind).mkdir(parents=True)
    rows = ["id\tset\tsplit\tw\th\thas"]
    rng = np.random.default_rng(0)
    for k in range(40):
        image = np.full((96, 128, 3), rng.uniform(60, 200, 3))
        image[48:] = rng.uniform(40, 180, 3)
        image[30:75, 40:90] = rng.uniform(40, 220, 3)
        image = np.clip(image * rng.uniform(0.6, 1.2) + rng.normal(0, 14, image.shape), 0, 255).astype(np.uint8)
        mask, sem = np.zeros((96, 128), np.uint8), np.full((96, 128), 1, np.uint8)
        sem[48:] = 2
        mask[30:75, 40:90], sem[30:75, 40:90] = 1, 5
        for kind, ext, value in (("images", "jpg", image), ("masks", "png", mask), ("sem", "png", sem)):
            cv2.imwrite(str(root / "scenes" / kind / f"p{k}.{ext}"), value)
        rows.append(f"p{k}\tmsrc21\ttrain\t128\t96\tsem,masks")
    (root / "scenes/index.tsv").write_text("\n".join(rows) + "\n")
    (root / "scenes/labels.json").write_text(json.dumps(["other"] + [f"l{k}" for k in range(1, 26)]))
    return Photographs(root, root / "work", "train")


@pytest.mark.parametrize("name", ["objects", "styles", "diverse"])
def test_an_acquisition_is_deterministic_and_changes_the_region_alone(photos, name):
    make = {"objects": acquire.objects, "styles": acquire.styles, "diverse": acquire.Diverse(photos)}[name]
    for seed in range(6):
        a, b = (make(photos, np.random.default_rng(seed)) for _ in range(2))
        assert (a.composite == b.composite).all() and (a.mask == b.mask).all() and (a.truth == b.truth).all()
        far = cv2.dilate(a.region, np.ones((21, 21), np.uint8)) == 0
        assert (a.composite[far] == a.truth[far]).all()
        inside = a.region > 0
        assert quality.complaint(a.truth[inside].astype(np.float32), a.composite[inside].astype(np.float32)) in (None, "invisible")
        assert np.abs(a.composite[inside].astype(int) - a.truth[inside]).mean() > 1


def test_varied_photographs_keep_planes_together(photos):
    varied = acquire.Varied(photos, np.random.default_rng(3))
    for i in range(10):
        image, regions, labels = varied.get(i)
        assert image.shape[:2] == regions.shape == labels.shape and image.dtype == np.uint8
        assert ((regions == 1) == (labels == 5)).all()


def test_retouchers_have_habits():
    rng = np.random.default_rng(0)
    by_one = [acquire.rendition(acquire.retoucher(1, 0), rng)["exposure"] for _ in range(200)]
    habit = acquire.retoucher(1, 0)["exposure"]
    assert np.mean(by_one) == pytest.approx(0.85 * habit, abs=0.12)


def test_the_pyramid_is_a_unit_vector_and_knows_where_things_are():
    above, below = np.ones((40, 40), np.uint8), np.ones((40, 40), np.uint8)
    above[:20], below[20:] = 3, 3
    a, b = acquire.pyramid(above), acquire.pyramid(below)
    assert a @ a == pytest.approx(1, abs=1e-5)
    assert 0.2 < a @ b < 0.3                          # alike as a whole (weight 1/4), different in every cell
    assert acquire.pyramid(np.full((8, 8), 255, np.uint8)) is None


GREEN = np.random.default_rng(1).normal((60, 120, 50), 18, (500, 3)).clip(0, 255)


@pytest.mark.parametrize("word, after", [
    ("invisible", GREEN + 1), ("implausible", GREEN + 110), ("clipped", (GREEN - 55).clip(0, 255)),
    ("flat", GREEN.mean(0) + 0.1 * (GREEN - GREEN.mean(0)) + 8), ("torn", GREEN.mean(0) + 3 * (GREEN - GREEN.mean(0))),
    ("grey", np.repeat(GREEN.mean(1, keepdims=True), 3, 1)), (None, GREEN * 0.8)])
def test_the_filter_says_why(word, after):
    assert quality.complaint(GREEN, after) == word


def test_references_that_say_nothing_are_refused():
    assert quality.reference_complaint(np.full((50, 3), 130)) == "flat"
    blown = np.where(np.arange(60)[:, None] % 2 == 0, 255, np.arange(60)[:, None]) * np.ones((1, 3))
    assert quality.reference_complaint(blown) == "clipped"
    assert quality.reference_complaint(GREEN) is None


def test_a_pool_gives_the_composite_back_spoiled_only_where_it_may_be(photos, tmp_path):
    made = acquire.styles(photos, np.random.default_rng(2))
    shard = np.stack([pool.planes(made, 64)] * 3)
    np.save(tmp_path / "0000.npy", shard)
    rgb, truth, mask, labels, counted = pool.Pool(tmp_path, 16, 0).next()
    assert rgb.shape == truth.shape == (16, 3, 64, 64) and mask.shape == counted.shape == (16, 1, 64, 64)
    assert (counted <= mask + 1e-6).all() and 0 <= float(mask.min()) and float(mask.max()) <= 1 + 1e-6
    outside = torch.from_numpy(cv2.dilate(shard[0, 6], np.ones((7, 7), np.uint8))) == 0
    outside = outside & outside.flip(1)
    difference = (rgb - truth).abs().amax(1)[:, outside]
    assert float(difference.max()) < 1 and set(labels.unique().tolist()) <= {1, 2, 5}


@pytest.mark.parametrize("regions", [False, True])
def test_growing_keeps_what_the_core_does(regions):
    """Exact for a constant gain and offset away from the border; the skips and the encoder exact everywhere."""
    torch.manual_seed(0)
    widths = [0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.125]
    core, whole = Joint(widths=widths, core=True, regions=regions).eval(), Joint(widths=widths, regions=regions).eval()
    torch.nn.init.normal_(core.out.bias, 0, 0.1)
    grow(core, whole)
    x = torch.rand(1, 4, 512, 512) * 1.8 - 0.9
    with torch.no_grad():
        small = torch.nn.functional.avg_pool2d(x, 8)
        a, sa, code = core(small)
        b, _, code_too = whole(x)
        torch.testing.assert_close(code, code_too, atol=1e-4, rtol=1e-3)
        b = torch.nn.functional.avg_pool2d(b, 8)
        torch.testing.assert_close(a[:, :, 1:-1, 1:-1], b[:, :, 1:-1, 1:-1], atol=6e-3, rtol=0.02)


def test_scene_iou_of_a_decoder_that_says_one_label(photos):
    """Label 5 everywhere: its union is everything, the intersection its own pixels; the others are 0."""

    class Always:
        size, mean, scale, mask_mean, mask_scale = 64, Joint.mean, Joint.scale, Joint.mask_mean, Joint.mask_scale

        def parse(self, x):
            return torch.nn.functional.one_hot(torch.full((1, 64, 64), 5), 26).permute(0, 3, 1, 2).float()

    got = scene_iou(Always(), photos, 3)
    labels = [photos.get(i)[2] for i in photos.members[:3]]
    share = sum((each == 5).sum() for each in labels) / sum((each != 255).sum() for each in labels)
    assert got["photographs"] == 3 and got["5"] == pytest.approx(share)
    assert all(v == 0 for k, v in got.items() if k not in ("5", "mean", "photographs"))


def test_fresh_composites_are_batches_like_a_pool_s(photos):
    """Both kinds of them, of the size asked for; the same seed gives the same."""
    made = [pool.Fresh(photos, 64, 6, 5).next() for _ in range(2)]
    rgb, truth, mask, _, counted = made[0]
    assert rgb.shape == truth.shape == (6, 3, 64, 64) and mask.shape == counted.shape == (6, 1, 64, 64)
    assert all(torch.equal(a, b) for a, b in zip(*made)) and (counted <= mask + 1e-6).all()
    outside = (mask.amax((1, 2, 3)) > 0).all() and ((rgb - truth).abs() * (mask == 0)).mean() < 2       # recompressed, some, and feathered
    assert outside and ((rgb - truth).abs() * counted).sum() > 0
