"""The captioned real clips as embeddings, to train and to judge a head on: frames that move by themselves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from models.datasets.backbones import Backbone
from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import MixtureConfig
from models.pocket.pictures.data import Part, Picture
from models.pocket.pictures.film_frames import read_frame_pixels, read_frames
from models.pocket.pictures.preprocess import squash

SLOTS = MixtureConfig().frames
CACHE = "real-clips"


def real_clips(folder: Path, work: Path, backbone: Backbone, part: Part) -> FeatureSet | None:
    """The clips of a part and their captions; None where the folder has none.

    Args:
        folder: holds `captions-video.jsonl.gz` and the shards it names.
        work: where the embeddings are kept.
        backbone: embeds frames and captions.
        part: "train" or "heldout".
    """
    pictures = [picture for picture in read_frames(folder) if picture.part == part]
    if not pictures:
        return None
    names = [picture.name for picture in pictures]
    key = hashlib.sha256(json.dumps([backbone.identity, names]).encode()).hexdigest()[:12]
    cache = work / f"{CACHE}-{key}.npz"
    if not cache.exists():
        _write(cache, pictures, folder, backbone)
    with np.load(cache) as stored:
        return FeatureSet(**stored)


def without_own(clips: FeatureSet, share: float) -> FeatureSet:
    """`clips` whose texts lost `share` of the direction of their own clip: for clips an encoder was trained
    on, see `models.datasets.pseudo_videos.weaken_matches`."""
    frames = clips.frames.astype(np.float32)
    frames /= np.maximum(np.linalg.norm(frames, axis=2, keepdims=True), 1e-12)
    own = frames.sum(1)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    texts = clips.texts.astype(np.float32)
    lengths = np.linalg.norm(texts, axis=1, keepdims=True)
    moved = texts / lengths - share * own[clips.video_of_text]
    moved *= lengths / np.linalg.norm(moved, axis=1, keepdims=True)
    return replace(clips, texts=moved.astype(np.float16))


def _write(cache: Path, pictures: list[Picture], folder: Path, backbone: Backbone) -> None:
    counts = [len(list(frames)) for _, frames in groupby(pictures, _clip)]
    captions = [next(frames).captions for _, frames in groupby(pictures, _clip)]
    pixels = [squash(frame, backbone.image_size) for frame in read_frame_pixels(folder, pictures)]
    vectors = backbone.encode_frames(np.stack(pixels)).astype(np.float16)
    frames = np.zeros((len(counts), SLOTS, vectors.shape[1]), np.float16)
    start = 0
    for row, count in enumerate(counts):
        kept = min(count, SLOTS)
        frames[row, :kept] = vectors[start : start + kept]
        start += count
    partial = cache.with_suffix(".part")
    cache.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as handle:
        np.savez(
            handle,
            frames=frames,
            counts=np.minimum(counts, SLOTS).astype(np.int64),
            texts=backbone.encode_texts([text for row in captions for text in row]).astype(np.float16),
            video_of_text=np.repeat(np.arange(len(captions)), [len(row) for row in captions]),
        )
    partial.replace(cache)


def _clip(picture: Picture) -> str:
    return picture.name.split("@", maxsplit=1)[0]
