"""A calm bar across the page: something that holds for as long as the window is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.widgets import icons
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.open_library import Impairment

ICON = 18
_MOST = 3


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

    def says(self, sentence: str) -> bool:
        """Whether it is said here."""
        return not self.isHidden() and self.sentence.text() == fmt.sentence(sentence)

    def show_impairments(self, impairments: Sequence[Impairment]) -> None:
        """Say the first with its advice and the others below; none takes the bar away."""
        first = impairments[0] if impairments else None
        others = [f"{other.sentence} {other.advice}" for other in impairments[1:_MOST]]
        if len(impairments) > _MOST:
            others.append(self.tr("And {n} more.").format(n=len(impairments) - _MOST))
        lines = [] if first is None else [first.advice, *others]
        self.sentence.setText(fmt.sentence(first.sentence if first else ""))
        self.more.setText("\n".join(fmt.sentence(line) for line in lines))
        self.more.setHidden(not lines)
        self.setHidden(first is None)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("info", self._theme.colour("accent"), ICON, ratio))
