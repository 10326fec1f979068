"""What runs, how far each folder is, what happened, what failed and why, and the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app import paths
from app.indexing.events import IndexingEvent
from app.ui.activity.event_list import EventList
from app.ui.activity.folder_rows import FolderRows
from app.ui.activity.problems import Problems
from app.ui.activity.run_card import RunCard
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.system import reveal
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt
from app.ui.wording.source_words import source_line

if TYPE_CHECKING:
    from app.indexing.behind.line_sources import SourceState

COPIED_MS = 2000


class ActivityPage(QWidget):
    """Two halves: what goes on, and the problems."""

    left = Signal()
    log_wanted = Signal()
    """The last lines of the log are to go to the clipboard."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = RunCard(theme)
        self.folders = FolderRows(theme)
        self.events = EventList()
        self.events.hide()
        self.quiet = PlainLabel(
            self.tr("Nothing has happened since Reelfind was started."), tone="dim", scale="small"
        )
        self.quiet.setWordWrap(True)
        self.problems = Problems(theme)
        self.sources = PlainLabel(tone="dim", scale="small")
        self.sources.setWordWrap(True)
        self.back = TextButton(theme, self.tr("Back"), kind="quiet", icon="back")
        self.now = TextButton(theme, self.tr("Now"), kind="chip")
        self.failed = TextButton(theme, "", kind="chip")
        self.open_log = TextButton(theme, self.tr("Open log folder"), kind="small")
        self.copy_log = TextButton(theme, self.tr("Copy last lines"), kind="small")
        self._halves = QStackedWidget()
        self._halves.addWidget(self._overview())
        self._halves.addWidget(self.problems)
        self._choice = QButtonGroup(self)
        for place, button in enumerate((self.now, self.failed)):
            button.setCheckable(True)
            self._choice.addButton(button, place)
        self.now.setChecked(True)
        chips = QHBoxLayout()
        chips.setSpacing(Space.S)
        chips.addWidget(self.now)
        chips.addWidget(self.failed)
        chips.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(top)
        layout.addWidget(PlainLabel(self.tr("Activity"), scale="title"))
        layout.addLayout(chips)
        layout.addSpacing(Space.XS)
        layout.addWidget(self._halves, 1)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy_log.setText(self.tr("Copy last lines")))
        self._choice.idClicked.connect(self._halves.setCurrentIndex)
        self.back.clicked.connect(self.left)
        self.copy_log.clicked.connect(self.log_wanted)
        self.open_log.clicked.connect(_open_log)

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """Follow the library."""
        self.run.show_contents(contents)
        self.folders.show_contents(contents)
        self.problems.show_contents(contents)
        total = contents.problems.total + len(contents.unreachable)
        self.failed.setText(self.tr("Problems · {count}").format(count=fmt.count(total)))

    def show_event(self, event: IndexingEvent) -> None:
        """Follow the indexer."""
        self.run.show_event(event)
        self.events.show_event(event)
        self.events.setHidden(not self.events.count())
        self.quiet.setHidden(bool(self.events.count()))

    def show_sources(self, states: Sequence[SourceState]) -> None:
        """Say how far the words of videos are read."""
        self.sources.setText("\n".join(source_line(state) for state in states if state.wanted or state.lines))

    def show_log(self, text: str) -> None:
        """Put the last lines of the log on the clipboard."""
        QGuiApplication.clipboard().setText(text)
        self.copy_log.setText(self.tr("Copied") if text else self.tr("The log is empty"))
        self._copied.start()

    def enter(self, *, problems: bool = False) -> None:
        """Take the keyboard, with the problems on view or what goes on."""
        (self.failed if problems else self.now).setChecked(True)
        self._halves.setCurrentIndex(int(problems))
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def shows_problems(self) -> bool:
        """Whether the problems are on view, where the page is."""
        return self._halves.currentWidget() is self.problems

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _overview(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.L, Space.L)
        column.setSpacing(Space.S)
        log = QHBoxLayout()
        log.setSpacing(Space.S)
        about = PlainLabel(
            self.tr(
                "The log holds errors with the names of files they are about. It stays on this computer. "
                "Copied lines name your home folder “~”."
            ),
            tone="dim",
            scale="small",
        )
        about.setWordWrap(True)
        log.addWidget(about, 1)
        log.addWidget(self.copy_log)
        log.addWidget(self.open_log)
        column.addWidget(self.run)
        column.addWidget(self.sources)
        for heading, part in (
            (self.tr("Folders"), self.folders),
            (self.tr("Recent events"), self.events),
        ):
            column.addSpacing(Space.S)
            column.addWidget(PlainLabel(heading, tone="dim", scale="heading"))
            column.addWidget(part)
        column.addWidget(self.quiet)
        column.addSpacing(Space.S)
        column.addWidget(PlainLabel(self.tr("Log"), tone="dim", scale="heading"))
        column.addLayout(log)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Now"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area


def _open_log() -> None:
    reveal.open_own_folder(paths.log_folder())
