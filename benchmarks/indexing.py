"""Indexing speed: video-seconds per second, and as a share of what the encoder alone could do.

python -m benchmarks.indexing [--folder FOLDER] [--runs N]
"""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.errors import MediaError
from app.indexing.events import IndexingEvent, RunFinished, VideoIndexed
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.runtime.encoders import BATCH
from app.runtime.frame_encoding import FrameEncoding
from app.session import Session
from benchmarks import memory
from benchmarks.retrieval import CLIPS


@dataclass(frozen=True, slots=True)
class IndexingSpeed:
    """Medians over the runs."""

    videos: int
    video_seconds: float
    frames: int
    took: float
    """Wall-clock seconds of a whole run: scan, encoder start, decoding, encoding, commits."""
    encoder_busy: float
    """Seconds of `took` in which the encoder worked, the decoders beside it."""
    encoder_rate: float
    """Frames per second of the encoder alone on an otherwise idle machine: same frames, same threads."""
    decoder_rate: float
    """Frames per second of decoding alone."""
    peak_memory: float
    """MiB of the indexing process at its peak, the first time; a decoder takes about 150 MiB beside it."""

    @property
    def video_rate(self) -> float:
        """Seconds of video indexed per second."""
        return self.video_seconds / self.took

    @property
    def share(self) -> float:
        """Frames indexed per second over frames the encoder does per second while it works in the run."""
        return self.encoder_busy / self.took

    @property
    def share_of_idle(self) -> float:
        """Frames indexed per second over frames the encoder does per second with the machine to itself."""
        return self.frames / self.took / self.encoder_rate


def measure(folder: Path, runs: int = 3, model: Path | None = None) -> IndexingSpeed:
    """Index `folder` into a fresh library `runs` times; in between time the encoder and the decoder alone."""
    seconds_per_run: list[float] = []
    busies: list[float] = []
    peaks: list[float] = []
    encoder_rates: list[float] = []
    decoder_rates: list[float] = []
    events: list[IndexingEvent] = []
    for _ in range(runs):
        events.clear()
        with tempfile.TemporaryDirectory() as library, Session(Path(library), model) as session:
            session.add_folder(folder)
            stopwatch = _Stopwatch(session.frame_encoder)
            session.indexer.subscribe(events.append)
            session.indexer.start()
            session.indexer.wait()
            finished = events[-1]
            assert isinstance(finished, RunFinished)
            seconds_per_run.append(finished.took)
            busies.append(stopwatch.seconds)
            peaks.append(memory.peak())
            frames, seconds = _decode_alone(folder, session.bundle.image.size)
            decoder_rates.append(sum(map(len, frames)) / seconds)
            encoder_rates.append(_encode_alone(session.frame_encoder, frames))
    indexed = [event for event in events if isinstance(event, VideoIndexed)]
    return IndexingSpeed(
        videos=len(indexed),
        video_seconds=sum(event.duration for event in indexed),
        frames=sum(event.frames for event in indexed),
        took=statistics.median(seconds_per_run),
        encoder_busy=statistics.median(busies),
        encoder_rate=statistics.median(encoder_rates),
        decoder_rate=statistics.median(decoder_rates),
        peak_memory=peaks[0],
    )


class _Stopwatch:
    """Adds up the time spent in an encoder's `encode`."""

    def __init__(self, encoder: FrameEncoding) -> None:
        self.seconds = 0.0
        self._encode = encoder.encode
        encoder.encode = self._timed  # type: ignore[method-assign]

    def _timed(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        started = time.perf_counter()
        try:
            return self._encode(frames)
        finally:
            self.seconds += time.perf_counter() - started


def _decode_alone(folder: Path, short_side: int) -> tuple[list[NDArray[np.uint8]], float]:
    frames: list[NDArray[np.uint8]] = []
    with Decoder() as decoder:
        started = time.perf_counter()
        for path in sorted(folder.iterdir()):
            try:
                with decoder.open(path, Sampling(short_side=short_side)) as stream:
                    frames.append(np.stack([frame.image for frame in stream]))
            except MediaError:
                continue
        return frames, time.perf_counter() - started


def _encode_alone(encoder: FrameEncoding, videos: list[NDArray[np.uint8]]) -> float:
    batches = [video[start : start + BATCH] for video in videos for start in range(0, len(video), BATCH)]
    started = time.perf_counter()
    for batch in batches:
        encoder.encode(batch)
    return sum(map(len, batches)) / (time.perf_counter() - started)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=CLIPS)
@click.option("--runs", default=3, show_default=True)
@click.option("--model", type=click.Path(path_type=Path), help="Encoder bundle (default: the bundled one).")
def main(folder: Path, runs: int, model: Path | None) -> None:
    """Measure indexing speed on a folder of videos."""
    speed = measure(folder, runs, model)
    print(f"{speed.videos} videos, {speed.video_seconds:.0f} s, {speed.frames} frames in {speed.took:.2f} s")
    print(f"  {speed.video_rate:.1f} video-seconds per second, {speed.frames / speed.took:.1f} frames/s")
    busy_rate = speed.frames / speed.encoder_busy
    print(f"  encoder in this run {busy_rate:.1f} frames/s, share {speed.share:.0%}")
    print(f"  encoder on an idle machine {speed.encoder_rate:.1f} frames/s, share {speed.share_of_idle:.0%}")
    print(f"  decoder alone {speed.decoder_rate:.1f} frames/s")
    print(f"  peak memory {speed.peak_memory:.0f} MiB")


if __name__ == "__main__":
    main()
