"""The vectors of one video's frames as they are stored, and where an index reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class StoredEmbeddings:
    """The embeddings of one video for one model, frames in order of time."""

    video_id: int
    folder_id: int
    revision: int
    """The library's revision at which these rows were written (or the video was relinked)."""
    matrix: NDArray[np.float16]
    """(F, D) float16, raw (not normalised)."""
    frame_ids: NDArray[np.int64]
    """(F,)"""
    times: NDArray[np.float64]
    """(F,) seconds."""
    clips: NDArray[np.int32]
    """(F,) clip numbers, never decreasing."""


class EmbeddingSource(Protocol):
    """Where the embeddings of a library are kept: its catalogue."""

    def revision(self) -> int:
        """A number that goes up with each change an index must follow."""

    def embedded(self, model: str) -> dict[int, int]:
        """The videos to be found with a model: revision by video id."""

    def embedded_count(self, model: str, *, after: int = 0, until: int | None = None) -> int:
        """How many of them were written after one revision and not after another."""

    def frame_count(self, model: str) -> int:
        """How many frames they have together."""

    def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
        """What was written after a revision, in order of revision."""

    def embeddings_of(self, model: str, video_ids: Iterable[int]) -> list[StoredEmbeddings]:
        """Those of these videos, where they have any that can be used."""

    def set_aside(self, model: str, damaged: Mapping[int, str]) -> None:
        """Have videos indexed again whose rows cannot be used: ids, with what is wrong."""
