"""Pocket from pictures to a bundle: every stage on a handful of pictures and words that the test makes."""

import copy
import json
from dataclasses import replace

import numpy as np
import onnx
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch

from models.pocket.bundle import BundleRunner
from models.pocket.config import (
    DistilStage,
    Int8Stage,
)
from models.pocket.export import write_calibration, write_graphs, write_manifest
from models.pocket.figures.calibration import Calibration, Logistic, Spread
from models.pocket.learning.distil import distil
from models.pocket.learning.ensemble import Ensemble, Sample
from models.pocket.learning.joint import tune
from models.pocket.learning.losses import cosine_gap
from models.pocket.learning.merge import merge
from models.pocket.learning.quantise import quantise
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.text_tower import TextTower
from models.pocket.networks.towers import Towers, read_towers, write_towers
from models.pocket.pipeline import train
from models.pocket.words.pairs import Families, PairSampler, Pool
from tests.models.pocket_world import World


def gap(tower: TextTower, world: World) -> float:
    """How far what the tower says of all sentences is from what the teacher says."""
    tokens = world.lessons.sentences.tokens.long()
    with torch.inference_mode():
        return float(cosine_gap(tower.eval().pooled(tokens), world.lessons.vectors.float()))


def test_two_layers_learn_to_say_what_the_teacher_says(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    tower, lessons = world.tower(), world.lessons
    before = gap(tower, world)
    distil(world.config, tower, lessons.vectors, lessons.sentences, world.folder / "run")
    assert gap(tower, world) < before / 2
    assert "distil: step" in capsys.readouterr().out

    again = world.tower()
    distil(world.config, again, lessons.vectors, lessons.sentences, world.folder / "run")
    assert "distil: step" not in capsys.readouterr().out, "a finished stage is read from its checkpoint"
    assert torch.equal(again.words.weight, tower.words.weight)


def test_trained_towers_become_a_bundle_that_onnx_runtime_loads(world: World) -> None:
    config, lessons = world.config, world.lessons
    towers = world.towers()
    trunk, word = towers.image.trunk.stem.conv.weight.clone(), towers.text.words.weight.clone()
    trained = tune(config, towers, lessons, world.pool(), world.folder / "run")
    assert not torch.equal(trained.image.trunk.stem.conv.weight, trunk)
    assert not torch.equal(trained.text.words.weight, word)

    out = world.folder / "bundle"
    write_graphs(trained, config, world.folder / "tokenizer.json", out)
    write_calibration(Calibration(Spread(0.0, 1.0), Spread(0.5, 1.0), Logistic(1.0, 0.0)), out)
    write_manifest(config, {"made": "up"}, out)
    runner = BundleRunner(out, config)
    pixels = np.random.default_rng(2).integers(0, 255, (3, 32, 32, 3), dtype=np.uint8)
    with torch.inference_mode():
        pairs = (
            (trained.image(torch.from_numpy(pixels)).numpy(), runner.embed_squashed(pixels)),
            (trained.text(lessons.sentences.tokens.long()).numpy(), runner.embed_texts(world.texts)),
        )
    for ours, theirs in pairs:
        cosines = (ours * theirs).sum(1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
        assert cosines.min() >= 0.999
    graph = onnx.load(out / "image.onnx")
    assert [entry.version for entry in graph.opset_import if entry.domain == ""] == [18]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["embedding_width"] == 8
    assert manifest["files"]["text.onnx"]["bytes"] == (out / "text.onnx").stat().st_size


def test_towers_learn_to_compute_in_whole_numbers_and_the_graphs_do(world: World) -> None:
    config, lessons, out = world.config, world.lessons, world.folder / "bundle"
    torch.manual_seed(3)
    towers = world.towers()
    with torch.no_grad():
        towers.image.train()(
            torch.randint(0, 255, (8, 32, 32, 3), dtype=torch.uint8)
        )  # the norms see pictures
    pixels = np.random.default_rng(2).integers(0, 255, (3, 32, 32, 3), dtype=np.uint8)
    tokens = lessons.sentences.tokens.long()
    with torch.inference_mode():
        exact = towers.image.eval()(torch.from_numpy(pixels)), towers.text.eval()(tokens)
    quantised = quantise(config, towers, lessons, world.pool(), world.folder / "run")
    write_towers(quantised, world.folder / "towers.pt")
    quantised = read_towers(config, world.folder / "towers.pt")
    with torch.inference_mode():
        rounded = quantised.image(torch.from_numpy(pixels)), quantised.text(tokens)
    write_graphs(quantised, config, world.folder / "tokenizer.json", out)
    write_calibration(Calibration(Spread(0.0, 1.0), Spread(0.5, 1.0), Logistic(1.0, 0.0)), out)
    runner = BundleRunner(out, config)
    written = runner.embed_squashed(pixels), runner.embed_texts(world.texts)
    for before, learned, run in zip(exact, rounded, written, strict=True):
        assert torch.cosine_similarity(before, learned).min() > 0.95
        assert torch.cosine_similarity(learned, torch.from_numpy(run)).min() > 0.999
    for name, layers in (("image.onnx", 49), ("text.onnx", 8)):
        graph = onnx.load(out / name).graph
        stored = [weight for weight in graph.initializer if weight.data_type == onnx.TensorProto.INT8]
        assert sum(weight.dims[0] > 1 for weight in stored if len(weight.dims) > 1) >= layers
    alone = runner.embed_texts([world.texts[0]])
    assert np.allclose(alone, written[1][:1], atol=1e-4), "the sentences beside it never change an embedding"


def test_trained_towers_travel_in_one_file(world: World) -> None:
    towers, path = world.towers(), world.folder / "towers.pt"
    with torch.no_grad():
        towers.image.trunk.stem.norm.running_mean.uniform_(-1, 1)
    write_towers(towers, path)
    read = read_towers(world.config, path)
    pixels = torch.randint(0, 255, (2, 32, 32, 3), dtype=torch.uint8)
    tokens = world.lessons.sentences.tokens.long()
    with torch.inference_mode():
        assert torch.allclose(read.image(pixels), towers.image.eval()(pixels), atol=1e-2)
        assert torch.allclose(read.text(tokens), towers.text.eval()(tokens), atol=1e-2)
    assert not path.with_suffix(".part").exists()
    with pytest.raises(RuntimeError, match="size mismatch"):
        read_towers(replace(world.config, embedding_width=9), path)


def test_families_bring_pictures_of_like_words_into_one_batch(world: World) -> None:
    paired = torch.eye(8)  # pictures 0 and 1, 2 and 3, 4 and 5 are alike
    for first in (0, 2, 4):
        paired[first + 1] = paired[first]
    families = Families(paired, share=1.0, size=2, neighbours=1)
    sampler = PairSampler(Pool.of(world.pictures, world.words, ("train",), families), seed=1)
    together = []
    for _ in range(20):
        chosen = sampler.batch(4, captioned_share=1.0).pictures.tolist()
        assert len(set(chosen)) == 4
        together.append(sum((number ^ 1) in chosen for number in chosen))
    assert min(together) >= 2
    assert np.mean(together) > 2.7  # by chance alone it would be 2.4


def similarities(towers: Towers, pixels: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """Cosines `(pictures, sentences)`."""
    with torch.inference_mode():
        seen = torch.nn.functional.normalize(towers.image.eval()(pixels), dim=-1)
        said = torch.nn.functional.normalize(towers.text.eval()(tokens), dim=-1)
        return seen @ said.T


def together(runs: list[Towers], sample: Sample) -> Towers:
    return merge(runs, Ensemble(runs, sample, torch.device("cpu")), sample)


def test_merged_runs_say_what_their_heads_say_together(world: World) -> None:
    torch.manual_seed(5)
    pixels = torch.randint(0, 255, (24, 32, 32, 3), dtype=torch.uint8)
    tokens = world.lessons.sentences.tokens.long()
    sample = Sample(pixels.permute(0, 3, 1, 2), tokens)
    first = world.towers()
    second = Towers(copy.deepcopy(first.image), copy.deepcopy(first.text))  # of one body, as runs nearly are
    for towers in (first, second):
        with torch.no_grad():
            towers.image.head = JointHead(first.image.head.up.in_features, 16, 8, 0.0)
            towers.text.head = JointHead(first.text.head.up.in_features, 24, 8, 0.0)
            towers.image.head.standardise_to(torch.randn(9, towers.image.head.up.in_features))

    alone = similarities(first, pixels, tokens)
    twice = together([first, first], sample)
    assert twice.image.head.up.out_features == 32
    assert torch.allclose(similarities(twice, pixels, tokens), alone, atol=1e-4)
    assert together([first], sample) is first

    both = together([first, second], sample)
    wanted = (alone + similarities(second, pixels, tokens)) / 2
    merged = similarities(both, pixels, tokens)
    assert both.image.head.project.out_features == 8, "the joint space stays as wide as it was"
    correlation = np.corrcoef(merged.flatten(), wanted.flatten())[0, 1]
    apart = np.corrcoef(alone.flatten(), wanted.flatten())[0, 1]
    assert correlation > 0.95 > apart

    def length(towers: Towers) -> float:
        with torch.inference_mode():
            return float(towers.text.eval()(tokens).norm(dim=-1).mean())

    assert length(both) == pytest.approx((length(first) + length(second)) / 2, rel=0.2)

    write_towers(both, world.folder / "towers.pt")
    read = read_towers(world.config, world.folder / "towers.pt")
    assert torch.allclose(similarities(read, pixels, tokens), merged, atol=1e-2)


def test_the_command_trains_every_run_once_and_merges_them(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    config = replace(
        world.config,
        distil_stage=DistilStage(passes=1, batch=512, warm_up=1),
        joint_stage=replace(world.config.joint_stage, head_steps=1, steps=1, warm_up=1),
        int8_stage=Int8Stage(steps=0),
        merge_pictures=5,
    )
    material = world.material()
    trained = train(config, material, world.folder, world.folder / "work", ("train",))
    kept = sorted((world.folder / "work").glob("run-*/towers.pt"))
    assert len(kept) == config.runs == 2  # as `TINY` says
    ones = [read_towers(config, path) for path in kept]
    mean = (ones[0].text.words.weight + ones[1].text.words.weight) / 2
    assert torch.allclose(trained.text.words.weight, mean, atol=1e-2)
    assert trained.image.head.up.out_features == 2 * config.image.head_width
    capsys.readouterr()
    again = train(config, material, world.folder, world.folder / "work", ("train",))
    assert "step" not in capsys.readouterr().out, "finished stages are read from their checkpoints"
    assert torch.equal(again.image.head.project.weight, trained.image.head.project.weight)
