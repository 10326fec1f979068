"""The list of files that could not be read, or in part only, with reasons and advice."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.library.records import Video, VideoState
from app.ui import format as fmt
from app.ui.parts import ElidedLabel, IconButton, PlainLabel, TextButton
from app.ui.theme import Space, Theme

SHOWN = 200
"""More problems than this are only counted."""


def headline(videos: Sequence[Video], tr: Callable[[str], str]) -> str:
    """How many videos could not be read, and how many in part only."""
    failed = sum(video.state is VideoState.FAILED for video in videos)
    partly = len(videos) - failed
    if not failed:
        files = fmt.counted(partly, tr("file"), tr("files"))
        return tr("{files} could be read in part only").format(files=files)
    text = tr("{files} could not be read").format(files=fmt.counted(failed, tr("file"), tr("files")))
    return text if not partly else tr("{text}, {partly} only in part").format(text=text, partly=partly)


def brief_headline(videos: Sequence[Video], tr: Callable[[str], str]) -> str:
    """How many videos have a problem of either kind, for where there is little room."""
    return tr("{files} with problems").format(files=fmt.counted(len(videos), tr("file"), tr("files")))


class Problems(QWidget):
    """One card per file."""

    left = Signal()
    show_wanted = Signal(Path)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Video, ...] = ()
        self._back = TextButton(theme, self.tr("Back"), kind="quiet", icon="back")
        self._title = PlainLabel(scale="title")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = QHBoxLayout()
        heading.setSpacing(Space.S)
        heading.addWidget(self._back)
        heading.addWidget(self._title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(heading)
        layout.addWidget(self._area, 1)
        self._back.clicked.connect(self.left)
        self.show_problems(())

    def show_problems(self, videos: Sequence[Video]) -> None:
        """Show these videos, each with what is wrong with it."""
        if tuple(videos) == self._shown and self._area.widget() is not None:
            return
        self._shown = tuple(videos)
        self._title.setText(headline(videos, self.tr))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, Space.XS, Space.L, Space.L)
        column.setSpacing(Space.S)
        for video in self._shown[:SHOWN]:
            column.addWidget(self._card(video))
        if len(self._shown) > SHOWN:
            more = self.tr("… and {files} more").format(files=fmt.count(len(self._shown) - SHOWN))
            column.addWidget(PlainLabel(more, tone="dim"))
        column.addStretch()
        self._area.setWidget(inside)

    def enter(self) -> None:
        """Take the keyboard."""
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _card(self, video: Video) -> QFrame:
        card = QFrame()
        card.setObjectName("problem")
        name, folder = ElidedLabel(), ElidedLabel(tone="dim", scale="small")
        name.setStyleSheet("font-weight: 600;")
        name.set_full_text(video.path.name)
        folder.set_full_text(str(video.path.parent))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(folder)
        words.addSpacing(Space.XS)
        for text, tone in ((video.reason, ""), (video.advice, "dim")):
            if text:
                label = PlainLabel(text, tone=tone)
                label.setWordWrap(True)
                words.addWidget(label)
        reveal = IconButton(self._theme, "reveal", self.tr("Show in folder"))
        reveal.clicked.connect(lambda: self.show_wanted.emit(video.path))
        layout = QHBoxLayout(card)
        layout.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.M)
        layout.addLayout(words, 1)
        layout.addWidget(reveal, 0, Qt.AlignmentFlag.AlignTop)
        return card
