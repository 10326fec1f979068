"""The window's one link to the open library: every call but searches goes through here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.indexing.events import (
    IndexingEvent,
    LinesProgress,
    ModelSwitched,
    Progress,
    RunFinished,
    VideoIndexed,
)
from app.ui.background.contents_reader import ContentsReader
from app.ui.background.event_bridge import IndexingBridge
from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import Operation, Operations
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot

if TYPE_CHECKING:
    from app.open_library import OpenLibrary
    from app.remote_library.server_place import ServerPlace
    from app.session import Session

CLOSE_SECONDS = 12.0
"""How long closing may take before it is given up: the indexer and its child stop in stages within this."""


Change = Callable[["Session"], object]


class LibraryControl(QObject):
    """Opens, changes, watches and closes the library through operations."""

    opened = Signal(object)
    """OpenLibrary; the catalogue can be read, the encoder is still loading."""
    recovered = Signal()
    """A server that was away is there again; what failed meanwhile can be asked for once more."""
    opened_here = Signal(object)
    """Session: it is a library of this computer, all of which can be changed; `opened` follows."""
    ready = Signal(object)
    """EngineSnapshot: the encoder and the vectors are loaded."""
    reranked = Signal(object)
    """EngineSnapshot: from now on answers are ranked in another way."""
    switched = Signal(object)
    """EngineSnapshot: from now on another model answers."""
    engine_changed = Signal(object)
    """EngineSnapshot: the model runs elsewhere, or as well as it did not."""
    not_used = Signal(Path, str, str)
    """Folder of a model that cannot be used, sentence and advice."""
    contents = Signal(object)
    """LibrarySnapshot, whenever they may have changed."""
    problems = Signal(object)
    """ProblemVideos, where `want_problems` asked for them; `contents` follows at once."""
    findable = Signal()
    """From now on a search can give other answers."""
    event_received = Signal(object)
    """IndexingEvent."""
    failed = Signal(str, str)
    """Sentence and advice of something the user asked for."""
    broken = Signal(str, str)
    """The library cannot be opened: nothing else will work."""
    closed = Signal()

    def __init__(
        self,
        operations: Operations,
        library: Path,
        model: Path | None,
        parent: QObject,
        server: ServerPlace | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._library = library
        self._model = model
        self._server = server
        self._session: OpenLibrary | None = None
        self._here: Session | None = None
        """The session, where the library lies on this computer."""
        self._outages = 0
        """Of the server, that were made up for."""
        self._closing = False
        self._early: list[tuple[str, Change]] = []
        """What was asked for while the library was still opening."""
        self._bridge = IndexingBridge(self)
        self._bridge.event_received.connect(self._on_event)
        self._reader = ContentsReader(operations, self)
        self._reader.contents.connect(self._on_contents)
        self._reader.problems.connect(self.problems)
        self._reader.findable.connect(self.findable)
        self._reader.failed.connect(self.failed)
        self._engine = LatestReading(lambda: self.read_library("look at the model", EngineSnapshot.of), self)
        self._engine.arrived.connect(self.engine_changed)
        self._deadline = QTimer(self, singleShot=True, interval=round(CLOSE_SECONDS * 1000))
        self._deadline.timeout.connect(self._on_closed)

    @property
    def session(self) -> OpenLibrary | None:
        return self._session

    @property
    def session_here(self) -> Session | None:
        """The session, where the library lies on this computer."""
        return self._here

    @property
    def is_elsewhere(self) -> bool:
        """Whether a server has the library: what that does not do for a window, no part of it offers."""
        return self._server is not None

    def open(self) -> None:
        """Open the library, then load the encoder; the window is usable meanwhile."""
        library, model, server, hear = self._library, self._model, self._server, self._bridge.receive
        if server is not None:
            opening = self._operations.change("open library", lambda: _connect(server))
            opening.finished.connect(self._on_opened)
        else:
            opening = self._operations.change("open library", lambda: _open(library, model, hear))
            opening.finished.connect(self._on_opened_here)
        opening.failed.connect(self._on_broken)

    def add_folder(self, path: Path) -> None:
        self._change("add folder", lambda session: session.add_folder(path))

    def remove_folder(self, path: Path) -> None:
        self._change("remove folder", lambda session: session.remove_folder(path))

    def retry(self, video_ids: Collection[int] | None) -> None:
        """Look again at these videos, or at all that failed or were read in part where None."""
        self._ask_and_refresh("try again", lambda session: session.retry(video_ids))

    def index_again(self, video_ids: Collection[int]) -> None:
        """Read these videos anew though their files did not change."""
        self._ask_and_refresh("index again", lambda session: session.index_again(video_ids))

    def look_through(self, folder_id: int) -> None:
        """Look through one watched folder again."""
        self._ask_and_refresh("look through", lambda session: session.indexer.start([folder_id]))

    def set_paused(self, paused: bool) -> None:
        """Pause or resume indexing, at once: both only leave word."""
        session = self._here
        if session is None or self._closing:
            return
        if paused:
            session.indexer.pause()
        else:
            session.indexer.resume()

    def choose_scorer(self, name: str) -> Operation | None:
        """Rank answers by this scorer from now on; None where no library of this computer is open."""

        def work(session: Session) -> EngineSnapshot:
            session.change_setting("scorer", name)
            return EngineSnapshot.of(session)

        choosing = self._ask("choose scorer", work)
        if choosing is not None:
            choosing.finished.connect(self._on_reranked)
            choosing.failed.connect(self.failed)
        return choosing

    def look_at_engine(self) -> None:
        """See where the model runs now."""
        self._engine.read()

    def use_model(self, folder: Path) -> None:
        """Answer with the model in this folder once the videos are ready for it."""
        using = self._ask("use model", lambda session: session.use_model(folder))
        if using is not None:
            using.finished.connect(self.refresh)
            using.failed.connect(lambda sentence, advice: self.not_used.emit(folder, sentence, advice))

    def switch_now(self) -> None:
        """Answer with the pending model now, whatever is ready."""
        self._ask_and_refresh("switch now", lambda session: session.switch_now())

    def cancel_switch(self) -> None:
        """Stay with the model that answers."""
        self._ask_and_refresh("cancel switch", lambda session: session.cancel_switch())

    def forget_model(self, identity: str) -> None:
        """Delete what was made with a model that was removed."""
        self._ask_and_refresh("forget model", lambda session: session.catalogue.forget_model(identity))

    def note_search(self, text: str) -> None:
        """A text was searched for: it is remembered, where the settings say so."""
        self.change_library("note search", lambda session: session.note_search(text))

    def note_opened(self, video_id: int, text: str) -> None:
        """A result of a search for `text` was played: its folder comes earlier when models are switched."""
        self.note_search(text)
        noting = self.change_library("note opened", lambda session: session.note_opened(video_id))
        if noting is not None:
            noting.failed.connect(self.failed)

    def change_library(self, name: str, work: Callable[[OpenLibrary], object]) -> Operation | None:
        """Change the open library once earlier changes have ended; None where it is not open."""
        session = self._session
        if session is None or self._closing:
            return None
        return self._operations.change(name, lambda: work(session))

    def change_here(self, name: str, work: Callable[[Session], object]) -> Operation | None:
        """As `change_library`, of a library of this computer; None also where a server has it."""
        return self._ask(name, work)

    def read_library(self, name: str, work: Callable[[OpenLibrary], object]) -> Operation | None:
        """Read something of the open library; None where it is not open."""
        session = self._session
        if session is None or self._closing:
            return None
        return self._operations.run(name, lambda: work(session))

    def read_here(self, name: str, work: Callable[[Session], object]) -> Operation | None:
        """As `read_library`, of a library of this computer; None also where a server has it."""
        session = self._here
        if session is None or self._closing:
            return None
        return self._operations.run(name, lambda: work(session))

    def index_now(self) -> None:
        """Index at once, whatever the settings let it wait for, until nothing is left to do."""
        self._ask_and_refresh("index now", lambda session: session.indexer.start(now=True))

    def refresh(self) -> None:
        """Show at once what changed."""
        self._reader.read()

    def want_problems(self, wanted: bool) -> None:
        """Whether the list of problems is on view, and to be read."""
        self._reader.want_problems(wanted)

    def close(self) -> None:
        """Stop everything in stages off the GUI thread; `closed` comes within `CLOSE_SECONDS`."""
        self._closing = True
        self._reader.close()
        self._deadline.start()
        self._operations.cancel_waiting()
        if self._operations.busy:
            self._operations.idle.connect(self._close_session, Qt.ConnectionType.SingleShotConnection)
        else:
            self._close_session()

    def _on_opened_here(self, session: Session) -> None:
        self._here = session
        if not self._closing:
            self.opened_here.emit(session)
        self._on_opened(session)

    def _on_opened(self, session: OpenLibrary) -> None:
        self._session = session
        if self._closing:
            return
        self.opened.emit(session)
        self._bridge.open()
        if session.model_problem:
            self.failed.emit(session.model_problem, self.tr("Choose one in the menu at the bottom right."))
        self._reader.open(session)
        for name, change in self._early:
            self._change(name, change)
        self._early.clear()
        here = self._here
        warming = self._operations.run("load encoder", lambda: _start(session, here))
        warming.finished.connect(self.ready)
        warming.failed.connect(self._on_broken)

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        self.contents.emit(contents)
        if contents.outages != self._outages and not contents.impairments:
            self._outages = contents.outages
            self.recovered.emit()

    def _on_broken(self, sentence: str, advice: str) -> None:
        if not self._closing:
            self.broken.emit(sentence, advice)

    def _change(self, name: str, change: Change) -> None:
        session = self._here
        if self._closing or self._server is not None:
            return
        if session is None:
            self._early.append((name, change))
            return

        def work() -> None:
            change(session)
            session.indexer.start()

        operation = self._operations.change(name, work)
        operation.finished.connect(self.refresh)
        operation.failed.connect(self.failed)

    def _ask(self, name: str, work: Callable[[Session], object]) -> Operation | None:
        """Change a library of this computer once earlier changes have ended; None where it is not open."""
        session = self._here
        if session is None or self._closing:
            return None
        return self._operations.change(name, lambda: work(session))

    def _ask_and_refresh(self, name: str, work: Callable[[Session], object]) -> None:
        asking = self._ask(name, work)
        if asking is not None:
            asking.finished.connect(self.refresh)
            asking.failed.connect(self.failed)
            asking.failed.connect(self.refresh)

    def _on_reranked(self, engine: EngineSnapshot) -> None:
        self.reranked.emit(engine)
        self.look_at_engine()  # it was another one where a look began before

    def _on_switched(self, engine: EngineSnapshot) -> None:
        self.switched.emit(engine)
        self.look_at_engine()

    def _on_event(self, event: IndexingEvent) -> None:
        if self._closing:
            return
        self.event_received.emit(event)
        session = self._session
        if isinstance(event, ModelSwitched) and session is not None:
            looking = self._operations.run("look at the model", lambda: EngineSnapshot.of(session))
            looking.finished.connect(self._on_switched)
            looking.failed.connect(self.failed)
        helped = self._here is not None and bool(self._here.settings.encoder_url)
        if helped and isinstance(event, VideoIndexed | RunFinished):
            self.look_at_engine()
        if not isinstance(
            event, Progress | LinesProgress
        ):  # whether the indexer is at work may be another answer now
            self._reader.soon()

    def _close_session(self) -> None:
        session, self._session = self._session, None
        self._here = None
        if session is None:
            self._on_closed()
            return
        closing = self._operations.change("close library", session.close)
        closing.finished.connect(self._on_closed)
        closing.failed.connect(self._on_closed)

    def _on_closed(self) -> None:
        self._deadline.stop()
        self.closed.emit()


def _open(library: Path, model: Path | None, hear: Callable[[IndexingEvent], None]) -> Session:
    # Half of the program is loaded here, behind a window that is shown by then.
    from app.session import Session

    session = Session(library, model)
    session.indexer.subscribe(hear)  # before anything is indexed: what fails at once is told once
    # Before the window can add a folder: one that came between would not be watched.
    session.start_watching()
    return session


def _connect(server: ServerPlace) -> OpenLibrary:
    from app.remote_library.remote_session import RemoteSession

    return RemoteSession(server)


def _start(session: OpenLibrary, here: Session | None) -> EngineSnapshot:
    session.warm_up()
    if here is not None:
        here.look_through()
    return EngineSnapshot.of(session)
