"""The controls of settings: each holds one value, shows another, and says what a person chose."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTime, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from app.ui.widgets.choice import Choice
from app.ui.widgets.controls import inset
from app.ui.widgets.theme import Space, Theme

WIDTH, HEIGHT, RING = 40, 22, 3
"""Of a switch, logical pixels; the ring around it shows the keyboard."""


class Switch(QCheckBox):
    """On or off."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._on_toggled)
        theme.changed.connect(self.update)

    def set_value(self, value: object) -> None:
        """Show on or off."""
        self.blockSignals(True)
        self.setChecked(bool(value))
        self.blockSignals(False)
        self.update()

    def _on_toggled(self, on: bool) -> None:
        self.chosen.emit(on)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH + 2 * RING, HEIGHT + 2 * RING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, WIDTH, HEIGHT)
        box.moveCenter(QRectF(self.rect()).center())
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            ring = box.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.setPen(QPen(theme.colour("accent" if on else "field_line"), 1))
        painter.setBrush(theme.colour("accent" if on else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), HEIGHT / 2, HEIGHT / 2)
        knob = QRectF(0, 0, HEIGHT - 8, HEIGHT - 8)
        at_right = on is (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
        aside = (WIDTH - HEIGHT) / 2
        knob.moveCenter(box.center() + QPointF(aside if at_right else -aside, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "field_line"))
        painter.drawEllipse(knob)


class Amount(QDoubleSpinBox):
    """A number; `scale` of what is stored is one of what is shown."""

    chosen = Signal(object)

    def __init__(
        self,
        limits: tuple[float, float],
        *,
        unit: str = "",
        digits: int = 0,
        step: float = 1.0,
        scale: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setDecimals(digits)
        self.setRange(limits[0] / scale, limits[1] / scale)
        self.setSingleStep(step)
        self.setSuffix(unit)
        self.setKeyboardTracking(False)
        inset(self)
        self.valueChanged.connect(lambda value: self.chosen.emit(value * self._scale))

    def set_value(self, value: object) -> None:
        """Show a number as it is stored."""
        if isinstance(value, int | float):
            self.blockSignals(True)
            self.setValue(value / self._scale)
            self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Whole(QSpinBox):
    """A whole number; zero has a word of its own."""

    chosen = Signal(object)

    def __init__(self, most: int, *, zero: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(0, most)
        self.setSpecialValueText(zero)
        self.setKeyboardTracking(False)
        inset(self)
        self.valueChanged.connect(self.chosen.emit)

    def set_value(self, value: object) -> None:
        """Show a number."""
        if isinstance(value, int):
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class HoursField(QWidget):
    """At any time, or from one time of the day to another: `22:00-06:00`, or nothing."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.when = Choice(theme, ((False, self.tr("At any time")), (True, self.tr("Between"))))
        self.start, self.end = _TimeField(QTime(22, 0)), _TimeField(QTime(6, 0))
        self.start.setAccessibleName(self.tr("From"))
        self.end.setAccessibleName(self.tr("Until"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for part in (self.when, self.start, self.end):
            layout.addWidget(part)
        self.setFocusProxy(self.when)
        self.when.chosen.connect(self._on_when)
        for field in (self.start, self.end):
            field.timeChanged.connect(self._say)
        self.set_value("")

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.when.setAccessibleName(name)

    def set_value(self, value: object) -> None:
        """Show hours as they are stored."""
        hours = str(value)
        start, _, end = hours.partition("-")
        for field, text in ((self.start, start), (self.end, end)):
            if text:
                field.blockSignals(True)
                field.setTime(QTime.fromString(text, "HH:mm"))
                field.blockSignals(False)
            field.setVisible(bool(hours))
        self.when.set_value(bool(hours))

    def _on_when(self, limited: object) -> None:
        for field in (self.start, self.end):
            field.setVisible(bool(limited))
        self._say()

    def _say(self) -> None:
        limited = bool(self.when.currentData())
        times = f"{self.start.time().toString('HH:mm')}-{self.end.time().toString('HH:mm')}"
        self.chosen.emit(times if limited else "")


class _TimeField(QTimeEdit):
    def __init__(self, time: QTime) -> None:
        super().__init__(time)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        inset(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


Editor = Switch | Choice | Amount | Whole | HoursField
