"""Pocket from pictures to a bundle: every stage on a handful of pictures and words that the test makes."""

import copy
import json
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import onnx
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from models.pocket.bundle import BundleRunner
from models.pocket.config import (
    DistilStage,
    ImageTowerConfig,
    Int8Stage,
    JointStage,
    PocketConfig,
    TextTowerConfig,
    ViewConfig,
)
from models.pocket.export import write_calibration, write_graphs, write_manifest
from models.pocket.figures.calibration import Calibration, Logistic, Spread
from models.pocket.learning.distil import distil
from models.pocket.learning.joint import Classifier, Lessons, tune
from models.pocket.learning.losses import cosine_gap
from models.pocket.learning.merge import Sample, merge
from models.pocket.learning.quantise import quantise
from models.pocket.networks import teacher as teacher_module
from models.pocket.networks.efficientnet import CLASSES, POOLED, EfficientNetLite0
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import Teacher, tokenise
from models.pocket.networks.text_tower import TextTower, from_teacher
from models.pocket.networks.towers import Towers, read_towers, write_towers
from models.pocket.pictures.data import Picture, read_pictures, read_pixels
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.pipeline import Material, train
from models.pocket.words.general_names import GeneralNames, general_sentences
from models.pocket.words.pairs import Families, PairSampler, PictureWords
from models.pocket.words.phrases import Phrases
from models.pocket.words.prompts import picture_texts
from models.pocket.words.sentences import Sentences, teacher_vectors
from tests.models.test_pocket_data import record, write_training

CPU = torch.device("cpu")
TINY = PocketConfig(
    threads=1,
    embedding_width=8,
    views=ViewConfig(size=32),
    text=TextTowerConfig(layers_taken=(0, 5), context_length=12, head_width=24),
    image=ImageTowerConfig(head_width=16),
    distil_stage=DistilStage(passes=4, batch=32, warm_up=2, learning_rate=2e-3),
    joint_stage=JointStage(
        head_steps=3, steps=4, batch=8, warm_up=2, captioned_share=0.75, family=2, neighbours=2, phrases=4,
        anchor_batch=4,
    ),
    int8_stage=Int8Stage(steps=3, batch=6, observed=8, warm_up=1),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A tiny training set, and a teacher that knows nothing."""

    folder: Path
    config: PocketConfig
    pictures: list[Picture]
    texts: list[str]
    words: PictureWords
    lessons: Lessons

    def tower(self) -> TextTower:
        torch.manual_seed(1)
        return from_teacher(self.lessons.teacher, self.config.text, self.config.embedding_width)

    def towers(self) -> Towers:
        text = self.tower()
        image = self.config.image
        head = JointHead(image.features, image.head_width, self.config.embedding_width, image.dropout)
        return Towers(ImageTower(EfficientNetLite0(), head), text)

    def sampler(self) -> PairSampler:
        families = Families(torch.eye(len(self.pictures)), share=0.5, size=2, neighbours=2)
        return PairSampler(self.pictures, self.words, ("train",), seed=1, families=families)


def word_tokenizer(path: Path, words: list[str]) -> Tokenizer:
    """A lower-casing word tokenizer with start and end tokens, kept as JSON."""
    vocabulary = {token: number for number, token in enumerate(["[PAD]", "[CLS]", "[SEP]", "[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.save(str(path))
    return tokenizer


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    torch.manual_seed(0)
    names = ["red", "green", "blue", "dark", "pale", "warm"]
    captioned = [record(f"{name}.png", captions=[f"a {name} card", f"the {name} picture"]) for name in names]
    labelled = [record(f"{name}.png", kind="food", label=name) for name in ("soup", "bread")]
    training = write_training(tmp_path / "training", captioned + labelled)
    pictures = read_pictures(training)
    texts = list(dict.fromkeys(text for picture in pictures for text in picture_texts(picture)))
    phrase_texts = ("card", *names)
    texts = list(dict.fromkeys([*texts, *phrase_texts, *chain.from_iterable(general_sentences())]))
    numbers = {text: number for number, text in enumerate(texts)}
    vocabulary = sorted({word.strip(",") for text in texts for word in text.split()} - {""})
    tokenizer = word_tokenizer(tmp_path / "tokenizer.json", [*vocabulary, ",", "-"])
    monkeypatch.setattr(teacher_module, "VOCABULARY", tokenizer.get_vocab_size())
    phrases = Phrases(
        phrase_texts,
        phrase_texts,
        tuple(np.array([0, 1 + index] if index < 6 else [], np.int64) for index in range(8)),
    )
    classifier = Classifier(
        EfficientNetLite0().eval().requires_grad_(False),
        torch.nn.Linear(POOLED, CLASSES).requires_grad_(False),
        torch.zeros(CLASSES, 2, dtype=torch.int64) + torch.tensor([3, 4]),
    )
    config = replace(TINY, text=replace(TINY.text, vocabulary=tokenizer.get_vocab_size()))
    return World(
        folder=tmp_path,
        config=config,
        pictures=pictures,
        texts=texts,
        words=PictureWords.of(pictures, numbers),
        lessons=Lessons(
            cached_pixels(pictures, read_pixels(training, pictures), 32, tmp_path),
            Sentences.of(tokenise(tokenizer, texts, 12), CPU),
            phrases,
            torch.tensor([[numbers[text]] * 2 for text in phrase_texts]),
            GeneralNames.of(pictures, numbers, CLASSES),
            Teacher().eval().requires_grad_(False),
            classifier,
        ),
    )


def gap(tower: TextTower, world: World) -> float:
    """How far what the tower says of all sentences is from what the teacher says."""
    tokens = world.lessons.sentences.tokens.long()
    with torch.inference_mode():
        return float(cosine_gap(tower.eval().pooled(tokens), teacher_vectors(world.lessons.teacher, tokens)))


def test_two_layers_learn_to_say_what_the_teacher_says(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    tower, lessons = world.tower(), world.lessons
    before = gap(tower, world)
    distil(world.config, tower, lessons.teacher, lessons.sentences, world.folder / "run")
    assert gap(tower, world) < before / 2
    assert "distil: step" in capsys.readouterr().out

    again = world.tower()
    distil(world.config, again, lessons.teacher, lessons.sentences, world.folder / "run")
    assert "distil: step" not in capsys.readouterr().out, "a finished stage is read from its checkpoint"
    assert torch.equal(again.words.weight, tower.words.weight)


def test_trained_towers_become_a_bundle_that_onnx_runtime_loads(world: World) -> None:
    config, lessons = world.config, world.lessons
    towers = world.towers()
    trunk, word = towers.image.trunk.stem.conv.weight.clone(), towers.text.words.weight.clone()
    trained = tune(config, towers, lessons, world.sampler(), world.folder / "run")
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
    quantised = quantise(config, towers, lessons, world.sampler(), world.folder / "run")
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
    sampler = PairSampler(world.pictures, world.words, ("train",), seed=1, families=families)
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
    twice = merge([first, first], sample)
    assert twice.image.head.up.out_features == 32
    assert torch.allclose(similarities(twice, pixels, tokens), alone, atol=1e-4)
    assert merge([first], sample) is first

    both = merge([first, second], sample)
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
    tokenizer = world.folder / "tokenizer.json"
    material = Material(world.pictures, world.words, world.lessons, EfficientNetLite0(), tokenizer)
    trained = train(config, material, world.folder, world.folder / "work", ("train",))
    kept = sorted((world.folder / "work").glob("run-*/towers.pt"))
    assert len(kept) == config.runs == 2
    ones = [read_towers(config, path) for path in kept]
    mean = (ones[0].text.words.weight + ones[1].text.words.weight) / 2
    assert torch.allclose(trained.text.words.weight, mean, atol=1e-2)
    assert trained.image.head.up.out_features == 2 * config.image.head_width
    capsys.readouterr()
    again = train(config, material, world.folder, world.folder / "work", ("train",))
    assert "step" not in capsys.readouterr().out, "finished stages are read from their checkpoints"
    assert torch.equal(again.image.head.project.weight, trained.image.head.project.weight)
