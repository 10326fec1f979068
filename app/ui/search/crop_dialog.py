"""Chooses the part of a picture that something is to be like: by dragging, or with the keyboard."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.query.parsed_query import Area
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

WHOLE: Area = (0.0, 0.0, 1.0, 1.0)
STEP = 0.02
"""How far an arrow key goes, as a share of the picture."""
SMALLEST = 0.05
"""Width and height of a part at least, as a share of the picture."""
SHADE = QColor(0, 0, 0, 140)
"""Over what is left out, on whatever picture."""


class CropArea(QWidget):
    """Arrows move the part, with Shift they change its size; a new one is drawn with the pointer."""

    changed = Signal()

    def __init__(self, theme: Theme, image: QImage, area: Area, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = image
        self.area = area
        """Left, top, right and bottom, as shares of the picture."""
        self._pressed: QPointF | None = None
        self._moved_from: Area | None = None
        """The part as it was when a drag inside it began."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Part of the picture"))
        self._describe()

    def sizeHint(self) -> QSize:
        return self._image.size().scaled(QSize(560, 380), Qt.AspectRatioMode.KeepAspectRatio)

    def set_area(self, area: Area) -> None:
        """Choose another part."""
        if area != self.area:
            self.area = area
            self._describe()
            self.update()
            self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture, part = self._picture(), self._part()
        painter.drawImage(picture, self._image)
        painter.setClipRect(picture)
        for shade in (
            QRectF(picture.topLeft(), QPointF(picture.right(), part.top())),
            QRectF(QPointF(picture.left(), part.bottom()), picture.bottomRight()),
            QRectF(QPointF(picture.left(), part.top()), part.bottomLeft()),
            QRectF(part.topRight(), QPointF(picture.right(), part.bottom())),
        ):
            painter.fillRect(shade, SHADE)
        painter.setPen(QPen(self._theme.colour("accent"), 3 if self.hasFocus() else 2))
        painter.drawRect(part.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed = self._share(event.position())
        left, top, right, bottom = self.area
        inside = left < self._pressed.x() < right and top < self._pressed.y() < bottom
        self._moved_from = self.area if inside and self.area != WHOLE else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        now = self._share(event.position())
        if self._moved_from is not None:
            shift = now - self._pressed
            self.set_area(_moved(self._moved_from, shift.x(), shift.y()))
            return
        left, right = sorted((self._pressed.x(), now.x()))
        top, bottom = sorted((self._pressed.y(), now.y()))
        if right - left >= SMALLEST and bottom - top >= SMALLEST:
            self.set_area((left, top, right, bottom))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            left, top, right, bottom = self.area
            self.set_area(
                (
                    left,
                    top,
                    min(1.0, max(left + SMALLEST, right + step[0])),
                    min(1.0, max(top + SMALLEST, bottom + step[1])),
                )
            )
        else:
            self.set_area(_moved(self.area, *step))

    def _picture(self) -> QRectF:
        """Where the picture is painted."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) / 2,
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )

    def _part(self) -> QRectF:
        picture = self._picture()
        left, top, right, bottom = self.area
        return QRectF(
            picture.left() + left * picture.width(),
            picture.top() + top * picture.height(),
            (right - left) * picture.width(),
            (bottom - top) * picture.height(),
        )

    def _share(self, point: QPointF) -> QPointF:
        picture = self._picture()
        return QPointF(
            min(1.0, max(0.0, (point.x() - picture.left()) / max(picture.width(), 1.0))),
            min(1.0, max(0.0, (point.y() - picture.top()) / max(picture.height(), 1.0))),
        )

    def _describe(self) -> None:
        left, top, right, bottom = (fmt.percent(side) for side in self.area)
        self.setAccessibleDescription(
            self.tr("From {left} to {right} across and {top} to {bottom} down").format(
                left=left, top=top, right=right, bottom=bottom
            )
        )


class CropDialog(QDialog):
    """One picture; `chosen` comes with the part, or None for all of it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, image: QImage, area: Area | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose a part of the picture"))
        hint = PlainLabel(
            self.tr("Drag a rectangle. Arrow keys move it; with Shift they change its size."), tone="dim"
        )
        hint.setWordWrap(True)
        self.part = CropArea(theme, image, area or (0.25, 0.25, 0.75, 0.75))
        whole = TextButton(theme, self.tr("Use the whole picture"))
        cancel = TextButton(theme, self.tr("Cancel"))
        self.use = TextButton(theme, self.tr("Use this part"), kind="primary")
        self.use.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(whole)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(hint)
        layout.addWidget(self.part, 1)
        layout.addLayout(buttons)
        whole.clicked.connect(lambda: self._choose(WHOLE))
        cancel.clicked.connect(self.reject)
        self.use.clicked.connect(lambda: self._choose(self.part.area))
        self.part.setFocus()

    def _choose(self, area: Area) -> None:
        self.chosen.emit(None if area == WHOLE else area)
        self.accept()


def _moved(area: Area, across: float, down: float) -> Area:
    """A part somewhere else, within the picture."""
    left, top, right, bottom = area
    across = min(max(across, -left), 1 - right)
    down = min(max(down, -top), 1 - bottom)
    return (left + across, top + down, right + across, bottom + down)
