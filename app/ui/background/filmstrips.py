"""The stored pictures of videos in order of time: what a pointer scrubs through, and a timeline shows.

Nothing is made or stored for it: every sampled frame has its small picture in the library. They are read and
decoded off the GUI thread, newest wish first, and kept in a bounded cache.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from app.ui.background.operations import Operations
from app.ui.widgets.framed_picture import framed, warm_up

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

STILL = QSize(320, 180)
"""So many pixels has each picture: as many as are stored."""
PICTURES = 200
"""Decoded pictures that are kept (about 46 MB at 320 × 180 × 4 bytes)."""
VIDEOS = 64
"""Videos whose frames' times are kept."""
AT_ONCE = 2
WAITING = 32
"""Pictures that wait to be read at most: what was wanted longest ago is not wanted any more."""


@dataclass(frozen=True, slots=True)
class _Frames:
    """A video's frames in order of time."""

    times: tuple[float, ...]
    ids: tuple[int, ...]

    def nearest(self, seconds: float) -> int:
        """Place of the frame nearest to a time."""
        place = bisect_left(self.times, seconds)
        before = max(place - 1, 0)
        after = min(place, len(self.times) - 1)
        return before if seconds - self.times[before] <= self.times[after] - seconds else after


class Filmstrips(QObject):
    """Pictures by video and time. What is asked for answers at once: with nothing until it is there."""

    arrived = Signal(int)
    """Id of a video of which more is there: its times, or one of its pictures."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._frames: OrderedDict[int, _Frames] = OrderedDict()
        self._reading: set[int] = set()
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        """By the frame's id."""
        self._waiting: OrderedDict[int, int] = OrderedDict()
        """Frames that are wanted, the newest wish last, with their videos."""
        self._loading: set[int] = set()
        warm_up()

    def set_session(self, session: OpenLibrary) -> None:
        """From now on there is something to read."""
        self._session = session

    def stop(self) -> None:
        """Read nothing more."""
        self._session = None
        self._waiting.clear()

    def forget(self) -> None:
        """The library has changed: which frames a video has is read again when it is asked for next."""
        self._frames.clear()

    def times(self, video_id: int) -> tuple[float, ...]:
        """Seconds of a video's frames, ascending; empty while they are being read, and where it has none."""
        frames = self._frames_of(video_id)
        return () if frames is None else frames.times

    def nearest(self, video_id: int, seconds: float) -> float | None:
        """Seconds of the frame that `picture` shows; None while that is not known."""
        frames = self._frames_of(video_id)
        return None if frames is None or not frames.ids else frames.times[frames.nearest(seconds)]

    def picture(self, video_id: int, seconds: float) -> QPixmap | None:
        """The frame nearest to a time, `STILL` large; None while it is read, and where there is none."""
        frames = self._frames_of(video_id)
        if frames is None or not frames.ids:
            return None
        return self._picture(video_id, frames.ids[frames.nearest(seconds)])

    def prepare(self, video_id: int, start: float, end: float, most: int = WAITING) -> None:
        """Read the pictures between two times, `most` of them evenly spaced, before they are asked for."""
        frames = self._frames_of(video_id)
        if frames is None or not frames.ids:
            return
        first, last = frames.nearest(start), frames.nearest(end)
        count = last - first + 1
        step = max(1, -(-count // most))
        for place in reversed(range(first, last + 1, step)):
            self._picture(video_id, frames.ids[place])

    def _frames_of(self, video_id: int) -> _Frames | None:
        session, known = self._session, self._frames.get(video_id)
        if known is not None:
            self._frames.move_to_end(video_id)
        elif session is not None and video_id not in self._reading:
            self._reading.add(video_id)
            reading = self._operations.run("frames of a video", lambda: _read(session, video_id))
            reading.finished.connect(lambda frames: self._on_read(video_id, frames))
            reading.failed.connect(lambda *_: self._reading.discard(video_id))
        return known

    def _on_read(self, video_id: int, frames: _Frames) -> None:
        self._reading.discard(video_id)
        self._frames[video_id] = frames
        while len(self._frames) > VIDEOS:
            self._frames.popitem(last=False)
        if self._session is not None:
            self.arrived.emit(video_id)

    def _picture(self, video_id: int, frame: int) -> QPixmap | None:
        known = self._pictures.get(frame)
        if known is not None:
            self._pictures.move_to_end(frame)
            return None if known.isNull() else known
        if frame not in self._loading:
            self._waiting[frame] = video_id
            self._waiting.move_to_end(frame)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            self._load_next()
        return None

    def _load_next(self) -> None:
        while self._session is not None and self._waiting and len(self._loading) < AT_ONCE:
            frame, video_id = self._waiting.popitem()
            self._load(self._session, video_id, frame)

    def _load(self, session: OpenLibrary, video_id: int, frame: int) -> None:
        self._loading.add(frame)
        loading = self._operations.run("still", lambda: framed(session.thumbnail(frame), STILL))
        loading.finished.connect(lambda image: self._on_loaded(video_id, frame, image))
        loading.failed.connect(lambda *_: self._on_loaded(video_id, frame, None))

    def _on_loaded(self, video_id: int, frame: int, image: QImage | None) -> None:
        self._loading.discard(frame)
        self._pictures[frame] = QPixmap() if image is None else QPixmap.fromImage(image)
        while len(self._pictures) > PICTURES:
            self._pictures.popitem(last=False)
        if self._session is not None and image is not None:
            self.arrived.emit(video_id)
        self._load_next()


def _read(session: OpenLibrary, video_id: int) -> _Frames:
    frames = session.catalogue.frames(video_id)
    return _Frames(tuple(frame.time for frame in frames), tuple(frame.id for frame in frames))
