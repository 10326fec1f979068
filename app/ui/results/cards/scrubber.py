"""The pointer, or a key, walks through the stored frames of a moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from app.search.outcome import Moment
from app.ui.background.filmstrips import Filmstrips

LEAST = 8
"""Frames that are walked through at least: of a shorter moment also those around it."""


class Scrubber(QObject):
    """One moment at a time, and the frame of it that is shown in place of its picture."""

    changed = Signal()
    """Another frame is shown, or its picture is there."""

    def __init__(self, filmstrips: Filmstrips, parent: QObject) -> None:
        super().__init__(parent)
        self._filmstrips = filmstrips
        self._moment: Moment | None = None
        self._share = 0.0
        self._place: int | None = None
        """Among the frames, where a key chose it."""
        filmstrips.arrived.connect(self._on_arrived)

    @property
    def moment(self) -> Moment | None:
        """The one that is walked through."""
        return self._moment

    @property
    def seconds(self) -> float | None:
        """Time of the frame; None where none is shown."""
        times = self._times()
        if self._moment is None or not times:
            return None
        if self._place is not None:
            return times[self._place]
        return times[min(int(self._share * len(times)), len(times) - 1)]

    @property
    def picture(self) -> QPixmap | None:
        """The frame; None while it is being read."""
        seconds = self.seconds
        if self._moment is None or seconds is None:
            return None
        return self._filmstrips.picture(self._moment.video_id, seconds)

    def go_to(self, moment: Moment, share: float) -> None:
        """Show the frame at a share, 0 to 1, of a moment."""
        before = self.seconds
        begins = moment is not self._moment
        self._moment, self._share, self._place = moment, min(max(share, 0.0), 1.0), None
        if begins:
            self._prepare()
        if begins or self.seconds != before:
            self.changed.emit()

    def step(self, moment: Moment, by: int) -> None:
        """Show the frame `by` further of a moment; the first time, from its best one."""
        if moment is not self._moment:
            self._moment, self._place = moment, None
            self._prepare()
        times = self._times()
        if times:
            at = self.seconds if self._place is not None else moment.best
            here = min(range(len(times)), key=lambda place: abs(times[place] - (at or 0.0)))
            self._place = min(max(here + by, 0), len(times) - 1)
        self.changed.emit()

    def leave(self, *_: object) -> None:
        """Show pictures as they are."""
        if self._moment is not None:
            self._moment, self._place = None, None
            self.changed.emit()

    def _times(self) -> tuple[float, ...]:
        """Of the frames that are walked through."""
        moment = self._moment
        if moment is None:
            return ()
        times = self._filmstrips.times(moment.video_id)
        first, behind = bisect_left(times, moment.start), bisect_right(times, moment.end)
        around = max(LEAST - (behind - first) + 1, 0) // 2
        behind = min(max(behind + around, LEAST), len(times))
        return times[max(min(first - around, behind - LEAST), 0) : behind]

    def _prepare(self) -> None:
        times = self._times()
        if self._moment is not None and times:
            self._filmstrips.prepare(self._moment.video_id, times[0], times[-1])

    def _on_arrived(self, video_id: int) -> None:
        if self._moment is not None and self._moment.video_id == video_id:
            if self.picture is None:  # only its times are there so far
                self._prepare()
            self.changed.emit()
