"""What happened lately, the newest first."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, QTime
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from app.indexing.events import IndexingEvent
from app.ui.activity import run_words
from app.ui.activity.run_words import MOST

HEIGHT = 200
"""Logical pixels: the list does not grow while things happen."""


class EventList(QListWidget):
    """Keeps its place while a person looks at what is further down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("eventList")
        self.setAccessibleName(self.tr("Recent events"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUniformItemSizes(True)
        self.setFixedHeight(HEIGHT)

    def show_event(self, event: IndexingEvent, at: QTime | None = None) -> None:
        """Take an event in, where it says something; `at` is when it happened, now where None."""
        text = run_words.happened(event)
        if not text:
            return
        time = QLocale().toString(at or QTime.currentTime(), QLocale.FormatType.ShortFormat)
        bar = self.verticalScrollBar()
        scrolled = bar.value()
        self.insertItem(0, f"{time}   {text}")
        if self.count() > MOST:
            self.takeItem(self.count() - 1)
        if scrolled:
            bar.setValue(scrolled + self.sizeHintForRow(0))
