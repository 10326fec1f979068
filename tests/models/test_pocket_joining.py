"""Runs become one pair of towers: an ensemble, its merging, its imitation, and what a bundle gives back."""

import copy
from dataclasses import replace

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch
from torch import Tensor

from app.runtime.sessions.onnx_runtime import ort
from models.pocket.export import write_graphs
from models.pocket.learning.ensemble import Ensemble, Sample
from models.pocket.learning.imitation import folder_of, imitate
from models.pocket.learning.merge import merge
from models.pocket.networks.efficientnet import EfficientNetLite0, standardise
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.towers import Towers, read_towers, write_towers
from models.pocket.pipeline import towers_of
from models.pocket.reopening import read_bundle
from tests.models.pocket_world import CPU, World


def sample_of(world: World) -> Sample:
    torch.manual_seed(5)
    pixels = torch.randint(0, 255, (24, 3, 32, 32), dtype=torch.uint8)
    return Sample(pixels, world.lessons.sentences.tokens.long())


def trained(world: World, seed: int) -> Towers:
    """Towers whose heads, norms and layers are their own, as after a run."""
    towers = world.towers()
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in [*towers.image.trunk.parameters(), *towers.text.layers.parameters()]:
            weight.mul_(1 + 0.4 * torch.randn_like(weight))
        towers.image.head = JointHead(towers.image.head.up.in_features, 16, 8, 0.0)
        towers.text.head = JointHead(towers.text.head.up.in_features, 24, 8, 0.0)
        pictures = standardise(torch.randint(0, 255, (32, 3, 32, 32)).float())
        towers.image.trunk.train()(pictures)
        towers.image.head.standardise_to(towers.image.trunk.eval()(pictures))
        pooled = towers.text.eval().pooled(world.lessons.sentences.tokens.long())
        towers.text.head.standardise_to(torch.nn.functional.normalize(pooled, dim=-1))
    return Towers(towers.image.eval(), towers.text.eval())


def cosines(left: Tensor, right: Tensor) -> float:
    return float(torch.cosine_similarity(left, right, dim=-1).mean())


def test_an_ensemble_says_what_its_runs_say_each_on_its_own_body(world: World) -> None:
    sample = sample_of(world)
    runs = [trained(world, seed) for seed in (1, 2)]
    ensemble = Ensemble(runs, sample, CPU)
    pixels, tokens = sample.pictures.permute(0, 2, 3, 1), sample.tokens

    def alone(towers: Towers) -> Tensor:
        with torch.no_grad():
            seen, said = towers.image(pixels), towers.text(tokens)
        return torch.nn.functional.normalize(seen, dim=-1) @ torch.nn.functional.normalize(said, dim=-1).T

    seen, said = ensemble.images(sample.pictures), ensemble.sentences(tokens)
    wanted = (alone(runs[0]) + alone(runs[1])) / 2
    found = torch.nn.functional.normalize(seen, dim=-1) @ torch.nn.functional.normalize(said, dim=-1).T
    assert seen.shape == (24, 8)

    def follows(cosines: Tensor) -> float:
        return float(torch.corrcoef(torch.stack([cosines.flatten(), wanted.flatten()]))[0, 1])

    assert follows(found) > max(follows(alone(run)) for run in runs), "half the width tells more than a run"
    lengths = [float(run.text(tokens).norm(dim=-1).mean().detach()) for run in runs]
    assert float(said.norm(dim=-1).mean()) == pytest.approx(sum(lengths) / 2, rel=0.2)


def test_towers_merged_before_count_as_many_runs_as_they_are(world: World) -> None:
    sample = sample_of(world)
    runs = [trained(world, seed) for seed in (1, 2, 3)]
    pair = merge(runs[:2], Ensemble(runs[:2], sample, CPU), sample)
    ensemble = Ensemble([pair, runs[2]], sample, CPU)
    assert ensemble.shares == [2, 1]
    three = merge([pair, runs[2]], ensemble, sample)
    for name, weight in three.text.layers.named_parameters():
        mean = torch.stack([dict(run.text.layers.named_parameters())[name] for run in runs]).mean(0)
        assert torch.allclose(weight, mean, atol=1e-5), name
    assert three.image.head.up.out_features == 3 * 16


def test_imitation_brings_back_what_the_mean_of_the_bodies_loses(world: World) -> None:
    stage = replace(
        world.config.imitation_stage,
        image_steps=25, text_steps=25, pictures=6, warm_up=5,
        image_learning_rate=3e-4, text_learning_rate=3e-4, text_head_learning_rate=1e-3,
    )  # fmt: skip
    config = replace(world.config, imitation_stage=stage, views=replace(world.config.views, whole=1.0))
    sample = sample_of(world)
    runs = [trained(world, seed) for seed in (1, 2)]
    ensemble = Ensemble(runs, sample, CPU)
    towers = merge(runs, ensemble, sample)
    lessons = world.lessons
    pictures, tokens = lessons.pixels, lessons.sentences.tokens.long()
    table = towers.text.words.weight.clone()

    def likeness() -> tuple[float, float]:
        with torch.no_grad():
            seen = towers.image(pictures.permute(0, 2, 3, 1))
            said = towers.text(tokens)
        return cosines(seen, ensemble.images(pictures)), cosines(said, ensemble.sentences(tokens))

    before = likeness()
    imitated = imitate(config, towers, ensemble, lessons, world.pool(), world.folder / "run")
    assert imitated is towers
    after = likeness()
    assert all(1 - new < (1 - old) / 2 for new, old in zip(after, before, strict=True)), (before, after)
    assert torch.equal(towers.text.words.weight, table), "the word table stays"


def test_a_network_with_norms_again_computes_the_same() -> None:
    torch.manual_seed(2)
    network = EfficientNetLite0()
    pictures = standardise(torch.randint(0, 255, (8, 3, 32, 32)).float())
    with torch.no_grad():
        network.train()(pictures)
        folded = copy.deepcopy(network.eval())
        folded.fold()
        again = folded.unfolded()
        assert torch.allclose(again(pictures), network(pictures), rtol=1e-3, atol=1e-3)
    lengths = dict(again.named_parameters())["blocks.3.expand.conv.weight"].flatten(1).norm(dim=1)
    assert torch.allclose(lengths, torch.ones(len(lengths)))

    head, features = JointHead(6, 5, 4, 0.0).eval(), torch.randn(30, 6) * 7 + 3
    with torch.no_grad():
        wanted = head(features)
        head.unfold(features)
        assert torch.allclose(head(features), wanted, atol=1e-4)
        assert torch.allclose(head.mean, features.mean(0))
        head.fold()
        assert torch.allclose(head(features), wanted, atol=1e-4)


def test_a_written_bundle_gives_its_towers_back(world: World) -> None:
    towers, sample, folder = trained(world, 4), sample_of(world), world.folder / "bundle"
    write_graphs(towers, world.config, world.folder / "tokenizer.json", folder)
    pixels = sample.pictures.permute(0, 2, 3, 1).contiguous()
    wanted = [
        torch.from_numpy(
            ort.InferenceSession(folder / name, providers=["CPUExecutionProvider"]).run(None, given)[0]
        )
        for name, given in (
            ("image.onnx", {"pixels": pixels.numpy()}),
            ("text.onnx", {"tokens": sample.tokens.numpy()}),
        )
    ]
    read = read_bundle(world.config, folder)
    with torch.no_grad():
        found = read.image(pixels), read.text(sample.tokens)
    for before, after in zip(wanted, found, strict=True):
        assert torch.cosine_similarity(before, after).min() > 0.9999
    write_towers(read, world.folder / "towers.pt")  # they travel as a run's do
    with pytest.raises((KeyError, RuntimeError)):
        read_bundle(replace(world.config, embedding_width=9), folder)


def test_towers_are_joined_anew_only_where_they_are_others(world: World) -> None:
    run, bundle = world.folder / "run.pt", world.folder / "bundle"
    write_towers(trained(world, 1), run)
    bundle.mkdir()
    (bundle / "image.onnx").write_bytes(b"one")
    place = folder_of(world.config, [run, bundle], world.folder)
    assert place == folder_of(world.config, [run, bundle], world.folder)
    assert place != folder_of(world.config, [run], world.folder)
    write_towers(trained(world, 3), run)
    assert place != folder_of(world.config, [run, bundle], world.folder)
    write_towers(trained(world, 1), run)
    (bundle / "image.onnx").write_bytes(b"two")
    assert place != folder_of(world.config, [run, bundle], world.folder)


def test_a_pair_that_is_joined_already_is_only_finished(world: World) -> None:
    pair, nothing = world.folder / "joined.pt", world.folder / "nothing"
    write_towers(trained(world, 1), pair)
    found = towers_of(world.config, nothing, nothing, [pair])  # no data are there to gather
    kept = read_towers(world.config, pair)
    assert torch.equal(found.image.head.up.weight, kept.image.head.up.weight)
