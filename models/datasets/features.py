"""The embeddings of a data set's frames and captions, kept on disk so that no video is decoded twice.

One file per block of videos or captions: a run that was cut off continues with the first missing block.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import MediaError, ModelError, UsageError
from models.datasets.backbones import Backbone
from models.datasets.frames import read_frames
from models.datasets.records import CaptionedVideo, VideoSet

VIDEO_BLOCK = 64
TEXT_BLOCK = 4_096
FORMAT = 1
"""Part of every cache key: counted up when frames are chosen or stored in another way."""

Block = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A video that could not be decoded."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Embeddings of V videos of at most F frames and of the Q captions that describe them.

    Attributes:
        frames: (V, F, D) float16, raw; zeros beyond a video's own frames.
        counts: (V,) int64, frames of each video, at least one.
        texts: (Q, D) float16, raw.
        video_of_text: (Q,) int64, the row of `frames` that each caption describes.
        keys: the V videos' names; empty where they have none.
        failures: the videos that are left out, with all their captions, since they could not be decoded.
    """

    frames: NDArray[np.float16]
    counts: NDArray[np.int64]
    texts: NDArray[np.float16]
    video_of_text: NDArray[np.int64]
    keys: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def mask(self) -> NDArray[np.bool_]:
        """(V, F) bool, True for a real frame."""
        return np.asarray(np.arange(self.frames.shape[1]) < self.counts[:, None], np.bool_)

    def summary(self) -> str:
        """Return what is in the set and, one line each, which videos were left out and why."""
        text = (
            f"{len(self.frames)} videos with {int(self.counts.sum())} frames and {len(self.texts)} captions"
        )
        if not self.failures:
            return f"{text}."
        lines = [f"  {failure.key}: {failure.reason}" for failure in self.failures]
        return "\n".join([f"{text}; {len(self.failures)} could not be decoded and are left out:", *lines])


def cache_features(
    videos: VideoSet, backbone: Backbone, folder: Path, frames: int = 12, *, workers: int = 1
) -> FeatureSet:
    """Embed the frames and captions of a set, or read what an earlier call left in `folder`.

    Frames are decoded at the backbone's own size, as the program does when it indexes.

    The cache is keyed by the backbone's identity and size, the number of frames and, for each video, its key,
    path, size, time of last change and segment; the captions' by the identity and the captions.

    Args:
        videos: the set.
        backbone: embeds them.
        folder: the cache; several sets and backbones may share it.
        frames: most frames per video, F.
        workers: videos decoded at the same time.

    Raises:
        UsageError: the set has no video that can be decoded, or a file of the cache is damaged.
        ModelError: the backbone fails, or gives embeddings that float16 cannot hold.
    """
    blocks = list(_video_blocks(videos, backbone, folder, frames, workers))
    counts = np.concatenate([block["counts"] for block in blocks]) if blocks else np.empty(0, np.int64)
    failures = tuple(Failure(*entry) for block in blocks for entry in _unpacked(block["failures"]))
    if not counts.any():
        why = f": {failures[0].reason}" if failures else "."
        raise UsageError(
            f"No video of {videos.name} ({videos.split}) can be read{why}", "Check the folder of the videos."
        )
    decoded = np.flatnonzero(counts)
    used = [videos.videos[row] for row in decoded]
    captions = [caption for video in used for caption in video.captions]
    features = FeatureSet(
        frames=np.concatenate([block["frames"] for block in blocks])[decoded],
        counts=counts[decoded],
        texts=_text_features(captions, backbone, folder),
        video_of_text=np.repeat(np.arange(len(used)), [len(video.captions) for video in used]),
        keys=tuple(video.key for video in used),
        failures=failures,
    )
    print(f"{videos.summary()} Read: {features.summary()}", flush=True)
    return features


def _video_blocks(
    videos: VideoSet, backbone: Backbone, folder: Path, frames: int, workers: int
) -> Iterator[Block]:
    files = [_file_facts(video) for video in videos.videos]
    cache = _BlockCache(folder, "frames", [backbone.identity, backbone.image_size, frames, files])
    for start in range(0, len(videos.videos), VIDEO_BLOCK):
        part = videos.videos[start : start + VIDEO_BLOCK]
        yield cache.block(
            start,
            f"frames: {start + len(part)} of {len(videos.videos)} videos",
            partial(_embed_videos, part, backbone, frames, workers),
        )


def _text_features(captions: Sequence[str], backbone: Backbone, folder: Path) -> NDArray[np.float16]:
    cache = _BlockCache(folder, "texts", [backbone.identity, list(captions)])
    blocks = []
    for start in range(0, len(captions), TEXT_BLOCK):
        part = captions[start : start + TEXT_BLOCK]
        block = cache.block(
            start,
            f"texts: {start + len(part)} of {len(captions)} captions",
            partial(_embed_texts, part, backbone),
        )
        blocks.append(block["texts"])
    return np.concatenate(blocks)


def _embed_texts(part: Sequence[str], backbone: Backbone) -> Block:
    return {"texts": _half(backbone.encode_texts(part))}


def _embed_videos(part: Sequence[CaptionedVideo], backbone: Backbone, frames: int, workers: int) -> Block:
    embedded = np.zeros((len(part), frames, backbone.width), np.float16)
    counts = np.zeros(len(part), np.int64)
    failures = []
    with contextlib.closing(_decode_ahead(part, frames, backbone.image_size, workers)) as decoded:
        for row, pixels in enumerate(decoded):
            if isinstance(pixels, MediaError):
                failures.append([part[row].key, pixels.sentence])
            else:
                counts[row] = len(pixels)
                embedded[row, : len(pixels)] = _half(backbone.encode_frames(pixels))
    return {"frames": embedded, "counts": counts, "failures": _packed(failures)}


def _decode_ahead(
    part: Sequence[CaptionedVideo], frames: int, short_side: int, workers: int
) -> Generator[NDArray[np.uint8] | MediaError]:
    """The frames of each video, or why there are none, in order; at most two videos per worker wait."""

    def decode(video: CaptionedVideo) -> NDArray[np.uint8] | MediaError:
        try:
            return read_frames(video.path, frames, start=video.start, end=video.end, short_side=short_side)
        except MediaError as error:
            return error

    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        waiting: deque[Future[NDArray[np.uint8] | MediaError]] = deque()
        try:
            for video in part:
                waiting.append(pool.submit(decode, video))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _file_facts(video: CaptionedVideo) -> list[Any]:
    try:
        facts = video.path.stat()
    except OSError:  # gone since the set was read: decoding reports it
        return [video.key, str(video.path), None, None, video.start, video.end]
    return [video.key, str(video.path), facts.st_size, facts.st_mtime_ns, video.start, video.end]


def _half(embeddings: NDArray[np.float32]) -> NDArray[np.float16]:
    largest = float(np.abs(embeddings).max(initial=0.0))
    if not largest <= float(np.finfo(np.float16).max):
        raise ModelError(
            f"The backbone's embeddings reach {largest:g}, which the cache cannot hold.", "Check its weights."
        )
    return embeddings.astype(np.float16)


def _packed(entries: list[list[str]]) -> NDArray[np.uint8]:
    """JSON as bytes: numpy would store text of its own as fixed-width or pickled arrays."""
    return np.frombuffer(json.dumps(entries).encode(), np.uint8)


def _unpacked(stored: NDArray[np.uint8]) -> list[list[str]]:
    entries: list[list[str]] = json.loads(stored.tobytes())
    return entries


class _BlockCache:
    """Blocks of arrays in a folder of their own, named by the SHA-256 of all they depend on."""

    def __init__(self, folder: Path, kind: str, key: Sequence[object]) -> None:
        digest = hashlib.sha256(json.dumps([FORMAT, kind, *key]).encode()).hexdigest()
        self._folder = folder / f"{kind}-{digest[:16]}"

    def block(self, start: int, progress: str, compute: Callable[[], Block]) -> Block:
        """Return the block that begins at row `start`; computed, kept and reported where it is not there."""
        path = self._folder / f"{start:08d}.npz"
        if not path.exists():
            self._write(path, compute())
            print(progress, flush=True)
        try:
            with path.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise UsageError(
                f"The file {path.name} of the cache “{self._folder.name}” is damaged.",
                "Delete it and run the command again.",
            ) from error

    def _write(self, path: Path, block: Block) -> None:
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as handle:
                np.savez(handle, allow_pickle=False, **block)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise UsageError(
                f"The cache in “{self._folder.parent.name}” cannot be written ({error.strerror}).",
                "Make room or choose another folder.",
            ) from error
