"""Where in its whole video a card's query matches: read for the cards on view, kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from app.search.outcome import Moment
from app.ui.background.operations import Operations
from app.ui.widgets.theme import Theme

if TYPE_CHECKING:
    from app.open_library import OpenLibrary
    from app.search.curves import MatchCurve

BINS = 60
"""Parts of a video that are told apart."""
LEVELS = 4
"""How strong each is, 0 to this."""
KEPT = 600
TOGETHER = 16
"""Videos that are compared at one go: a scroll away, the rest is not compared in vain."""
SOON_MS = 60
"""Rest before what is on view is compared: a scroll goes on for longer."""


@dataclass(frozen=True, slots=True)
class MatchStrip:
    """Runs of parts that match alike: first part, the one behind the last, and how well, 1 to `LEVELS`."""

    runs: tuple[tuple[int, int, int], ...] = ()


class MatchStrips(QObject):
    """Strips by video, for one query. `strip` answers at once: None until it is there."""

    arrived = Signal()
    """More strips are there."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._query = ""
        self._kept: OrderedDict[int, MatchStrip] = OrderedDict()
        self._wanted: dict[int, float] = {}
        """Videos on view with their lengths in seconds."""
        self._reading = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._read)

    def set_session(self, session: OpenLibrary) -> None:
        """From now on there is something to compare."""
        self._session = session

    def stop(self) -> None:
        """Compare nothing more."""
        self._session = None
        self._soon.stop()

    def set_query(self, query: str) -> None:
        """What the cards on view answer; strips of another query are forgotten."""
        if query != self._query:
            self._query = query
            self._kept.clear()
            self._wanted.clear()

    def keep_waiting(self, videos: set[int]) -> None:
        """Only these are wanted by now."""
        self._wanted = {video: length for video, length in self._wanted.items() if video in videos}

    def strip(self, moment: Moment) -> MatchStrip | None:
        """Of a moment's video; None while it is not known."""
        known = self._kept.get(moment.video_id)
        if known is not None:
            self._kept.move_to_end(moment.video_id)
        elif self._session is not None and self._query and moment.video_id not in self._wanted:
            self._wanted[moment.video_id] = moment.duration
            if not self._reading and not self._soon.isActive():
                self._soon.start()
        return known

    def _read(self) -> None:
        session, query = self._session, self._query
        if session is None or self._reading or not self._wanted:
            return
        lengths = dict(list(self._wanted.items())[:TOGETHER])
        self._reading = True

        def work() -> dict[int, MatchStrip]:
            curves = session.match_curves(query, lengths)
            return {video: strip_of(curve, lengths[video]) for video, curve in curves.items()}

        reading = self._operations.run("match strips", work)
        reading.finished.connect(lambda strips: self._on_read(query, strips))
        reading.failed.connect(lambda *_: self._on_read(query, dict.fromkeys(lengths, MatchStrip())))

    def _on_read(self, query: str, strips: dict[int, MatchStrip]) -> None:
        self._reading = False
        if self._session is None:
            return
        if query == self._query:
            self._kept.update(strips)
            for video in strips:
                self._wanted.pop(video, None)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            self.arrived.emit()
        if self._wanted:
            self._read()


def strip_of(curve: MatchCurve, length: float) -> MatchStrip:
    """A curve over a video that lasts `length` seconds, in a few levels. Runs on a worker's thread."""
    if not len(curve.times):
        return MatchStrip()
    length = max(length, float(curve.times[-1]), 1e-3)
    levels = [0] * BINS
    starts = [min(int(BINS * time / length), BINS - 1) for time in curve.times.tolist()]
    for number, strength in enumerate(curve.strengths.tolist()):
        behind = starts[number + 1] if number + 1 < len(starts) else BINS
        level = round(LEVELS * strength)
        for part in range(starts[number], max(behind, starts[number] + 1)):
            levels[part] = max(levels[part], level)
    return MatchStrip(_runs(levels))


def _runs(levels: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    runs: list[tuple[int, int, int]] = []
    for level, parts in groupby(range(len(levels)), key=levels.__getitem__):
        inside = list(parts)
        if level:
            runs.append((inside[0], inside[-1] + 1, level))
    return tuple(runs)


def paint_strip(
    painter: QPainter, area: QRect, strip: MatchStrip | None, moment: Moment, at: float, theme: Theme
) -> None:
    """Draw a strip: where it matches, and a mark for the time `at` of the picture above it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    radius = area.height() / 2
    painter.drawRoundedRect(QRectF(area), radius, radius)
    part = area.width() / BINS
    if strip is not None:
        for first, behind, level in strip.runs:
            painter.setBrush(_strength(theme, level))
            place = QRectF(area.left() + first * part, area.top(), (behind - first) * part, area.height())
            painter.drawRoundedRect(place, radius, radius)
    if moment.duration > 0:
        mark = QRectF(0, area.top() - 1, 3, area.height() + 2)
        share = min(max(at / moment.duration, 0.0), 1.0)
        mark.moveLeft(area.left() + share * (area.width() - mark.width()))
        painter.setBrush(theme.colour("text"))
        painter.drawRoundedRect(mark, 1.5, 1.5)


def _strength(theme: Theme, level: int) -> QColor:
    colour = theme.colour("accent")
    colour.setAlphaF(level / LEVELS)
    return colour
