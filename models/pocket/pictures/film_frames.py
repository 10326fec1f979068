"""Frames of the captioned training clips, as pictures: a few of each clip, evenly spaced."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import av
import numpy as np

from models.pocket.pictures.data import Part, Picture
from models.pocket.pictures.preprocess import Pixels

RECORDS = "captions-video.jsonl.gz"
SOURCE = "frames"
FRAMES_PER_CLIP = 8
CLOSEST = 0.75
"""Seconds between two frames of a clip, at least."""


def read_frames(folder: Path) -> list[Picture]:
    """A picture for each frame that is taken, named `FILE@NUMBER`; none where the folder has no clips.

    Args:
        folder: holds `captions-video.jsonl.gz` and the shards it names.
    """
    if not (folder / RECORDS).exists():
        return []
    with gzip.open(folder / RECORDS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    pictures: list[Picture] = []
    for record in records:
        part: Part = "heldout" if record["split"] == "heldout" else "train"
        count = max(1, round(record["seconds"] * record["fps"]))
        step = max(round(CLOSEST * record["fps"]), count // FRAMES_PER_CLIP)
        pictures.extend(
            Picture(
                record["shard"],
                f"{record['file']}@{number}",
                SOURCE,
                part,
                tuple(record["captions"]),
                "",
                "",
                (),
                (),
            )
            for number in range(min(step // 2, count - 1), count, step)
        )
    return pictures


def read_frame_pixels(folder: Path, pictures: list[Picture]) -> Iterator[Pixels]:
    """The RGB pixels `(h, w, 3)` of `read_frames`' pictures, in their order; each clip is decoded once.

    A number beyond a clip's end gives its last frame. Raises `KeyError` when a shard lacks a clip.
    """
    for (shard, file), frames in groupby(
        pictures, lambda picture: (picture.shard, picture.name.split("@")[0])
    ):
        numbers = [int(frame.name.split("@")[1]) for frame in frames]
        with tarfile.open(folder / shard) as clips:
            stored = clips.extractfile(file)
            if stored is None:
                raise KeyError(f"{shard} holds no file {file}")
            decoded = _decoded(stored.read(), max(numbers))
        yield from (decoded[min(number, len(decoded) - 1)] for number in numbers)


def _decoded(clip: bytes, last: int) -> list[Pixels]:
    frames: list[Pixels] = []
    with av.open(io.BytesIO(clip), "r", metadata_errors="replace") as container:
        for number, frame in enumerate(container.decode(video=0)):
            frames.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            if number == last:
                break
    return frames
