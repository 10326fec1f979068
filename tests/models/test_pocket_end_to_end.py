"""Pocket from pictures to a bundle: every stage on a handful of pictures and words that the test makes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from models.pocket.backbone import MobileNetV2
from models.pocket.backbone_stage import repool, tune_backbone
from models.pocket.bundle import BundleRunner
from models.pocket.calibration import Calibration, Logistic, Spread
from models.pocket.config import (
    BackboneStage,
    DistilStage,
    EndToEndStage,
    HeadStage,
    ImageTowerConfig,
    JointStage,
    PocketConfig,
    RefineStage,
    TextTowerConfig,
    ViewConfig,
)
from models.pocket.data import EncodedPictures, Picture, read_pictures
from models.pocket.end_to_end_stage import tune_end_to_end
from models.pocket.export import Towers, write_calibration, write_graphs, write_manifest
from models.pocket.features import BackboneEmbedder, FeatureCache, ViewFeatures
from models.pocket.image_tower import ImageTower
from models.pocket.losses import cosine_gap
from models.pocket.pairs import Families, PairSampler, PictureWords
from models.pocket.prompts import picture_texts
from models.pocket.refine_stage import caption_vectors, refine
from models.pocket.restore import restore_towers
from models.pocket.teacher import pad, tokenise
from models.pocket.text_tower import TextTower
from models.pocket.train import JointSpace, Sentences, distil_text, learn_space, tune_towers
from tests.models.test_pocket_data import record, write_training

TEACHER_WIDTH = 12
TINY = PocketConfig(
    embedding_width=8,
    threads=1,
    views=ViewConfig(size=32, views=2),
    text=TextTowerConfig(width=16, layers=1, heads=2, feed_forward=32, context_length=12, head_width=24),
    image=ImageTowerConfig(head_width=16),
    head_stage=HeadStage(steps=60, batch=8, warm_up=5, captioned_share=0.75, image_dropout=0.0),
    backbone_stage=BackboneStage(steps=10, batch=8, warm_up=2, captioned_share=0.75),
    distil_stage=DistilStage(passes=40, batch=8, warm_up=5, learning_rate=5e-3),
    joint_stage=JointStage(steps=20, batch=8, warm_up=2, anchor_batch=4, captioned_share=0.75),
    refine_stage=RefineStage(
        steps=12, batch=8, warm_up=2, family=2, neighbours=2, anchor_batch=4, captioned_share=0.75
    ),
    end_to_end_stage=EndToEndStage(steps=11, batch=6, warm_up=2, anchor_batch=4, captioned_share=0.75),
)


@dataclass(frozen=True)
class World:
    """A tiny training set, its caches and a stand-in for the teacher."""

    folder: Path
    config: PocketConfig
    pictures: list[Picture]
    texts: list[str]
    sentences: Sentences
    backbone: MobileNetV2
    views: list[ViewFeatures]
    fill_cache: Callable[[], None]

    def sampler(self) -> PairSampler:
        numbers = {text: number for number, text in enumerate(self.texts)}
        return PairSampler(self.pictures, PictureWords.of(self.pictures, numbers), ("train",), 2, seed=1)

    def space(self, run: str) -> JointSpace:
        return learn_space(self.config, self.views, self.sentences, self.sampler(), self.folder / run)

    def tower(self) -> TextTower:
        torch.manual_seed(1)
        return TextTower(self.config.text, self.config.embedding_width, TEACHER_WIDTH)


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
def world(tmp_path: Path) -> World:
    torch.manual_seed(0)
    names = ["red", "green", "blue", "dark", "pale", "warm"]
    captioned = [record(f"{name}.png", captions=[f"a {name} card", f"the {name} picture"]) for name in names]
    labelled = [record(f"{name}.png", kind="food", label=name) for name in ("soup", "bread")]
    training = write_training(tmp_path / "training", captioned + labelled)
    pictures = read_pictures(training)
    backbone = MobileNetV2().eval()
    cache = FeatureCache(tmp_path, training, pictures, TINY.views)

    def fill_cache() -> None:
        cache.fill(BackboneEmbedder(backbone, TINY.views.size, tmp_path, 1))

    fill_cache()
    texts = list(dict.fromkeys(text for picture in pictures for text in picture_texts(picture)))
    words = sorted({word.strip(",") for text in texts for word in text.split()} - {""})
    tokenizer = word_tokenizer(tmp_path / "tokenizer.json", [*words, ",", "-"])
    vectors = np.random.default_rng(0).normal(size=(len(texts), TEACHER_WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return World(
        folder=tmp_path,
        config=replace(TINY, text=replace(TINY.text, vocabulary=tokenizer.get_vocab_size())),
        pictures=pictures,
        texts=texts,
        sentences=Sentences(tokenise(tokenizer, texts, 12), vectors.astype(np.float16)),
        backbone=backbone,
        views=[cache.load(view) for view in range(TINY.views.views)],
        fill_cache=fill_cache,
    )


def test_a_filled_cache_is_left_alone_and_a_missing_block_made_again(world: World) -> None:
    blocks = sorted(world.folder.glob("features-*/*.npz"))
    kept = [block.stat().st_mtime_ns for block in blocks]
    blocks[1].unlink()
    world.fill_cache()
    now = [block.stat().st_mtime_ns for block in blocks]
    assert now[0] == kept[0]
    assert now[1] > kept[1]
    assert world.views[0].pooled.shape == (8, 1_280)
    assert world.views[0].maps.shape == (8, 160, 1, 1)


def test_a_finished_stage_is_read_from_its_checkpoint(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    first = world.space("run")
    assert "space: step 60 of 60" in capsys.readouterr().out
    again = world.space("run")
    assert "space" not in capsys.readouterr().out
    assert torch.equal(first.image_head.project.weight, again.image_head.project.weight)


def test_the_backbone_stage_changes_the_last_blocks_only(world: World) -> None:
    before = {name: value.clone() for name, value in world.backbone.state_dict().items()}
    space, run = world.space("run"), world.folder / "run"
    tune_backbone(world.config, world.backbone, space, world.views, world.sentences, world.sampler(), run)
    state = world.backbone.state_dict()
    changed = {name for name, value in state.items() if not torch.equal(value, before[name])}
    assert {name.rsplit(".", 2)[0] for name in changed if name.startswith("blocks")} <= {
        f"blocks.{number}" for number in (14, 15, 16)
    }
    assert "head.weight" in changed
    fresh = repool(world.backbone, world.views, run)
    assert not np.array_equal(fresh[0].pooled, world.views[0].pooled)
    assert np.array_equal(fresh[0].maps, world.views[0].maps)


def test_training_lowers_the_loss_and_gives_a_bundle_that_onnx_runtime_loads(world: World) -> None:
    config, sentences, run = world.config, world.sentences, world.folder / "run"
    space, tower = world.space("run"), world.tower()
    with torch.inference_mode():
        wanted = space.sentence_head(torch.from_numpy(sentences.vectors.astype(np.float32)))
        before = cosine_gap(tower(pad(sentences.tokens)), wanted)
    distil_text(config, tower, space, sentences, run)
    with torch.inference_mode():
        after = cosine_gap(tower(pad(sentences.tokens)), wanted)
    assert after < before / 2
    tune_towers(config, tower, space, world.views, sentences, world.sampler(), run)

    towers = Towers(ImageTower(world.backbone, space.image_head).eval(), tower)
    trunk = world.backbone.blocks[0].dw.weight.clone()
    last, word = world.backbone.head.weight.clone(), tower.words.weight.clone()
    refine(config, towers, world.views, sentences, world.sampler(), run)
    assert torch.equal(world.backbone.blocks[0].dw.weight, trunk)
    assert not torch.equal(world.backbone.head.weight, last)
    assert not torch.equal(tower.words.weight, word)

    pictures = EncodedPictures(world.folder / "training", world.pictures)
    tune_end_to_end(config, towers, pictures, sentences, world.sampler(), run)
    assert not torch.equal(world.backbone.blocks[0].dw.weight, trunk)

    out = world.folder / "bundle"
    image = towers.image
    write_graphs(towers, config, world.folder / "tokenizer.json", out)
    write_calibration(Calibration(Spread(0.0, 1.0), Spread(0.5, 1.0), Logistic(1.0, 0.0)), out)
    write_manifest(config, {"made": "up"}, out)
    assert_towers_agree(BundleRunner(out, config), image, tower, world)
    again = restore_towers(out, config, teacher_width=TEACHER_WIDTH)
    assert_towers_agree(BundleRunner(out, config), again.image, again.text, world)
    graph = onnx.load(out / "image.onnx")
    assert [entry.version for entry in graph.opset_import if entry.domain == ""] == [18]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["embedding_width"] == 8
    assert manifest["files"]["text.onnx"]["bytes"] == (out / "text.onnx").stat().st_size


def assert_towers_agree(runner: BundleRunner, image: ImageTower, tower: TextTower, world: World) -> None:
    """What ONNX Runtime gives is what torch gives, up to the narrow storage of weights."""
    pixels = np.random.default_rng(2).integers(0, 255, (3, 32, 32, 3), dtype=np.uint8)
    with torch.inference_mode():
        pairs = (
            (image(torch.from_numpy(pixels)).numpy(), runner.embed_squashed(pixels)),
            (tower(pad(world.sentences.tokens)).numpy(), runner.embed_texts(world.texts)),
        )
    for ours, theirs in pairs:
        cosines = (ours * theirs).sum(1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
        assert cosines.min() >= 0.999


def test_families_bring_pictures_of_like_words_into_one_batch(world: World) -> None:
    numbers = {text: number for number, text in enumerate(world.texts)}
    words = PictureWords.of(world.pictures, numbers)
    vectors = caption_vectors(world.tower(), world.sentences, words)
    assert vectors.shape == (8, 8)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(8), atol=1e-5)

    paired = torch.eye(8)  # pictures 0 and 1, 2 and 3, 4 and 5 are alike
    for first in (0, 2, 4):
        paired[first + 1] = paired[first]
    families = Families(paired, share=1.0, size=2, neighbours=1)
    sampler = PairSampler(world.pictures, words, ("train",), 2, seed=1, families=families)
    together = []
    for _ in range(20):
        chosen = sampler.batch(4, captioned_share=1.0).pictures.tolist()
        assert len(set(chosen)) == 4
        together.append(sum((number ^ 1) in chosen for number in chosen))
    assert min(together) >= 2
    assert np.mean(together) > 2.7  # by chance alone it would be 2.4
