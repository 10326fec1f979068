"""The line under the video: where it plays, where the query matches, and where the moment begins and ends."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from app.search.outcome import Moment
from app.ui.player.span_handle import HANDLE, SpanHandle
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt

TRACK = 6
KNOB = 7
MARGIN = 9
"""Room at both ends for the knob and the focus ring, logical pixels."""
HEIGHT = 40
CURVE = 14
"""How high the curve of what matches is at most, logical pixels."""
LEAST_SPAN = 0.1
"""Seconds that a moment has at least."""
_MS = 1000


class SeekBar(QAbstractSlider):
    """Click or drag to seek, drag the handles to change the moment. Times in seconds."""

    sought = Signal(float)
    span_changed = Signal(float, float)
    """The moment was given another beginning and end."""
    hovered = Signal(float, float)
    """The pointer is over a time, at this distance from the left."""
    unhovered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._duration = 0.0
        self._position = 0.0
        self._moments: tuple[Moment, ...] = ()
        self._current: Moment | None = None
        self._span: tuple[float, float] | None = None
        self._curve: tuple[Sequence[float], Sequence[float]] = ((), ())
        self._chapters: tuple[float, ...] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(80)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Position in the video"))
        self.begin = SpanHandle(theme, self.tr("Start of the moment"), self)
        self.finish = SpanHandle(theme, self.tr("End of the moment"), self)
        self.begin.dragged.connect(lambda x: self._set_begin(self.time_at(self.begin.x() + x)))
        self.finish.dragged.connect(lambda x: self._set_finish(self.time_at(self.finish.x() + x)))
        self.begin.nudged.connect(lambda by: self._span and self._set_begin(self._span[0] + by))
        self.finish.nudged.connect(lambda by: self._span and self._set_finish(self._span[1] + by))
        for handle in (self.begin, self.finish):
            handle.hide()
        self.actionTriggered.connect(lambda _: self.sought.emit(self.sliderPosition() / _MS))
        theme.changed.connect(self.update)

    @property
    def marks(self) -> tuple[Moment, ...]:
        """The moments of this video that were found, in order of time."""
        return self._moments

    @property
    def has_curve(self) -> bool:
        """Whether it is known where the query matches."""
        return len(self._curve[0]) > 0

    def show_moments(self, moments: Sequence[Moment], current: Moment) -> None:
        """Highlight these moments of the video, one of them more."""
        self._moments = tuple(sorted(moments, key=lambda moment: moment.start))
        self._current = current
        self._curve, self._chapters = ((), ()), ()
        self.setToolTip("")
        self.set_span((current.start, current.end))
        self._describe()

    def set_span(self, span: tuple[float, float] | None) -> None:
        """Where the moment begins and ends by now."""
        self._span = span
        self._place_handles()
        self.update()

    def set_curve(self, times: Sequence[float], strengths: Sequence[float]) -> None:
        """How well the query matches, 0..1 at each of these times in order."""
        self._curve = times, strengths
        self.update()

    def set_chapters(self, starts: Sequence[float]) -> None:
        """Mark where chapters begin."""
        self._chapters = tuple(starts)
        self.update()

    def set_duration(self, seconds: float) -> None:
        self._duration = seconds
        self.setRange(0, round(seconds * _MS))
        self._place_handles()
        self.update()

    def set_position(self, seconds: float) -> None:
        whole = int(seconds) != int(self._position)
        self._position = seconds
        self.setValue(round(seconds * _MS))
        if whole:
            self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def span(self, moment: Moment) -> QRectF:
        """Where a moment is painted, at least as wide as the track is high."""
        return self._rect(moment.start, moment.end)

    def x_of(self, seconds: float) -> float:
        """Distance from the left at which a time lies."""
        share = min(max(seconds / self._duration, 0.0), 1.0) if self._duration > 0 else 0.0
        share = 1 - share if self._backwards else share
        return MARGIN + share * (self.width() - 2 * MARGIN)

    def time_at(self, x: float) -> float:
        """The time that lies at a distance from the left."""
        share = min(max((x - MARGIN) / max(1, self.width() - 2 * MARGIN), 0.0), 1.0)
        return (1 - share if self._backwards else share) * self._duration

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = self._top
        track = QRectF(MARGIN, top, self.width() - 2 * MARGIN, TRACK)
        self._fill(painter, track, self._theme.colour("line"))
        if self._duration > 0:
            self._paint_curve(painter)
            self._paint_times(painter, track)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_handles()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Home:
                self.sought.emit(0.0)
            case Qt.Key.Key_End:
                self.sought.emit(self._duration)
            case _:
                event.ignore()  # the page's arrows skip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._duration > 0:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._duration <= 0:
            return
        x = event.position().x()
        self.hovered.emit(self.time_at(x), x)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(x))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.unhovered.emit()

    @property
    def _backwards(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    @property
    def _top(self) -> float:
        return (HEIGHT + CURVE - TRACK) / 2

    def _rect(self, start: float, end: float) -> QRectF:
        left, right = sorted((self.x_of(start), self.x_of(end)))
        if right - left < TRACK:
            middle = (left + right) / 2
            left, right = middle - TRACK / 2, middle + TRACK / 2
        return QRectF(left, self._top, right - left, TRACK)

    def _paint_curve(self, painter: QPainter) -> None:
        times, strengths = self._curve
        if len(times) < 2:
            return
        path = QPainterPath(QPointF(self.x_of(times[0]), self._top))
        for time, strength in zip(times, strengths, strict=True):
            path.lineTo(self.x_of(time), self._top - CURVE * min(max(strength, 0.0), 1.0))
        path.lineTo(self.x_of(times[-1]), self._top)
        soft = self._theme.colour("accent")
        soft.setAlphaF(0.28)
        painter.fillPath(path, soft)

    def _paint_times(self, painter: QPainter, track: QRectF) -> None:
        knob = QPointF(self.x_of(self._position), self._top + TRACK / 2)
        self._fill(painter, self._played(track, knob.x()), self._theme.colour("field_line"))
        for moment in self._moments:
            if moment != self._current:
                accent = self._theme.colour("accent")
                accent.setAlphaF(0.5)
                self._fill(painter, self.span(moment), accent)
        if self._span is not None:
            self._fill(painter, self._rect(*self._span).adjusted(0, -2, 0, 2), self._theme.colour("accent"))
        for start in self._chapters:
            if start > 0:
                place = QRectF(self.x_of(start) - 1, self._top - 3, 2, TRACK + 6)
                painter.fillRect(place, self._theme.colour("dim"))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawEllipse(knob, KNOB + 1, KNOB + 1)
        painter.setBrush(self._theme.colour("text"))
        painter.drawEllipse(knob, KNOB - 1, KNOB - 1)

    def _played(self, track: QRectF, x: float) -> QRectF:
        played = QRectF(track)
        if self._backwards:
            played.setLeft(x)
        else:
            played.setRight(x)
        return played

    def _fill(self, painter: QPainter, where: QRectF, colour: QColor) -> None:
        painter.setBrush(colour)
        painter.drawRoundedRect(where, where.height() / 2, where.height() / 2)

    def _place_handles(self) -> None:
        shown = self._span is not None and self._duration > 0
        for handle, seconds in zip((self.begin, self.finish), self._span or (0.0, 0.0), strict=True):
            handle.setVisible(shown)
            handle.show_time(seconds, self._duration)
            handle.move(round(self.x_of(seconds) - HANDLE.width() / 2), round(self._top + TRACK / 2 + 3))

    def _set_begin(self, seconds: float) -> None:
        if self._span is not None:
            finish = self._span[1]
            self._set_ends(min(max(seconds, 0.0), finish - LEAST_SPAN), finish)

    def _set_finish(self, seconds: float) -> None:
        if self._span is not None:
            begin = self._span[0]
            self._set_ends(begin, max(min(seconds, self._duration), begin + LEAST_SPAN))

    def _set_ends(self, begin: float, finish: float) -> None:
        self.set_span((begin, finish))
        self.span_changed.emit(begin, finish)

    def _describe(self) -> None:
        place = self.tr("{now} of {end}").format(now=fmt.clock(self._position), end=fmt.clock(self._duration))
        found = self.tr("%Ln moments found in this video", "", len(self._moments))
        self.setAccessibleDescription(f"{place}. {found}")
