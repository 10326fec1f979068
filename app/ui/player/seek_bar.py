"""The slim line under the video: where it plays and where the found moments are."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.search.outcome import Moment
from app.ui.widgets.theme import Theme

TRACK = 6
KNOB = 7
MARGIN = 9
"""Room at both ends for the knob and the focus ring, logical pixels."""


class SeekBar(QWidget):
    """Click or drag to seek. Times in seconds."""

    sought = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._duration = 0.0
        self._position = 0.0
        self._moments: tuple[Moment, ...] = ()
        self._current: Moment | None = None
        self.setFixedHeight(26)
        self.setMinimumWidth(80)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Position in the video"))
        theme.changed.connect(self.update)

    def show_moments(self, moments: Sequence[Moment], current: Moment) -> None:
        """Highlight these moments of the video, one of them more."""
        self._moments, self._current = tuple(moments), current
        self.update()

    def set_duration(self, seconds: float) -> None:
        self._duration = seconds
        self.update()

    def set_position(self, seconds: float) -> None:
        self._position = seconds
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 26)

    def span(self, moment: Moment) -> QRectF:
        """Where a moment is painted, at least as wide as the track is high."""
        left, right = self._x(moment.start), self._x(moment.end)
        if right - left < TRACK:
            middle = (left + right) / 2
            left, right = middle - TRACK / 2, middle + TRACK / 2
        return QRectF(left, (self.height() - TRACK) / 2, right - left, TRACK)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - TRACK) / 2
        track = QRectF(MARGIN, top, self.width() - 2 * MARGIN, TRACK)
        self._fill(painter, track, self._theme.colour("line"))
        if self._duration > 0:
            knob = QPointF(self._x(self._position), self.height() / 2)
            played = QRectF(track)
            played.setRight(knob.x())
            self._fill(painter, played, self._theme.colour("field_line"))
            for moment in self._moments:
                accent = self._theme.colour("accent")
                grow = 2.0 if moment == self._current else 0.0
                accent.setAlphaF(1.0 if moment == self._current else 0.45)
                self._fill(painter, self.span(moment).adjusted(0, -grow, 0, grow), accent)
            painter.setBrush(self._theme.colour("surface"))
            painter.drawEllipse(knob, KNOB + 1, KNOB + 1)
            painter.setBrush(self._theme.colour("text"))
            painter.drawEllipse(knob, KNOB - 1, KNOB - 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def _fill(self, painter: QPainter, where: QRectF, colour: QColor) -> None:
        painter.setBrush(colour)
        painter.drawRoundedRect(where, where.height() / 2, where.height() / 2)

    def _x(self, seconds: float) -> float:
        share = min(max(seconds / self._duration, 0.0), 1.0) if self._duration > 0 else 0.0
        return MARGIN + share * (self.width() - 2 * MARGIN)

    def _seek_to(self, x: float) -> None:
        if self._duration > 0:
            share = min(max((x - MARGIN) / (self.width() - 2 * MARGIN), 0.0), 1.0)
            self.sought.emit(share * self._duration)
