"""Makes small folders, files and rows for the library's tests; nobody decodes, so no file is a real video."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import (
    FrameRecord,
    IndexedVideo,
    ScanResult,
    Video,
)
from app.media.fingerprints import fingerprint
from app.media.frames import VideoFacts

MODEL = "tiny-1"
WIDTH = 8


def make_file(path: Path, content: bytes | str) -> Path:
    """Write a file whose content is different for each `content`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    return path


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's power to read everything; for tests of permissions, which root would never meet."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def rows_for(
    video: Video,
    count: int = 5,
    *,
    seed: int = 0,
    model: str = MODEL,
    width: int = WIDTH,
    vectors: NDArray[np.float32] | None = None,
    clip_frames: int = 2,
) -> IndexedVideo:
    """What indexing might find in a video: `count` frames, one per second, two per clip."""
    facts = VideoFacts("mp4", "h264", 64, 36, 0, float(count), 25.0, "2024-05-01T10:00:00", True, video.size)
    frames = tuple(
        FrameRecord(float(i), i == 0, i // clip_frames, f"picture {seed} {i}".encode()) for i in range(count)
    )
    if vectors is None:
        vectors = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    return IndexedVideo(facts, frames, vectors, model)


def rescan(catalogue: Catalogue, folder: Path, *, settle: float = 0.0) -> ScanResult:
    """Scan one watched folder."""
    watched = next(found for found in catalogue.folders() if found.path == folder)
    result = catalogue.scan_folder(watched.id, settle=settle)
    assert result is not None
    return result


def index_all(
    catalogue: Catalogue, model: str = MODEL, *, count: int = 5, only: Sequence[int] | None = None
) -> list[int]:
    """Commit rows for every pending video; returns their ids. Vectors differ per video and content."""
    done = []
    for video in catalogue.pending(model):
        if only is None or video.id in only:
            content = fingerprint(video.path)
            rows = rows_for(video, count, seed=int(content[-8:], 16), model=model)
            catalogue.commit_indexed(video.id, rows, fingerprint=content, mtime_ns=video.mtime_ns)
            done.append(video.id)
    return done


def at(catalogue: Catalogue, path: Path) -> Video:
    """The video of a path."""
    return next(video for video in catalogue.videos(gone=True) if video.path == path)


def counts(catalogue: Catalogue, folder: Path) -> tuple[int, int, int, int, int]:
    """Scan a folder; returns how many files were found, added, changed, moved and missing."""
    result = rescan(catalogue, folder)
    return result.found, result.added, result.changed, result.moved, result.missing
