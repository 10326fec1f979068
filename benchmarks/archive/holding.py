"""What a library takes on disk and in memory, how long a query takes, and where each part ends."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.archive.costs import Costs

_MILLION = 1e6
CODE_BYTES = 384
"""Of a vector as int8."""
LINK_BYTES = 140
"""Of a vector’s neighbours in a graph with 16 links: 7 GB for 50 million, as decision 47 reckons."""
PATIENCE = 0.25
"""Seconds after which the program no longer waits for the search graph, but compares with every frame."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Of so many hours of video."""

    hours: float
    costs: Costs

    @property
    def frames(self) -> float:
        """At most: a frame a second."""
        return self.hours * self.costs.frames.value

    @property
    def clips(self) -> float:
        """Runs of neighbouring frames."""
        return self.frames / self.costs.clip.value

    @property
    def library_bytes(self) -> float:
        """Rows, pictures and vectors, in one file."""
        return self.frames * self.costs.library.value

    @property
    def vector_bytes(self) -> float:
        """The mapped file beside it."""
        return self.frames * self.costs.vector.value

    @property
    def graph_bytes(self) -> float:
        """Memory of the search graph over every frame."""
        return self.frames * self.costs.graph_memory.value

    @property
    def rows_bytes(self) -> float:
        """Memory of what stands beside the mapped vectors: without a graph too."""
        return self.frames * self.costs.rows.value

    @property
    def clip_bytes(self) -> float:
        """Memory of a graph over the clips as int8, frames staying on disk."""
        return self.clips * (CODE_BYTES + LINK_BYTES)

    @property
    def disk_bytes(self) -> float:
        """Of library, vectors and graph together; the videos not counted."""
        return self.library_bytes + self.vector_bytes + self.graph_bytes

    @property
    def exact_seconds(self) -> float:
        """A query that compares with every frame, on one thread, the vectors being in memory."""
        return self.costs.query.value + self.frames * self.costs.compare.value

    @property
    def graph_seconds(self) -> float:
        """A query by the graph: its steps grow with the logarithm."""
        return self.costs.query.value + self.costs.graph_query.value * self._depth

    @property
    def build_seconds(self) -> float:
        """One thread builds the graph."""
        return self.frames * self.costs.graph_build.value * self._depth

    @property
    def _depth(self) -> float:
        """How much deeper than a graph of a million, which was measured."""
        return max(math.log(max(self.frames, 2)) / math.log(_MILLION), 1.0)


@dataclass(frozen=True, slots=True)
class End:
    """Where one part is at its end."""

    part: str
    limit: str
    hours: float
    """Of video: held, or in a day."""
    each_day: bool = False


def ends(costs: Costs) -> Iterator[End]:
    """Where each part saturates, by its own cost alone."""
    hour = Holding(1, costs)
    day = 86_400.0
    beyond = hour.exact_seconds - costs.query.value
    yield End("comparing with every frame", "0.25 s on one thread", (PATIENCE - costs.query.value) / beyond)
    for gigabytes in (16, 64, 256):
        yield End("search graph over frames", f"{gigabytes} GB of memory", gigabytes * 1e9 / hour.graph_bytes)
    for gigabytes in (16, 64):
        yield End("graph over clips, int8", f"{gigabytes} GB of memory", gigabytes * 1e9 / hour.clip_bytes)
    yield End("the library, one file", "1 TB", 1e12 / hour.library_bytes)
    core = costs.hour_decode + costs.hour_encode
    yield End("decode and encode", "one core", day / core, each_day=True)
    yield End("first look", "one core", day / (60 * costs.first_look.value), each_day=True)
    yield End("speech as well", "one core", day / (core + costs.speech.value), each_day=True)
    yield End(
        "speech and writing as well",
        "one core",
        day / (core + costs.speech.value + costs.writing.value),
        each_day=True,
    )
    yield End("reading the videos", "a disk or 1 Gbit/s", day * 110e6 / costs.hour_bytes, each_day=True)
    yield End("reading the videos", "10 Gbit/s", day * 1.1e9 / costs.hour_bytes, each_day=True)
    yield End("the one writer", "one disk", day / costs.hour_commit, each_day=True)
    yield End(
        "building the graph", "one thread, at a million frames", day / hour.build_seconds, each_day=True
    )
