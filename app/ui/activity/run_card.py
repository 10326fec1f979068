"""What runs now: the pass of the indexer, what it waits for, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.indexing.events import (
    IndexingEvent,
    LinesProgress,
    Progress,
    RunFailed,
    RunFinished,
    RunResumed,
    RunWaiting,
)
from app.ui.activity import run_words
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.widgets.controls import ElidedLabel, PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt


class RunCard(QFrame):
    """One card that keeps its height, whatever it says."""

    pause_wanted = Signal(bool)
    now_wanted = Signal()
    """Wait for nothing; while nothing runs: look for new files."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._progress: Progress | LinesProgress | None = None
        self._waiting: RunWaiting | None = None
        self._trouble = run_words.Trouble()
        self._contents: LibrarySnapshot | None = None
        self.paused = False
        self.title = PlainLabel(scale="strong")
        self.title.setWordWrap(True)
        self.details = ElidedLabel(tone="dim", scale="small")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.pause = TextButton(theme, self.tr("Pause"), kind="small")
        self.now = TextButton(theme, self.tr("Index now"), kind="small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.details)
        upper = QHBoxLayout()
        upper.setSpacing(Space.S)
        upper.addLayout(words, 1)
        for button in (self.pause, self.now):
            upper.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        column.setSpacing(Space.S)
        column.addLayout(upper)
        column.addWidget(self.bar)
        self.pause.clicked.connect(lambda: self.pause_wanted.emit(not self.paused))
        self.now.clicked.connect(self.now_wanted)
        self._say()

    def show_event(self, event: IndexingEvent) -> None:
        """Follow the indexer."""
        match event:
            case Progress() | LinesProgress():
                over = event.done >= event.total or (
                    isinstance(event, LinesProgress) and event.current is None
                )
                self._progress = None if over else event
                self._trouble = run_words.Trouble()
            case RunWaiting():
                self._waiting = event
            case RunResumed():
                self._waiting = None
            case RunFailed():
                self._trouble = run_words.Trouble.of(event)
            case RunFinished():
                self._progress = self._waiting = None
            case _:
                return
        self._say()

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """What there is, and whether something is at work."""
        self._contents = contents
        self._say()

    def show_paused(self, paused: bool) -> None:
        """Whether a person paused indexing."""
        self.paused = paused
        self._say()

    def _say(self) -> None:
        contents, progress = self._contents, self._progress
        working = progress is not None or (contents is not None and contents.scanning)
        waits = self._waiting is not None and (working or (contents is not None and contents.pending > 0))
        self.title.setText(self._title(working=working, waits=waits))
        details = run_words.details(progress) if progress is not None else self._at_rest()
        self.details.set_full_text(details)
        self.bar.setValue(round(1000 * progress.fraction) if progress is not None else 0)
        self.bar.setEnabled(progress is not None)
        self.pause.setText(self.tr("Resume") if self.paused else self.tr("Pause"))
        self.pause.setVisible((progress is not None or self.paused) and not waits)
        self.now.setText(self.tr("Index now") if waits else self.tr("Look for new files"))
        self.now.setVisible(waits or not working)
        self.now.setEnabled(contents is not None and not contents.read_only)

    def _title(self, *, working: bool, waits: bool) -> str:
        if self._waiting is not None and waits:
            return run_words.waiting(self._waiting)
        if self._progress is not None:
            title = run_words.title(self._progress)
            return self.tr("Paused: {what}").format(what=title) if self.paused else title
        if working:
            return self.tr("Looking through your folders")
        if trouble := self._trouble.said_of(self._contents):
            return trouble
        if self._contents is not None and self._contents.read_only:
            return fmt.sentence(self._contents.read_only)
        return self.tr("Nothing to do")

    def _at_rest(self) -> str:
        contents = self._contents
        if contents is None:
            return ""
        if contents.pending:
            return self.tr("%Ln videos to go", "", contents.pending)
        return self.tr("%Ln videos are ready to search", "", contents.indexed)
