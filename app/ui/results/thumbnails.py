"""Thumbnails for the grid: loaded and decoded off the GUI thread, kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from app.ui.background.operations import Operations

if TYPE_CHECKING:
    from app.session import Session

FRAME = QSize(480, 270)
"""Every thumbnail becomes this many pixels: 16:9, sharp on dense screens at the widest card."""
KEPT = 240
"""Decoded thumbnails kept (about 120 MB at 480 × 270 × 4 bytes)."""
AT_ONCE = 2
FADE_SECONDS = 0.12
FADE_STEP_MS = 16


class Thumbnails(QObject):
    """Pictures by frame id. `picture` answers at once: None until it is there; then `arrived` follows."""

    arrived = Signal(int)
    """Frame id."""
    faded = Signal()
    """A picture that is fading in has changed its opacity."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: Session | None = None
        self._kept: OrderedDict[int, QPixmap] = OrderedDict()
        self._waiting: list[int] = []
        self._loading: set[int] = set()
        self._absent: set[int] = set()
        self._born: dict[int, float] = {}
        self._fade = QTimer(self, interval=FADE_STEP_MS)
        self._fade.timeout.connect(self._on_fade)
        # PySide makes a type's conversions ready at its first use, and two threads that do so at once crash:
        # so the GUI thread uses everything that the workers will use before there are any.
        framed(b"")
        _in_frame(QImage(1, 2, QImage.Format.Format_RGB32))

    def set_session(self, session: Session) -> None:
        self._session = session

    def stop(self) -> None:
        """Load nothing more."""
        self._session = None
        self._waiting.clear()
        self._fade.stop()

    def forget_waiting(self) -> None:
        """The wanted pictures have changed: drop requests that no worker has begun."""
        self._waiting.clear()
        self._absent.clear()

    def picture(self, frame: int) -> QPixmap | None:
        """The frame's picture, `FRAME` large, or None while it is being loaded."""
        if frame in self._kept:
            self._kept.move_to_end(frame)
            return self._kept[frame]
        if frame not in self._loading and frame not in self._waiting and frame not in self._absent:
            self._waiting.append(frame)
            self._load_next()
        return None

    def opacity(self, frame: int) -> float:
        """0..1: a picture fades in when it arrives."""
        born = self._born.get(frame)
        return 1.0 if born is None else min((monotonic() - born) / FADE_SECONDS, 1.0)

    def _load_next(self) -> None:
        session = self._session
        while session is not None and self._waiting and len(self._loading) < AT_ONCE:
            self._load(session, self._waiting.pop(0))

    def _load(self, session: Session, frame: int) -> None:
        self._loading.add(frame)
        operation = self._operations.run("thumbnail", lambda: framed(session.thumbnail(frame)))
        operation.finished.connect(lambda image: self._on_loaded(frame, image))
        operation.failed.connect(lambda *_: self._on_loaded(frame, None))

    def _on_loaded(self, frame: int, image: QImage | None) -> None:
        self._loading.discard(frame)
        if image is None:
            self._absent.add(frame)
        else:
            self._kept[frame] = QPixmap.fromImage(image)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            if self._session is not None:
                self._born[frame] = monotonic()
                self._fade.start()
                self.arrived.emit(frame)
        self._load_next()

    def _on_fade(self) -> None:
        now = monotonic()
        self._born = {frame: born for frame, born in self._born.items() if now - born < FADE_SECONDS}
        if not self._born:
            self._fade.stop()
        self.faded.emit()


def framed(webp: bytes | None) -> QImage | None:
    """The picture in a 16:9 frame; what does not fill it stands on its own blurred, darkened enlargement.

    Runs on a worker thread. None where there is no picture or it cannot be decoded.
    """
    if webp is None:
        return None
    picture = QImage.fromData(webp)
    return None if picture.isNull() else _in_frame(picture)


def _in_frame(picture: QImage) -> QImage:
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = picture.scaled(FRAME, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    if fitted.width() >= FRAME.width() - 2 and fitted.height() >= FRAME.height() - 2:
        return fitted.scaled(FRAME, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
            QImage.Format.Format_RGB32
        )
    canvas = QImage(FRAME, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(0, 0, FRAME.width(), FRAME.height()), _blurred(picture))
    painter.fillRect(canvas.rect(), QColor(0, 0, 0, 110))
    painter.drawImage((FRAME.width() - fitted.width()) // 2, (FRAME.height() - fitted.height()) // 2, fitted)
    painter.end()
    return canvas


def _blurred(picture: QImage) -> QImage:
    """The middle of the picture, enlarged to the frame and blurred by way of a tiny copy."""
    smooth = Qt.TransformationMode.SmoothTransformation
    filled = picture.scaled(FRAME, Qt.AspectRatioMode.KeepAspectRatioByExpanding, smooth)
    left, top = (filled.width() - FRAME.width()) // 2, (filled.height() - FRAME.height()) // 2
    middle = filled.copy(QRect(left, top, FRAME.width(), FRAME.height()))
    tiny = middle.scaled(FRAME / 30, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return tiny.scaled(FRAME, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
