"""The recipe end to end: caches, three training stages, export, measurement."""

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
from models.pocket.export import BUNDLE_FILES, Towers, write_calibration, write_graphs, write_manifest
from models.pocket.features import BackboneEmbedder, FeatureCache, ViewFeatures
from models.pocket.image_tower import ImageTower
from models.pocket.measure import embed_held_out, measure
from models.pocket.pairs import PairSampler, PictureWords, head_inputs
from models.pocket.teacher import (
    Teacher,
    cached_vectors,
    load_teacher,
    load_tokenizer,
    teacher_folder,
    tokenise,
)
from models.pocket.text_tower import TextTower, principal_embeddings
from models.pocket.train import JointSpace, Sentences, distil_text, learn_space, tune_towers


@dataclass(frozen=True, slots=True)
class Material:
    """Everything training reads, from the caches."""

    pictures: list[Picture]
    backbone: MobileNetV2
    views: list[ViewFeatures]
    sentences: Sentences
    words: PictureWords
    teacher: Teacher


def prepare(config: PocketConfig, data: Path, work: Path) -> Material:
    """Fill the caches (or find them filled) and read them."""
    torch.set_num_threads(config.threads)
    pictures = read_pictures(data / "training")
    backbone = load_backbone(data / "backbone" / "mobilenet_v2.npz")
    embedder = BackboneEmbedder(backbone, config.views.size, work, config.threads)
    cache = FeatureCache(work, data / "training", pictures, config.views)
    cache.fill(embedder)
    folder = teacher_folder()
    teacher, tokenizer = load_teacher(folder), load_tokenizer(folder / "tokenizer.json")
    labels = data / "backbone" / "imagenet_labels.txt"
    texts = build_corpus(pictures, data / "annotations", labels, tokenizer.get_vocab(), config.corpus)
    tokens = tokenise(tokenizer, texts, config.text.context_length)
    sentences = Sentences(tokens, cached_vectors(teacher, tokens, work / "teacher"))
    words = PictureWords.of(pictures, {text: number for number, text in enumerate(texts)})
    views = [cache.load(view) for view in range(config.views.views)]
    return Material(pictures, backbone, views, sentences, words, teacher)


@dataclass(frozen=True, slots=True)
class Trained:
    """What training gives; `views` carry the pooled features of the tuned backbone."""

    backbone: MobileNetV2
    tower: TextTower
    space: JointSpace
    views: list[ViewFeatures]


def train(config: PocketConfig, material: Material, work: Path, parts: tuple[Part, ...]) -> Trained:
    """All stages on the pictures of `parts`, each continuing from its checkpoint in `work`."""
    identity = json.dumps([asdict(config), parts], default=str).encode()
    folder = work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"

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
    return Trained(backbone, tower, space, views)


def dev_recall(material: Material, trained: Trained) -> Recall:
    """Retrieval among Flickr8k's dev pictures."""
    dev = np.array([index for index, picture in enumerate(material.pictures) if picture.part == "dev"])
    numbers = np.concatenate([material.words.texts_of[index] for index in dev])
    answers = np.repeat(np.arange(len(dev)), [len(material.words.texts_of[index]) for index in dev])
    with torch.inference_mode():
        images = trained.space.image_head(head_inputs(trained.views, dev, np.zeros_like(dev))).numpy()
        pooled = material.sentences.pooled_by(trained.tower, numbers)
        texts = trained.tower.from_pooled(pooled).numpy()
    return recall(texts, images, answers)


def report_dev(config: PocketConfig, data: Path, work: Path) -> None:
    """Train on the train part alone and print retrieval on the dev part: the figure to make choices by."""
    material = prepare(config, data, work)
    print("dev:", dev_recall(material, train(config, material, work, ("train",))))


def build_bundle(config: PocketConfig, data: Path, work: Path, out: Path) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first."""
    material = prepare(config, data, work)
    trained = train(config, material, work, ("train", "dev"))
    staged = work / "bundle"
    image = ImageTower(trained.backbone, trained.space.image_head)
    write_graphs(Towers(image, trained.tower), config, teacher_folder() / "tokenizer.json", staged)
    runner = BundleRunner(staged, config)
    write_calibration(calibrate(*embed_held_out(runner, data / "training")), staged)
    figures = measure(runner, data)
    write_manifest(config, figures, staged)
    out.mkdir(parents=True, exist_ok=True)
    for name in BUNDLE_FILES:
        shutil.copyfile(staged / name, out / name)
    print(json.dumps(figures, indent=2))


def measure_bundle(config: PocketConfig, data: Path, out: Path) -> None:
    """Print the figures of the bundle in `out`, measured again."""
    print(json.dumps(measure(BundleRunner(out, config), data), indent=2))
