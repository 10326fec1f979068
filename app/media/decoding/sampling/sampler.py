"""From a file to its facts and its frames: the whole job of the child, without the pipe."""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from app.errors import Cause, MediaError
from app.media import reasons
from app.media.area import WHOLE, Area
from app.media.decoding.bars.picture_area import AreaFinder
from app.media.decoding.opening import container, tags
from app.media.decoding.opening.container import Source
from app.media.decoding.picture import FrameConverter, Geometry, Ground, geometry, orientation
from app.media.decoding.sampling.picture_reader import Picture, Reader
from app.media.decoding.sampling.segments import Gop, GridPlanner, KeyPlanner, Planner, RatePlanner, Track
from app.media.frames import Frame, Sampling, VideoFacts

SHORT_BY_SECONDS, SHORT_BY_SHARE = 1.0, 0.05
"""A track that ends this much before its header says was cut off."""

LONG, SPARSE = 30.0, 1.5
"""Seconds from which a first look is worth while, and how many wanted spacings its key frames are apart."""

AHEAD_BYTES = 96 << 20
"""How much is read ahead to see whether a video is short."""


@dataclass(frozen=True, slots=True)
class SampleEnd:
    """How the file ended: `warning` is empty where all of it was read."""

    warning: str
    position: float
    """Seconds reached."""
    duration: float
    """Seconds of running time, of picture and sound, now that all of it is known."""
    cause: Cause | None = None
    """What the warning lies in."""
    partial: bool = False
    """Whether reading ended at `position`, before the end of the video."""
    first_look: bool = False
    """Whether none but key frames were read."""


def sample(
    path: Path, sampling: Sampling, heartbeat: Callable[[float], None]
) -> Iterator[VideoFacts | Frame | SampleEnd]:
    """Yield the facts, then frames in time order, then the ending.

    Raises:
        MediaError: no frame at all can be had from the file.
    """
    with container.open_source(path, sampling.threads) as source:
        track = Track(source)
        start = _Beginning(track, source, sampling)
        planner = _planner(start, sampling)
        reader = Reader(source, start.runs, planner, heartbeat)
        drop = not start.short and not sampling.whole
        chosen = FrameSelector(sampling, start.first, start.seconds, drop=drop)
        studio: _Studio | None = None
        for picture in reader:
            if start.single:
                raise reasons.still_picture()
            if studio is None:
                studio = _Studio(picture.frame, source, sampling)
                yield studio.facts(picture.frame)
            for kept, clip in chosen.take(picture):
                yield from studio.develop(kept, clip)
                reader.look_inside(studio.area)
        trouble = _trouble(reader, track, source)
        if studio is None:
            raise trouble.reason if trouble is not None else reasons.nothing_decoded()
        for kept, clip in chosen.finish():
            yield from studio.develop(kept, clip)
        yield from studio.finish()
        yield replace(_ending(trouble, reader, source), first_look=planner.keys_only)


def _planner(start: "_Beginning", sampling: Sampling) -> Planner:
    spacing = 1 / sampling.max_rate
    if start.short:
        return GridPlanner(start.first, start.seconds, sampling.min_frames)
    if sampling.first_look and start.seconds >= LONG and start.between_keys >= SPARSE * spacing:
        return KeyPlanner(spacing)
    return RatePlanner(spacing)


class _Beginning:
    """The first runs of a track, read ahead to see whether the video is short: headers may be wrong."""

    def __init__(self, track: Track, source: Source, sampling: Sampling) -> None:
        runs = iter(track)
        ahead: list[Gop] = []
        enough = sampling.min_frames / sampling.max_rate
        size = 0
        while len(ahead) < 2 or (ahead[-1].end - ahead[0].start < enough and size < AHEAD_BYTES):
            run = next(runs, None)
            if run is None:
                break
            ahead.append(run)
            size += sum(step.packet.size for step in run.steps)
        else:
            run = ahead[-1]
        packets = sum(len(one.steps) for one in ahead)
        self.single = run is None and packets == 1 and source.container.format.name in container.PICTURES
        """Whether the file is a picture."""
        self.runs = itertools.chain(ahead, runs)
        self.first = ahead[0].start if ahead else 0.0
        """Seconds at which the picture begins."""
        seen = ahead[-1].end - self.first if ahead else 0.0
        claimed = (source.picture_end or source.duration) - self.first
        self.seconds = seen if run is None else max(seen, claimed)
        """Seconds that the picture lasts."""
        self.short = self.seconds * sampling.max_rate < sampling.min_frames
        self.between_keys = seen / max(1, sum(run.key for run in ahead))
        """Seconds from one key frame to the next, as far as was read ahead."""


class FrameSelector:
    """Drops pictures that show nothing new, keeps enough of a still video, and numbers the clips."""

    def __init__(self, sampling: Sampling, start: float, duration: float, *, drop: bool) -> None:
        """Begin a video.

        Args:
            sampling: how many are kept at least, and in a clip at most.
            start: seconds at which the picture begins.
            duration: seconds that it lasts, 0 where unknown.
            drop: whether pictures that show nothing new are dropped.
        """
        self._sampling = sampling
        self._start = start
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
        same = self._drop and self._last is not None and self._last.view.shows_the_same(picture.view)
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
        share = (time - self._start) / self._duration
        return min(self._sampling.min_frames, 1 + int(self._sampling.min_frames * share + 1e-6))

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


@dataclass(frozen=True, slots=True)
class _Proof:
    """A kept picture that waits for its area."""

    picture: Picture
    clip: int
    image: NDArray[np.uint8]
    """All of it."""


class _Studio:
    """Makes the facts and the frames that leave the child from decoded pictures."""

    def __init__(self, first: av.VideoFrame, source: Source, sampling: Sampling) -> None:
        self._source = source
        self._turned = orientation(first)
        self._painter = FrameConverter(sampling, Ground(source.ignores_alpha))
        self._whole = sampling.whole
        self._areas = AreaFinder[_Proof]()
        self._last: tuple[int, Area] | None = None
        self._parted = 0
        """How many clips were parted where the picture's area changed without a cut."""

    def facts(self, first: av.VideoFrame) -> VideoFacts:
        opened = self._source.container
        created, origin = tags.creation_date(opened), tags.origin(opened)
        return container.facts(self._source, self._shape(first), created, origin)

    @property
    def area(self) -> Area:
        """What is picture, as far as is known, of the frames as they are coded."""
        return self._turned.coded(self._areas.likely)

    def develop(self, picture: Picture, clip: int) -> Iterator[Frame]:
        """Take a kept picture; yield the frames whose area is known by now, in order."""
        image = self._painter.image(picture.frame, self._shape(picture.frame))
        if self._whole:
            yield Frame(picture.time, bool(picture.frame.key_frame), clip, image, b"")
            return
        for proof, area in self._areas.take(_Proof(picture, clip, image), image, clip):
            yield self._frame(proof, area)

    def finish(self) -> Iterator[Frame]:
        """Yield the frames that are left."""
        for proof, area in self._areas.finish():
            yield self._frame(proof, area)

    def _frame(self, proof: _Proof, area: Area) -> Frame:
        # The track's geometry may change on the way (a broadcast, a joined file): each frame has its own.
        picture = proof.picture
        shape = self._shape(picture.frame)
        if self._last is not None and self._last[0] == proof.clip and self._last[1] != area:
            self._parted += 1
        self._last = proof.clip, area
        return Frame(
            time=picture.time,
            key=bool(picture.frame.key_frame),
            clip=proof.clip + self._parted,
            image=proof.image if area == WHOLE else self._painter.image(picture.frame, shape, area),
            thumbnail=self._painter.thumbnail(picture.frame, shape, area),
            area=area,
        )

    def _shape(self, frame: av.VideoFrame) -> Geometry:
        return geometry(frame, self._source.stream.sample_aspect_ratio, self._turned)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What kept the video from being read in whole."""

    reason: MediaError
    """What to say where nothing at all could be read."""
    warning: str
    partial: bool


def _trouble(reader: Reader, track: Track, source: Source) -> _Trouble | None:
    until = f"only the first {reader.reached:.0f} s could be read."
    outside = None
    if source.file.failure is not None:
        outside = reasons.cannot_open(source.file.failure)
    elif source.file.changed:
        outside = reasons.changed()
    if outside is not None:
        return _Trouble(outside, f"{outside.sentence} {until.capitalize()}", True)
    if reader.endless:
        sentence = f"The video does not seem to end: only the first {reader.reached:.0f} s were read."
        return _Trouble(reasons.nothing_decoded(), sentence, True)
    if track.broke is not None or _ends_early(reader, source):
        return _Trouble(reasons.nothing_decoded(), f"The last part of the video is damaged: {until}", True)
    if reader.damaged:
        sentence = "Parts of the video are damaged and were left out."
        return _Trouble(reasons.nothing_decoded(), sentence, False)
    return None


def _ends_early(reader: Reader, source: Source) -> bool:
    """Whether the picture track ends well before its header says; that the sound goes on is no damage."""
    if source.picture_end is None or source.timeline.jumps:
        return False
    missing = source.picture_end - max(reader.reached, source.timeline.picture_end)
    return missing > SHORT_BY_SECONDS + SHORT_BY_SHARE * source.picture_end


def _ending(trouble: _Trouble | None, reader: Reader, source: Source) -> SampleEnd:
    known = source.duration > 0 and not source.timeline.jumps
    duration = source.duration if known else source.timeline.end
    duration = max(duration, reader.reached)
    if trouble is None:
        return SampleEnd("", reader.reached, duration)
    return SampleEnd(trouble.warning, reader.reached, duration, trouble.reason.cause, trouble.partial)
