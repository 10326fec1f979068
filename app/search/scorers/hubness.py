"""Query-bank normalisation: clips that match every query count for less (QB-Norm, Bogolin et al., CVPR 2022).

Some clips, the hubs, are near to many queries whatever they show. A bank of typical queries finds them. With
`s(b, v) = cos(b, mean of v's unit frames)` and β = 20 every clip has a level

    level(v) = (1/β) · log mean_b exp(β · s(b, v))

and the hubs are the clips that come first for some query of the bank. Dynamic inverted softmax: where the
first clip of a query is a hub, `exp(β · score) / Σ_b exp(β · s(b, v))` ranks, else the score as it is. Here
the same ranking is given as `score - level(v) + mean level`, which stays on the scale of cosines.

Levels are made when a video was indexed, and kept with its embeddings.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import StoredHubness
from app.paths import resource
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.vector_index import Gallery

if TYPE_CHECKING:
    from app.runtime.encoders import TextEncoder

BETA = 20.0
"""Inverse temperature, as in the released code."""

_BATCH = 64
"""Videos per transaction."""

_TEXTS = 16
"""Texts that are encoded between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class Hubs:
    """The clips of one gallery with what the bank says of them."""

    hub: NDArray[np.bool_]
    """(C,) whether a clip comes first for some query of the bank."""
    offset: NDArray[np.float32]
    """(C,) mean level - level: what is added to a clip's score; 0 on average."""

    def corrected(self, scores: NDArray[np.float32], clips: NDArray[np.intp]) -> NDArray[np.float32]:
        """Scores (K,) of `clips` (K,) on the scale of cosines, corrected where the first clip is a hub."""
        if len(scores) == 0 or not self.hub[clips[int(np.argmax(scores))]]:
            return scores
        return scores + self.offset[clips]


class HubnessCache:
    """Compares a library's clips with the bank, once, and answers for a gallery. Thread-safe."""

    def __init__(self, catalogue: Catalogue, model: str, encoder: "Callable[[], TextEncoder]") -> None:
        """Nothing is loaded yet.

        Args:
            catalogue: where levels are kept.
            model: identity of the encoder bundle.
            encoder: gives the text encoder; called once per library and model.
        """
        self._catalogue = catalogue
        self._model = model
        self._encoder = encoder
        self._encoding = threading.Lock()
        self._comparing = threading.Lock()  # only ever tried: nobody waits while videos are compared
        self._answered: tuple[Gallery, Hubs] | None = None

    def update(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Compare every video with the bank that was not yet; quick where there is none.

        Args:
            stop: asked every few texts and videos; what was kept until then stays.

        Raises:
            LibraryError: the library cannot be read or written.
            ModelError: the text encoder cannot be used.
        """
        first = self._comparing.acquire(blocking=False)
        try:
            self._compare(stop, wait=True)
        finally:
            if first:
                self._comparing.release()

    def bank(self) -> NDArray[np.float32] | None:
        """The vectors of the bank (B, D) float32, L2-normalised; encoded once per library and model.

        None while another thread encodes it for the first time.

        Raises:
            LibraryError, ModelError: as `update`.
        """
        return self._bank(lambda: False, wait=False)

    def hubs(self, gallery: Gallery) -> Hubs:
        """The hubs of a gallery, after `update`; a video that came since counts as an ordinary one.

        So does one that another thread has yet to compare: nobody waits for it.

        Raises:
            LibraryError, ModelError: as `update`.
        """
        answered = self._answered
        if answered is not None and answered[0] is gallery:
            return answered[1]
        complete = False
        if self._comparing.acquire(blocking=False):
            try:
                complete = self._compare(lambda: False, wait=False)
            finally:
                self._comparing.release()
        hubs = find_hubs(gallery, self._catalogue.hubness(self._model, bank_name(bank_texts())))
        if complete:
            self._answered = (gallery, hubs)
        return hubs

    def _compare(self, stop: Callable[[], bool], *, wait: bool) -> bool:
        """Compare what was not yet; returns whether all is. `wait`: see `_bank`."""
        bank = bank_name(bank_texts())
        missing = self._catalogue.lacking_hubness(self._model, bank)
        if not missing:
            return True
        vectors = self._bank(stop, wait=wait)
        if vectors is None:
            return False
        make = partial(compare, vectors)
        for start in range(0, len(missing), _BATCH):
            if stop():
                return False
            self._catalogue.keep_hubness(self._model, bank, missing[start : start + _BATCH], make)
        return True

    def _bank(self, stop: Callable[[], bool], *, wait: bool) -> NDArray[np.float32] | None:
        """The bank as it was kept, else encoded and kept; None where it was stopped.

        Args:
            stop: asked every few texts.
            wait: whether to wait for another thread that encodes it now; None where not.
        """
        texts = bank_texts()
        name = bank_name(texts)
        kept = self._catalogue.bank(self._model, name)
        if kept is not None or not self._encoding.acquire(blocking=wait):
            return kept
        try:
            kept = self._catalogue.bank(self._model, name)
            if kept is not None:
                return kept
            vectors = self._encode(texts, stop)
            if len(vectors) < len(texts):
                return None
            self._catalogue.keep_bank(self._model, name, vectors)
            return vectors
        finally:
            self._encoding.release()

    def _encode(self, texts: Sequence[str], stop: Callable[[], bool]) -> NDArray[np.float32]:
        """The bank (B, D), L2-normalised; fewer rows where it was stopped."""
        encoder = self._encoder()
        rows: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _TEXTS):
            if stop():
                break
            rows.append(encoder.encode(texts[start : start + _TEXTS]))
        return (
            _unit(np.concatenate(rows)) if rows else np.empty((0, encoder.bundle.embedding_width), np.float32)
        )


def bank_texts() -> list[str]:
    """The queries of the bank, B of them."""
    lines = resource("query_bank.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def bank_name(texts: Sequence[str]) -> str:
    """Names a bank and what is made of it: levels of two banks are never compared."""
    return hashlib.sha256("\n".join((f"beta {BETA}", *texts)).encode()).hexdigest()[:16]


def compare(bank: NDArray[np.float32], stored: StoredEmbeddings) -> StoredHubness:
    """Compare one video's clips with the bank (B, D), L2-normalised."""
    frames = _unit(stored.matrix.astype(np.float32))
    if len(frames) == 0:
        nothing = np.full(len(bank), -np.inf, np.float32)
        return StoredHubness(stored.video_id, np.empty(0, np.float32), nothing, np.zeros(len(bank), np.int32))
    starts = np.flatnonzero(np.diff(stored.clips, prepend=stored.clips[0] - 1))
    similarities = _unit(np.add.reduceat(frames, starts)) @ bank.T
    best = similarities.max(axis=1, keepdims=True)
    mean = np.exp(BETA * (similarities - best)).mean(axis=1)
    levels = best[:, 0] + np.log(mean) / np.float32(BETA)
    return StoredHubness(
        stored.video_id,
        levels.astype(np.float32),
        similarities.max(axis=0),
        similarities.argmax(axis=0).astype(np.int32),
    )


def find_hubs(gallery: Gallery, known: Sequence[StoredHubness]) -> Hubs:
    """Put what is known of the videos together for a gallery."""
    count = len(gallery.clip_starts)
    levels = np.full(count, np.nan, np.float32)
    hub = np.zeros(count, np.bool_)
    by_video = {row.video_id: row for row in known}
    peaks: NDArray[np.float32] | None = None
    first: NDArray[np.int64] = np.empty(0, np.int64)
    for video, clips in _videos(gallery):
        row = by_video.get(video)
        if row is None or len(row.levels) != clips.stop - clips.start:  # committed since: an ordinary one
            continue
        levels[clips] = row.levels
        if peaks is None:
            peaks, first = row.peaks.copy(), clips.start + row.places.astype(np.int64)
        else:
            nearer = row.peaks > peaks  # equals: the earlier video stays first
            peaks[nearer] = row.peaks[nearer]
            first[nearer] = clips.start + row.places[nearer]
    hub[first] = True
    if peaks is None:
        return Hubs(hub, np.zeros(count, np.float32))
    offset = np.nanmean(levels, dtype=np.float64) - levels
    return Hubs(hub, np.nan_to_num(offset, nan=0.0).astype(np.float32))


def _videos(gallery: Gallery) -> Iterator[tuple[int, slice]]:
    """Every video of a gallery with the numbers of its clips."""
    videos = gallery.video_of_row[gallery.clip_starts]
    starts = np.flatnonzero(np.diff(videos, prepend=-1))
    ends = np.append(starts[1:], len(videos))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(videos[start]), slice(start, end)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
