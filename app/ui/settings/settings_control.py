"""What the settings' page asks of the open library, off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background.latest_reading import LatestReading
from app.ui.background.library_control import LibraryControl

if TYPE_CHECKING:
    from app.session import Session
    from app.settings import Settings
    from app.vectors.stores.store_error import StoreError

_ENCODER, _VECTOR_STORE = "encoder_url", "vector_store_url"

EXAMPLES = 6
"""Files that patterns match, which are named."""
_INDEXED_AFTER = frozenset(
    {"exclude", "keep_frames", "subtitles", "text", "speech", "speech_model", "speech_all_tracks"}
)
"""Settings after which something may be left to do."""


class SettingsControl(QObject):
    """Reads and changes the settings of a library, and what the page shows besides."""

    settings = Signal(object)
    """app.settings.Settings, as they are now."""
    refused = Signal(str, str, str)
    """Name of a setting that cannot have the value that was chosen, sentence and advice."""
    reranked = Signal()
    """Searches may give other answers."""
    sources = Signal(object)
    """Tuple of SourceState."""
    storage = Signal(object)
    """StorageUse."""
    left_out = Signal(object)
    """LeftOut, of the patterns asked for last."""
    bad_patterns = Signal(str)
    """Why the patterns asked for last cannot be used."""
    encoder_changed = Signal(str)
    """Address of the other computer that is to encode from now on, empty where none is."""
    helper_answered = Signal(str, str)
    """Name of the other computer that encodes, and its provider."""
    vector_store_changed = Signal(str)
    """Address of the server that is to answer for the nearest clips from now on, empty where none is."""
    vector_store_answered = Signal()
    """It can be used."""
    searches_kept = Signal(int)
    """How many past searches are remembered."""
    failed = Signal(str, str)
    """Sentence and advice."""
    done = Signal(str)
    """What was cleared: its name."""

    def __init__(self, library: LibraryControl, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._superseded = threading.Event()
        self._changing = 0
        """Changes that were asked for and have not ended."""
        self._refusals: list[tuple[str, str, str]] = []
        """Of changes, until it is told what is stored instead."""
        self._settings = self._reading("read settings", lambda session: session.settings)
        self._settings.arrived.connect(self._on_settings)
        self._settings.failed.connect(self._refuse)
        self._sources = self._reading("read sources", lambda session: session.source_states())
        self._sources.arrived.connect(self.sources)
        self._storage = self._reading("look at storage", lambda session: session.upkeep.storage_use())
        self._storage.arrived.connect(self.storage)
        self._past = self._reading(
            "count past searches", lambda session: len(session.catalogue.past_searches(100_000))
        )
        self._past.arrived.connect(self.searches_kept.emit)
        library.reranked.connect(self.read_settings)

    def read_settings(self) -> None:
        """Read the settings again."""
        self._settings.read()

    def read(self) -> None:
        """Read everything again."""
        self.read_settings()
        self.read_sources()
        self.read_storage()
        self._past.read()

    def read_sources(self) -> None:
        """Read how far each source of words is."""
        self._sources.read()

    def read_storage(self) -> None:
        """Look how much room everything takes."""
        self._storage.read()

    def change(self, name: str, value: object) -> None:
        """Give a setting another value; `default` in words resets it."""
        if name == "scorer":
            choosing = self._library.choose_scorer("" if value == "default" else as_typed(value))
            if choosing is not None:
                choosing.failed.connect(lambda *_: self.read_settings())
            return

        def work(session: Session) -> object:
            session.change_setting(name, as_typed(value))
            if name in _INDEXED_AFTER and not session.catalogue.read_only:
                session.indexer.start()
            return session.settings

        changing = self._library.change_here(f"change {name}", work)
        if changing is None:
            return
        self._changing += 1
        for ended in (changing.finished, changing.failed, changing.cancelled):
            ended.connect(self._on_change_ended)
        if name == _ENCODER:
            changing.finished.connect(lambda settings: self.encoder_changed.emit(settings.encoder_url))
            changing.finished.connect(lambda _: self._library.look_at_engine())
        if name == _VECTOR_STORE:
            changing.finished.connect(
                lambda settings: self.vector_store_changed.emit(settings.vector_store_url)
            )
        if name == "qb_norm":
            changing.finished.connect(lambda _: self.reranked.emit())
        if name in _INDEXED_AFTER:
            changing.finished.connect(lambda _: self.read_sources())
        changing.failed.connect(lambda sentence, advice: self._refusals.append((name, sentence, advice)))

    def test_encoder(self) -> None:
        """Ask the other computer whether it encodes; `refused` where it does not."""
        testing = self._library.read_here("test encoder", lambda session: session.test_encoder())
        if testing is None:
            return
        testing.finished.connect(lambda found: self.helper_answered.emit(found.name, found.provider))
        testing.failed.connect(lambda sentence, advice: self.refused.emit(_ENCODER, sentence, advice))
        for ended in (testing.finished, testing.failed):
            ended.connect(lambda *_: self._library.look_at_engine())

    def test_vector_store(self) -> None:
        """Ask the vector store whether it can be used; `refused` where it cannot."""
        testing = self._library.read_here("test vector store", lambda session: session.vector_store_problem)
        if testing is None:
            return
        testing.finished.connect(self._on_vector_store)
        testing.failed.connect(lambda sentence, advice: self.refused.emit(_VECTOR_STORE, sentence, advice))

    def preview(self, patterns: str) -> None:
        """Find what these patterns leave out; a preview that is under way is given up."""
        self._superseded.set()
        self._superseded = stop = threading.Event()
        looking = self._library.read_here(
            "preview patterns",
            lambda session: session.upkeep.left_out_by(patterns, examples=EXAMPLES, stop=stop.is_set),
        )
        if looking is None:
            return
        looking.finished.connect(lambda found: None if stop.is_set() else self.left_out.emit(found))
        looking.failed.connect(
            lambda sentence, advice: (
                None if stop.is_set() else self.bad_patterns.emit(f"{sentence} {advice}".strip())
            )
        )

    def clear(self, what: str) -> None:
        """Clear `searches`, `frames`, `log`, or the words of a source by its name."""
        clearing = self._library.change_here(f"clear {what}", lambda session: _clear(session, what))
        if clearing is None:
            return
        clearing.finished.connect(lambda _: self.done.emit(what))
        clearing.finished.connect(lambda _: self.read())
        clearing.failed.connect(self.failed)

    def _on_vector_store(self, problem: StoreError | None) -> None:
        if problem is None:
            self.vector_store_answered.emit()
        else:
            self.refused.emit(_VECTOR_STORE, problem.sentence, problem.advice)

    def _on_change_ended(self, *_: object) -> None:
        self._changing -= 1
        self.read_settings()

    def _on_settings(self, settings: Settings) -> None:
        if self._changing:  # what was chosen would jump back until it is stored
            return
        self.settings.emit(settings)
        self._refuse()

    def _refuse(self, *_: object) -> None:
        refusals, self._refusals = self._refusals, []
        for refusal in refusals:
            self.refused.emit(*refusal)

    def _reading(self, name: str, work: Callable[[Session], object]) -> LatestReading:
        reading = LatestReading(lambda: self._library.read_here(name, work), self)
        reading.failed.connect(self.failed)
        return reading


def as_typed(value: object) -> str:
    """A value as `Session.change_setting` takes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _clear(session: Session, what: str) -> None:
    match what:
        case "searches":
            session.catalogue.forget_searches()
        case "frames":
            session.upkeep.clear_frames()
        case "log":
            session.upkeep.clear_log()
        case _:
            session.forget_words(what)
