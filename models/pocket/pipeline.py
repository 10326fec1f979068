"""The recipe end to end: caches, five training stages, export, measurement."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from models.pocket.backbone import MobileNetV2, load_backbone
from models.pocket.backbone_stage import repool, tune_backbone
from models.pocket.bundle import BundleRunner
from models.pocket.calibration import calibrate
from models.pocket.config import PocketConfig
from models.pocket.corpus import build_corpus
from models.pocket.data import Part, Picture, read_pictures
from models.pocket.evaluate import Recall, recall
from models.pocket.export import (
    BUNDLE_FILES,
    HEAD_FILE,
    Towers,
    write_calibration,
    write_graphs,
    write_manifest,
)
from models.pocket.features import BackboneEmbedder, FeatureCache, ViewFeatures
from models.pocket.head import HeadRecipe, add_head
from models.pocket.image_tower import ImageTower
from models.pocket.measure import embed_held_out, measure
from models.pocket.pairs import Families, PairSampler, PictureWords, map_inputs
from models.pocket.refine_stage import caption_vectors, refine
from models.pocket.restore import restore_towers
from models.pocket.teacher import (
    Teacher,
    cached_vectors,
    load_teacher,
    load_tokenizer,
    teacher_folder,
    tokenise,
)
from models.pocket.text_tower import TextTower, principal_embeddings
from models.pocket.train import Sentences, distil_text, learn_space, tune_towers


@dataclass(frozen=True, slots=True)
class Material:
    """Everything training reads, from the caches."""

    pictures: list[Picture]
    backbone: MobileNetV2
    views: list[ViewFeatures]
    sentences: Sentences
    words: PictureWords
    tokenizer: Path
    teacher: Teacher | None
    """None where training starts from a bundle: the sentences then have no vectors either."""


def prepare(config: PocketConfig, data: Path, work: Path, start: Path | None) -> Material:
    """Fill the caches (or find them filled) and read them.

    Args:
        config: the recipe.
        data: pictures, words and the backbone.
        work: where the caches are.
        start: a bundle to go on from, which makes the teacher unnecessary.
    """
    torch.set_num_threads(config.threads)
    pictures = read_pictures(data / "training")
    backbone = load_backbone(data / "backbone" / "mobilenet_v2.npz")
    embedder = BackboneEmbedder(backbone, config.views.size, work, config.threads)
    cache = FeatureCache(work, data / "training", pictures, config.views)
    cache.fill(embedder)
    tokenizer_file = (teacher_folder() if start is None else start) / "tokenizer.json"
    tokenizer = load_tokenizer(tokenizer_file)
    labels = data / "backbone" / "imagenet_labels.txt"
    texts = build_corpus(pictures, data / "annotations", labels, tokenizer.get_vocab(), config.corpus)
    tokens = tokenise(tokenizer, texts, config.text.context_length)
    teacher = load_teacher(teacher_folder()) if start is None else None
    vectors = (
        np.empty((len(tokens), 0), np.float16)
        if teacher is None
        else cached_vectors(teacher, tokens, work / "teacher")
    )
    words = PictureWords.of(pictures, {text: number for number, text in enumerate(texts)})
    views = [cache.load(view) for view in range(config.views.views)]
    return Material(pictures, backbone, views, Sentences(tokens, vectors), words, tokenizer_file, teacher)


def train(
    config: PocketConfig, material: Material, work: Path, parts: tuple[Part, ...], start: Path | None
) -> Towers:
    """All stages on the pictures of `parts`, each continuing from its checkpoint in `work`.

    The first four are left out where there is a bundle to `start` from.
    """
    origin = "" if start is None else (start / "manifest.json").read_text("utf-8")
    identity = json.dumps([asdict(config), parts, origin], default=str).encode()
    folder = work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"
    towers = (
        separate_stages(config, material, folder, parts) if start is None else restore_towers(start, config)
    )
    stage = config.refine_stage
    families = Families(
        caption_vectors(towers.text, material.sentences, material.words),
        stage.neighbour_share,
        stage.family,
        stage.neighbours,
    )
    sampler = PairSampler(
        material.pictures, material.words, parts, config.views.views, config.seed + 3, families
    )
    return refine(config, towers, material.views, material.sentences, sampler, folder)


def separate_stages(
    config: PocketConfig, material: Material, folder: Path, parts: tuple[Part, ...]
) -> Towers:
    """Stages 1 to 4. Raises `ValueError` when the material has no teacher."""
    if material.teacher is None:
        raise ValueError("the first stages need a teacher")

    def sampler(seed: int) -> PairSampler:
        return PairSampler(material.pictures, material.words, parts, config.views.views, seed)

    sentences, backbone = material.sentences, material.backbone
    space = learn_space(config, material.views, sentences, sampler(config.seed), folder)
    tune_backbone(config, backbone, space, material.views, sentences, sampler(config.seed + 1), folder)
    views = repool(backbone, material.views, folder)
    torch.manual_seed(config.seed)
    tower = TextTower(config.text, config.embedding_width, sentences.vectors.shape[1])
    with torch.no_grad():
        table = principal_embeddings(material.teacher.words.weight, config.text.width)
        tower.words.weight.copy_(table)
    distil_text(config, tower, space, sentences, folder)
    tune_towers(config, tower, space, views, sentences, sampler(config.seed + 2), folder)
    return Towers(ImageTower(backbone, space.image_head), tower)


def dev_recall(material: Material, towers: Towers) -> Recall:
    """Retrieval among Flickr8k's dev pictures."""
    dev = np.array([index for index, picture in enumerate(material.pictures) if picture.part == "dev"])
    numbers = np.concatenate([material.words.texts_of[index] for index in dev])
    answers = np.repeat(np.arange(len(dev)), [len(material.words.texts_of[index]) for index in dev])
    maps, levels = map_inputs(material.views, dev, np.zeros_like(dev))
    with torch.inference_mode():
        images = towers.image.eval().from_maps(maps, levels).numpy()
        texts = towers.text.eval().from_pooled(material.sentences.pooled_by(towers.text, numbers)).numpy()
    return recall(texts, images, answers)


def report_dev(config: PocketConfig, data: Path, work: Path) -> None:
    """Train on the train part alone and print retrieval on the dev part: the figure to make choices by."""
    material = prepare(config, data, work, None)
    print("dev:", dev_recall(material, train(config, material, work, ("train",), None)))


def build_bundle(config: PocketConfig, data: Path, work: Path, out: Path, start: Path | None = None) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first.

    Args:
        config: the recipe.
        data: pictures, words and the backbone.
        work: caches and checkpoints.
        out: folder of the bundle.
        start: a bundle whose towers take the place of the first four stages.
    """
    material = prepare(config, data, work, start)
    towers = train(config, material, work, ("train", "dev"), start)
    staged = work / "bundle"
    write_graphs(towers, config, material.tokenizer, staged)
    runner = BundleRunner(staged, config)
    write_calibration(calibrate(*embed_held_out(runner, data / "training")), staged)
    (staged / HEAD_FILE).unlink(missing_ok=True)
    write_manifest(config, {}, staged)
    add_head(HeadRecipe(), staged, data, work)
    figures = measure(runner, data)
    write_manifest(config, figures, staged)
    out.mkdir(parents=True, exist_ok=True)
    for name in BUNDLE_FILES:
        shutil.copyfile(staged / name, out / name)
    print(json.dumps(figures, indent=2))


def measure_bundle(config: PocketConfig, data: Path, out: Path) -> None:
    """Print the figures of the bundle in `out`, measured again."""
    print(json.dumps(measure(BundleRunner(out, config), data), indent=2))
