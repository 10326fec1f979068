"""Indexing speed: video-seconds per second, and as a share of what the encoder alone could do.

python -m benchmarks.indexing [--folder FOLDER] [--runs N]
"""

import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from app.encoders import FrameEncoder
from app.encoders.encoders import BATCH
from app.errors import MediaError
from app.indexing.events import IndexingEvent, RunFinished, VideoIndexed
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.session import Session
from benchmarks.retrieval import CLIPS


@dataclass(frozen=True, slots=True)
class IndexingSpeed:
    """Medians over the runs."""

    videos: int
    video_seconds: float
    frames: int
    took: float
    """Wall-clock seconds of a whole run: scan, encoder start, decoding, encoding, commits."""
    encoder_rate: float
    """Frames per second of the encoder alone, on the same frames, with the same threads, in the same run."""
    decoder_rate: float
    """Frames per second of decoding alone."""
    peak_memory: float
    """MiB of the largest process at its peak."""

    @property
    def video_rate(self) -> float:
        """Seconds of video indexed per second."""
        return self.video_seconds / self.took

    @property
    def share(self) -> float:
        """Frames indexed per second over frames the encoder alone does per second."""
        return self.frames / self.took / self.encoder_rate


def measure(folder: Path, runs: int = 3, model: Path | None = None) -> IndexingSpeed:
    """Index `folder` into a fresh library `runs` times; in between time the encoder and the decoder alone."""
    tooks: list[float] = []
    encoder_rates: list[float] = []
    decoder_rates: list[float] = []
    events: list[IndexingEvent] = []
    for _ in range(runs):
        events.clear()
        with tempfile.TemporaryDirectory() as library, Session(Path(library), model) as session:
            session.add_folder(folder)
            session.indexer.subscribe(events.append)
            session.indexer.start()
            session.indexer.wait()
            finished = events[-1]
            assert isinstance(finished, RunFinished)
            tooks.append(finished.took)
            frames, seconds = _decode_alone(folder, session.bundle.image.size)
            decoder_rates.append(sum(map(len, frames)) / seconds)
            encoder_rates.append(_encode_alone(session.frame_encoder, frames))
    indexed = [event for event in events if isinstance(event, VideoIndexed)]
    kilobytes = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return IndexingSpeed(
        videos=len(indexed),
        video_seconds=sum(event.duration for event in indexed),
        frames=sum(event.frames for event in indexed),
        took=statistics.median(tooks),
        encoder_rate=statistics.median(encoder_rates),
        decoder_rate=statistics.median(decoder_rates),
        peak_memory=kilobytes / 1024,
    )


def _decode_alone(folder: Path, short_side: int) -> tuple[list[np.ndarray], float]:
    frames: list[np.ndarray] = []
    with Decoder() as decoder:
        started = time.perf_counter()
        for path in sorted(folder.iterdir()):
            try:
                with decoder.open(path, Sampling(short_side=short_side)) as stream:
                    frames.append(np.stack([frame.image for frame in stream]))
            except MediaError:
                continue
        return frames, time.perf_counter() - started


def _encode_alone(encoder: FrameEncoder, videos: list[np.ndarray]) -> float:
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
    print(f"  encoder alone {speed.encoder_rate:.1f} frames/s, share {speed.share:.0%}")
    print(f"  decoder alone {speed.decoder_rate:.1f} frames/s")
    print(f"  peak memory of the largest process {speed.peak_memory:.0f} MiB")


if __name__ == "__main__":
    main()
