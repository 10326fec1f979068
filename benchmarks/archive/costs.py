"""What each stage costs, as it was measured, with the page that says so; and what is only assumed.

A figure that is measured anew is changed here, and `python -m benchmarks.archive` reckons everything with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its origin."""

    value: float
    unit: str
    what: str
    source: str
    """The page of docs/ that has it; empty where it is an assumption."""

    @property
    def is_assumed(self) -> bool:
        """Whether nobody measured it."""
        return not self.source


_FIRST_LOOK = "decisions/0014-first-look.md"
_SCALE = "scale.md"
_BENCHMARKS = "benchmarks.md"
_GRAPH = "decisions/0018-graph-process.md"
_HERE = "scaling.md"


@dataclass(frozen=True, slots=True)
class Costs:
    """Of 1080p h264 and the bundled model. Processor seconds are of one core of the measured machine."""

    decode: Figure = Figure(6.8, "processor s", "read a minute at one frame a second", _FIRST_LOOK)
    first_look: Figure = Figure(1.3, "processor s", "first look at a minute, encoding included", _SCALE)
    encode: Figure = Figure(5.4e-3, "processor s", "encode a frame", "decisions/0040-remote-encoder.md")
    speech: Figure = Figure(186.0, "processor s", "hear an hour of which half is spoken", _BENCHMARKS)
    writing: Figure = Figure(546.0, "processor s", "read what is written in an hour", _BENCHMARKS)
    commit: Figure = Figure(126e-6, "s", "commit a frame, by the one writer, disk included", _HERE)
    frames: Figure = Figure(3600.0, "frames", "an hour has at most", "architecture.md")
    clip: Figure = Figure(6.45, "frames", "a clip has", _HERE)
    library: Figure = Figure(9421.0, "bytes", "a frame takes in the library’s file, picture included", _HERE)
    vector: Figure = Figure(384 * 4.0, "bytes", "a frame takes in the mapped file of vectors", _SCALE)
    rows: Figure = Figure(32.0, "bytes", "a frame takes in memory beside the mapped vectors", _HERE)
    compare: Figure = Figure(0.141e-6, "s", "compare a frame with a query, one thread", _GRAPH)
    graph_memory: Figure = Figure(1760.0, "bytes", "a frame takes in the search graph’s process", _SCALE)
    graph_build: Figure = Figure(862e-6, "s", "put a frame into a graph of a million, one thread", _GRAPH)
    graph_query: Figure = Figure(7.0e-3, "s", "ask a graph of a million for the nearest 100", _GRAPH)
    query: Figure = Figure(19.1e-3, "s", "all of a warm query but the comparing, at most", _SCALE)
    bitrate: Figure = Figure(8e6, "bit/s", "a video has", "")
    gpu_encode: Figure = Figure(6360.0, "frames/s", "one H100 encodes", "decisions/0049-cuda.md")

    def __iter__(self) -> Iterator[Figure]:
        """All figures."""
        return (getattr(self, each.name) for each in fields(self))

    @property
    def hour_bytes(self) -> float:
        """An hour of video."""
        return self.bitrate.value / 8 * 3600

    @property
    def hour_decode(self) -> float:
        """Processor seconds to read an hour."""
        return 60 * self.decode.value

    @property
    def hour_encode(self) -> float:
        """Processor seconds to encode an hour’s frames."""
        return self.encode.value * self.frames.value

    @property
    def hour_commit(self) -> float:
        """Seconds of the one writer for an hour’s frames."""
        return self.commit.value * self.frames.value
