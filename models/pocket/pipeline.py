"""The recipe from raw data to a bundle: caches, three training stages, export, measurement."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.pocket.bundle import BundleRunner
from models.pocket.config import PocketConfig
from models.pocket.export import (
    BUNDLE_FILES,
    HEAD_FILE,
    write_calibration,
    write_graphs,
    write_manifest,
)
from models.pocket.figures.calibration import calibrate
from models.pocket.figures.evaluate import Recall, recall
from models.pocket.figures.measure import embed_held_out, measure
from models.pocket.head import HeadRecipe, add_head
from models.pocket.learning.distil import distil
from models.pocket.learning.joint import Classifier, Lessons, tune
from models.pocket.learning.quantise import quantise
from models.pocket.networks.efficientnet import EfficientNetLite0, installed_weights, load_imagenet
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import load_teacher, load_tokenizer, teacher_folder, tokenise
from models.pocket.networks.text_tower import from_teacher
from models.pocket.networks.towers import TOWERS_FILE, Towers, read_towers, write_towers
from models.pocket.pictures.data import MORE_RECORDS, Part, Picture, read_pictures, read_pixels
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.pictures.preprocess import Pixels
from models.pocket.words.corpus import build_corpus
from models.pocket.words.general_names import GeneralNames, general_sentences
from models.pocket.words.pairs import Families, PairSampler, PictureWords
from models.pocket.words.phrases import collect_phrases
from models.pocket.words.prompts import NAME_PHRASINGS, fill
from models.pocket.words.sentences import Sentences, teacher_vectors

MOST_CAPTIONS = 5
EXACT_FILE = "towers-float32.pt"
"""In a run's folder: the towers before they are quantised."""
PIECE = 256


@dataclass(frozen=True, slots=True)
class Material:
    """Everything training reads."""

    pictures: list[Picture]
    words: PictureWords
    lessons: Lessons
    trunk: EfficientNetLite0
    tokenizer: Path


def device_to_train_on() -> torch.device:
    """CUDA where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def prepare(config: PocketConfig, data: Path, work: Path) -> Material:
    """Fill the caches (or find them filled) and read them.

    Args:
        config: the recipe.
        data: pictures, clips, words.
        work: where the caches are.
    """
    torch.set_num_threads(config.threads)
    device = device_to_train_on()
    first, more = read_pictures(data / "training"), read_pictures(data / "training-more", MORE_RECORDS)
    frames = read_frames(data / "training-more" / "video")
    pictures = [*first, *more, *frames]
    pixels: Iterator[Pixels] = chain(
        read_pixels(data / "training", first),
        read_pixels(data / "training-more", more),
        read_frame_pixels(data / "training-more" / "video", frames),
    )
    stored = cached_pixels(pictures, pixels, config.views.size, work)
    if device.type == "cuda":
        stored = stored.to(device)

    tokenizer_file = teacher_folder() / "tokenizer.json"
    tokenizer = load_tokenizer(tokenizer_file)
    labels = data / "backbone" / "imagenet_labels.txt"
    texts = build_corpus(pictures, data / "annotations", labels, tokenizer.get_vocab(), config.corpus)
    phrases = collect_phrases(pictures)
    names = imagenet_names(labels)
    spoken = [*phrases.texts, *phrases.written, *chain.from_iterable([*names, *general_sentences()])]
    texts = list(dict.fromkeys([*texts, *spoken]))
    numbers = {text: number for number, text in enumerate(texts)}
    sentences = Sentences.of(tokenise(tokenizer, texts, config.text.context_length), device)

    trunk, classes = load_imagenet(installed_weights())
    frozen, _ = load_imagenet(installed_weights())
    classifier = Classifier(
        frozen.to(device).requires_grad_(False),
        classes.to(device).requires_grad_(False),
        torch.tensor([[numbers[name] for name in row] for row in names]),
    )
    lessons = Lessons(
        stored,
        sentences,
        phrases,
        torch.tensor([[numbers[bare], numbers[written]] for bare, written in phrases.both()]),
        GeneralNames.of(pictures, numbers, len(names)),
        load_teacher(teacher_folder()).to(device).requires_grad_(False),
        classifier,
    )
    words = PictureWords.of(pictures, numbers, class_names(labels))
    return Material(pictures, words, lessons, trunk, tokenizer_file)


def imagenet_names(labels: Path) -> list[list[str]]:
    """The first name of each of the classifier's classes in several phrasings; `labels` begins with the
    background, which is no class of it."""
    return [[fill(phrasing, name) for phrasing in NAME_PHRASINGS] for name in class_names(labels)]


def class_names(labels: Path) -> list[str]:
    """The first name of each of the classifier's classes."""
    return [line.split(",")[0].strip() for line in labels.read_text("utf-8").splitlines()[1:]]


def train(config: PocketConfig, material: Material, work: Path, parts: tuple[Part, ...]) -> Towers:
    """All stages on the pictures of `parts`, each continuing from its checkpoint in `work`; the towers they
    end with are kept there as one file."""
    identity = json.dumps([asdict(config), parts], default=str).encode()
    folder = work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"
    torch.manual_seed(config.seed)
    lessons, stage = material.lessons, config.joint_stage
    teacher = lessons.teacher
    text = from_teacher(teacher, config.text, config.embedding_width).to(lessons.device)
    distil(config, text, teacher, lessons.sentences, folder)
    head = JointHead(
        config.image.features, config.image.head_width, config.embedding_width, config.image.dropout
    )
    image = ImageTower(material.trunk, head).to(lessons.device)
    image.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    families = Families(word_vectors(material), stage.neighbour_share, stage.family, stage.neighbours)
    sampler = PairSampler(material.pictures, material.words, parts, config.seed, families)
    towers = tune(config, Towers(image, text), lessons, sampler, folder)
    if config.int8_stage.steps:
        write_towers(towers, folder / EXACT_FILE)
        towers = quantise(config, towers, lessons, sampler, folder)
    write_towers(towers, folder / TOWERS_FILE)
    return towers


def word_vectors(material: Material) -> Tensor:
    """The mean of the teacher's vectors of each picture's first words, unit float32 `(P, 384)`; zero where it
    has none."""
    chosen = [numbers[:MOST_CAPTIONS] for numbers in material.words.texts_of]
    said = np.flatnonzero([len(row) for row in chosen])
    lessons = material.lessons
    flat = torch.from_numpy(np.concatenate([chosen[index] for index in said]))
    spoken = teacher_vectors(lessons.teacher, lessons.sentences.of_numbers(flat)).cpu()
    vectors = torch.zeros(len(chosen), spoken.shape[1])
    pieces = torch.split(spoken, [len(chosen[index]) for index in said])
    vectors[torch.from_numpy(said)] = functional.normalize(
        torch.stack([piece.mean(0) for piece in pieces]), dim=-1
    )
    return vectors


@torch.inference_mode()
def dev_recall(material: Material, towers: Towers) -> Recall:
    """Retrieval among Flickr8k's dev pictures."""
    texts_of, lessons = material.words.texts_of, material.lessons
    dev = np.array([index for index, picture in enumerate(material.pictures) if picture.part == "dev"])
    numbers = torch.from_numpy(np.concatenate([texts_of[index] for index in dev]))
    answers = np.repeat(np.arange(len(dev)), [len(texts_of[index]) for index in dev])
    pictures = torch.split(lessons.pictures(dev).permute(0, 2, 3, 1), PIECE)
    images = torch.cat([towers.image(piece) for piece in pictures])
    texts = torch.cat(
        [towers.text(lessons.sentences.of_numbers(piece)) for piece in torch.split(numbers, PIECE)]
    )
    return recall(texts.float().cpu().numpy(), images.float().cpu().numpy(), answers)


def report_dev(config: PocketConfig, data: Path, work: Path) -> None:
    """Train on the train part alone and print retrieval on the dev part: the figure to make choices by."""
    material = prepare(config, data, work)
    print("dev:", dev_recall(material, train(config, material, work, ("train",))))


def build_bundle(
    config: PocketConfig, data: Path, work: Path, out: Path, trained: Path | None = None
) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first.

    Args:
        config: the recipe.
        data: pictures, clips, words.
        work: caches and checkpoints.
        out: folder of the bundle.
        trained: towers that this training ended with on another machine, instead of training.
    """
    if trained is None:
        material = prepare(config, data, work)
        towers = train(config, material, work, ("train", "dev"))
    else:
        towers = read_towers(config, trained)
    torch.set_num_threads(config.threads)
    finish_bundle(config, towers, teacher_folder() / "tokenizer.json", data, work, out)


def finish_bundle(
    config: PocketConfig, towers: Towers, tokenizer: Path, data: Path, work: Path, out: Path
) -> None:
    """Export trained towers, calibrate them, give them a head, measure them, and write the bundle."""
    staged = work / "bundle"
    write_graphs(towers, config, tokenizer, staged)
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
