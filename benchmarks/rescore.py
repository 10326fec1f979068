"""Re-scoring with T-MASS: its time for 200 and 1,000 clips, beside what reading the clips' frames costs.

Random vectors and a random head of the paper's size (D = 512, F = 12, S = 20); neither changes the work. The
clips lie scattered over a gallery larger than the caches, as candidates do. The peer takes the same pooled
clips and tries the S texts one after the other.

    python -m benchmarks.rescore [--runs N]
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import click
import numpy as np
from numpy.typing import NDArray

from app.bundle.sampling_head import (
    Linear,
    Norm,
    Radius,
    SamplingHead,
)
from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText
from app.search.scorers.tmass import TMassScorer
from app.search.scorers.xpool import PART, FoldedPooling, Slots, Workspace
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery import Gallery, GalleryStore

WIDTH, FRAMES, SAMPLES = 512, 12, 20
SIZES = (200, 1000)
_CLIPS = 5000
_RUNS = 60


@dataclass(frozen=True, slots=True)
class RescoreSpeed:
    """Milliseconds for one query."""

    clips: int
    best: float
    """The fastest run: the time without what else runs on the machine."""
    median: float
    processor: float
    """Processor time of all threads, median: hardly changes with what else runs."""
    floor: float
    """Reading the clips' frames from memory once."""
    peer: float
    """Median with the S texts tried one after the other."""
    peer_best: float
    difference: float
    """Largest difference of a score between the two."""


def measure(sizes: tuple[int, ...] = SIZES, runs: int = _RUNS) -> list[RescoreSpeed]:
    """Time queries over `sizes` clips; the two ways take turns."""
    rng = np.random.default_rng(0)
    head, gallery = random_head(rng), _gallery(rng)
    text = EncodedText.of(10 * rng.standard_normal(WIDTH, np.float32) / np.float32(WIDTH**0.5))
    similarities = gallery.vectors @ text.unit
    scorer, peer = TMassScorer(head), _Direct(head)
    rate = _bandwidth()
    found = []
    for size in sizes:
        clips = rng.permutation(_CLIPS)[:size].astype(np.intp)
        candidates = Candidates.of(clips, gallery, similarities)
        apart = np.abs(scorer.score(text, candidates, gallery) - peer.score(text, candidates, gallery))
        ours, theirs = _in_turns(
            partial(scorer.score, text, candidates, gallery),
            partial(peer.score, text, candidates, gallery),
            runs,
        )
        found.append(
            RescoreSpeed(
                clips=size,
                best=float(ours[:, 0].min()),
                median=float(np.median(ours[:, 0])),
                processor=float(np.median(ours[:, 1])),
                floor=1e3 * size * FRAMES * WIDTH * 4 / rate,
                peer=float(np.median(theirs[:, 0])),
                peer_best=float(theirs[:, 0].min()),
                difference=float(apart.max()),
            )
        )
    return found


def random_head(
    rng: np.random.Generator,
    width: int = WIDTH,
    frames: int = FRAMES,
    *,
    samples: int = SAMPLES,
    radius: Radius = "linear",
    spread: float = 0.1,
    mixing: float = 0.02,
    soft_weight: float = 0.0,
    soft_gain: float = 20.0,
    seed: int = 24,
) -> SamplingHead:
    """A head off its starting values: biases and gains by `spread`, matrices by `mixing` a number."""

    def normal(*shape: int, around: float = 0.0, by: float = spread) -> NDArray[np.float32]:
        return (around + by * rng.standard_normal(shape)).astype(np.float32)

    def linear() -> Linear:
        return Linear(np.eye(width, dtype=np.float32) + normal(width, width, by=mixing), normal(width))

    def norm() -> Norm:
        return Norm(normal(width, around=1.0), normal(width))

    learned = radius == "linear"
    return SamplingHead(
        width=width,
        frames=frames,
        norm1=norm(),
        query=linear(),
        key=linear(),
        value=linear(),
        output=linear(),
        norm2=norm(),
        linear=linear(),
        norm3=norm(),
        radius=radius,
        theta=1.75 if radius == "scalar" else 1.0,
        radius_weight=normal(frames, width, by=0.5) if learned else None,
        radius_bias=normal(width) if learned else None,
        samples=rng.random((samples, width)).astype(np.float32),
        prior="uniform",
        prior_scale=1.0,
        seed=seed,
        soft_maximum_weight=soft_weight,
        soft_maximum_gain=soft_gain,
    )


class _Direct:
    """The same pooled clips, then every sample's texts (K, D) made and compared in turn."""

    def __init__(self, head: SamplingHead) -> None:
        self._head = head
        self._pooling = FoldedPooling.of(head)
        self._space = Workspace(head.width, head.frames)

    def score(self, text: EncodedText, candidates: Candidates, gallery: Gallery) -> NDArray[np.float32]:
        slots = Slots.of(candidates, self._head.frames)
        attention = self._pooling.attention(text.raw)
        pooled = np.concatenate(
            [
                self._pooling.pool(attention, slots[part], gallery, self._space).copy()
                for part in (slice(start, start + PART) for start in range(0, len(slots), PART))
            ]
        )
        pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
        assert self._head.radius_weight is not None
        assert self._head.radius_bias is not None
        radius = np.exp(slots.similarities @ self._head.radius_weight + self._head.radius_bias)
        best = np.full(len(slots), -1, np.float32)
        for sample in self._head.samples:
            moved = text.raw + radius * sample
            moved /= np.linalg.norm(moved, axis=1, keepdims=True)
            np.maximum(best, (moved * pooled).sum(axis=1), out=best)
        return best


def _gallery(rng: np.random.Generator) -> Gallery:
    count = _CLIPS * FRAMES
    store = GalleryStore(WIDTH, count)
    store.append(
        StoredEmbeddings(
            video_id=1,
            folder_id=1,
            revision=1,
            matrix=rng.standard_normal((count, WIDTH), np.float32).astype(np.float16),
            frame_ids=np.arange(count, dtype=np.int64),
            times=np.arange(count, dtype=np.float64),
            clips=np.repeat(np.arange(_CLIPS), FRAMES).astype(np.int32),
        )
    )
    return store.snapshot()


def _bandwidth() -> float:
    """Bytes per second that one thread reads from memory at best."""
    numbers = np.ones(32 << 20, np.float32)
    return float(numbers.nbytes / min(_timed(numbers.sum)[0] for _ in range(10)) * 1e3)


def _in_turns(
    one: Callable[[], object], other: Callable[[], object], runs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each run of both (runs, 2): milliseconds by the clock and of the processor."""
    took = np.array([(_timed(one), _timed(other)) for _ in range(runs)])
    return took[:, 0], took[:, 1]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor, all threads together."""
    busy, started = time.process_time(), time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - started), 1e3 * (time.process_time() - busy)


@click.command()
@click.option("--runs", default=_RUNS, show_default=True)
def main(runs: int) -> None:
    """Measure re-scoring."""
    print(f"D = {WIDTH}, F = {FRAMES}, S = {SAMPLES}, {os.cpu_count()} cores")
    for speed in measure(runs=runs):
        print(
            f"{speed.clips:5d} clips: {speed.median:.1f} ms (best {speed.best:.1f}), "
            f"processor {speed.processor:.1f} ms, reading their frames {speed.floor:.1f} ms, "
            f"samples one by one {speed.peer:.1f} ms (best {speed.peer_best:.1f}), "
            f"largest difference {speed.difference:.0e}"
        )


if __name__ == "__main__":
    main()
