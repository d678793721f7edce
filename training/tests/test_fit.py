"""The start of a training: fit, transfer, and what is held."""
import numpy as np
import pytest
import torch

from training import fit, look, realism, sight, sighted
from training.colour_map import ColourMap, DeepColourMap, apply_colour_map
from training.data import DataError
from training.join import join
from training.networks import Joint, build, normalise
from training.transfer import WAY, hold, most_used, open_way, settle, take_stem, transfer, without_scene


class Gradients:
    """Batches of smooth pictures, the foreground a box that is lighter or darker than the rest."""

    def __init__(self, n, scale=1):
        self.n, self.scale, self.rng = n, scale, np.random.default_rng(3)

    def next(self):
        y, x = np.mgrid[:128, :128] / 128
        rgb, mask = np.zeros((self.n, 3, 128, 128), np.float32), np.zeros((self.n, 1, 128, 128), np.float32)
        for k in range(self.n):
            a, b = self.rng.integers(16, 56, 2)
            mask[k, 0, a:a + 48, b:b + 56] = 1
            colour = self.rng.uniform(60, 180, (3, 1, 1))
            rgb[k] = (colour + 40 * x + self.rng.uniform(-40, 40) * y) + mask[k] * self.rng.uniform(-50, 50, (3, 1, 1))
        rgb, m = (torch.from_numpy(t).repeat_interleave(self.scale, 2).repeat_interleave(self.scale, 3) for t in (rgb, mask))
        return rgb, rgb, m, None, m


NARROW = [0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.25]


def seen_by(core, n=4):
    rgb, _, mask, _, _ = Gradients(n).next()
    return normalise(core, *(torch.nn.functional.avg_pool2d(t, 2) for t in (rgb, mask)))


def started():
    torch.manual_seed(0)
    source = ColourMap().eval()
    torch.nn.init.normal_(source.head.weight, 0, 0.5)
    core = Joint(widths=NARROW, core=True, regions=True, told=fit.ANSWER + 64)
    transfer(source, core, Gradients(16), count=12)
    return source, core


def test_the_straight_way_carries_what_the_bottleneck_says():
    """A gain and an offset per colour come out the same everywhere, and settling the norms changes nothing."""
    _, core = started()
    rgb, _, mask, _, _ = Gradients(64).next()
    x = normalise(core, torch.nn.functional.avg_pool2d(rgb, 2), torch.nn.functional.avg_pool2d(mask, 2))
    with torch.no_grad():
        said = core.region(core.region_statistics(core.encoder[0](core.stand_in(x)), (x[:, 3:] + 1) / 2))[:, :WAY]
        open_way(core, said)
        gain, offset = said[:, :, None, None].chunk(2, 1)
        change = core(x)[0]
        torch.testing.assert_close(change[:, :, 4:-4, 4:-4], (gain * x[:, :3] + offset)[:, :, 4:-4, 4:-4], atol=2e-3, rtol=1e-2)
        settle(core, Gradients(16), 2)
        torch.testing.assert_close(core(x)[0], change, atol=1e-3, rtol=1e-2)


@pytest.mark.parametrize("config", ["joint", "colormap", "deep"])
def test_fit_learns_the_teacher_s_answer(config):
    """And what is saved does what was learned: the network's change of a composite is the part's."""
    source, core = started()
    part = {"joint": lambda: fit.CoreWay(core), "colormap": lambda: fit.ColourMapHead(ColourMap().eval()),
            "deep": lambda: fit.ColourMapHead(DeepColourMap(hidden=64).eval(), 0.1)}[config]()
    scale = part.net.size // 128 if config == "deep" else 1
    seen = look.look(part, source, Gradients(16, scale), 640, 1.0)
    assert seen["statistics"].shape[0] == 640 and seen["taught"].shape == (640, 3, look.PLACES) and seen["before"].dtype == torch.uint8
    assert fit.fit(part, seen, 300, 0.0, batch=64) > 0.5
    rgb, _, mask, _, _ = Gradients(8, scale).next()
    with torch.no_grad():
        want = part(part.statistics(rgb, mask), rgb[:, :, 64, 64, None] / 255) - rgb[:, :, 64, 64, None] / 255
        part.end(seen["statistics"].float(), Gradients(16, scale))
        if config == "joint":
            x = normalise(core, rgb[:, :, ::2, ::2], mask[:, :, ::2, ::2])
            area = normalise(core, *(torch.nn.functional.avg_pool2d(t, 2) for t in (rgb, mask)))
            gain, offset = (core(area)[2][:, :6] * 1).chunk(2, 1)
            got = (gain * x[:, :3, 32, 32] + offset) * 128 / 255
        else:
            net = part.net
            got = apply_colour_map(rgb / 255, net(normalise(net, rgb, mask)))[:, :, 64, 64] - rgb[:, :, 64, 64] / 255
    torch.testing.assert_close(got, want[:, :, 0], atol=2e-3, rtol=2e-2)


def test_a_steady_answer_heeds_the_mask_less():
    """And a still one leaves photographs more as they are; both are refused where nothing was looked at for them."""
    source, _ = started()
    part = lambda: (torch.manual_seed(0), fit.ColourMapHead(DeepColourMap(hidden=64).eval(), 0.0))[1]
    seen = look.joined([look.look(part(), source, Gradients(16, 2), 160, 1.0) for _ in range(2)])
    assert seen["other_of"].tolist()[-5:] == [304, 305, 306, 307, 308] and len(seen["other"]) == 100
    assert seen["photograph_of"].tolist()[:4] == [5, 6, 7, 8] and len(seen["photograph"]) == 80
    seen["photograph"] += 0.5                       # here a photograph is its own composite, and must differ from it somehow
    answers = []
    for weights in ({}, {"steady": 50.0}, {"still": 1.0}):
        taught = part()
        fit.fit(taught, seen, 150, 0.0, batch=64, **weights)
        rows, before = seen["other_of"], lambda of: seen["before"][of].float() / 255
        with torch.no_grad():
            change = [taught(seen[name].float(), before(seen[of])) - before(seen[of]) for name, of in (("other", "other_of"), ("photograph", "photograph_of"))]
            base = taught(seen["statistics"][rows].float(), before(rows)) - before(rows)
            if not weights:
                want = taught(seen["statistics"].float(), seen["before"].float() / 255).clamp(0, 1)
                taught.end(seen["statistics"].float(), None)
                torch.testing.assert_close(fit.answered(taught.net, seen, 1.0).float() / 255, want, atol=0.003, rtol=0)     # it can teach in turn
        answers.append((float((change[0] - base).abs().mean() / base.abs().mean()), float(change[1].abs().mean())))
    assert answers[1][0] < answers[0][0] and answers[2][1] < answers[0][1]
    with pytest.raises(DataError, match="not of one kind"):
        look.joined([seen, {**seen, "statistics": seen["statistics"][:, 1:]}])
    with pytest.raises(DataError, match="--steady"):
        fit.fit(part(), {name: seen[name] for name in ("statistics", "before", "after", "taught")}, 1, 0.0, steady=1.0)


def test_a_core_that_is_answered_anew_keeps_all_else():
    _, core = started()
    x = seen_by(core)
    with torch.no_grad():
        open_way(core, core(x)[2][:, :WAY])
        torch.nn.init.normal_(core.region[4].weight)
        before = core(x)[2]
        fit.CoreWay(core).end(seen_by(core, 8)[:, 0, 0, :1].repeat(1, 4 * 64), Gradients(16))       # the old answer: nothing
        kept = core(x)
        part = fit.CoreWay(core, fresh=False)
        torch.nn.init.normal_(part.parts[4].weight, 0, 0.1)
        part.end(torch.zeros(0), None)
        now = core(x)
    assert float((before[:, WAY:] - kept[2][:, WAY:]).abs().max()) > 0               # the first answer takes the place of free units
    torch.testing.assert_close(now[2][:, WAY:], kept[2][:, WAY:])
    assert float((now[2][:, :WAY] - kept[2][:, :WAY]).abs().max()) > 0.01


def test_what_is_held_stays_and_the_rest_learns():
    _, core = started()
    x = seen_by(core)
    with torch.no_grad():
        open_way(core, core(x)[2][:, :WAY])
    hold(core)
    core.train()
    before = {name: value.clone() for name, value in core.state_dict().items()}
    optimiser = torch.optim.AdamW(core.parameters(), lr=1e-3, weight_decay=0.0)
    for _ in range(8):                          # the norms' averages move with every fourth batch
        change, last, _ = core(x)
        ((change - 0.1) ** 2).mean().add(core.scores(last).pow(2).mean()).backward()
        optimiser.step()
        optimiser.zero_grad()
    after = core.state_dict()
    held = [name for name in before if name.startswith(("encoder.0.", "region"))]
    assert held and all(torch.equal(before[n], after[n]) for n in held if not n.endswith("num_batches_tracked"))
    for k in range(len(core.harmony)):
        assert torch.equal(before[f"harmony.{k}.0.weight"][:, -WAY:], after[f"harmony.{k}.0.weight"][:, -WAY:])
        for part in ("weight", "bias", "running_mean", "running_var"):
            assert torch.equal(before[f"harmony.{k}.1.{part}"][-WAY:], after[f"harmony.{k}.1.{part}"][-WAY:])
    assert torch.equal(before["fc.weight"][:WAY], after["fc.weight"][:WAY])
    for learns in ("fc.weight", "encoder.1.0.weight", "scene.0.0.weight", "out.weight", "encoder.1.1.running_mean"):
        assert not torch.equal(before[learns], after[learns]), learns


def test_the_ablation_begins_as_joint_does():
    _, core = started()
    x = seen_by(core)
    with torch.no_grad():
        open_way(core, core(x)[2][:, :WAY])
        context = Joint(widths=NARROW, core=True, regions=True, told=fit.ANSWER + 64, scene=False).eval()
        without_scene(core, context)
        torch.testing.assert_close(context(x)[0], core(x)[0], atol=1e-4, rtol=1e-3)


def test_the_judge_s_answer_is_learned_from_statistics():
    """Photographs whose box is as the rest, composites whose box is not: told apart."""

    class Pairs(Gradients):
        def next(self):
            rgb, _, mask, _, _ = super().next()
            grey = torch.where(mask > 0, torch.full_like(rgb, 100.0), torch.full_like(rgb, 110.0))
            return torch.where(mask > 0, rgb * 0.4, grey), grey, mask, None, mask

    torch.manual_seed(0)
    net = build({"network": "realism", "model": {"size": 128}}).eval()
    realism.answer(net, realism.look(net, Pairs(8), 96, 0), 200)
    composite, photograph, mask, _, _ = Pairs(8).next()
    with torch.no_grad():
        good, bad = (net.eval()(normalise(net, p, mask)) for p in (photograph, composite))
    assert realism.auc(good.numpy().ravel(), bad.numpy().ravel()) > 0.95


def test_joined_answers_are_the_mean():
    nets = []
    for seed in (1, 2, 3):
        torch.manual_seed(0)
        net = ColourMap().eval()
        torch.manual_seed(seed)
        for layer in (net.mlp[0], net.mlp[2], net.head):
            layer.reset_parameters()
        nets.append(net)
    whole, config = join(nets, {"network": "colormap", "model": {"size": 128}})
    assert config["model"]["hidden"] == 768
    rgb, _, mask, _, _ = Gradients(2).next()
    x = normalise(ColourMap, rgb, mask)
    with torch.no_grad():
        torch.testing.assert_close(whole(x), sum(net(x) for net in nets) / 3, atol=1e-5, rtol=1e-4)
        nets[1].stem[0].weight += 0.1
    with pytest.raises(DataError, match="see differently"):
        join(nets, config)


def test_favourites_are_liked_better_and_change_the_foreground_alone():
    torch.manual_seed(0)
    net = build({"network": "realism", "model": {"size": 128}}).eval()
    rgb, _, mask, _, _ = Gradients(4).next()
    torch.manual_seed(1)
    at_random = realism.favourites(net, rgb, mask, 0)
    torch.manual_seed(1)
    liked = realism.favourites(net, rgb, mask)
    assert ((liked - rgb) * (1 - mask)).abs().max() == 0
    with torch.no_grad():
        first, last = (net(normalise(net, p, mask)).mean() for p in (at_random, liked))
    assert last > first


def test_the_stem_that_is_taken_answers_as_the_colour_map_s():
    torch.manual_seed(0)
    source, core = ColourMap().eval(), Joint(widths=NARROW, core=True, regions=True)
    with torch.no_grad():
        take_stem(source, core.eval())
    which = most_used(source, 64 - 16)
    rgb, mask = torch.full((1, 3, 128, 128), 90.0), torch.zeros(1, 1, 128, 128)
    small = normalise(core, rgb[:, :, ::2, ::2], mask[:, :, ::2, ::2])
    with torch.no_grad():
        full = normalise(source, rgb, mask)
        conv, norm = source.stem[0], source.stem[1]
        want = norm(conv(torch.cat([full[:, :3] - 0.5, full[:, 3:] - 0.5], 1)))[:, which, 8:-8, 8:-8]
        conv, norm = core.encoder[0][0], core.encoder[0][1]
        got = norm(conv(core.stand_in(small)))[:, 10:58, 8:-8, 8:-8]
    torch.testing.assert_close(got, want, atol=1e-4, rtol=1e-3)


def test_eyes_that_see_the_mask_learn_from_what_was_looked_at(tmp_path):
    """What is kept for them, and that training them explains more of the edits than the head they began with."""
    source, _ = started()
    torch.manual_seed(0)
    part = fit.ColourMapHead(DeepColourMap(hidden=64).eval(), 0.0)
    seen = look.look(part, source, Gradients(16, 2), 320, 1.0, features=True)
    assert seen["features"].shape == (320, 40, 32, 32) and seen["features"].dtype == torch.int8 and seen["small"].shape == (320, 4, 64, 64)
    assert seen["other_small"].shape == (100, 1, 64, 64) and seen["small"].amax() > 100
    nearly = (seen["twin_small"].float() - seen["small"][seen["twin_of"]].float()).abs()
    assert nearly[:, 3].amax() == 0 and 0 < nearly[:, :3].mean() < 6            # the same mask, a recompressed picture
    assert seen["twin_features"].shape == (60, 40, 32, 32) and not torch.equal(seen["twin"], seen["statistics"][seen["twin_of"]])
    seen["after"] = seen["taught"]                  # here nothing was edited: the teacher's change stands for it
    fit.fit(part, seen, 20, 1.0, batch=64)
    with torch.no_grad():
        part.end(seen["statistics"], None)
    torch.save(seen, tmp_path / "a.pt")
    assert set(seen) - set(look.read(tmp_path / "a.pt")) == set(look.SIGHT)
    shards = sight.Shards([tmp_path / "a.pt"])
    net, config = sight.begun(part.net, {"network": "deep", "model": {"size": 256, "hidden": 64}}, 16)
    d, again = shards.batch(32, 8, 4)
    assert len(d["before"]) == 32 and again["statistics"].shape == (12, d["statistics"].shape[1]) and again["small"].shape == (12, 4, 64, 64)
    assert torch.equal(d["small"][:8, :3], again["small"][:8, :3]) and torch.equal(d["small"][8:12, 3], again["small"][8:, 3])
    assert not torch.equal(d["small"][:8, 3], again["small"][:8, 3]) and not torch.equal(d["small"][8:12, :3], again["small"][8:, :3])
    before = sight.left(net, shards.back())
    done, count = sight.sight(net, shards, 12.0, batch=32)
    assert count > 0 and sight.left(done, shards.back()) < before and config["model"]["sighted"] == 16
    half, (one, other) = sight.between(net, done, 0.5).state_dict(), (n.state_dict()["sighted.mix.weight"] for n in (net, done))
    torch.testing.assert_close(half["sighted.mix.weight"], (one + other) / 2)
    with torch.no_grad():                                                   # the pieces kept answer as the network on the whole does
        rgb, _, mask, _, _ = Gradients(4, 2).next()
        x = torch.cat([rgb / 255, mask], 1)
        feats = done.trunk(x[:, :3])[1:]
        small = torch.cat([p * k for p, k in zip(sighted.seen_small(x), (255, 255))], 1)
        torch.testing.assert_close(sight.coefficients(done, done.about(x, feats), feats[1] / look.STEP, small), done(x), atol=1e-4, rtol=1e-3)
    torch.save({k: v for k, v in seen.items() if k != "features"}, tmp_path / "b.pt")
    with pytest.raises(DataError, match="look with --features"):
        sight.Shards([tmp_path / "b.pt"])
