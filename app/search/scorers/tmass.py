"""T-MASS at query time, in numpy (Wang et al., CVPR 2024, "Text Is MASS: Modeling as Stochastic Embedding").

A clip is pooled to ψ as the text asks for (`app.search.scorers.xpool`). The text becomes S points
`t + R ⊙ ε_s`, its radius R from how similar the clip's frames are; the point nearest to ψ counts:
`score = max_s cos(t + R ⊙ ε_s, ψ)`.

The points are never made. With V = ψ/‖ψ‖ three matrix products give all of them for all clips:

    numerator = V·t + (R ⊙ V)·Eᵀ
    ‖t_s‖²    = t·t + 2·(R ⊙ t)·Eᵀ + (R ⊙ R)·(E ⊙ E)ᵀ
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.sampling_head import SamplingHead
from app.errors import ModelError
from app.search.candidates import Candidates
from app.search.scorers.cosine import EncodedText
from app.search.scorers.xpool import PART, Floats, FoldedPooling, Rows, Slots, Workspace
from app.vectors.vector_index import Gallery

_ALONE = 300
"""Clips below which a second thread costs more than it brings."""

_THREADS = 4
"""Threads at most: beyond it memory sets the pace."""

_TINY = np.float32(1e-24)


class TMassScorer:
    """Re-scores clips with a bundle's trained head. Thread-safe; the same input gives the same bits."""

    name = "t-mass"

    def __init__(self, head: SamplingHead, *, threads: int | None = None) -> None:
        """Fold the head's matrices; takes some hundredths of a second.

        Args:
            head: the trained head.
            threads: how many work on one query, as many as there are cores (at most 4) where None.
        """
        self._head = head
        self._threads = threads or min(_THREADS, os.cpu_count() or 1)
        self._pooling = FoldedPooling.of(head)
        self._samples = _Samples.of(head)
        self._idle: deque[Workspace] = deque()
        # They wait for the next query, and end with the scorer.
        self._helpers = ThreadPoolExecutor(max(1, self._threads - 1), thread_name_prefix="reelfind-rescore")

    def score(self, text: EncodedText, candidates: Candidates, gallery: Gallery) -> Floats:
        """See `Scorer.score`: cosines, blended with the soft maximum of the frames' where the head says so.

        A clip of more than F frames is seen through F evenly spaced ones, a shorter one as it is.

        Raises:
            ModelError: the head gives numbers that are not finite.
        """
        if len(candidates.clips) == 0:
            return np.empty(0, np.float32)
        slots = Slots.of(candidates, self._head.frames)
        # Clips of one length together: nothing is padded. In the gallery's order: memory is read forwards.
        order = np.lexsort((candidates.clips, slots.lengths))
        asked = _Asked.of(text, self._pooling, self._samples)
        scores = np.empty(len(order), np.float32)

        def work(part: Rows) -> None:
            with np.errstate(all="ignore"):  # what comes of numbers too large is looked at below
                scores[part] = self._score(asked, slots[part], gallery)

        todo = deque(self._parts(order))

        def work_on() -> None:
            while True:
                try:
                    part = todo.popleft()
                except IndexError:
                    return
                work(part)

        helping = [self._helpers.submit(work_on) for _ in range(min(self._threads, len(todo)) - 1)]
        work_on()
        for helper in helping:
            if not helper.cancel():  # on a busy machine it may not have begun, and all is done
                helper.result()
        if not np.isfinite(scores).all():
            raise ModelError(
                "The re-scoring head of the model gives numbers that are not finite.",
                "Choose another scorer, or install the model again.",
            )
        return scores

    def _parts(self, order: Rows) -> list[Rows]:
        """Even parts, a multiple of the threads where there is work for them."""
        threads = self._threads if len(order) > _ALONE else 1
        rounds = -(-len(order) // (PART * threads))
        return np.array_split(order, rounds * threads)

    def _score(self, asked: "_Asked", slots: Slots, gallery: Gallery) -> Floats:
        """Scores (k,) of clips in order of length."""
        real, seen = slots.real, slots.similarities
        sums = np.where(real, seen, 0).sum(axis=1)
        means = (sums / slots.lengths).astype(np.float32)
        with self._workspace() as space:
            pooled = self._pooling.pool(asked.attention, slots, gallery, space)
            radius = self._radius(np.where(real, seen, means[:, np.newaxis]), means, space)
            best = self._samples.best(asked, pooled, radius, space)
        weight = np.float32(self._head.soft_maximum_weight)
        if weight:
            best = (1 - weight) * best + weight * self._soft_maximum(seen, real)
        return best

    def _radius(self, similarities: Floats, means: Floats, space: Workspace) -> Floats | None:
        """R: (k, D) `linear`, (k, 1) `cos` and `scalar`, None where no text moves.

        The linear radius has a weight per slot; a short clip's missing slots hold the mean of its others, so
        that its radius is on the scale of a full clip's.
        """
        head = self._head
        if head.radius == "none" or len(head.samples) == 0:
            return None
        if head.radius_weight is None or head.radius_bias is None:
            mean_radius: Floats = np.exp(np.float32(head.theta) * means)
            return mean_radius[:, np.newaxis]
        radius = space.radius[: len(means)]
        np.matmul(similarities, head.radius_weight, out=radius)
        radius += head.radius_bias
        return np.exp(radius, out=radius)

    def _soft_maximum(self, similarities: Floats, real: NDArray[np.bool_]) -> Floats:
        """`(1/g) · log mean_i exp(g · s_i)` over the real frames."""
        gain = np.float32(self._head.soft_maximum_gain)
        filled = np.where(real, similarities, -np.inf)
        best = filled.max(axis=1, keepdims=True)
        mean = np.exp(gain * (filled - best)).sum(axis=1) / real.sum(axis=1, dtype=np.float32)
        return np.asarray(best[:, 0] + np.log(mean) / gain, dtype=np.float32)

    @contextmanager
    def _workspace(self) -> Iterator[Workspace]:
        """Buffers for one thread, used again by the next query."""
        try:
            space = self._idle.pop()
        except IndexError:
            space = Workspace(self._head.width, self._head.frames)
        try:
            yield space
        finally:
            self._idle.append(space)


@dataclass(frozen=True, slots=True)
class _Samples:
    """E in the forms that the products need; float32."""

    points: Floats
    """(D, S): Eᵀ."""
    squares: Floats
    """(D, S): (E ⊙ E)ᵀ."""

    @classmethod
    def of(cls, head: SamplingHead) -> "_Samples":
        points = np.ascontiguousarray(head.samples.T)
        return cls(points, points * points)

    def best(self, asked: "_Asked", pooled: Floats, radius: Floats | None, space: Workspace) -> Floats:
        """`max_s cos(t + R ⊙ ε_s, ψ)` (k,) of ψ (k, D) and R (k, D), (k, 1) or None: cos(t, ψ).

        `radius` is overwritten.
        """
        top = pooled @ asked.text
        sizes = np.sqrt(np.maximum(np.einsum("ij,ij->i", pooled, pooled), _TINY))
        if radius is None:
            return np.asarray(top / (sizes * np.sqrt(np.maximum(asked.square, _TINY))), dtype=np.float32)
        if radius.shape[1] == 1:
            numerator = radius * (pooled @ self.points)
            square = asked.square + radius * asked.doubled.sum(axis=0)
            square += radius * radius * self.squares.sum(axis=0)
        else:
            product = np.multiply(radius, pooled, out=space.summed[: len(pooled)])
            numerator = product @ self.points
            square = radius @ asked.doubled
            square += np.multiply(radius, radius, out=radius) @ self.squares
            square += asked.square
        numerator += top[:, np.newaxis]
        numerator /= np.sqrt(np.maximum(square, _TINY, out=square), out=square)
        return np.asarray(numerator.max(axis=1) / sizes, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is computed once per query."""

    text: Floats
    """t, (D,) raw: its length says how far R ⊙ ε moves it."""
    square: np.float32
    """t·t"""
    doubled: Floats
    """(D, S): 2·t ⊙ E, transposed."""
    attention: Floats
    """u, (D,)."""

    @classmethod
    def of(cls, text: EncodedText, pooling: FoldedPooling, samples: _Samples) -> "_Asked":
        raw = text.raw
        return cls(
            raw, np.float32(raw @ raw), 2 * raw[:, np.newaxis] * samples.points, pooling.attention(raw)
        )
