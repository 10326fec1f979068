"""What decoding takes: memory of its process, and how well an indexing run fills the cores."""

import os
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from app.disk.formats import is_video_name
from app.indexing.events import (
    CopyFound,
    FirstLookTaken,
    IndexingEvent,
    RunFinished,
    VideoFailed,
    VideoIndexed,
)
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.session import Session
from benchmarks.scale import process_usage
from benchmarks.scale.made_videos import GOP, hd_videos, many_hd_videos, ten_bit_video
from benchmarks.scale.place import NotMeasuredError, Place
from benchmarks.scale.query_speed import cores


def decoder_memory(place: Place) -> list[str]:
    """Peak of the decoding process over one video of each kind."""
    hd = next(iter(sorted(hd_videos(place).iterdir())))
    return [f"{_peak(hd):.0f} / {_peak(ten_bit_video(place)):.0f} MB"]


def _peak(path: Path) -> float:
    peak = 0.0
    with Decoder() as decoder, decoder.open(path, Sampling()) as stream:
        children = list(process_usage.descendants(os.getpid()))
        for _ in stream:
            peak = max(peak, *map(process_usage.peak_resident, children))
        if stream.warning:
            raise NotMeasuredError(f"{path.name}: {stream.warning}")
    return peak


@dataclass(frozen=True, slots=True)
class _IndexingRun:
    """One run over fresh videos."""

    videos: int
    minutes: float
    """Of video."""
    took: float
    """Wall-clock seconds."""
    processor: float
    """Seconds of processor time of all processes."""

    @property
    def rate(self) -> float:
        """Seconds of video per second."""
        return 60 * self.minutes / self.took


def core_share(place: Place) -> list[str]:
    """Share of the cores that an indexing run over real clips and made videos uses."""
    sources = [hd_videos(place)]
    if place.effort.clips is not None and place.effort.clips.is_dir():
        sources.append(place.effort.clips)
    runs = [_index(place, sources) for _ in range(place.effort.runs)]
    share = statistics.median(run.processor / run.took for run in runs) / cores()
    return [f"{share:.0%} of {cores()} cores ({_figures(runs)})"]


def first_pass(place: Place) -> list[str]:
    """How fast many videos with long groups of pictures can be searched, the last one too."""
    sources = many_hd_videos(place)
    runs = [_index(place, sources, until_searchable=True) for _ in range(place.effort.runs)]
    return [f"{_figures(runs)}; GOP {GOP}"]


def _figures(runs: list[_IndexingRun]) -> str:
    rate = statistics.median(run.rate for run in runs)
    processor = statistics.median(run.processor / run.minutes for run in runs)
    return f"{rate:.0f} × real time, {runs[0].videos} videos, processor {processor:.1f} s per minute of video"


def _index(place: Place, sources: list[Path], *, until_searchable: bool = False) -> _IndexingRun:
    """Index into a fresh library, all of it or only until every video can be found."""
    found: dict[Path, float] = {}
    failed: set[Path] = set()
    all_found = threading.Event()

    def watch(event: IndexingEvent) -> None:
        if isinstance(event, FirstLookTaken | VideoIndexed):
            found.setdefault(event.path, event.duration)
        elif isinstance(event, VideoFailed | CopyFound):
            failed.add(event.path)
        if len(found) + len(failed) == wanted or isinstance(event, RunFinished):
            all_found.set()

    with place.scratch("indexed") as library, Session(library) as session:
        folders = [session.add_folder(source).id for source in sources]
        wanted = sum(is_video_name(path.name) for source in sources for path in source.iterdir())
        session.warm_up()
        session.indexer.subscribe(watch)
        processor, started = process_usage.processor_seconds(os.getpid()), time.perf_counter()
        session.indexer.start(folders)
        if until_searchable:
            all_found.wait()
        else:
            session.indexer.wait()
        took = time.perf_counter() - started
        busy = process_usage.processor_seconds(os.getpid()) - processor
        session.indexer.stop()
    if failed or not found:
        raise NotMeasuredError(f"{len(failed)} of {wanted} videos could not be indexed, or were copies")
    return _IndexingRun(len(found), sum(found.values()) / 60, took, busy)
