"""The bottom line: what is being indexed, which model is being prepared, and what runs the searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from app.indexing.events import (
    IndexingEvent,
    LinesProgress,
    Progress,
    RunFailed,
    RunFinished,
    RunResumed,
    RunWaiting,
    ScanFailed,
    ScanFinished,
    Stage,
)
from app.lines.line import Source
from app.ui.activity.run_words import Trouble, waiting
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot
from app.ui.models import model_words as words
from app.ui.models.engine_button import EngineButton
from app.ui.models.models_control import Adding
from app.ui.models.switch_button import SwitchButton, switching_words
from app.ui.widgets.controls import (
    FittingLabel,
    IconButton,
    TextButton,
    plain_action,
    plain_tooltip,
)
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.session import PendingModel

NOTE_MS = 8000
"""How long a note stays."""
FILE = 48
"""Characters of a file's name."""
WIDE = 1000
"""From this width on, logical pixels, there is room for a longer bar and for titles."""
WIDEST = 1400
"""From here on there is room for everything at once."""


class _Link(FittingLabel):
    """What is said, and a way to more of it for the pointer; the button beside it is for the keyboard too."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        super().mouseReleaseEvent(event)


class StatusBar(QWidget):
    """Left: progress with a pause button, and a switch of models; right: what is added, and the engine."""

    pause_wanted = Signal(bool)
    models_wanted = Signal()
    activity_wanted = Signal()
    """The user wants to see all that goes on."""
    now_wanted = Signal()
    """Indexing is not to wait."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._paused = False
        self._has_activity = True
        self._last: Progress | LinesProgress | None = None
        self._contents: LibrarySnapshot | None = None
        self._adding: Adding | None = None
        self._waiting = ""
        """What indexing waits for; empty where it does not."""
        self._trouble = Trouble()
        """Why the last run broke off: stays until one does not, or nothing is left to do."""
        self._failed_scans: dict[Path, str] = {}
        """Folders that could not be looked through because of an error of ours, with what to say of each."""
        self.activity = IconButton(theme, "activity", self.tr("Show activity"))
        self.now = TextButton(theme, self.tr("Index now"), kind="small")
        self.now.hide()
        self.pause = IconButton(theme, "pause", self.tr("Pause indexing"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.text = _Link(tone="dim", scale="small")
        self.switch = SwitchButton(theme)
        self.adding = QToolButton()
        self.adding.setObjectName("engine")
        self.adding.setCursor(Qt.CursorShape.PointingHandCursor)
        self.adding.hide()
        self.engine = EngineButton(theme)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, 3, Space.L, 3)
        layout.setSpacing(Space.S)
        for part in (self.activity, self.pause, self.bar, self.text, self.now, self.switch):
            layout.addWidget(part)
        layout.addStretch(1)
        self._added = QHBoxLayout()
        self._added.setSpacing(Space.S)
        layout.addLayout(self._added)
        layout.addWidget(self.adding)
        layout.addWidget(self.engine)
        self.setMinimumHeight(42)
        self._note = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._note.timeout.connect(self._say)
        for link in (self.activity, self.text):
            link.clicked.connect(self.activity_wanted)
        self.now.clicked.connect(self.now_wanted)
        self.pause.clicked.connect(lambda: self.set_paused(not self._paused))
        self.adding.clicked.connect(self.models_wanted)
        self.engine.models_wanted.connect(self.models_wanted)
        self._set_working(False)

    def leave_out_activity(self) -> None:
        """Whoever has the library shows what goes on; here is only said what there is."""
        self._has_activity = False
        self.activity.hide()
        self.text.setCursor(Qt.CursorShape.ArrowCursor)

    def add(self, part: QWidget) -> None:
        """A part of another room, at the right."""
        self._added.addWidget(part)

    def show_engine(self, engine: EngineSnapshot) -> None:
        """Say what runs the searches and what ranks the answers."""
        self.engine.show_engine(engine)

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """What to say while nothing is being indexed, and how far the pending model is."""
        before, self._contents = self._contents, contents
        if before is not None and before.pending and not contents.pending:
            self._trouble = Trouble()
        self.switch.show_pending_model(contents.pending_model)
        self.engine.show_pending_model(contents.pending_model)
        self._say()

    def show_event(self, event: IndexingEvent) -> None:
        """Follow the indexer."""
        match event:
            case Progress() if event.done < event.total:
                self._last = event
                self._trouble = Trouble()
                self._set_working(True)
                self._say()
            case LinesProgress() if event.current is not None:
                self._last = event
                self._set_working(True)
                self._say()
            case RunWaiting():
                self._waiting = waiting(event)
                self._set_working(self._last is not None)
                self._say()
            case RunResumed():
                self._waiting = ""
                self._set_working(self._last is not None)
                self._say()
            case RunFinished() | Progress() | LinesProgress():
                self._last = None
                self._set_working(False)
                self._say()
            case ScanFailed():
                self._failed_scans[event.folder] = f"{event.reason} {event.advice}".strip()
                self._say()
            case ScanFinished():
                self._failed_scans.pop(event.folder, None)
            case RunFailed():
                self._trouble = Trouble.of(event)
                self._say()

    def show_adding(self, adding: Adding | None) -> None:
        """That a model is being added; a click shows the models."""
        self._adding = adding
        self.adding.setVisible(adding is not None)
        self.activity.setVisible(self._has_activity and self.width() >= (WIDE if adding is None else WIDEST))
        if adding is not None:
            named = self.width() >= WIDE
            self.adding.setText(plain_action(words.adding_in_brief(adding, named=named)))
            self.adding.setToolTip(plain_tooltip(f"{words.title(adding.title)}: {words.stage(adding)}"))

    def note(self, text: str) -> None:
        """Say something for a short while, in place of what is said otherwise."""
        self.text.set_wordings(fmt.sentence(text))
        self._note.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setFixedWidth(110 if self.width() >= WIDE else 56)
        self.show_adding(self._adding)

    @property
    def _pending_model(self) -> PendingModel | None:
        return self._contents.pending_model if self._contents is not None else None

    def _say(self) -> None:
        if self._note.isActive():
            return
        if self._waiting and (self._last is not None or (self._contents and self._contents.pending)):
            self.text.set_wordings(self._waiting)
            self.now.show()
            return
        self.now.hide()
        if self._last is not None:
            self._show_progress(self._last)
        elif self._contents is not None and self._contents.read_only:  # the bar above says so
            self.text.set_wordings(*self._at_rest(self._contents))
        elif trouble := self._trouble.said_of(self._contents):
            self.text.set_wordings(trouble)
        elif self._failed_scans:
            self.text.set_wordings(fmt.sentence(next(iter(self._failed_scans.values()))))
        elif self._contents is not None:
            self.text.set_wordings(*self._at_rest(self._contents))

    def _at_rest(self, contents: LibrarySnapshot) -> tuple[str, ...]:
        """What to say while nothing is being done, longest first."""
        pending_model = contents.pending_model
        if pending_model is None:
            return (self._resting(contents),)
        return (
            switching_words(pending_model, offline=_unreachable(contents)),
            switching_words(pending_model, brief=True),
            words.ready(pending_model),
        )

    def _resting(self, contents: LibrarySnapshot) -> str:
        if not contents.indexed:
            return ""
        return self.tr("%Ln videos · {time} ready to search", "", contents.indexed).format(
            time=fmt.duration(contents.seconds)
        )

    def set_paused(self, paused: bool) -> None:
        """Pause indexing, or go on."""
        self._paused = paused
        self.pause.set_icon("play" if self._paused else "pause")
        self.pause.set_label(self.tr("Resume indexing") if self._paused else self.tr("Pause indexing"))
        self._note.stop()
        self._say()
        self.pause_wanted.emit(self._paused)

    def _set_working(self, working: bool) -> None:
        self.pause.setVisible(working and not self._waiting)
        self.bar.setVisible(working and not self._waiting)

    def _verb(self, stage: Stage) -> str:
        if self._paused:
            return self.tr("Paused at")
        return {
            Stage.FIRST_LOOK: self.tr("First look at"),
            Stage.REFINING: self.tr("Rough results, refining"),
            Stage.WHOLE: self.tr("Indexing"),
        }[stage]

    def _reading(self, source: Source) -> str:
        if self._paused:
            return self.tr("Paused at {n} of {m} videos")
        return {
            Source.SUBTITLE: self.tr("Reading subtitles of {n} of {m} videos"),
            Source.WRITING: self.tr("Reading text in {n} of {m} videos"),
            Source.SPEECH: self.tr("Listening to {n} of {m} videos"),
        }.get(source, self.tr("Reading {n} of {m} videos"))

    def _show_progress(self, progress: Progress | LinesProgress) -> None:
        pending_model = self._pending_model
        brief: list[str] = []
        number = fmt.count(min(progress.done + 1, progress.total))
        if isinstance(progress, LinesProgress):
            self.bar.setValue(round(1000 * progress.fraction))
            parts = [self._reading(progress.source).format(n=number, m=fmt.count(progress.total))]
        elif progress.model and pending_model is not None:
            self.bar.setValue(round(1000 * pending_model.ready / max(pending_model.total, 1)))
            parts = [switching_words(pending_model, paused=self._paused)]
            brief = [
                switching_words(pending_model, paused=self._paused, brief=True),
                words.ready(pending_model),
            ]
        else:
            self.bar.setValue(round(1000 * progress.fraction))
            verb = self._verb(progress.stage)
            parts = [self.tr("{verb} {n} of {m}").format(verb=verb, n=number, m=fmt.count(progress.total))]
        if not self._paused:
            if progress.eta is not None:
                parts.append(self.tr("{time} left").format(time=fmt.duration(progress.eta)))
            if progress.rate > 0:
                parts.append(fmt.rate(progress.rate))
        if progress.current is not None:
            parts.append(fmt.brief_name(progress.current, FILE))
        shorter = [" · ".join(parts[:kept]) for kept in range(len(parts), 0, -1)]
        self.text.set_wordings(*shorter, *brief)


def _unreachable(contents: LibrarySnapshot) -> list[str]:
    """Names of the folders that cannot be reached now."""
    return [fmt.brief_name(folder.path) for folder in contents.folders if not folder.online]
