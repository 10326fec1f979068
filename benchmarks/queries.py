"""Latency of warm queries over synthetic libraries of 10,000 and 100,000 frames.

The frames' vectors are random; a query's work does not depend on what they show. Each query is a new text, so
encoding is counted.

    python -m benchmarks.queries [--frames N]
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from app.catalogue.reconcile.scan_plan import Listing
from app.catalogue.records import FrameRecord, IndexedVideo
from app.disk.found_file import FoundFile
from app.media.frames import VideoFacts
from app.search.scorers.hubness import bank_texts
from app.session import Session

_PER_VIDEO = 100
_PER_CLIP = 10


@dataclass(frozen=True, slots=True)
class QueryLatency:
    """Milliseconds."""

    frames: int
    p50: float
    p95: float
    encode_p50: float
    load: float
    """Seconds to load the vectors when the library is opened."""


def measure(frames: int, queries: int = 100) -> QueryLatency:
    """Fill a library with `frames` frames and time `queries` different texts."""
    texts = bank_texts()[: queries + 5]
    with tempfile.TemporaryDirectory() as folder:
        library, videos = Path(folder) / "library", Path(folder) / "videos"
        with Session(library) as session:
            fill_library(session, videos, frames)
        with Session(library) as session:
            load = _timed(session.warm_up)
            for text in texts[:5]:
                session.search(text)
            took = [session.search(text).took for text in texts[5:]]
    total = np.array([stage.total for stage in took])
    encode = np.array([stage.encode for stage in took])
    return QueryLatency(
        frames, float(np.median(total)), float(np.percentile(total, 95)), float(np.median(encode)), load
    )


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def fill_library(session: Session, folder: Path, frames: int) -> None:
    """Put `frames` random frames into the session's library, as videos of 100 frames in `folder`."""
    catalogue, model, width = session.catalogue, session.bundle.identity, session.bundle.embedding_width
    rng = np.random.default_rng(0)
    folder.mkdir()
    names = [folder / f"{number:05d}.mp4" for number in range(frames // _PER_VIDEO)]
    found = []
    for number, path in enumerate(names):
        path.write_bytes(number.to_bytes(8, "big"))
        stat = path.stat()
        found.append(FoundFile(path, stat.st_size, stat.st_mtime_ns))
    watched = catalogue.add_folder(folder)
    catalogue.record_scan(watched.id, Listing(found))
    facts = VideoFacts("mp4", "h264", 320, 240, 0, float(_PER_VIDEO), 25.0, None, False, 8)
    records = tuple(
        FrameRecord(float(number), number % 10 == 0, number // _PER_CLIP, b"RIFF")
        for number in range(_PER_VIDEO)
    )
    for video in catalogue.pending(model):
        vectors = rng.standard_normal((_PER_VIDEO, width)).astype(np.float32)
        catalogue.commit_indexed(
            video.id, IndexedVideo(facts, records, vectors, model), fingerprint=f"synthetic {video.id}"
        )


@click.command()
@click.option("--frames", "sizes", multiple=True, type=int, default=(10_000, 100_000), show_default=True)
def main(sizes: tuple[int, ...]) -> None:
    """Measure the latency of warm queries."""
    for size in sizes:
        latency = measure(size)
        print(
            f"{size:7d} frames: p50 {latency.p50:.1f} ms, p95 {latency.p95:.1f} ms "
            f"(encoding {latency.encode_p50:.1f} ms), loaded in {latency.load:.2f} s"
        )


if __name__ == "__main__":
    main()
