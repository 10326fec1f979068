"""The training pictures: records, tar shards, and which words belong to which picture."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import cv2
import numpy as np

from models.pocket.pictures.preprocess import Pixels

Part = Literal["train", "dev", "heldout"]
RECORDS = "captions.jsonl.gz"
MORE_RECORDS = "captions-more.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Picture:
    """One training picture.

    `part` is "heldout" (never trained on), "dev" (Flickr8k's official dev pictures: for choices) or "train".
    Captioned pictures have `captions`; labelled ones `label`, `synonyms`, `objects` (several classes) and
    `kind`.
    """

    shard: str
    name: str
    source: str
    part: Part
    captions: tuple[str, ...]
    kind: str
    label: str
    synonyms: tuple[str, ...]
    objects: tuple[str, ...]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        part: Part = "heldout" if record["split"] == "heldout" else "train"
        if part == "train" and record.get("f8k_split") == "dev":
            part = "dev"
        label = record.get("label", "")
        return cls(
            shard=record["shard"],
            name=record["name"],
            source=record["source"],
            part=part,
            captions=tuple(record.get("captions", ())),
            kind=record.get("kind", ""),
            label=label,
            synonyms=tuple(record.get("synonyms", ())),
            objects=tuple(part.strip() for part in label.split(",")) if "labels" in record else (),
        )


def read_pictures(training: Path, records: str = RECORDS) -> list[Picture]:
    """All records of the folder `training`, in the order of its file `records`."""
    with gzip.open(training / records, "rt", encoding="utf-8") as lines:
        return [Picture.from_record(json.loads(line)) for line in lines]


def read_pixels(training: Path, pictures: list[Picture]) -> Iterator[Pixels]:
    """The decoded RGB pixels `(h, w, 3)` of `pictures`, in their order.

    Raises `KeyError` when a shard lacks a picture and `ValueError` when one can't be decoded.
    """
    for picture, encoded in zip(pictures, read_encoded(training, pictures), strict=True):
        yield decode(encoded, picture.name)


def read_encoded(training: Path, pictures: list[Picture]) -> Iterator[bytes]:
    shards: dict[str, tarfile.TarFile] = {}
    try:
        for picture in pictures:
            if picture.shard not in shards:
                shards[picture.shard] = tarfile.open(training / picture.shard)  # noqa: SIM115 - closed below
            member = shards[picture.shard].extractfile(picture.name)
            if member is None:
                raise KeyError(f"{picture.shard} holds no file {picture.name}")
            yield member.read()
    finally:
        for shard in shards.values():
            shard.close()


def decode(encoded: bytes, name: str) -> Pixels:
    """RGB pixels of an encoded picture."""
    pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{name} is not a picture that can be decoded")
    return np.ascontiguousarray(pixels[:, :, ::-1], dtype=np.uint8)
