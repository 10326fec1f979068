"""A calm bar across the page: something that holds for as long as the window is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import icons
from app.ui.parts import PlainLabel
from app.ui.theme import Space, Theme

ICON = 18


class Banner(QFrame):
    """A mark, a sentence, and a quieter one below; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme = theme
        self._mark = QLabel()
        self._mark.setFixedSize(ICON, ICON)
        self.sentence = PlainLabel(scale="strong")
        self.more = PlainLabel(tone="dim")
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.sentence, self.more):
            label.setWordWrap(True)
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.M)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def say(self, sentence: str, more: str) -> None:
        """Show these words; empty ones take the bar away."""
        self.sentence.setText(fmt.sentence(sentence))
        self.more.setText(fmt.sentence(more))
        self.more.setHidden(not more)
        self.setHidden(not sentence)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("info", self._theme.colour("accent"), ICON, ratio))
