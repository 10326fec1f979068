"""The recipe from raw data to a bundle: caches, six training stages, export, measurement."""

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
from models.pocket.config import EndToEndStage, PocketConfig, RefineStage
from models.pocket.corpus import build_corpus
from models.pocket.data import EncodedPictures, Part, Picture, read_pictures
from models.pocket.end_to_end_stage import PIECE, tune_end_to_end
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
from models.pocket.pairs import Families, PairSampler, PictureWords
from models.pocket.preprocess import squash
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
    encoded: EncodedPictures
    sentences: Sentences
    words: PictureWords
    tokenizer: Path
    teacher: Teacher | None
    """None where training starts from a bundle: then there are no views, and no vectors of the sentences."""


def prepare(config: PocketConfig, data: Path, work: Path, start: Path | None) -> Material:
    """Fill the caches (or find them filled) and read them.

    Args:
        config: the recipe.
        data: pictures, words and the backbone.
        work: where the caches are.
        start: a bundle to go on from, which makes teacher and cached features unnecessary.
    """
    torch.set_num_threads(config.threads)
    pictures = read_pictures(data / "training")
    backbone = load_backbone(data / "backbone" / "mobilenet_v2.npz")
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
    views = cached_views(config, data / "training", work, pictures, backbone) if start is None else []
    encoded = EncodedPictures(data / "training", pictures)
    sentences = Sentences(tokens, vectors)
    return Material(pictures, backbone, views, encoded, sentences, words, tokenizer_file, teacher)


def cached_views(
    config: PocketConfig, training: Path, work: Path, pictures: list[Picture], backbone: MobileNetV2
) -> list[ViewFeatures]:
    """The frozen backbone's features of every view, computed where they are not in `work` yet."""
    cache = FeatureCache(work, training, pictures, config.views)
    cache.fill(BackboneEmbedder(backbone, config.views.size, work, config.threads))
    return [cache.load(view) for view in range(config.views.views)]


def train(
    config: PocketConfig, material: Material, work: Path, parts: tuple[Part, ...], start: Path | None
) -> Towers:
    """All stages on the pictures of `parts`, each continuing from its checkpoint in `work`.

    Only the last is left where there is a bundle to `start` from.
    """
    origin = "" if start is None else (start / "manifest.json").read_text("utf-8")
    identity = json.dumps([asdict(config), parts, origin], default=str).encode()
    folder = work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"

    def hard(stage: RefineStage | EndToEndStage, towers: Towers, views: int, seed: int) -> PairSampler:
        vectors = caption_vectors(towers.text, material.sentences, material.words)
        families = Families(vectors, stage.neighbour_share, stage.family, stage.neighbours)
        return PairSampler(material.pictures, material.words, parts, views, seed, families)

    if start is None:
        towers = separate_stages(config, material, folder, parts)
        sampler = hard(config.refine_stage, towers, config.views.views, config.seed + 3)
        towers = refine(config, towers, material.views, material.sentences, sampler, folder)
    else:
        towers = restore_towers(start, config)
    sampler = hard(config.end_to_end_stage, towers, 1, config.seed + 4)
    return tune_end_to_end(config, towers, material.encoded, material.sentences, sampler, folder)


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


def dev_recall(config: PocketConfig, material: Material, towers: Towers) -> Recall:
    """Retrieval among Flickr8k's dev pictures."""
    dev = np.array([index for index, picture in enumerate(material.pictures) if picture.part == "dev"])
    numbers = np.concatenate([material.words.texts_of[index] for index in dev])
    answers = np.repeat(np.arange(len(dev)), [len(material.words.texts_of[index]) for index in dev])
    whole = [squash(material.encoded[int(number)], config.views.size) for number in dev]
    with torch.inference_mode():
        pieces = torch.split(torch.from_numpy(np.stack(whole)), PIECE)
        images = torch.cat([towers.image.eval()(piece) for piece in pieces]).numpy()
        texts = towers.text.eval().from_pooled(material.sentences.pooled_by(towers.text, numbers)).numpy()
    return recall(texts, images, answers)


def report_dev(config: PocketConfig, data: Path, work: Path) -> None:
    """Train on the train part alone and print retrieval on the dev part: the figure to make choices by."""
    material = prepare(config, data, work, None)
    print("dev:", dev_recall(config, material, train(config, material, work, ("train",), None)))


def build_bundle(config: PocketConfig, data: Path, work: Path, out: Path, start: Path | None = None) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first.

    Args:
        config: the recipe.
        data: pictures, words and the backbone.
        work: caches and checkpoints.
        out: folder of the bundle.
        start: a bundle whose towers take the place of all stages but the last.
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
