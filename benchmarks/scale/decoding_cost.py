"""What decoding takes: memory of its process, and how well an indexing run fills the cores."""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from app.indexing.events import CopyFound, IndexingEvent, VideoIndexed
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.session import Session
from benchmarks.scale import process_usage
from benchmarks.scale.made_videos import GOP, hd_videos, ten_bit_video
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
    seconds: float
    """Of video."""
    took: float
    """Wall-clock seconds until the run was over."""
    searchable: float
    """Wall-clock seconds until every video could be found for the first time."""
    busy: float
    """Share of the cores that was used."""


def core_share(place: Place) -> list[str]:
    """Share of the cores that an indexing run over real clips and made videos uses."""
    sources = [hd_videos(place)]
    if place.effort.clips is not None and place.effort.clips.is_dir():
        sources.append(place.effort.clips)
    runs = [_index(place, sources) for _ in range(place.effort.runs)]
    share = statistics.median(run.busy for run in runs)
    rate = statistics.median(run.seconds / run.took for run in runs)
    return [f"{share:.0%} of {cores()} cores ({runs[0].videos} videos, {rate:.0f} × real time)"]


def first_pass(place: Place) -> list[str]:
    """How fast long groups of pictures become searchable for the first time."""
    runs = [_index(place, [hd_videos(place)]) for _ in range(place.effort.runs)]
    rate = statistics.median(run.seconds / run.searchable for run in runs)
    return [f"{rate:.0f} × real time (GOP {GOP}, {runs[0].videos} videos)"]


def _index(place: Place, sources: list[Path]) -> _IndexingRun:
    first: dict[Path, tuple[float, float]] = {}

    def watch(event: IndexingEvent) -> None:
        if isinstance(event, VideoIndexed):
            first.setdefault(event.path, (event.duration, time.perf_counter()))
        assert not isinstance(event, CopyFound), f"{event.path} is the same as another video"

    with place.scratch("indexed") as library, Session(library) as session:
        folders = [session.add_folder(source).id for source in sources]
        session.warm_up()
        session.indexer.subscribe(watch)
        processor, started = process_usage.processor_seconds(os.getpid()), time.perf_counter()
        session.indexer.start(folders)
        session.indexer.wait()
        took = time.perf_counter() - started
        busy = process_usage.processor_seconds(os.getpid()) - processor
    if not first:
        raise NotMeasuredError("no video could be indexed")
    return _IndexingRun(
        videos=len(first),
        seconds=sum(duration for duration, _ in first.values()),
        took=took,
        searchable=max(moment for _, moment in first.values()) - started,
        busy=busy / took / cores(),
    )
