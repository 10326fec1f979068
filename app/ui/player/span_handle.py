"""One end of the moment, to be dragged along the timeline or moved by keys."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QWidget

from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt

HANDLE = QSize(14, 13)
NUDGE, LARGE_NUDGE = 0.1, 1.0
"""Seconds by which an arrow key moves it, without and with Shift."""
_MS = 1000


class SpanHandle(QAbstractSlider):
    """A small pointer below the timeline. To a screen reader it is a slider of its own."""

    dragged = Signal(float)
    """The pointer is at this distance from its left edge."""
    nudged = Signal(float)
    """It is to move by so many seconds."""

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFixedSize(HANDLE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_time(self, seconds: float, end: float) -> None:
        """Tell where it stands."""
        self.setRange(0, round(end * _MS))
        self.setValue(round(seconds * _MS))
        words = self.tr("{name}: {time}").format(name=self._name, time=fmt.clock(seconds))
        self.setAccessibleDescription(fmt.clock(seconds))
        self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(self._theme.colour("text") if focused else self._theme.colour("window"))
        painter.setBrush(self._theme.colour("accent"))
        middle, width, height = self.width() / 2, self.width() - 3, self.height() - 2
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(middle, 1),
                    QPointF(middle + width / 2, 6),
                    QPointF(middle + width / 2, height),
                    QPointF(middle - width / 2, height),
                    QPointF(middle - width / 2, 6),
                ]
            )
        )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = LARGE_NUDGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else NUDGE
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        match event.key():
            case Qt.Key.Key_Left:
                self.nudged.emit(by if backwards else -by)
            case Qt.Key.Key_Right:
                self.nudged.emit(-by if backwards else by)
            case _:
                event.ignore()
