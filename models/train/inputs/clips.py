"""Decoded frames of a data set on disk, for backbones that are trained themselves.

One file per video, uint8 `(n, S, S, 3)`: a run that was cut off continues with the first missing one. A video
that cannot be decoded is tried again by the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec
from app.errors import MediaError, UsageError
from app.runtime.preprocess import fit_batch
from models.datasets.features import Failure
from models.datasets.frames import read_frames
from models.datasets.records import CaptionedVideo, VideoSet

FORMAT = 1
"""Part of every file's name: counted up when frames are chosen or stored in another way."""
REPORT_EVERY = 64


@dataclass(frozen=True, slots=True)
class ClipSet:
    """V videos as files of frames, and the Q captions that describe them.

    `counts` int64 `(V,)` frames of each, at least one; `video_of_text` int64 `(Q,)`; `failures` are the
    videos that are left out with their captions.
    """

    files: tuple[Path, ...]
    counts: NDArray[np.int64]
    captions: tuple[str, ...]
    video_of_text: NDArray[np.int64]
    failures: tuple[Failure, ...]

    def frames(self, video: int) -> NDArray[np.uint8]:
        """The frames of a video, `(n, S, S, 3)` RGB.

        Raises:
            UsageError: the file is gone or damaged.
        """
        return _read(self.files[video])

    def summary(self) -> str:
        """What is in the set and, one line each, which videos were left out and why."""
        text = f"{len(self.files)} videos and {len(self.captions)} captions"
        lines = [f"  {failure.key}: {failure.reason}" for failure in self.failures]
        left_out = f"; {len(lines)} could not be decoded and are left out:" if lines else "."
        return "\n".join([text + left_out, *lines])


def cache_clips(videos: VideoSet, spec: ImageSpec, folder: Path, frames: int) -> ClipSet:
    """Decode `frames` frames of every video as the encoder sees them, or find them decoded in `folder`.

    Files are named by the SHA-256 of the video's path, size, time of last change and segment, and of `spec`
    and `frames`.

    Raises:
        UsageError: no video can be decoded, or a file of the cache is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, counts, used, failures = [], [], [], []
    for number, video in enumerate(videos.videos, start=1):
        cached = _cached(video, spec, folder, frames)
        if isinstance(cached, Failure):
            failures.append(cached)
        else:
            files.append(cached)
            counts.append(len(_read(cached)))
            used.append(video)
        if number % REPORT_EVERY == 0 or number == len(videos.videos):
            print(f"clips: {number} of {len(videos.videos)} videos", flush=True)
    if not files:
        raise UsageError(
            f"No video of {videos.name} ({videos.split}) can be read.", "Check the folder of the videos."
        )
    return ClipSet(
        files=tuple(files),
        counts=np.array(counts, np.int64),
        captions=tuple(caption for video in used for caption in video.captions),
        video_of_text=np.repeat(np.arange(len(used)), [len(video.captions) for video in used]),
        failures=tuple(failures),
    )


def _cached(video: CaptionedVideo, spec: ImageSpec, folder: Path, frames: int) -> Path | Failure:
    """The file of a video's frames, decoded where it is not there, or why there is none."""
    try:
        facts = video.path.stat()
    except OSError as error:
        return Failure(video.key, f"The file cannot be read ({error.strerror}).")
    facts_of = [FORMAT, str(video.path), facts.st_size, facts.st_mtime_ns, video.start, video.end]
    name = hashlib.sha256(json.dumps([*facts_of, asdict(spec), frames]).encode()).hexdigest()[:32]
    path = folder / f"{name}.npy"
    if not path.exists():
        try:
            decoded = read_frames(video.path, frames, start=video.start, end=video.end)
        except MediaError as error:
            return Failure(video.key, error.sentence)
        _write(path, fit_batch(decoded, spec))
    return path


def _write(path: Path, pixels: NDArray[np.uint8]) -> None:
    partial = path.with_suffix(f".{os.getpid()}.part")
    try:
        with partial.open("wb") as handle:
            np.save(handle, pixels, allow_pickle=False)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _read(path: Path) -> NDArray[np.uint8]:
    """Mapped, not read: only what is looked at comes from the disk."""
    try:
        pixels: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(
            f"The file {path.name} of the cached frames is damaged.", "Delete it and run the command again."
        ) from error
    return pixels
