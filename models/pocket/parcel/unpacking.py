"""Reads a parcel, with NumPy, OpenCV, `tokenizers` and PyTorch alone."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.pocket.learning.joint import Classifier, Lessons
from models.pocket.networks.efficientnet import CLASSES, POOLED, EfficientNetLite0
from models.pocket.networks.teacher import Teacher, encode
from models.pocket.pictures.data import decode
from models.pocket.pictures.preprocess import squash
from models.pocket.words.general_names import GeneralNames
from models.pocket.words.pairs import Indices, PictureWords, Pool
from models.pocket.words.phrases import Phrases
from models.pocket.words.sentences import Sentences

WORDS, PICTURES, TEACHER, TRUNK = "words.npz", "pictures.bin", "teacher.npz", "trunk.npz"
WORD_TABLE, INT8, SCALE = "words.weight", ".int8", ".scale"
DECODERS = 16
AT_ONCE = 256
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What runs need: what they learn from, what batches are drawn from, and the trunk they begin with."""

    lessons: Lessons
    pool: Pool
    trunk: EfficientNetLite0


def unpack(folder: Path, size: int, device: torch.device) -> Parcel:
    """The parcel of `folder` with pictures of `size` pixels, on `device`.

    Raises `KeyError` where an array is missing, `ValueError` where a picture cannot be decoded.
    """
    with np.load(folder / WORDS) as stored:
        words = dict(stored)
    teacher = Teacher()
    teacher.load_state_dict(_teacher_weights(folder / TEACHER))
    teacher = teacher.eval().to(device).requires_grad_(False)
    trunk, classes = EfficientNetLite0(), nn.Linear(POOLED, CLASSES)
    with np.load(folder / TRUNK) as stored:
        trunk.load_state_dict(_weights(stored, "trunk."))
        classes.load_state_dict(_weights(stored, "classes."))
    known = picture_words(words)
    lessons = Lessons(
        pixels(folder / PICTURES, words["kept"], words["sizes"], len(known.groups), size).to(device),
        Sentences.of(sentence_rows(words), device),
        Phrases((), (), _rows(words, "phrases_of")),  # their texts are `phrase_numbers`
        torch.from_numpy(words["phrase_numbers"].astype(np.int64)),
        GeneralNames(
            torch.from_numpy(words["general_numbers"].astype(np.int64)),
            torch.from_numpy(words["general_classes"].astype(np.float32)),
            torch.from_numpy(words["general_told"]),
        ).to(device),
        teacher,
        torch.from_numpy(encode(teacher, sentence_rows(words))).to(device),
        Classifier.of(trunk, classes, torch.from_numpy(words["names"].astype(np.int64)), device),
    )
    return Parcel(lessons, drawn_from(words, known), trunk.eval())


def pixels(path: Path, kept: Indices, sizes: Indices, count: int, size: int) -> Tensor:
    """uint8 `(count, 3, size, size)`: the pictures `kept` of all `count`, squashed; the others are black."""
    content = np.memmap(path, np.uint8, "r")
    ends = np.cumsum(sizes.astype(np.int64))
    squashed = np.zeros((count, 3, size, size), np.uint8)

    def fill(start: int) -> None:
        for row in range(start, min(start + AT_ONCE, len(kept))):
            encoded = content[ends[row] - sizes[row] : ends[row]].tobytes()
            squashed[kept[row]] = squash(decode(encoded, f"picture {kept[row]}"), size).transpose(2, 0, 1)

    cv2.setNumThreads(1)  # the pictures are read side by side already
    with ThreadPoolExecutor(DECODERS) as readers:
        list(readers.map(fill, range(0, len(kept), AT_ONCE)))
    return torch.from_numpy(squashed)


def sentence_rows(words: Arrays) -> list[list[int]]:
    """The token ids of every sentence."""
    ends = np.cumsum(words["lengths"].astype(np.int64))
    return [row.tolist() for row in np.split(words["tokens"].astype(np.int64), ends[:-1])]


def picture_words(words: Arrays) -> PictureWords:
    """Which sentences belong to which picture."""
    return PictureWords(
        _rows(words, "texts_of"),
        words["groups"].astype(np.int64),
        words["label_of"].astype(np.int64),
        np.unpackbits(words["labels_met"], axis=1, count=int(words["labels"])).astype(bool),
    )


def drawn_from(words: Arrays, known: PictureWords) -> Pool:
    """What batches are drawn from."""
    share, size = words["families"]
    captioned, labelled, near = (words[name].astype(np.int64) for name in ("captioned", "labelled", "near"))
    return Pool(known, captioned, labelled, words["odds"], near, float(share), int(size))


def _rows(words: Arrays, name: str) -> tuple[Indices, ...]:
    ends = np.cumsum(words[f"{name}_lengths"].astype(np.int64))
    return tuple(np.split(words[name].astype(np.int64), ends[:-1]))


def _weights(stored: Arrays, prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): _as_float(value)
        for name, value in stored.items()
        if name.startswith(prefix)
    }


def _as_float(value: NDArray[Any]) -> Tensor:
    tensor = torch.from_numpy(np.array(value))
    return tensor.float() if tensor.is_floating_point() else tensor


def _teacher_weights(path: Path) -> dict[str, Tensor]:
    with np.load(path) as stored:
        weights = _weights(stored, "")
    rows, scale = weights.pop(WORD_TABLE + INT8), weights.pop(WORD_TABLE + SCALE)
    return weights | {WORD_TABLE: rows.float() * scale.reshape(-1, 1)}
