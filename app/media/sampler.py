"""From a file to its facts and its frames: the whole job of the child, without the pipe."""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.media import container, reasons
from app.media.container import Source
from app.media.frames import Frame, Sampling, VideoFacts
from app.media.picture import Geometry, Painter, geometry
from app.media.reader import Picture, Reader
from app.media.segments import GridPlanner, RatePlanner, Track
from app.media.shots import near_identical

SHORT_BY_SECONDS, SHORT_BY_SHARE = 1.0, 0.05
"""A track that ends this much before its header says was cut off."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the file ended: `warning` is empty where all of it was read."""

    warning: str
    reached: float
    """Seconds."""


def sample(
    path: Path, sampling: Sampling, beat: Callable[[float], None]
) -> Iterator[VideoFacts | Frame | Ending]:
    """Yield the facts, then frames in time order, then the ending.

    Raises:
        MediaError: no frame at all can be had from the file.
    """
    with container.open_source(path, sampling.threads) as source:
        track = Track(source)
        runs = iter(track)
        # Two runs ahead: where the file has no more, its true length is known before anything is chosen.
        ahead = list(itertools.islice(runs, 2))
        duration = ahead[0].end if len(ahead) == 1 else source.duration
        short = duration * sampling.max_rate < sampling.min_frames
        planner = GridPlanner(duration, sampling.min_frames) if short else RatePlanner(1 / sampling.max_rate)
        reader = Reader(source, itertools.chain(ahead, runs), planner, beat)
        chosen = Chooser(sampling, duration, drop=not short)
        painter = Painter(sampling)
        shape: Geometry | None = None
        for picture in reader:
            if shape is None:
                shape = geometry(picture.frame, source.stream.sample_aspect_ratio)
                created = container.creation_date(source.container, source.stream)
                yield container.facts(source, shape, created)
            for kept, clip in chosen.take(picture):
                yield _frame(painter, kept, clip, source)
        if shape is None:
            raise reasons.nothing_decoded()
        for kept, clip in chosen.finish():
            yield _frame(painter, kept, clip, source)
        yield Ending(_warning(reader, track, source), reader.reached)


class Chooser:
    """Drops pictures that show nothing new, keeps enough of a still video, and numbers the clips."""

    def __init__(self, sampling: Sampling, duration: float, *, drop: bool) -> None:
        self._sampling = sampling
        self._duration = duration
        self._drop = drop
        self._kept = 0
        self._last: Picture | None = None
        self._cut = False
        self._clip = 0
        self._in_clip = 0
        self._dropped: deque[Picture] = deque(maxlen=max(0, sampling.min_frames - 1))

    def take(self, picture: Picture) -> Iterator[tuple[Picture, int]]:
        """Yield the picture with its clip's number, if it is kept."""
        self._cut = self._cut or picture.cut
        same = self._drop and self._last is not None and near_identical(self._last.look, picture.look)
        if same and self._kept >= self._due(picture.time):
            self._dropped.append(picture)
        else:
            yield self._keep(picture)

    def finish(self) -> Iterator[tuple[Picture, int]]:
        """Yield late pictures again where the video ended, sooner than it said, with too few kept."""
        while self._dropped and self._kept < self._sampling.min_frames:
            yield self._keep(self._dropped.popleft())

    def _due(self, time: float) -> int:
        """How many frames even a still video has by now, so that `min_frames` are spread over all of it."""
        if self._duration <= 0:
            return 1
        return min(
            self._sampling.min_frames, 1 + int(self._sampling.min_frames * time / self._duration + 1e-6)
        )

    def _keep(self, picture: Picture) -> tuple[Picture, int]:
        if self._kept and (self._cut or self._in_clip >= self._sampling.clip_frames):
            self._clip += 1
            self._in_clip = 0
        self._cut = False
        self._kept += 1
        self._in_clip += 1
        self._last = picture
        self._dropped.clear()
        return picture, self._clip


def _frame(painter: Painter, picture: Picture, clip: int, source: Source) -> Frame:
    # The track's geometry may change on the way (a broadcast, a joined file), so each frame's own is used.
    shape = geometry(picture.frame, source.stream.sample_aspect_ratio)
    return Frame(
        time=picture.time,
        key=bool(picture.frame.key_frame),
        clip=clip,
        image=painter.image(picture.frame, shape),
        thumbnail=painter.thumbnail(picture.frame, shape),
    )


def _warning(reader: Reader, track: Track, source: Source) -> str:
    missing = source.duration - reader.reached
    if reader.endless:
        return f"The video does not seem to end: only the first {reader.reached:.0f} s were read."
    if track.broke is not None or (
        source.knows_end and missing > SHORT_BY_SECONDS + SHORT_BY_SHARE * source.duration
    ):
        return f"The last part of the video is damaged: only the first {reader.reached:.0f} s could be read."
    if reader.damaged:
        return "Parts of the video are damaged and were left out."
    return ""
