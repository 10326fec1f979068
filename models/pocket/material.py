"""Everything a training reads: pictures, words, and the networks it begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.pocket.config import PocketConfig
from models.pocket.devices import device_to_train_on
from models.pocket.export import TOKENIZER_FILE
from models.pocket.learning.joint import Classifier, Lessons
from models.pocket.networks.efficientnet import EfficientNetLite0, installed_weights, load_imagenet
from models.pocket.networks.teacher import (
    cached_vectors,
    load_teacher,
    load_tokenizer,
    teacher_folder,
    tokenise,
)
from models.pocket.pictures.data import MORE_RECORDS, Part, Picture, read_pictures, read_pixels
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.pictures.preprocess import Pixels
from models.pocket.words.corpus import build_corpus
from models.pocket.words.general_names import GeneralNames, general_sentences
from models.pocket.words.pairs import Families, PictureWords, Pool
from models.pocket.words.phrases import collect_phrases
from models.pocket.words.prompts import NAME_PHRASINGS, fill
from models.pocket.words.sentences import Sentences

MOST_CAPTIONS = 5


@dataclass(frozen=True, slots=True)
class Material:
    """What runs learn from, and the trunk and tokenizer they begin with."""

    pictures: list[Picture]
    words: PictureWords
    lessons: Lessons
    trunk: EfficientNetLite0
    tokenizer: Path


def all_pictures(data: Path) -> list[Picture]:
    """The pictures of both training sets and frames of the clips."""
    return [
        *read_pictures(data / "training"),
        *read_pictures(data / "training-more", MORE_RECORDS),
        *read_frames(data / "training-more" / "video"),
    ]


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
    pixels: Iterator[Pixels] = chain(
        read_pixels(data / "training", first),
        read_pixels(data / "training-more", more),
        read_frame_pixels(data / "training-more" / "video", frames),
    )
    pictures = [*first, *more, *frames]
    stored = cached_pixels(pictures, pixels, config.views.size, work)
    if device.type == "cuda":
        stored = stored.to(device)
    return gather(config, data, pictures, stored, device, work)


def gather(
    config: PocketConfig,
    data: Path,
    pictures: list[Picture],
    stored: Tensor,
    device: torch.device,
    work: Path,
) -> Material:
    """The material of `pictures`, whose pixels are `stored` (see `Lessons.pixels`); what the teacher says is
    kept in `work`."""
    tokenizer_file = teacher_folder() / TOKENIZER_FILE
    tokenizer = load_tokenizer(tokenizer_file)
    labels = data / "backbone" / "imagenet_labels.txt"
    texts = build_corpus(pictures, data / "annotations", labels, tokenizer.get_vocab(), config.corpus)
    phrases = collect_phrases(pictures)
    names = imagenet_names(labels)
    spoken = [*phrases.texts, *phrases.written, *chain.from_iterable([*names, *general_sentences()])]
    texts = list(dict.fromkeys([*texts, *spoken]))
    numbers = {text: number for number, text in enumerate(texts)}
    rows = tokenise(tokenizer, texts, config.text.context_length)
    teacher = load_teacher(teacher_folder()).to(device).requires_grad_(False)
    trunk, classes = load_imagenet(installed_weights())
    lessons = Lessons(
        stored,
        Sentences.of(rows, device),
        phrases,
        torch.tensor([[numbers[bare], numbers[written]] for bare, written in phrases.both()]),
        GeneralNames.of(pictures, numbers, len(names)).to(device),
        teacher,
        torch.from_numpy(cached_vectors(teacher, rows, work / "teacher")).to(device),
        Classifier.of(
            trunk, classes, torch.tensor([[numbers[name] for name in row] for row in names]), device
        ),
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


def pool(config: PocketConfig, material: Material, parts: tuple[Part, ...]) -> Pool:
    """What the batches of a run are drawn from."""
    stage = config.joint_stage
    families = Families(word_vectors(material), stage.neighbour_share, stage.family, stage.neighbours)
    return Pool.of(material.pictures, material.words, parts, families)


def word_vectors(material: Material) -> Tensor:
    """The mean of the teacher's vectors of each picture's first words, unit float32 `(P, 384)`; zero where it
    has none."""
    chosen = [numbers[:MOST_CAPTIONS] for numbers in material.words.texts_of]
    said = np.flatnonzero([len(row) for row in chosen])
    lessons = material.lessons
    flat = torch.from_numpy(np.concatenate([chosen[index] for index in said]))
    spoken = lessons.vectors[flat.to(lessons.device)].float().cpu()
    vectors = torch.zeros(len(chosen), spoken.shape[1])
    pieces = torch.split(spoken, [len(chosen[index]) for index in said])
    vectors[torch.from_numpy(said)] = functional.normalize(
        torch.stack([piece.mean(0) for piece in pieces]), dim=-1
    )
    return vectors
