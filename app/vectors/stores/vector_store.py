"""The one interface of what answers for the nearest frames, whatever holds them and wherever."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.vectors.gallery import Gallery
from app.vectors.gallery_file import KeptVectors

Nearest = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Rows of a gallery and their cosines, best first, equals in order of rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A gallery, and what a store needs to follow it."""

    gallery: Gallery
    revision: int
    """The library's, up to which it goes."""
    revisions: Mapping[int, int]
    """Of the embeddings of each video in it; never changed."""
    kept: KeptVectors | None
    """The file that holds its vectors; None where none does."""
    removals: int
    """How often videos were left out so far."""


class VectorStore(Protocol):
    """Answers for the nearest frames of one model's gallery. Derived, never the truth.

    What a store says only chooses which frames are compared: every cosine is of the gallery's own vectors. A
    store may not be ready, be away, lie or hang: then it says None in a short time, and whoever asks compares
    with every frame. Thread-safe.
    """

    @property
    def name(self) -> str:
        """One word."""

    @property
    def problem(self) -> str:
        """Why it does not answer though it should, one sentence; empty where it does, or will soon."""

    @property
    def advice(self) -> str:
        """What can be done about the problem; may be empty."""

    def publish(self, snapshot: Snapshot) -> None:
        """Searches are about this gallery from now on. Takes no time that a search could feel."""

    @property
    def wants_update(self) -> bool:
        """Whether `update` would have it follow something new."""

    def update(self) -> None:
        """Have it follow what was published; returns at once, the work is done in the background."""

    def finish(self, stop: Callable[[], bool]) -> bool:
        """Wait until it has all that it was told to follow; returns whether it has.

        Args:
            stop: asked a few times a second; ends the waiting.
        """

    def nearest(
        self, gallery: Gallery, query: NDArray[np.float32], k: int, rows: NDArray[np.intp] | None = None
    ) -> Nearest | None:
        """The frames with the highest cosine; None where it cannot say.

        Args:
            gallery: the snapshot that is meant; a store may know the one that was published last only.
            query: (D,) float32, L2-normalised.
            k: how many at most.
            rows: only these rows of the gallery, ascending; all where None.
        """

    def close(self) -> None:
        """End what runs for it; nothing is lost."""
