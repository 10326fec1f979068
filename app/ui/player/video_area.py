"""The black area of the player: the video, or a still picture with a sentence where it cannot be shown."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtMultimedia import QVideoSink
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme


class Poster(QWidget):
    """A still picture on black, dimmed where words stand on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QPixmap | None = None
        self.dimmed = False

    def set_picture(self, picture: QPixmap | None) -> None:
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(0.25 if self.dimmed else 1.0)
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            where = QRect((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, 0, 0)
            where.setSize(QSize(size))
            painter.drawPixmap(where, self._picture)
        painter.end()


class VideoArea(QStackedWidget):
    """Shows the poster until the first picture of the video has come."""

    clicked = Signal()
    double_clicked = Signal()
    system_player_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._video = QVideoWidget()
        self._poster = Poster()
        self._sentence = PlainLabel()
        self._sentence.setObjectName("stageNotice")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._elsewhere = TextButton(theme, self.tr("Open in system player"), kind="primary", icon="external")
        self._elsewhere.setToolTip(self.tr("Open in the system’s player"))
        self._elsewhere.clicked.connect(self.system_player_wanted)
        layout = QVBoxLayout(self._poster)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.L)
        layout.addStretch()
        layout.addWidget(self._sentence)
        layout.addWidget(self._elsewhere, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.addWidget(self._poster)
        self.addWidget(self._video)
        self.setMinimumSize(200, 112)
        self.show_poster(None)

    @property
    def sink(self) -> QVideoSink:
        """Where the video's pictures arrive."""
        return self._video.videoSink()

    @property
    def notice(self) -> str:
        """The sentence on the poster; empty while there is none."""
        return self._sentence.text()

    @property
    def shows_video(self) -> bool:
        """Whether the video's pictures are on view, and not the poster."""
        return self.currentWidget() is self._video

    def show_poster(self, picture: QPixmap | None) -> None:
        """Show a still picture while the video loads."""
        self._poster.set_picture(picture)
        self._say("")
        self.setCurrentWidget(self._poster)

    def clear_notice(self) -> None:
        """Take the words off the still picture."""
        self._say("")

    def show_video(self) -> None:
        self._say("")
        self.setCurrentWidget(self._video)

    def show_notice(self, sentence: str, *, elsewhere: bool = True) -> None:
        """Say over the still picture why there is no video.

        Args:
            sentence: why, and what to do.
            elsewhere: whether another player may be able to show it.
        """
        self._say(sentence)
        self._elsewhere.setVisible(elsewhere)
        self.setCurrentWidget(self._poster)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    def _say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._elsewhere.setVisible(bool(sentence))
        self._poster.dimmed = bool(sentence)
        self._poster.update()
