"""The recipe from raw data to a bundle: caches, the training stages, merged runs, export, measurement."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
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
    TOKENIZER_FILE,
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
from models.pocket.learning.merge import Sample, merge
from models.pocket.learning.quantise import quantise
from models.pocket.networks.efficientnet import EfficientNetLite0, installed_weights, load_imagenet
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import (
    load_teacher,
    load_tokenizer,
    pad,
    teacher_folder,
    tokenise,
)
from models.pocket.networks.text_tower import from_teacher
from models.pocket.networks.towers import TOWERS_FILE, Towers, read_towers, write_towers
from models.pocket.pictures.data import MORE_RECORDS, Part, Picture, read_pictures, read_pixels
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.pictures.preprocess import Pixels, squash
from models.pocket.words.corpus import build_corpus
from models.pocket.words.general_names import GeneralNames, general_sentences
from models.pocket.words.pairs import Families, PairSampler, PictureWords
from models.pocket.words.phrases import collect_phrases
from models.pocket.words.prompts import NAME_PHRASINGS, fill, picture_texts
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

    tokenizer_file = teacher_folder() / TOKENIZER_FILE
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


def train(
    config: PocketConfig, material: Material, data: Path, work: Path, parts: tuple[Part, ...]
) -> Towers:
    """All runs on the pictures of `parts`, merged into one pair of towers; every stage continues from its
    checkpoint in `work`."""
    runs = [
        train_once(replace(config, seed=config.seed + number), material, work, parts)
        for number in range(config.runs)
    ]
    towers = merge(runs, merging_sample(config, data, material.tokenizer))
    if config.int8_stage.steps:
        folder = run_folder(config, work, parts)
        write_towers(towers, folder / EXACT_FILE)
        towers = quantise(config, towers, material.lessons, sampler(config, material, parts), folder)
    return towers


def train_once(config: PocketConfig, material: Material, work: Path, parts: tuple[Part, ...]) -> Towers:
    """One run with one seed, from the backbone to its towers; they are kept in its folder as one file."""
    folder, lessons = run_folder(config, work, parts), material.lessons
    torch.manual_seed(config.seed)
    teacher = lessons.teacher
    text = from_teacher(teacher, config.text, config.embedding_width).to(lessons.device)
    distil(config, text, teacher, lessons.sentences, folder)
    head = JointHead(
        config.image.features, config.image.head_width, config.embedding_width, config.image.dropout
    )
    image = ImageTower(copy.deepcopy(material.trunk), head).to(lessons.device)
    image.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    towers = tune(config, Towers(image, text), lessons, sampler(config, material, parts), folder)
    write_towers(towers, folder / TOWERS_FILE)
    return towers


def run_folder(config: PocketConfig, work: Path, parts: tuple[Part, ...]) -> Path:
    """Where a run with these numbers on these parts keeps its checkpoints and towers."""
    identity = json.dumps([asdict(config), parts], default=str).encode()
    return work / f"run-{hashlib.sha256(identity).hexdigest()[:12]}"


def sampler(config: PocketConfig, material: Material, parts: tuple[Part, ...]) -> PairSampler:
    """Draws the batches of a run."""
    stage = config.joint_stage
    families = Families(word_vectors(material), stage.neighbour_share, stage.family, stage.neighbours)
    return PairSampler(material.pictures, material.words, parts, config.seed, families)


def merging_sample(config: PocketConfig, data: Path, tokenizer_file: Path) -> Sample:
    """Training pictures, whole, and the first words of each: what several runs are merged by."""
    known = [p for p in read_pictures(data / "training") if p.part == "train" and picture_texts(p)]
    chosen = random.Random(config.seed).sample(known, min(config.merge_pictures, len(known)))
    pixels = [squash(pixels, config.views.size) for pixels in read_pixels(data / "training", chosen)]
    tokenizer = load_tokenizer(tokenizer_file)
    words = [picture_texts(picture)[0] for picture in chosen]
    tokens = pad(tokenise(tokenizer, words, config.text.context_length), config.text.pad_id)
    return Sample(torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2), tokens)


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
    print("dev:", dev_recall(material, train(config, material, data, work, ("train",))))


def build_bundle(
    config: PocketConfig, data: Path, work: Path, out: Path, trained: Sequence[Path] = ()
) -> None:
    """Train on train and dev parts and write the bundle to `out`, whole: it is built in `work` first.

    Args:
        config: the recipe.
        data: pictures, clips, words.
        work: caches and checkpoints.
        out: folder of the bundle.
        trained: towers of the runs of this training on another machine, instead of training.
    """
    if not trained:
        material = prepare(config, data, work)
        towers = train(config, material, data, work, ("train", "dev"))
    else:
        sample = merging_sample(config, data, teacher_folder() / TOKENIZER_FILE)
        towers = merge([read_towers(config, path) for path in trained], sample)
    torch.set_num_threads(config.threads)
    finish_bundle(config, towers, teacher_folder() / TOKENIZER_FILE, data, work, out)


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
