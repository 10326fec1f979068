"""What is said and written in the video, beside its picture."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.catalogue.line_records import StoredLine
from app.lines.line import Source
from app.text import shown
from app.ui.widgets.controls import IconButton, PlainLabel
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

NARROWEST, WIDEST = 170, 300
"""Logical pixels."""
_SPOKEN = (Source.SUBTITLE, Source.SPEECH)
_START = Qt.ItemDataRole.UserRole


class Transcript(QWidget):
    """The lines in order of time. Click one, or press Enter on it, to go there."""

    sought = Signal(float)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[StoredLine, ...] = ()
        self._spoken: tuple[StoredLine, ...] = ()
        self._starts: list[float] = []
        self._current: QListWidgetItem | None = None
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        title = PlainLabel(self.tr("Transcript"), scale="strong")
        close = IconButton(theme, "close", self.tr("Close the transcript (T)"))
        close.clicked.connect(self.closed)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter lines"))
        self.filter.setAccessibleName(self.tr("Filter lines"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Lines"))
        self.list.setWordWrap(True)
        self.list.setUniformItemSizes(False)
        self.list.setSpacing(1)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setObjectName("transcript")
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self._nothing = PlainLabel(tone="dim")
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(head)
        layout.addWidget(self.filter)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        self.show_lines(())

    def show_lines(self, lines: Sequence[StoredLine]) -> None:
        """Show what was read of a video, names left out."""
        self._lines = tuple(
            sorted((line for line in lines if line.source is not Source.NAME), key=lambda line: line.start)
        )
        usual = Source.SUBTITLE if any(line.source is Source.SUBTITLE for line in self._lines) else None
        self._spoken = tuple(
            line for line in self._lines if line.source in _SPOKEN and usual in (None, line.source)
        )
        self._starts = [line.start for line in self._lines]
        self._current = None
        self.filter.clear()
        self.list.clear()
        for line in self._lines:
            item = QListWidgetItem(f"{fmt.clock(line.start)}   {shown(line.text)}")
            item.setData(_START, line.start)
            if line.source is Source.WRITING:
                words = self.tr("{time}, written in the picture: {text}")
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole,
                    words.format(time=fmt.clock(line.start), text=shown(line.text)),
                )
                font = self.list.font()
                font.setItalic(True)
                item.setFont(font)
            self.list.addItem(item)
        self._filter(self.filter.text())

    def caption_at(self, seconds: float) -> str:
        """What is said then; empty where nothing is."""
        place = bisect_right(self._spoken, seconds, key=lambda line: line.start)
        said = [line for line in self._spoken[max(place - 3, 0) : place] if seconds < line.end]
        return "\n".join(shown(line.text) for line in said[-2:])

    def set_position(self, seconds: float) -> None:
        """Highlight the line that is on, and keep it on view unless a person reads elsewhere."""
        place = bisect_right(self._starts, seconds) - 1
        item = self.list.item(place) if place >= 0 else None
        if item is self._current:
            return
        self._mark(self._current, on=False)
        self._current = item
        self._mark(item, on=True)
        if item is not None and not item.isHidden() and not self._is_in_use():
            self.list.scrollToItem(item, QAbstractItemView.ScrollHint.EnsureVisible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the lines that are selected, each with its time; all on view where none is."""
        chosen = [item for item in self._items() if item.isSelected()]
        lines = chosen or [item for item in self._items() if not item.isHidden()]
        QGuiApplication.clipboard().setText("\n".join(item.text() for item in lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.doItemsLayout()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _is_in_use(self) -> bool:
        return self.list.underMouse() or self.list.hasFocus()

    def _mark(self, item: QListWidgetItem | None, *, on: bool) -> None:
        if item is not None:
            palette = self.palette()
            item.setBackground(palette.alternateBase() if on else Qt.GlobalColor.transparent)
            font = item.font()
            font.setBold(on)
            item.setFont(font)

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        left = 0
        for item, line in zip(self._items(), self._lines, strict=True):
            fits = all(word in line.text.casefold() for word in wanted)
            item.setHidden(not fits)
            left += fits
        self.list.setVisible(bool(left))
        self._nothing.setVisible(not left)
        self.filter.setVisible(bool(self._lines))
        if not self._lines:
            self._nothing.setText(
                self.tr("Nothing is said or written in this video, as far as Reelfind has read it.")
            )
        elif not left:
            self._nothing.setText(self.tr("No line has these words."))

    def _go(self, item: QListWidgetItem) -> None:
        self.sought.emit(item.data(_START))
