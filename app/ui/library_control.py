"""The window's one link to the open library: every call but searches goes through here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.indexing.events import IndexingEvent, Progress
from app.library.records import Folder, Video
from app.session import Session
from app.ui.events import IndexingBridge
from app.ui.operations import Operations

REFRESH_MS = 400
"""At most this often are the folders' counts read again while indexing."""
ELSEWHERE_MS = 3000
"""How often the counts are read while videos wait and this window does not index: another Reelfind may."""
CLOSE_SECONDS = 12.0
"""How long closing may take before it is given up: the indexer and its child stop in stages within this."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the side panel shows."""

    folders: tuple[Folder, ...]
    problems: tuple[Video, ...]
    """Videos that could not be read, then those that could be read in part only."""
    scanning: bool
    """Whether the indexer is at work: more videos may turn up."""

    @property
    def indexed(self) -> int:
        return sum(folder.indexed for folder in self.folders)

    @property
    def seconds(self) -> float:
        return sum(folder.seconds for folder in self.folders)

    @property
    def pending(self) -> int:
        """Videos that are still to be indexed and can be reached."""
        return sum(folder.pending for folder in self.folders if folder.online)


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs the searches."""

    model: str
    provider: str
    scorer: str
    """Name of what ranks the answers."""
    has_head: bool
    """Whether the model has a trained head to re-score with."""

    @classmethod
    def of(cls, session: Session) -> Self:
        """What runs the searches of a session now."""
        return cls(session.model_name, session.provider, session.scorer_name, session.bundle.has_head)


Change = Callable[[Session], object]


class LibraryControl(QObject):
    """Opens, changes, watches and closes the library through operations."""

    opened = Signal(object)
    """Session; the catalogue can be read, the encoder is still loading."""
    ready = Signal(object)
    """Engine: the encoder and the vectors are loaded."""
    reranked = Signal(object)
    """Engine: from now on answers are ranked in another way."""
    contents = Signal(object)
    """Contents, whenever they may have changed."""
    heard = Signal(object)
    """IndexingEvent."""
    failed = Signal(str, str)
    """Sentence and advice of something the user asked for."""
    broken = Signal(str, str)
    """The library cannot be opened: nothing else will work."""
    closed = Signal()

    def __init__(self, operations: Operations, library: Path, model: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._library = library
        self._model = model
        self._session: Session | None = None
        self._closing = False
        self._early: list[tuple[str, Change]] = []
        """What was asked for while the library was still opening."""
        self._bridge = IndexingBridge(self)
        self._bridge.heard.connect(self._on_event)
        self._refresh_later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh_later.timeout.connect(self.refresh)
        self._look_again = QTimer(self, singleShot=True, interval=ELSEWHERE_MS)
        self._look_again.timeout.connect(self.refresh)
        self._reading = False
        self._stale = False
        self._deadline = QTimer(self, singleShot=True, interval=round(CLOSE_SECONDS * 1000))
        self._deadline.timeout.connect(self._on_closed)

    @property
    def session(self) -> Session | None:
        return self._session

    def open(self) -> None:
        """Open the library, then load the encoder; the window is usable meanwhile."""
        library, model = self._library, self._model
        opening = self._operations.run("open library", lambda: _open(library, model))
        opening.finished.connect(self._on_opened)
        opening.failed.connect(self._on_broken)

    def add_folder(self, path: Path) -> None:
        self._change("add folder", lambda session: session.add_folder(path))

    def remove_folder(self, path: Path) -> None:
        self._change("remove folder", lambda session: session.remove_folder(path))

    def set_paused(self, paused: bool) -> None:
        """Pause or resume indexing."""
        session = self._session
        if session is not None and not self._closing:
            self._operations.run(
                "pause" if paused else "resume", session.indexer.pause if paused else session.indexer.resume
            )

    def choose_scorer(self, name: str) -> None:
        """Rank answers by this scorer from now on."""
        session = self._session
        if session is None or self._closing:
            return

        def work() -> Engine:
            session.change_setting("scorer", name)
            return Engine.of(session)

        choosing = self._operations.run("choose scorer", work)
        choosing.finished.connect(self.reranked)
        choosing.failed.connect(self.failed)

    def refresh(self) -> None:
        """Read the folders' counts and the problems again."""
        session = self._session
        if session is None or self._closing:
            return
        if self._reading:
            self._stale = True
            return
        self._reading = True
        reading = self._operations.run(
            "read folders",
            lambda: Contents(tuple(session.folders()), tuple(session.problems()), session.indexer.running),
        )
        reading.finished.connect(self._on_contents)
        reading.failed.connect(self._on_contents_failed)

    def close(self) -> None:
        """Stop everything in stages off the GUI thread; `closed` comes within `CLOSE_SECONDS`."""
        self._closing = True
        self._refresh_later.stop()
        self._look_again.stop()
        self._deadline.start()
        self._operations.cancel_waiting()
        if self._operations.busy:
            self._operations.idle.connect(self._close_session, Qt.ConnectionType.SingleShotConnection)
        else:
            self._close_session()

    def _on_opened(self, session: Session) -> None:
        self._session = session
        if self._closing:
            return
        session.indexer.subscribe(self._bridge.receive)
        self.opened.emit(session)
        self.refresh()
        for name, change in self._early:
            self._change(name, change)
        self._early.clear()
        warming = self._operations.run("load encoder", lambda: _start(session))
        warming.finished.connect(self.ready)
        warming.failed.connect(self._on_broken)

    def _on_broken(self, sentence: str, advice: str) -> None:
        if not self._closing:
            self.broken.emit(sentence, advice)

    def _change(self, name: str, change: Change) -> None:
        session = self._session
        if self._closing:
            return
        if session is None:
            self._early.append((name, change))
            return

        def work() -> None:
            change(session)
            session.indexer.start()

        operation = self._operations.run(name, work)
        operation.finished.connect(self.refresh)
        operation.failed.connect(self.failed)

    def _on_contents(self, contents: Contents) -> None:
        self._reading = False
        self.contents.emit(contents)
        if contents.pending and not contents.scanning and not self._closing:
            self._look_again.start()
        if self._stale:
            self._stale = False
            self.refresh()

    def _on_contents_failed(self, sentence: str, advice: str) -> None:
        self._reading = False
        self.failed.emit(sentence, advice)

    def _on_event(self, event: IndexingEvent) -> None:
        if self._closing:
            return
        self.heard.emit(event)
        if not isinstance(event, Progress) and not self._refresh_later.isActive():
            self._refresh_later.start()

    def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is None:
            self._on_closed()
            return
        closing = self._operations.run("close library", session.close)
        closing.finished.connect(self._on_closed)
        closing.failed.connect(self._on_closed)

    def _on_closed(self) -> None:
        self._deadline.stop()
        self.closed.emit()


def _open(library: Path, model: Path | None) -> Session:
    session = Session(library, model)
    # Before the window can add a folder: one that came between would not be watched.
    session.start_watching()
    return session


def _start(session: Session) -> Engine:
    session.warm_up()
    session.indexer.start()
    return Engine.of(session)
