"""The bottom line: what is being indexed, and what runs the searches."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.indexing.events import IndexingEvent, Progress, RunFailed, RunFinished
from app.ui import format as fmt
from app.ui.engine import EngineButton
from app.ui.library_control import Contents, Engine
from app.ui.parts import ElidedLabel, IconButton
from app.ui.theme import Space, Theme


class StatusBar(QWidget):
    """Left: progress with a pause button; right: the model, the execution provider and the ranking."""

    pause_wanted = Signal(bool)
    scorer_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._paused = False
        self._last: Progress | None = None
        self._resting = ""
        self._trouble = ""
        """Why the last run broke off: stays until one does not, or nothing is left to do."""
        self._pending = 0
        self.pause = IconButton(theme, "pause", self.tr("Pause indexing"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(110)
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.text = ElidedLabel(tone="dim", scale="small")
        self.engine = EngineButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, 3, Space.L, 3)
        layout.setSpacing(Space.S)
        layout.addWidget(self.pause)
        layout.addWidget(self.bar)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.engine)
        self.setMinimumHeight(42)
        self.pause.clicked.connect(self._toggle)
        self.engine.scorer_wanted.connect(self.scorer_wanted)
        self._set_working(False)

    def show_engine(self, engine: Engine) -> None:
        """Say what runs the searches and what ranks the answers."""
        self.engine.show_engine(engine)

    def show_contents(self, contents: Contents) -> None:
        """What to say while nothing is being indexed."""
        videos = fmt.counted(contents.indexed, self.tr("video"), self.tr("videos"))
        self._resting = (
            self.tr("{videos} · {time} ready to search").format(
                videos=videos, time=fmt.duration(contents.seconds)
            )
            if contents.indexed
            else ""
        )
        pending, self._pending = self._pending, contents.pending
        if pending and not contents.pending:
            self._trouble = ""
        if self._last is None:
            self._rest()

    def show_event(self, event: IndexingEvent) -> None:
        """Follow the indexer."""
        match event:
            case Progress() if event.done < event.total:
                self._last = event
                self._trouble = ""
                self._set_working(True)
                self._say()
            case RunFinished() | Progress():
                self._last = None
                self._set_working(False)
                self._rest()
            case RunFailed():
                self._trouble = f"{event.reason} {event.advice}".strip()

    def _rest(self) -> None:
        self.text.set_full_text(self._trouble or self._resting)

    def _toggle(self) -> None:
        self._paused = not self._paused
        self.pause.set_icon("play" if self._paused else "pause")
        self.pause.set_label(self.tr("Resume indexing") if self._paused else self.tr("Pause indexing"))
        self._say()
        self.pause_wanted.emit(self._paused)

    def _set_working(self, working: bool) -> None:
        self.pause.setVisible(working)
        self.bar.setVisible(working)

    def _say(self) -> None:
        progress = self._last
        if progress is None:
            return
        self.bar.setValue(round(1000 * progress.fraction))
        verb = self.tr("Paused at") if self._paused else self.tr("Indexing")
        parts = [
            self.tr("{verb} {n} of {m}").format(
                verb=verb, n=fmt.count(min(progress.done + 1, progress.total)), m=fmt.count(progress.total)
            )
        ]
        if not self._paused:
            if progress.eta is not None:
                parts.append(self.tr("{time} left").format(time=fmt.duration(progress.eta)))
            if progress.rate > 0:
                parts.append(fmt.rate(progress.rate))
        if progress.current is not None:
            parts.append(progress.current.name)
        self.text.set_full_text(" · ".join(parts))
