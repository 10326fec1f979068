"""Writes a parcel: pictures as they were stored, sentences as tokens, networks that training begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from app.model_intake.graphs.storing import quantise_rows
from models.pocket.config import PocketConfig
from models.pocket.material import Material, all_pictures, gather, pool
from models.pocket.networks.efficientnet import installed_weights, load_imagenet
from models.pocket.parcel.unpacking import INT8, PICTURES, SCALE, TEACHER, TRUNK, WORD_TABLE, WORDS
from models.pocket.pictures.data import MORE_RECORDS, Picture, read_encoded, read_pictures
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.words.pairs import Pool

Arrays = dict[str, NDArray[Any]]
FRAME_QUALITY = 92
"""Of a clip's frame as WebP."""


def pack(config: PocketConfig, data: Path, work: Path, folder: Path) -> None:
    """Write what training on the train and dev parts of `data` needs to `folder`; `work` keeps caches."""
    pictures = all_pictures(data)
    material = gather(config, data, pictures, torch.empty(0), torch.device("cpu"), work)
    trunk, classes = load_imagenet(installed_weights())
    drawn = pool(config, material, ("train", "dev"))
    write_parcel(material, drawn, encoded(data), {"trunk": trunk, "classes": classes}, folder)


def write_parcel(
    material: Material,
    drawn: Pool,
    contents: Iterable[bytes],
    networks: Mapping[str, nn.Module],
    folder: Path,
) -> None:
    """Write what a training of `material` needs to `folder`, each file whole or not at all.

    Args:
        material: its pixels are not read.
        drawn: what batches are drawn from.
        contents: the stored bytes of every picture that is not held out, in order.
        networks: the `trunk` and the `classes` that training begins with.
        folder: is made where it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = np.array([n for n, picture in enumerate(material.pictures) if picture.part != "heldout"], np.int32)
    sizes = _write_pictures(folder / PICTURES, contents)
    if len(sizes) != len(kept):
        raise ValueError(f"{len(kept)} pictures are known, {len(sizes)} were read")
    _write(folder / WORDS, words_of(material, drawn) | {"kept": kept, "sizes": sizes})
    teacher = {name: value.half().numpy() for name, value in material.lessons.teacher.state_dict().items()}
    rows, scale = quantise_rows(teacher.pop(WORD_TABLE).astype(np.float32))
    _write(folder / TEACHER, teacher | {WORD_TABLE + INT8: rows, WORD_TABLE + SCALE: scale})
    weights = {
        f"{network}.{name}": value.half().numpy() if value.is_floating_point() else value.numpy()
        for network, module in networks.items()
        for name, value in module.state_dict().items()
    }
    _write(folder / TRUNK, weights)


def words_of(material: Material, drawn: Pool) -> Arrays:
    """Everything but pixels and networks, as arrays; rows of several lengths as one and their lengths."""
    lessons, words = material.lessons, material.words
    tokens, lengths = lessons.sentences.tokens.numpy(), lessons.sentences.lengths.numpy()
    real = np.arange(tokens.shape[1])[None] < lengths[:, None]
    return {
        "tokens": tokens[real].astype(np.uint16),
        "lengths": lengths.astype(np.int32),
        **_rows("texts_of", words.texts_of),
        "groups": words.groups.astype(np.int32),
        "label_of": words.label_of.astype(np.int32),
        "labels_met": np.packbits(words.labels_met, axis=1),
        "labels": np.array(words.labels_met.shape[1]),
        "captioned": drawn.captioned.astype(np.int32),
        "labelled": drawn.labelled.astype(np.int32),
        "odds": drawn.odds,
        "near": drawn.near.astype(np.int32),
        "families": np.array([drawn.share, drawn.size]),
        **_rows("phrases_of", lessons.phrases.of_picture),
        "phrase_numbers": lessons.phrase_numbers.numpy().astype(np.int32),
        "general_numbers": lessons.general.numbers.numpy().astype(np.int32),
        "general_classes": lessons.general.classes.numpy().astype(np.uint8),
        "general_told": lessons.general.told.numpy(),
        "names": lessons.classifier.names.numpy().astype(np.int32),
    }


def encoded(data: Path) -> Iterator[bytes]:
    """The stored bytes of every picture that is not held out, in the order of `all_pictures`; a clip's frames
    as WebP."""
    for folder, records in ((data / "training", ()), (data / "training-more", (MORE_RECORDS,))):
        yield from read_encoded(folder, _known(read_pictures(folder, *records)))
    video = data / "training-more" / "video"
    for frame in read_frame_pixels(video, _known(read_frames(video))):
        ok, content = cv2.imencode(".webp", frame[:, :, ::-1], [cv2.IMWRITE_WEBP_QUALITY, FRAME_QUALITY])
        if not ok:
            raise ValueError("OpenCV cannot write WebP here")
        yield content.tobytes()


def _known(pictures: list[Picture]) -> list[Picture]:
    return [picture for picture in pictures if picture.part != "heldout"]


def _rows(name: str, rows: Sequence[NDArray[np.int64]]) -> Arrays:
    lengths = np.array([len(row) for row in rows], np.int32)
    return {name: np.concatenate(rows).astype(np.int32), f"{name}_lengths": lengths}


def _write_pictures(path: Path, contents: Iterable[bytes]) -> NDArray[np.int32]:
    """The pictures one after another; returns their sizes."""
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        sizes = [out.write(content) for content in contents]
    part.replace(path)
    return np.array(sizes, np.int32)


def _write(path: Path, arrays: Arrays) -> None:
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **cast(dict[str, Any], arrays))
    part.replace(path)
