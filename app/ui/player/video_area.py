"""The black area of the player: the video, or a still picture with a sentence where it cannot be shown."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.media.area import WHOLE, Area
from app.ui.player.overlays.evidence_map import evidence_image
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme

RESIZE_MS = 150
"""Rest after a change of size before pictures of the new size are asked for."""


class VideoArea(QWidget):
    """Shows the poster until the first picture of the video has come."""

    clicked = Signal()
    double_clicked = Signal()
    moved = Signal()
    """The pointer moved over it."""
    system_player_wanted = Signal()
    resized = Signal(QSize)
    """Pixels of the screen that the picture may take, a moment after they changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAccessibleName(self.tr("Video"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 112)
        self._poster: QPixmap | None = None
        self._image: QImage | None = None
        self._evidence: QImage | None = None
        self._area = WHOLE
        self._sentence = PlainLabel()
        self._sentence.setObjectName("stageNotice")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offers_system_player = True
        """Whether another player could open the files at all."""
        self._elsewhere = TextButton(theme, self.tr("Open in system player"), kind="primary", icon="external")
        self._elsewhere.setToolTip(self.tr("Open in the system’s player"))
        self._elsewhere.clicked.connect(self.system_player_wanted)
        self.note = PlainLabel(parent=self)
        """A few words in the corner about what plays."""
        self.caption = PlainLabel(parent=self)
        """What is said now."""
        self.note.setObjectName("note")
        self.caption.setObjectName("caption")
        self._foot = 0
        for label in (self.note, self.caption):
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.hide()
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.addStretch()
        layout.addWidget(self._sentence)
        layout.addWidget(self._elsewhere, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self._later = QTimer(self, singleShot=True, interval=RESIZE_MS)
        self._later.timeout.connect(lambda: self.resized.emit(self.pixels))
        self._say("")

    @property
    def pixels(self) -> QSize:
        """How many pixels of the screen the picture may take."""
        return (self.size().toSizeF() * self.devicePixelRatioF()).toSize()

    @property
    def notice(self) -> str:
        """The sentence over the picture; empty while there is none."""
        return self._sentence.text()

    @property
    def shows_video(self) -> bool:
        """Whether the video's pictures are on view, and not the poster."""
        return self._image is not None and not self.notice

    @property
    def image(self) -> QImage | None:
        """The picture on view, None before the first has come."""
        return self._image

    def show_poster(self, picture: QPixmap | None) -> None:
        """Show a still picture while the video loads."""
        self._poster, self._image, self._evidence = picture, None, None
        self.say_note("")
        self.say_caption("")
        self._say("")

    def show_picture(self, image: QImage) -> None:
        """Show a picture of the video; its pixels have to stay until the next one comes."""
        self._image = image
        if self.notice:
            self._say("")
        self.update()

    def clear_notice(self) -> None:
        """Take the words off the picture."""
        self._say("")

    def show_notice(self, sentence: str, *, elsewhere: bool = True) -> None:
        """Say over the picture why there is no video.

        Args:
            sentence: why, and what to do.
            elsewhere: whether another player may be able to show it.
        """
        self._say(sentence)
        self._elsewhere.setVisible(elsewhere and self.offers_system_player)

    def say_note(self, sentence: str) -> None:
        """Say something about what plays, in the corner; nothing where empty."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self._place_words()

    def say_caption(self, text: str) -> None:
        """Write what is said now below the picture; nothing where empty."""
        if text != self.caption.text():
            self.caption.setText(text)
            self.caption.setVisible(bool(text))
            self._place_words()

    def set_foot(self, height: int) -> None:
        """Something lies over the lowest pixels: what is said is written above it."""
        self._foot = height
        self._place_words()

    def show_evidence(self, shares: Sequence[Sequence[float]] | None, area: Area = WHOLE) -> None:
        """Lay a soft light over the places that speak for the moment; none where None.

        Args:
            shares: rows from the top, 0..1.
            area: the part of the picture that they lie on.
        """
        self._evidence = None if shares is None else evidence_image(shares)
        self._area = area
        self.update()

    @property
    def shows_evidence(self) -> bool:
        """Whether it is on view what speaks for the moment."""
        return self._evidence is not None

    def picture_rect(self) -> QRect:
        """Where the picture is painted."""
        size = self._image.size() if self._image is not None else None
        if size is None and self._poster is not None:
            size = self._poster.size()
        if size is None or size.isEmpty():
            return self.rect()
        fitting = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, fitting.width(), fitting.height())
        place.moveCenter(self.rect().center())
        return place

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.setOpacity(0.25 if self.notice else 1.0)
        place = self.picture_rect()
        if self._image is not None:
            painter.drawImage(place, self._image)
        elif self._poster is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, self._poster)
        if self._evidence is not None and not self.notice:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._evidence_rect(place), self._evidence)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_words()
        self._later.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.moved.emit()
        super().mouseMoveEvent(event)

    def _place_words(self) -> None:
        """Words on the picture are as wide as they are, and never wider than it."""
        widest = max(self.width() - 2 * Space.XL, 1)
        for label in (self.note, self.caption):
            label.ensurePolished()
            wrap = int(Qt.TextFlag.TextWordWrap)
            needed = label.fontMetrics().boundingRect(QRect(0, 0, widest - 24, 10_000), wrap, label.text())
            width = min(needed.width() + 24, widest)
            label.resize(width, label.heightForWidth(width))
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - self.note.width() - Space.M if backwards else Space.M
        self.note.move(left, Space.M)
        low = self.height() - self._foot - self.caption.height() - Space.L
        self.caption.move((self.width() - self.caption.width()) // 2, low)

    def _evidence_rect(self, place: QRect) -> QRectF:
        area, width, height = self._area, place.width(), place.height()
        return QRectF(
            place.x() + area.left * width,
            place.y() + area.top * height,
            (area.right - area.left) * width,
            (area.bottom - area.top) * height,
        )

    def _say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._elsewhere.setVisible(bool(sentence) and self.offers_system_player)
        self.update()
