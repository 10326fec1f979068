"""ModelMenu what answers: engine button, models dialog and status bar, tied to what they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.background.library_control import LibraryControl
from app.ui.background.operations import Operations
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot
from app.ui.frame.status_bar import StatusBar
from app.ui.models import model_words as words
from app.ui.models.models_control import ModelsControl
from app.ui.models.models_dialog import ModelsDialog
from app.ui.models.store_work import ModelCatalogue
from app.ui.widgets.theme import Theme

if TYPE_CHECKING:
    from app.model_store.store import InstalledModel


class ModelMenu(QObject):
    """Models are listed, added, removed and switched, and rankings chosen."""

    changed = Signal()
    """From now on answers are given by another model, or ranked in another way."""
    failed = Signal(str, str)
    """Sentence and advice, while no dialog is there to say them."""

    def __init__(
        self,
        theme: Theme,
        operations: Operations,
        library: LibraryControl,
        status: StatusBar,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._status = status
        self._library = library
        self._engine: EngineSnapshot | None = None
        self.models = ModelsControl(operations, self)
        self.dialog = ModelsDialog(theme, self.models, window)
        status.models_wanted.connect(self._on_models_wanted)
        status.engine.scorer_wanted.connect(library.choose_scorer)
        for wanted in (status.engine.model_wanted, self.dialog.use_wanted):
            wanted.connect(library.use_model)
        for wanted in (status.switch.now_wanted, self.dialog.switch_now_wanted):
            wanted.connect(library.switch_now)
        for wanted in (status.switch.cancel_wanted, self.dialog.cancel_wanted):
            wanted.connect(library.cancel_switch)
        self.models.shelf_read.connect(self._on_shelf)
        self.models.adding_changed.connect(status.show_adding)
        self.models.added.connect(self._on_added)
        self.models.removed.connect(lambda model: library.forget_model(model.identity))
        self.models.failed.connect(self._on_failed)
        library.ready.connect(self._on_ready)
        library.contents.connect(self._on_contents)
        library.reranked.connect(self._on_reranked)
        library.engine_changed.connect(self._on_engine)
        library.switched.connect(self._on_switched)
        library.not_used.connect(self._on_not_used)

    def close(self) -> None:
        """Start nothing more, and stop what is being added."""
        self.dialog.hide()
        self.models.close()

    def _on_models_wanted(self) -> None:
        self.dialog.show_models()
        if (session := self._library.session_here) is not None:
            self.models.count(session)

    def _on_ready(self, engine: EngineSnapshot) -> None:
        if self._library.is_elsewhere:  # its model is the server's
            return
        self._show_engine(engine)
        self.models.refresh()

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        self.dialog.show_pending_model(contents.pending_model)

    def _on_reranked(self, engine: EngineSnapshot) -> None:
        self._show_engine(engine)
        self.changed.emit()

    def _on_switched(self, engine: EngineSnapshot) -> None:
        self._on_reranked(engine)
        self._status.note(self.tr("Now using {model}").format(model=words.title(engine.model)))
        self._library.refresh()

    def _on_engine(self, engine: EngineSnapshot) -> None:
        if engine != self._engine:
            self._show_engine(engine)

    def _show_engine(self, engine: EngineSnapshot) -> None:
        self._engine = engine
        self._status.show_engine(engine)
        self.dialog.show_engine(engine)

    def _on_shelf(self, shelf: ModelCatalogue) -> None:
        self._status.engine.show_models(shelf.installed)

    def _on_added(self, model: InstalledModel) -> None:
        self._status.note(self.tr("{model} was added").format(model=words.title(model.title)))

    def _on_failed(self, model: str, sentence: str, advice: str) -> None:
        if self.dialog.isVisible():
            self.dialog.show_failure(model, sentence, advice)
        else:
            self.failed.emit(sentence, advice)

    def _on_not_used(self, folder: Path, sentence: str, advice: str) -> None:
        shelf = self.models.shelf
        models = shelf.installed if shelf is not None else ()
        self._on_failed(
            next((model.name for model in models if model.folder == folder), ""), sentence, advice
        )
