"""What the one writer needs for a frame: rows as large as real ones, by the program’s own commit."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.catalogue.catalogue import Catalogue
from benchmarks.scale.synthetic_library import indexed_video, write_video

_MODEL, _WIDTH = "archive-of-a-benchmark", 384
_FRAMES_PER_CLIP = 6
_PICTURE = 6223
"""Bytes: the mean of the given clips."""


@dataclass(frozen=True, slots=True)
class CommitCost:
    """Per frame."""

    seconds: float
    """As the clock goes: the disk’s share too."""
    processor: float
    bytes: float
    """Of the library’s file."""


def measure(videos: int, frames: int) -> CommitCost:
    """Commit so many videos of so many frames into a new library."""
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory(prefix="reelfind-archive-") as name:
        folder = Path(name) / "videos"
        folder.mkdir()
        for number in range(videos):
            write_video(folder / f"{number:06d}.mp4", number)
        with Catalogue(Path(name) / "library") as catalogue:
            watched = catalogue.add_folder(folder)
            catalogue.scan_folder(watched.id, settle=0)
            clips = np.arange(frames, dtype=np.int64) // _FRAMES_PER_CLIP
            taken = processor = 0.0
            for video in catalogue.pending(_MODEL):
                vectors = rng.standard_normal((frames, _WIDTH), np.float32)
                rows = indexed_video(video.path, vectors, clips, _MODEL, rng.bytes(_PICTURE))
                started, busy = time.perf_counter(), time.process_time()
                catalogue.commit_indexed(video.id, rows, fingerprint=f"{video.id:064x}")
                taken += time.perf_counter() - started
                processor += time.process_time() - busy
        size = (Path(name) / "library" / "library.db").stat().st_size
    total = videos * frames
    return CommitCost(taken / total, processor / total, size / total)
